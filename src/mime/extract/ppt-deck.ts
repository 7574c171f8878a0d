// Which slides a PowerPoint stream has, in which order, and which of its records count: a file saved many times keeps what it was before
// (MS-PPT 2.1.2).
import { u16, u32 } from './little-endian.ts';
import { pptRecords, TYPE } from './ppt-records.ts';

export interface Deck {
  readonly encrypted: 'yes' | 'no';
  /** Number of a slide, or of the slide that notes belong to, by where its container begins. */
  readonly pages: ReadonlyMap<number, number>;
  /** Where hidden slides begin. */
  readonly hidden: ReadonlySet<number>;
  /** Where the records that count begin; empty where no directory was found. */
  readonly live: ReadonlySet<number>;
}

/** instance of the lists of slides and of notes (MS-PPT 2.4.14.3, 2.4.14.6). */
const [SLIDES, NOTES] = [0, 2];
const HIDDEN = 0x04;
const MOST_PLACES = 1_000_000;

export function readDeck(stream: Buffer): Deck {
  const places = new Map<number, number>();
  const hidden = new Set<number>();
  const lists = new Map<number, Map<number, number[]>>();
  let encrypted = false;
  let list = -1;
  for (const record of pptRecords(stream)) {
    const { type, instance, body, top } = record;
    if (type === TYPE.encryption) encrypted = true;
    else if (type === TYPE.persistDirectory) readPlaces(body, places);
    else if (type === TYPE.slideList) list = instance;
    else if (type === TYPE.slidePersist && (list === SLIDES || list === NOTES)) {
      const ofDocument = lists.get(top) ?? new Map<number, number[]>();
      const ids = ofDocument.get(list) ?? [];
      ids.push(u32(body, 0));
      lists.set(top, ofDocument.set(list, ids));
    } else if (type === TYPE.slideShowInfo && (u16(body, 10) & HIDDEN) !== 0) hidden.add(top);
  }
  const live = new Set(places.values());
  // The document that counts has the lists that count.
  const document = [...lists.keys()].findLast((at) => live.has(at)) ?? [...lists.keys()].at(-1) ?? -1;
  const pages = new Map<number, number>();
  for (const ids of lists.get(document)?.values() ?? []) {
    ids.forEach((id, i) => {
      const at = places.get(id);
      if (at !== undefined) pages.set(at, i + 1);
    });
  }
  return { encrypted: encrypted ? 'yes' : 'no', pages, hidden, live };
}

/** PersistDirectoryAtom (MS-PPT 2.3.4): a later one overrides an earlier one. */
function readPlaces(body: Buffer, places: Map<number, number>): void {
  for (let at = 0; at + 4 <= body.length;) {
    const head = u32(body, at);
    const [first, count] = [head & 0xfffff, head >>> 20];
    for (let i = 0; i < count && at + 8 + i * 4 <= body.length && places.size < MOST_PLACES; i++)
      places.set(first + i, u32(body, at + 4 + i * 4));
    at += 4 + count * 4;
  }
}
