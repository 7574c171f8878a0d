// XML parts of office documents that nobody shows as they stand: every piece of character data and every attribute that may be words.
import type { Area } from '../../mail/message.ts';
import type { TextBlocks } from './text-blocks.ts';
import { readXml, type XmlElement } from './xml.ts';

/** One line for each element with text of its own, and one for each attribute that reads like words. */
export function readLoosely(bytes: Buffer, area: Area, blocks: TextBlocks): void {
  readPieces(bytes, area, blocks, ({ name, attributes }) => {
    for (const one of attributes) {
      if (!(isIndex(name, one.name) || isMachinery(one.prefix, one.name, one.value))) blocks.line({ area }, one.value);
    }
  });
}

/** As `readLoosely`, where attributes only name what the program itself has names for. */
export function readCharacterData(bytes: Buffer, area: Area, blocks: TextBlocks): void {
  readPieces(bytes, area, blocks, () => undefined);
}

function readPieces(bytes: Buffer, area: Area, blocks: TextBlocks, attributes: (element: XmlElement) => void): void {
  let text = '';
  const end = (): void => {
    if (!DULL.test(text)) blocks.line({ area }, text);
    text = '';
  };
  readXml(bytes, {
    open: (element) => {
      if (!INLINE.has(element.name)) end();
      attributes(element);
    },
    text: (piece) => {
      text += piece;
    },
    close: ({ name }) => {
      if (!INLINE.has(name)) end();
    },
    comment: (comment) => blocks.line({ area: 'comment' }, comment),
  });
  end();
}

/** Switches, short numbers and lists of them, octets in base64. */
const DULL = /^\s*(?:true|false|[\d, -]{1,4}|(?:\d{1,3}, ?){4,9}\d{1,3}|[A-Za-z\d+/]{60,}={0,2})\s*$/i;
/** Runs and their text: a word may be split over them. */
const INLINE: ReadonlySet<string> = new Set(['r', 't', 'rPr', 'font', 'span', 'b', 'i', 'u', 'strong', 'em']);
const NOT_WORDS: ReadonlySet<string> = new Set([
  'style',
  'type',
  'ProgId',
  'DrawAspect',
  'path',
  'coordsize',
  'points',
  'uri',
  'Ignorable',
  'Requires',
  'algorithmName',
  'hashValue',
  'saltValue',
  'typeface',
  'panose',
  'prst',
  'fmla',
  'ref',
  'sqref',
  'uid',
  'idref',
  'rsidR',
  'id',
]);

/** A record of a pivot cache that only points to a shared item (ECMA-376 part 1, 18.10.1.97). */
function isIndex(element: string, name: string): boolean {
  return element === 'x' && name === 'v';
}

/** Identifiers, numbers of a few digits, colours, switches. Values of caches are kept whatever they are. */
function isMachinery(prefix: string, name: string, value: string): boolean {
  if (name === 'v') return false;
  if (prefix === 'xmlns' || name === 'xmlns' || NOT_WORDS.has(name) || value.length < 4 || /^-?[\d.,%]{1,5}$/.test(value)) return true;
  return MACHINERY.test(value);
}

const MACHINERY =
  /^(?:true|false|none|auto|(?=[^g-z]*[a-fA-F]|00)[\da-fA-F]{6,8}|#[\da-fA-F]{3,6}|urn:\S{0,200}|\{?[\da-fA-F]{8}-[\da-fA-F-]{27}\}?|[a-z][a-zA-Z]{1,24}|http:\/\/schemas\.\S{0,200})$/;
