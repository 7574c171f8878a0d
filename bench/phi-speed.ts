// How fast inspection is: the text of all sets in one message, by processor time of one core, and what each detector takes of it.
import type { Message, Span } from '../src/mail/message.ts';
import type { Surroundings } from '../src/inspect/detector.ts';
import type { Lexicon } from '../src/inspect/lexicon.ts';
import { passageOf, passagesOf, textsOf } from '../src/inspect/passage.ts';
import { DETECTORS } from '../src/daemon/detectors.ts';
import type { Inspector } from '../src/daemon/inspector.ts';
import { NEUTRAL } from './phi-mail.ts';

const RUNS = 3;

export interface Speed {
  readonly megabytes: number;
  /** Of UTF-8 text. Median of the runs after the first, which warms up. */
  readonly megabytesPerSecond: number;
  /** Milliseconds of each MB, most first; 'passages' is cutting into words and looking them up, one after the other. */
  readonly msPerMegabyte: readonly (readonly [name: string, ms: number])[];
}

/** Each text is a part of its own, as attachments would be. */
export function speedOf(texts: readonly string[], inspector: Inspector, lexicon: Lexicon): Speed {
  const spans = texts.map((text, i): Span => ({ part: String(i + 1), place: { area: 'text' }, text, marks: [] }));
  const message: Message = { parts: [], spans, defects: [], blindSpots: [], documents: [] };
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const passages = passagesOf(spans, lexicon);
  const shares = [
    ['passages', median(() => textsOf(spans).forEach((text) => passageOf(text, lexicon)))] as const,
    ...DETECTORS.map((detector) => {
      const run = (): void => passages.forEach((passage) => detector.detect(passage, ALONE, () => undefined));
      return [detector.name, median(run)] as const;
    }),
  ];
  return {
    megabytes,
    megabytesPerSecond: (1_000 * megabytes) / median(() => inspector.inspect(message, NEUTRAL)),
    msPerMegabyte: shares.map(([name, ms]) => [name, ms / megabytes] as const).toSorted(([, a], [, b]) => b - a),
  };
}

const ALONE: Surroundings = { recipients: [], sender: '', senderNames: [], recipientNames: [], sends: 'unknown', today: 20_784 };

/** Processor time in milliseconds. */
function median(run: () => unknown): number {
  run();
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e3;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? NaN;
}
