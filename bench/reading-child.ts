// Reads one file in a fresh process and tells how long it took and how much memory was resident at most. Arguments: path, and the file's
// name, or '-' for a whole message.
import { readFileSync } from 'node:fs';
import { MessageCollector } from '../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS } from '../src/mail/read-limits.ts';
import type { PartKind } from '../src/mail/message.ts';
import type { Extractor } from '../src/mime/extract/extractor.ts';
import { extractorsByKind, readFile, readMessage } from '../src/mime/read-message.ts';
import { allExtractors } from '../test/support/sentinel/all.ts';

export interface Measured {
  readonly ms: number;
  /** Of the processor, helper threads too: what other work on the machine does not change. */
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly parts: number;
  readonly spans: number;
  readonly textLength: number;
  readonly blindSpots: readonly string[];
  /** Time of each kind of part without that of what lies in it, largest first; '' is what sniffing and the walk between took. */
  readonly shares: readonly (readonly [kind: string, ms: number])[];
}

/** Of this program alone: getrusage would tell that of the parent it was forked from. */
function peakBytes(): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) * 1_024;
}

const [path = '', name = '-'] = process.argv.slice(2);
const own = new Map<PartKind, number>();
/** Kinds whose extractor runs, the innermost last: time is its own. */
const running: PartKind[] = [];
let since = 0;

function timed(extractor: Extractor): Extractor {
  const book = (): void => {
    const [kind, now] = [running.at(-1), performance.now()];
    if (kind !== undefined) own.set(kind, (own.get(kind) ?? 0) + now - since);
    since = now;
  };
  return {
    kinds: extractor.kinds,
    async extract(source, output) {
      book();
      running.push(source.kind);
      try {
        await extractor.extract(source, output);
      } finally {
        book();
        running.pop();
      }
    },
  };
}

const bytes = readFileSync(path);
const extractors = extractorsByKind(allExtractors().map(timed));
const collector = new MessageCollector();
const deps = { extractors, limits: DEFAULT_READ_LIMITS, skip: new Map(), tell: collector.add.bind(collector) };
const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
await (name === '-' ? readMessage(bytes, deps) : readFile(bytes, name, deps));
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpu);
const message = collector.message();
const measured: Measured = {
  ms,
  cpuMs: (user + system) / 1_000,
  peakBytes: peakBytes(),
  parts: message.parts.length,
  spans: message.spans.length,
  textLength: message.spans.reduce((sum, { text }) => sum + text.length, 0),
  blindSpots: message.blindSpots.map(({ part, kind }) => `${part} ${kind}`),
  shares: [...own].toSorted(([, a], [, b]) => b - a),
};
process.stdout.write(JSON.stringify(measured));
