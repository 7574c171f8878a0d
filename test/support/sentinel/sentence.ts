// The sentence that every case hides, and how a case is judged. Made up, like all else here.
import type { Message } from '../../../src/mail/message.ts';

export const SENTENCE = 'Sentinel Zebulon Quartermaine has glomerulonephritis 4711';
/** Letters beyond ASCII, of two code pages. */
export const LETTERS = 'Zoë Müller-Łukasz';

/** A file on its way into another. */
export interface Carried {
  readonly bytes: Buffer;
  readonly type: string;
  readonly name: string;
}

/** 'found': each text stands in one span. 'blind': not all do, but a blind spot tells of it. */
export type Verdict = 'found' | 'blind' | 'missed';

export function verdictOf(message: Message, wanted: readonly string[] = [SENTENCE]): Verdict {
  const texts = message.spans.map(({ text }) => text.replace(/\s+/gu, ' ').normalize('NFC'));
  if (wanted.every((one) => texts.some((text) => text.includes(one)))) return 'found';
  return message.blindSpots.length > 0 ? 'blind' : 'missed';
}

/** Numbers from 0 up to 1, always the same for a seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(from: readonly T[], random: () => number): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}
