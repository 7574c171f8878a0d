// Text with marks that say to what each stretch of it belongs.
import type { Mark } from '../mail/message.ts';

export interface Marked {
  readonly text: string;
  /** In order of `at`. */
  readonly marks: readonly Mark[];
}

/** The text in pieces of at most `longest` code units, cut behind white space where there is some in the last quarter. Marks go with their stretch. */
export function piecesOf(whole: Marked, longest: number): readonly Marked[] {
  const { text, marks } = whole;
  if (text.length <= longest) return [whole];
  const pieces: Marked[] = [];
  let mark = 0;
  for (let start = 0; start < text.length;) {
    const end = cutBefore(text, start, start + longest);
    const own: Mark[] = [];
    // A stretch that goes on from the piece before keeps its name.
    const before = marks[mark - 1];
    if (before !== undefined && marks[mark]?.at !== start) own.push({ at: 0, field: before.field });
    for (let next = marks[mark]; next !== undefined && next.at < end; next = marks[++mark])
      own.push({ at: next.at - start, field: next.field });
    pieces.push({ text: text.slice(start, end), marks: own });
    start = end;
  }
  return pieces;
}

const WHITE_SPACE = /\s/;

function cutBefore(text: string, start: number, limit: number): number {
  if (limit >= text.length) return text.length;
  const least = limit - (limit - start) / 4;
  for (let end = limit; end > least; end--) if (WHITE_SPACE.test(text[end - 1] ?? '')) return end;
  // Never between the halves of a character.
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
}
