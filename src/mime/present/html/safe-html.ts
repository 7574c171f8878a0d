// HTML of a letter made safe: read as browsers read it, rebuilt from what is allowed, written, and read again until nothing changes any more, so
// that what a browser makes of it is what was looked at. Runs in a child without rights.
import { fromParse5 } from 'hast-util-from-parse5';
import { sanitize, type Schema } from 'hast-util-sanitize';
import { toHtml } from 'hast-util-to-html';
import { LimitReached } from '../../extract/extractor.ts';
import { parseBounded } from './bounded-parse.ts';
import { GONE, isKept, schemaOfLetters } from './kept-elements.ts';
import type { OwnPictures } from './safe-address.ts';
import { safeAttributes } from './safe-attributes.ts';

export interface SafeHtml {
  /** What stands in `body`. Pictures of the message have `src="part:PLACE"`, remote ones `data-remote` only. */
  readonly html: string;
  readonly remotePictures: number;
  /** Places of the pictures that it shows. */
  readonly shown: readonly string[];
}

/** As the page has it around what was made safe. */
const AROUND = '<!DOCTYPE html><html><head></head><body>';
const MOST_ROUNDS = 6;

/** @throws LimitReached where it is larger, deeper or stranger than is shown */
export function safeHtml(html: string, pictures: OwnPictures): SafeHtml {
  const schema = schemaOfLetters();
  const rebuild = new Rebuild(pictures, schema);
  let written = rebuild.round(html);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = written;
    written = rebuild.round(AROUND + before);
    if (written === before) return { html: written, remotePictures: rebuild.remotePictures, shown: [...rebuild.shown] };
  }
  throw new LimitReached('too-large');
}

type Tree = ReturnType<typeof fromParse5>;
type ElementNode = Extract<Tree, { type: 'element' }>;
type Content = ElementNode['children'][number];

class Rebuild {
  readonly #pictures: OwnPictures;
  readonly #schema: Schema;
  remotePictures = 0;
  readonly shown = new Set<string>();

  constructor(pictures: OwnPictures, schema: Schema) {
    this.#pictures = pictures;
    this.#schema = schema;
  }

  round(html: string): string {
    this.remotePictures = 0;
    this.shown.clear();
    const body = bodyOf(fromParse5(parseBounded(html)));
    const children = body === null ? [] : this.#withLook(body, this.#children(body.children));
    // White space around all of it is nothing to a reader.
    return toHtml(sanitize({ type: 'root', children }, this.#schema)).replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, '');
  }

  /** Colours of the page become those of a box in it. */
  #withLook(body: ElementNode, children: Content[]): Content[] {
    const properties = safeAttributes('td', body.properties, this.#pictures) ?? {};
    const { style = '', bgColor, dir } = properties;
    const css = [bgColor === undefined ? '' : `background-color: ${bgColor}`, style].filter((one) => one !== '').join('; ');
    if (css === '' && dir === undefined) return children;
    const look = { ...(css === '' ? {} : { style: css }), ...(dir === undefined ? {} : { dir }) };
    return [{ type: 'element', tagName: 'div', properties: look, children }];
  }

  #children(nodes: readonly Content[]): Content[] {
    return nodes.flatMap((node) => this.#node(node));
  }

  #node(node: Content): Content[] {
    if (node.type === 'text') return [{ type: 'text', value: node.value }];
    if (node.type !== 'element' || GONE.includes(node.tagName)) return [];
    const children = this.#children(node.children);
    if (!isKept(node.tagName)) return isHidden(node) ? [] : children;
    const properties = safeAttributes(node.tagName, node.properties, this.#pictures);
    if (properties === null) return [];
    if (node.tagName === 'img') this.#note(properties);
    return [
      { type: 'element', tagName: node.tagName, properties, children: node.tagName === 'pre' ? withoutFirstLineEnds(children) : children },
    ];
  }

  #note({ src, dataRemote }: Readonly<Record<string, string>>): void {
    if (dataRemote !== undefined) this.remotePictures++;
    if (src?.startsWith('part:') === true) this.shown.add(src.slice('part:'.length));
  }
}

function isHidden({ properties }: ElementNode): boolean {
  return safeAttributes('div', properties, new Map()) === null;
}

/** The first line end in `pre` is not read. */
function withoutFirstLineEnds(children: Content[]): Content[] {
  const [first, ...others] = children;
  return first?.type === 'text' ? [{ type: 'text', value: first.value.replace(/^[\r\n]+/, '') }, ...others] : children;
}

function bodyOf(tree: Tree): ElementNode | null {
  if (tree.type !== 'root') return null;
  const html = tree.children.find((node) => node.type === 'element' && node.tagName === 'html');
  const body = html?.type === 'element' ? html.children.find((node) => node.type === 'element' && node.tagName === 'body') : undefined;
  return body?.type === 'element' ? body : null;
}
