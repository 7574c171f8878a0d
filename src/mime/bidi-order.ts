// The order in which text is seen that explicit directional formatting characters put in another (UAX #9): `nhoJ` in a right-to-left
// override shows as John. What no override or isolate touches stays in the order in which it is read.
import type { Stretch } from './as-seen.ts';

const FORMATTING = /[\u202a-\u202e\u2066-\u2069]|\r\n|[\n\r\x85\u2029]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTERS = /[\p{L}\p{N}][^\p{L}\p{N}]*[\p{L}\p{N}]/u;
/** A character with the marks on it. */
const CHARACTER = /\P{M}\p{M}*|\p{M}+/gu;

type Direction = 'override-left' | 'override-right' | 'left' | 'right';

interface Frame {
  readonly direction: Direction;
  readonly closedBy: 'pdf' | 'pdi';
  /** In the order of the text: each shows as one. */
  readonly items: string[];
}

const OPENS: Readonly<Record<string, readonly [Direction, Frame['closedBy']]>> = {
  '\u202a': ['left', 'pdf'],
  '\u202b': ['right', 'pdf'],
  '\u202d': ['override-left', 'pdf'],
  '\u202e': ['override-right', 'pdf'],
  '\u2066': ['left', 'pdi'],
  '\u2067': ['right', 'pdi'],
  '\u2068': ['left', 'pdi'],
};
/** UAX #9 BD2: what is deeper has no effect. */
const DEEPEST = 125;

/** Takes the formatting characters out and puts what they cover in the order that is seen. A line ends all of them. */
export function inSeenOrder(text: string): Stretch {
  const order = new SeenOrder();
  let from = 0;
  for (const found of text.matchAll(FORMATTING)) {
    if (found.index > from) order.text(text.slice(from, found.index));
    order.formatting(found[0]);
    from = found.index + found[0].length;
  }
  if (from < text.length) order.text(text.slice(from));
  return order.end();
}

class SeenOrder {
  readonly #lines: string[] = [];
  #stack: Frame[] = [{ direction: 'left', closedBy: 'pdi', items: [] }];
  /** Opened deeper than counts. */
  #beyond = 0;
  #disguised = false;

  text(text: string): void {
    const frame = this.#stack.at(-1);
    if (frame?.direction === 'override-right') for (const [character] of text.matchAll(CHARACTER)) frame.items.push(character);
    else frame?.items.push(text);
  }

  formatting(character: string): void {
    const opens = OPENS[character];
    if (opens !== undefined) {
      if (this.#stack.length > DEEPEST) this.#beyond++;
      else this.#stack.push({ direction: opens[0], closedBy: opens[1], items: [] });
    } else if (character === '\u202c') this.#pop('pdf');
    else if (character === '\u2069') this.#pop('pdi');
    else {
      this.#endLine();
      this.#lines.push(character);
    }
  }

  end(): Stretch {
    this.#endLine();
    return { text: this.#lines.join(''), disguised: this.#disguised };
  }

  #pop(closedBy: Frame['closedBy']): void {
    if (this.#beyond > 0) {
      this.#beyond--;
      return;
    }
    // The end of an isolate ends the embeddings in it; the end of an embedding ends no isolate.
    const at = closedBy === 'pdf' ? this.#stack.length - 1 : this.#stack.findLastIndex((frame) => frame.closedBy === 'pdi');
    if (at < 1 || this.#stack[at]?.closedBy !== closedBy) return;
    while (this.#stack.length > at) this.#close();
  }

  #endLine(): void {
    this.#beyond = 0;
    while (this.#stack.length > 1) this.#close();
    const line = this.#stack[0];
    if (line !== undefined) this.#lines.push(line.items.join(''));
    this.#stack = [{ direction: 'left', closedBy: 'pdi', items: [] }];
  }

  #close(): void {
    const frame = this.#stack.pop();
    if (frame === undefined || frame.items.length === 0) return;
    const straight = frame.items.join('');
    // Hebrew and Arabic are read from the right: their order is that of the text.
    const turns = (frame.direction === 'right' || frame.direction === 'override-right') && frame.items.length > 1;
    const turned = turns && !RIGHT_TO_LEFT.test(straight);
    if (turned && LETTERS.test(straight)) this.#disguised = true;
    this.#stack.at(-1)?.items.push(turned ? frame.items.reverse().join('') : straight);
  }
}
