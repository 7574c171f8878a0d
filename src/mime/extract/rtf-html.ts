// HTML that Outlook wrapped into RTF (MS-OXRTFEX): tags in destinations of their own, text between them, and RTF that only stands in for it.

export class EncapsulatedHtml {
  #html = '';
  #suppressed = '';

  /** From `\*\htmltag`: markup as it is. */
  tag(markup: string): void {
    this.#html += markup;
  }

  /** Text between tags (3.1.3, rule 8). */
  text(text: string): void {
    this.#html += text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\u00a0', '&nbsp;');
  }

  /** Between `\htmlrtf` and `\htmlrtf0`: only a reader of RTF shows it. */
  suppress(text: string): void {
    this.#suppressed += text;
  }

  get html(): string {
    return this.#html;
  }

  get suppressed(): string {
    return this.#suppressed;
  }
}
