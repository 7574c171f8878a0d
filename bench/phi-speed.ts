// How fast inspection is: all messages one after the other, as they came, by processor time of one core, and what each detector takes of it.
import type { Message, Span } from '../src/mail/message.ts';
import type { Surroundings } from '../src/inspect/detector.ts';
import type { Lexicon } from '../src/inspect/lexicon.ts';
import { passageOf, passagesOf, textsOf } from '../src/inspect/passage.ts';
import { WordRoom } from '../src/inspect/word-room.ts';
import { DETECTORS } from '../src/daemon/detectors.ts';
import type { InspectedEnvelope, Inspector } from '../src/daemon/inspector.ts';
import { NEUTRAL } from './phi-mail.ts';

/** Before this many runs V8 still compiles what it has seen; it does so beside, on another core. */
const WARM_UPS = 4;
const RUNS = 5;

export interface ReadMail {
  readonly set: string;
  readonly message: Message;
  readonly envelope: InspectedEnvelope;
}

export interface Speed {
  readonly megabytes: number;
  /** Of UTF-8 text, message by message. Median of the runs after the first ones, which warm up. */
  readonly megabytesPerSecond: number;
  /** All texts as parts of one message: what each message costs by itself is left out. */
  readonly inOneMessage: number;
  /** The same by set, most text first. */
  readonly bySet: readonly (readonly [set: string, megabytes: number, megabytesPerSecond: number])[];
  /** Milliseconds of each MB, most first; 'passages' is cutting into words and looking them up, one after the other. */
  readonly msPerMegabyte: readonly (readonly [name: string, ms: number])[];
}

export function speedOf(mails: readonly ReadMail[], inspector: Inspector, lexicon: Lexicon): Speed {
  const megabytes = megabytesOf(mails);
  const passages = mails.flatMap(({ message }) => passagesOf(message.spans, lexicon));
  const texts = mails.flatMap(({ message }) => textsOf(message.spans));
  const room = new WordRoom();
  const shares = [
    [
      'passages',
      median(() =>
        texts.forEach((text) => {
          room.clear();
          passageOf(text, lexicon, room);
        }),
      ),
    ] as const,
    ...DETECTORS.map((detector) => {
      const run = (): void => passages.forEach((passage) => detector.detect(passage, ALONE, () => undefined));
      return [detector.name, median(run)] as const;
    }),
  ];
  const speed = (some: readonly ReadMail[]): number =>
    (1_000 * megabytesOf(some)) / median(() => some.forEach(({ message, envelope }) => inspector.inspect(message, envelope)));
  return {
    megabytes,
    megabytesPerSecond: speed(mails),
    inOneMessage: speed([joined(mails)]),
    bySet: [...Map.groupBy(mails, ({ set }) => set)]
      .map(([set, some]) => [set, megabytesOf(some), speed(some)] as const)
      .toSorted(([, a], [, b]) => b - a),
    msPerMegabyte: shares.map(([name, ms]) => [name, ms / megabytes] as const).toSorted(([, a], [, b]) => b - a),
  };
}

/** Each text is a part of its own, as attachments would be. */
function joined(mails: readonly ReadMail[]): ReadMail {
  const spans = mails.map(({ message }, i): Span => ({
    part: String(i + 1),
    place: { area: 'text' },
    text: message.spans.map(({ text }) => text).join('\n'),
    marks: [],
  }));
  return { set: 'all', message: { parts: [], spans, defects: [], blindSpots: [], documents: [] }, envelope: NEUTRAL };
}

function megabytesOf(mails: readonly ReadMail[]): number {
  return mails.reduce((sum, { message }) => sum + message.spans.reduce((all, { text }) => all + Buffer.byteLength(text), 0), 0) / 1e6;
}

const ALONE: Surroundings = {
  recipients: [],
  sender: '',
  writers: [],
  senderNames: [],
  recipientNames: [],
  sends: 'unknown',
  today: 20_784,
};

/** Processor time in milliseconds. */
function median(run: () => unknown): number {
  for (let i = 0; i < WARM_UPS; i++) run();
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e3;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? NaN;
}
