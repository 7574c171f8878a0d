// A message looked through, some passages at once: they are cut into words, each detector is asked for all of them, and they are let go before
// the next ones are read. So a long message takes little memory, and a detector's code is still at hand for the next passage.
import type { Message, Span } from '../mail/message.ts';
import type { Correspondents } from './correspondents.ts';
import { cuesOf } from './cues.ts';
import type { Candidate, Detector, Surroundings } from './detector.ts';
import type { Generality } from './generality.ts';
import { type Letter, letterIn, type Subject } from './letter.ts';
import type { Lexicon } from './lexicon.ts';
import { type Passage, passageOf, type PassageText, textsOf } from './passage.ts';
import type { WordRoom } from './word-room.ts';

/** What is left of a passage. */
export interface Examined {
  readonly passage: PassageText;
  readonly candidates: readonly Candidate[];
  readonly generality: Generality;
  /** Null for what is no letter. */
  readonly letter: Letter | null;
}

export interface ExamineDeps {
  readonly detectors: readonly Detector[];
  readonly lexicon: Lexicon;
  /** For the words of the passages that are read at once. */
  readonly room: WordRoom;
}

const MOST_CANDIDATES = 20_000;
/** Text of the passages that are read at once, in code units: what is known of it fits the processor's cache. */
const AT_ONCE = 48 * 1024;
/** Header fields that people write: in the others stand machines, and those who send and receive. */
const WRITTEN_FIELDS: ReadonlySet<string> = new Set(['subject', 'comments', 'keywords', 'content-description']);

/** What people wrote in it, with what the detectors find there. */
export function examine(
  message: Pick<Message, 'spans'>,
  surroundings: Surroundings,
  correspondents: Correspondents,
  deps: ExamineDeps,
): readonly Examined[] {
  const texts = textsOf(message.spans.filter(isWritten));
  // The subject first: what it says counts for all letters.
  const subject = Math.max(0, texts.findIndex(isSubject));
  const examined: Examined[] = [];
  let said: Subject | null = null;
  for (const batch of batchesOf([...texts.slice(subject, subject + 1), ...texts.slice(0, subject), ...texts.slice(subject + 1)])) {
    for (const { text, passage, candidates } of read(batch, surroundings, deps)) {
      if (examined.length === 0 && isSubject(text)) said = { cues: cuesOf(passage), candidates };
      const letter = letterIn(passage, candidates, said, correspondents);
      examined.push({ passage: text, candidates, generality: passage.generality(), letter });
    }
  }
  return [...examined.slice(1, subject + 1), ...examined.slice(0, 1), ...examined.slice(subject + 1)];
}

/** The first that stands in the head of the message, or null. */
export function subjectOf<One extends Pick<Examined, 'passage'>>(examined: readonly One[]): One | null {
  return examined.find(({ passage }) => isSubject(passage)) ?? null;
}

function isSubject({ area }: PassageText): boolean {
  return area === 'header';
}

function isWritten({ place: { area, field } }: Span): boolean {
  return area !== 'header' || WRITTEN_FIELDS.has(field ?? '');
}

/** In order. A passage that is longer stands alone. */
function batchesOf(texts: readonly PassageText[]): readonly (readonly PassageText[])[] {
  const batches: PassageText[][] = [];
  let room = 0;
  for (const text of texts) {
    room -= text.text.length;
    const open = batches.at(-1);
    if (open === undefined || room < 0) {
      batches.push([text]);
      room = AT_ONCE - text.text.length;
    } else open.push(text);
  }
  return batches;
}

interface Read {
  readonly text: PassageText;
  readonly passage: Passage;
  readonly candidates: Candidate[];
  readonly add: (candidate: Candidate) => void;
}

function read(texts: readonly PassageText[], surroundings: Surroundings, { detectors, lexicon, room }: ExamineDeps): readonly Read[] {
  room.clear();
  const all = texts.map((text): Read => {
    const candidates: Candidate[] = [];
    const add = (candidate: Candidate): void => {
      if (candidates.length < MOST_CANDIDATES) candidates.push(candidate);
    };
    return { text, passage: passageOf(text, lexicon, room), candidates, add };
  });
  for (const detector of detectors) for (const { passage, add } of all) detector.detect(passage, surroundings, add);
  for (const { candidates } of all) candidates.sort((a, b) => a.at - b.at);
  return all;
}
