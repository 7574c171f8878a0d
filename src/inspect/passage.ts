// A passage: text of one part that belongs together, cut into words once, with what the lexicon knows of them. All detectors read it.
import type { Area, Mark, Place, Span } from '../mail/message.ts';
import { type Block, blocksOf } from './blocks.ts';
import { type Generality, generalityOf } from './generality.ts';
import { type HealthView, healthViewOf } from './health-view.ts';
import { type Lexicon, lookUp } from './lexicon.ts';
import { type Tagged, taggedOf } from './tagged.ts';
import type { WordRoom } from './word-room.ts';
import { type Words, wordsOf } from './words.ts';

/** What stays of a passage when it has been looked through: all else is let go before the next one is read. */
export interface PassageText {
  readonly part: string;
  readonly area: Area;
  /** Texts of the spans, each ended by LF. */
  readonly text: string;
  /** In order: where in `text` each span begins. */
  readonly spans: readonly { readonly at: number; readonly span: Span }[];
}

export interface Passage extends PassageText {
  readonly words: Words;
  /** It was read with. */
  readonly lexicon: Lexicon;
  /** Numbers of the words that hold a digit. */
  readonly numbers: readonly number[];
  /** Numbers of the words that a picture of a person may show. */
  readonly shown: readonly number[];
  /** What may speak of health, and how much stands around it. */
  readonly health: HealthView;
  /** Numbers that have a label, in order. */
  readonly tagged: readonly Tagged[];
  /** What the lines are: signature, quote, footer, letterhead or body. In order, without gaps. */
  readonly blocks: readonly Block[];
  /** Whether it speaks of one person or of nobody in particular. Made at the first question. */
  readonly generality: () => Generality;
}

/** No passage is longer; a longer text is several. */
const LONGEST = 256 * 1024;

/** All passages of some spans, read. Of a long message they take some fifty times its size: who can does one after the other. */
export function passagesOf(spans: readonly Span[], lexicon: Lexicon): readonly Passage[] {
  return textsOf(spans).map((text) => passageOf(text, lexicon));
}

/** Spans that follow one another in the same part and area, joined. */
export function textsOf(spans: readonly Span[]): readonly PassageText[] {
  const passages: PassageText[] = [];
  let open: { part: string; area: Area; texts: string[]; length: number; spans: { at: number; span: Span }[] } | null = null;
  const close = (): void => {
    if (open !== null) passages.push({ part: open.part, area: open.area, text: open.texts.join(''), spans: open.spans });
    open = null;
  };
  const take = (span: Span, text: string, cut: number): void => {
    const { part, place } = span;
    if (open !== null && (open.part !== part || open.area !== place.area || open.length + text.length > LONGEST)) close();
    open ??= { part, area: place.area, texts: [], length: 0, spans: [] };
    // What was cut off before it counts as standing before the passage: offsets in the span stay right.
    open.spans.push({ at: open.length - cut, span });
    open.texts.push(text, '\n');
    open.length += text.length + 1;
  };
  for (const span of spans) {
    for (let from = 0, to = 0; from === 0 || from < span.text.length; from = to) {
      to = cutAfter(span.text, from);
      take(span, from === 0 && to === span.text.length ? span.text : span.text.slice(from, to), from);
      if (to === 0) break;
    }
  }
  close();
  return passages;
}

/** Where a piece that begins here ends: at the end of a line or word, if there is one within a thousand units. */
function cutAfter(text: string, from: number): number {
  if (text.length - from <= LONGEST) return text.length;
  const end = from + LONGEST;
  const tail = text.slice(end - 1_000, end);
  const last = tail.lastIndexOf('\n') >= 0 ? tail.lastIndexOf('\n') : tail.lastIndexOf(' ');
  if (last >= 0) return end - 1_000 + last + 1;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

/**
 * Cut into words, and looked up.
 * @param room see `wordsOf`
 */
export function passageOf({ part, area, text, spans }: PassageText, lexicon: Lexicon, room?: WordRoom): Passage {
  const words = wordsOf(text, lexicon, room);
  const numbers = words.withDigits;
  const gathered = lookUp(lexicon, words);
  const health = healthViewOf(words);
  let generality: Generality | null = null;
  const passage: Passage = {
    part,
    area,
    text,
    words,
    lexicon,
    numbers,
    shown: gathered.shown,
    health,
    tagged: taggedOf(words, lexicon.labelUses),
    blocks: blocksOf(text, words, gathered.footers),
    generality: () => (generality ??= generalityOf(passage)),
    spans,
  };
  return passage;
}

/** Where an offset of the passage stands: its span, the offset in it, its place with the field of its mark. */
export function placeAt({ spans }: PassageText, at: number): { readonly place: Place; readonly at: number } {
  let low = 0;
  for (let high = spans.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.at ?? 0) <= at) low = middle;
    else high = middle;
  }
  const found = spans[low];
  if (found === undefined) return { place: { area: 'text' }, at };
  const offset = at - found.at;
  const field = fieldAt(found.span.marks, offset);
  return { place: field === null ? found.span.place : { ...found.span.place, field }, at: offset };
}

function fieldAt(marks: readonly Mark[], at: number): string | null {
  let field: string | null = null;
  for (const mark of marks) {
    if (mark.at > at) break;
    field = mark.field;
  }
  return field;
}
