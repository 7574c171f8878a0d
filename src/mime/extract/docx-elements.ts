// Elements of WordprocessingML that carry words in their attributes: forms, content controls, pictures, links, symbols.
import type { Area } from '../../mail/message.ts';
import type { XmlElement } from './xml.ts';

/** Attributes that are words, by element, and what they are (ECMA-376 part 1, 17.5, 17.16; part 4, 19 for VML). */
const WORDS: ReadonlyMap<string, readonly (readonly [attribute: string, area: Area])[]> = new Map([
  ['default', [['val', 'form-field']]],
  ['listEntry', [['val', 'form-field']]],
  ['helpText', [['val', 'form-field']]],
  ['statusText', [['val', 'form-field']]],
  [
    'listItem',
    [
      ['displayText', 'form-field'],
      ['value', 'form-field'],
    ],
  ],
  ['date', [['fullDate', 'form-field']]],
  ['alias', [['val', 'form-field']]],
  ['tag', [['val', 'form-field']]],
  ['label', [['val', 'form-field']]],
  [
    'docPr',
    [
      ['descr', 'alternative'],
      ['title', 'alternative'],
    ],
  ],
  [
    'cNvPr',
    [
      ['descr', 'alternative'],
      ['title', 'alternative'],
      ['name', 'file-name'],
    ],
  ],
  ['shape', [['alt', 'alternative']]],
  ['imagedata', [['title', 'alternative']]],
  ['textpath', [['string', 'text']]],
  ['hlinkClick', [['tooltip', 'alternative']]],
  [
    'hyperlink',
    [
      ['tooltip', 'alternative'],
      ['anchor', 'link'],
      ['docLocation', 'link'],
    ],
  ],
  ['tblCaption', [['val', 'alternative']]],
  ['tblDescription', [['val', 'alternative']]],
  ['bookmarkStart', [['name', 'hidden']]],
  ['attr', [['val', 'hidden']]],
] as const);

export const FORM_ELEMENTS: ReadonlySet<string> = new Set(WORDS.keys());

export function formWords(element: XmlElement): readonly { readonly area: Area; readonly words: string }[] {
  return (WORDS.get(element.name) ?? []).flatMap(([attribute, area]) => {
    const words = element.attribute(attribute) ?? '';
    // Names that programs make: a picture's own is one only where it is that of a file, bookmarks of Word begin with a line.
    const made = (area === 'file-name' && !/\.\w{2,5}$/.test(words)) || words.startsWith('_') || /^[01]?$/.test(words);
    return made ? [] : [{ area, words }];
  });
}

const PICTURE_FONTS = /^(?:symbol|wingdings.*|webdings|zapf dingbats|mt extra)$/i;

/** w:sym (ECMA-376 part 1, 17.3.3.30): a character of a font, often moved to the private use area. */
export function runSymbol(element: XmlElement): string {
  const code = parseInt(element.attribute('char') ?? '', 16);
  if (Number.isNaN(code) || code > 0xffff) return '';
  const moved = code >= 0xf020 && code <= 0xf0ff && !PICTURE_FONTS.test(element.attribute('font') ?? '');
  return String.fromCharCode(moved ? code - 0xf000 : code);
}
