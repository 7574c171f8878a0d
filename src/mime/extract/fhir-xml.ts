// XML to the tree of a FHIR resource (FHIR R5 2.1.3): the same tree as of JSON, with narrative as text.
import type { XmlElement } from './xml.ts';
import { readXml, readXmlText, type XmlEnd } from './xml.ts';
import type { FhirTree } from './fhir-tree.ts';

const XHTML = 'http://www.w3.org/1999/xhtml';
/** Holds a whole resource, as a child named after its type. */
const RESOURCE = /^[A-Z][A-Za-z]{1,60}$/;

/** @param aside takes text that is not shown: titles, targets, comments; @throws LimitReached */
export function readFhirXml(bytes: Buffer, tree: FhirTree, aside: (text: string) => void): XmlEnd {
  let narrative: { readonly text: XhtmlText; readonly depth: number } | null = null;
  /** Whether each open element is a wrapper that became its parent's own. */
  const merged: boolean[] = [];
  const end = readXml(bytes, {
    open: (element, depth) => {
      if (narrative !== null) {
        narrative.text.open(element);
        return;
      }
      const isResource = RESOURCE.test(element.name);
      merged.push(isResource && merged.length > 0);
      if (merged.at(-1) !== true) tree.open(isResource ? '' : element.name);
      if (isResource) tree.value('resourceType', element.name);
      for (const { name, prefix, value } of element.attributes) {
        if (prefix === 'xmlns' || name === 'xmlns') continue;
        if (name === 'value') tree.valueOfOpen(value);
        else tree.value(name, value);
      }
      if (element.namespace === XHTML) narrative = { text: new XhtmlText(aside), depth };
    },
    close: (element, depth) => {
      if (narrative !== null && narrative.depth < depth) narrative.text.close(element);
      else {
        if (narrative !== null) tree.valueOfOpen(narrative.text.whole());
        narrative = null;
        if (merged.pop() !== true) tree.close();
      }
    },
    text: (text) => {
      if (narrative !== null) narrative.text.text(text);
      else if (text.trim() !== '') tree.value('text', text);
    },
    comment: aside,
  });
  tree.end();
  return end;
}

const BLOCKS: ReadonlySet<string> = new Set(
  'div p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption thead tbody tfoot tr pre blockquote'.split(' '),
);
const ENTITIES: Readonly<Record<string, string>> = {
  nbsp: ' ',
  copy: '©',
  reg: '®',
  deg: '°',
  micro: 'µ',
  middot: '·',
  times: '×',
  ndash: '–',
  mdash: '—',
};

/** The text of a narrative, blocks as lines and cells with a tab between (FHIR R5 2.1.27). */
export class XhtmlText {
  readonly #pieces: string[] = [];
  readonly #aside: (text: string) => void;

  constructor(aside: (text: string) => void) {
    this.#aside = aside;
  }

  open({ name, attributes }: Pick<XmlElement, 'name' | 'attributes'>): void {
    if (BLOCKS.has(name)) this.#pieces.push('\n');
    for (const one of attributes) if (ASIDE.has(one.name)) this.#aside(one.value);
  }

  text(text: string): void {
    this.#pieces.push(text.replace(/\s+/g, ' '));
  }

  close({ name }: Pick<XmlElement, 'name'>): void {
    if (name === 'td' || name === 'th') this.#pieces.push('\t');
    else if (BLOCKS.has(name)) this.#pieces.push('\n');
  }

  whole(): string {
    return this.#pieces
      .join('')
      .replace(/ {2,}/g, ' ')
      .replace(/[ \t]?\n[ \n\t]*/g, '\n')
      .trim();
  }
}

const ASIDE: ReadonlySet<string> = new Set(['alt', 'title', 'href', 'src', 'summary']);

/** The text of a narrative that stands as a string in JSON. */
export function narrativeText(xhtml: string, aside: (text: string) => void): string {
  if (!xhtml.includes('<')) return xhtml;
  const text = new XhtmlText(aside);
  const known = xhtml.replace(/&([a-z]{2,8});/g, (all, name: string) => ENTITIES[name] ?? all);
  readXmlText(known, {
    open: (element) => text.open(element),
    close: (element) => text.close(element),
    text: (piece) => text.text(piece),
    comment: aside,
  });
  return text.whole();
}
