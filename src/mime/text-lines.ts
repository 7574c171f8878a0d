// Plain text of our own messages in lines: words are wrapped, dates are written out, nothing that does not show gets in.

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `22 November 2026, 10:15 UTC` */
export function dateInWords(at: number): string {
  const date = new Date(at);
  const time = date.toISOString().slice(11, 16);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}, ${time} UTC`;
}

/** Without controls and marks that do not show. */
export function printable(text: string): string {
  return text.replace(/\p{C}+/gu, '?');
}

/** Lines of at most 76 characters, except where a word is longer. */
export function wrapWords(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.replace(/\p{C}+/gu, ' ').split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > 76) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  lines.push(line);
  return lines;
}
