// How fast inspection is: the text of all sets in one message, by processor time of one core.
import type { Message, Span } from '../src/mail/message.ts';
import type { Inspector } from '../src/daemon/inspector.ts';
import { NEUTRAL } from './phi-mail.ts';

const RUNS = 3;

export interface Speed {
  readonly megabytes: number;
  /** Of UTF-8 text. Median of the runs after the first, which warms up. */
  readonly megabytesPerSecond: number;
}

/** Each text is a part of its own, as attachments would be. */
export function speedOf(texts: readonly string[], inspector: Inspector): Speed {
  const spans = texts.map((text, i): Span => ({ part: String(i + 1), place: { area: 'text' }, text, marks: [] }));
  const message: Message = { parts: [], spans, defects: [], blindSpots: [], documents: [] };
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  inspector.inspect(message, NEUTRAL);
  const seconds = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    inspector.inspect(message, NEUTRAL);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  }).toSorted((a, b) => a - b);
  return { megabytes, megabytesPerSecond: megabytes / (seconds[Math.floor(RUNS / 2)] ?? NaN) };
}
