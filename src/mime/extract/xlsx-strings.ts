// The shared strings of a workbook (ECMA-376 part 1, 18.4): each by its number, and which of them no cell shows.
import type { TextBlocks } from './text-blocks.ts';
import { readXml } from './xml.ts';

export class SharedStrings {
  readonly #strings: string[] = [];
  readonly #shown: Uint8Array;

  /** @param blocks take the phonetic text beside a string */
  constructor(bytes: Buffer | null, blocks: TextBlocks) {
    if (bytes !== null) readStrings(bytes, this.#strings, blocks);
    this.#shown = new Uint8Array(this.#strings.length);
  }

  /** The string that a cell points to, or null. */
  at(index: number): string | null {
    const found = this.#strings[index];
    if (found === undefined) return null;
    this.#shown[index] = 1;
    return found;
  }

  /** What cells once held and the file still does. */
  tellUnused(blocks: TextBlocks): void {
    this.#strings.forEach((text, index) => {
      if (this.#shown[index] === 0) blocks.line({ area: 'hidden' }, text);
    });
  }
}

function readStrings(bytes: Buffer, strings: string[], blocks: TextBlocks): void {
  let text = '';
  let phonetic = '';
  let inPhonetic = false;
  let inText = false;
  readXml(bytes, {
    open: ({ name }) => {
      if (name === 'si') text = phonetic = '';
      else if (name === 'rPh') inPhonetic = true;
      else if (name === 't') inText = true;
    },
    text: (piece) => {
      if (!inText) return;
      if (inPhonetic) phonetic += piece;
      else text += piece;
    },
    close: ({ name }) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 'si') {
        strings.push(withoutEscapes(text));
        blocks.line({ area: 'hidden' }, phonetic);
      }
    },
    comment: (comment) => blocks.line({ area: 'comment' }, comment),
  });
}

/** `_x000D_` stands for what XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
export function withoutEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([\da-fA-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
