// Styles of an OpenDocument as far as they decide what is seen and where pages begin (ODF 1.3 part 3, 16).
import type { XmlElement } from './xml.ts';

interface Style {
  readonly parent: string;
  hidden: boolean | null;
  newPage: boolean;
}

/** Filled while styles go by; they stand before what uses them. */
export class OdfStyles {
  readonly #styles = new Map<string, Style>();
  #current: Style | null = null;

  open(element: XmlElement): void {
    if (element.name === 'style' && element.namespace.endsWith(':style:1.0')) {
      const family = element.attribute('family') ?? '';
      this.#current = { parent: keyOf(family, element.attribute('parent-style-name')), hidden: null, newPage: false };
      this.#styles.set(keyOf(family, element.attribute('name')), this.#current);
    } else if (this.#current !== null && element.name.endsWith('-properties')) properties(element, this.#current);
  }

  close(name: string): void {
    if (name === 'style') this.#current = null;
  }

  isHidden(family: string, name: string | null): boolean {
    let key = keyOf(family, name);
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const style = this.#styles.get(key);
      if (style === undefined) return false;
      if (style.hidden !== null) return style.hidden;
      key = style.parent;
    }
    return false;
  }

  beginsPage(name: string | null): boolean {
    return this.#styles.get(keyOf('paragraph', name))?.newPage === true;
  }
}

const LONGEST_CHAIN = 12;

function keyOf(family: string, name: string | null): string {
  return `${family}/${name ?? ''}`;
}

function properties(element: XmlElement, style: Style): void {
  const display = element.attribute('display');
  if (element.name === 'text-properties' && display !== null) style.hidden = display === 'none';
  else if (element.name === 'table-properties' && display !== null) style.hidden = display === 'false';
  else if (element.name === 'drawing-page-properties') style.hidden = element.attribute('visibility') === 'hidden';
  else if (element.name === 'paragraph-properties' && element.attribute('break-before') === 'page') style.newPage = true;
}
