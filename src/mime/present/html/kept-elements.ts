// Which elements of HTML a letter may have, and with which attributes: everything else is not there.
import type { Schema } from 'hast-util-sanitize';

/** Gone with all that is in them: they run, load, ask, or are read by other rules than those around them. */
export const GONE: readonly string[] = [
  ...[
    'script',
    'style',
    'template',
    'noscript',
    'svg',
    'math',
    'title',
    'textarea',
    'select',
    'option',
    'optgroup',
    'datalist',
    'head',
    'link',
  ],
  ...[
    'meta',
    'base',
    'iframe',
    'frame',
    'frameset',
    'noframes',
    'noembed',
    'object',
    'embed',
    'applet',
    'param',
    'audio',
    'video',
    'source',
  ],
  ...[
    'track',
    'canvas',
    'dialog',
    'meter',
    'progress',
    'xmp',
    'plaintext',
    'listing',
    'portal',
    'slot',
    'fencedframe',
    'image',
    'map',
    'area',
  ],
];

const TEXT = ['align', 'dir', 'lang', 'style', 'title'];
const CELL = ['bgColor', 'colSpan', 'height', 'noWrap', 'rowSpan', 'vAlign', 'width'];
const ROW = ['bgColor', 'height', 'vAlign'];

/** Attributes, by their names in hast, beside those that all have. */
const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite', 'code', 'dd', 'del']
      .concat(['dfn', 'div', 'dl', 'dt', 'em', 'figcaption', 'figure', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'i', 'ins'])
      .concat(['kbd', 'li', 'main', 'mark', 'nav', 'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub'])
      .concat(['sup', 'tt', 'u', 'var', 'wbr'])
      .map((name) => [name, []]),
  ),
  a: ['href', 'rel', 'target'],
  img: ['alt', 'border', 'dataRemote', 'height', 'src', 'width'],
  font: ['color', 'face', 'size'],
  hr: ['width'],
  ol: ['start', 'type'],
  ul: ['type'],
  table: ['bgColor', 'border', 'cellPadding', 'cellSpacing', 'height', 'width'],
  thead: ROW,
  tbody: ROW,
  tfoot: ROW,
  tr: ROW,
  td: CELL,
  th: CELL,
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
};

export function isKept(tagName: string): boolean {
  return Object.hasOwn(ELEMENTS, tagName);
}

export function attributesOf(tagName: string): readonly string[] {
  return [...TEXT, ...(ELEMENTS[tagName] ?? [])];
}

/** The same once more, for the library that has the last word. */
export function schemaOfLetters(): Schema {
  return {
    tagNames: Object.keys(ELEMENTS),
    attributes: Object.fromEntries(Object.keys(ELEMENTS).map((name) => [name, [...attributesOf(name)]])),
    ancestors: Object.fromEntries(
      ['caption', 'col', 'colgroup', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr'].map((name) => [name, ['table']]),
    ),
    protocols: { href: ['http', 'https', 'mailto', 'tel'], src: ['part', 'data'], dataRemote: ['http', 'https'] },
    strip: [...GONE],
    required: {},
    clobber: ['id', 'name'],
    clobberPrefix: 'none-',
    allowComments: false,
    allowDoctypes: false,
  };
}
