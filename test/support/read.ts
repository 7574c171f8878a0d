// Reads octets with chosen extractors, in this process, and gathers what came of it.
import type { BlindSpotKind, Message, PartKind } from '../../src/mail/message.ts';
import { MessageCollector } from '../../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../../src/mail/read-limits.ts';
import type { Extractor, Inner } from '../../src/mime/extract/extractor.ts';
import { extractorsByKind, readFile, readMessage } from '../../src/mime/read-message.ts';

export interface ReadSettings {
  readonly limits?: Partial<ReadLimits>;
  readonly skip?: ReadonlyMap<string, BlindSpotKind>;
}

/** A whole message, by all the extractors given. */
export async function readWith(
  extractors: readonly Extractor[],
  bytes: Uint8Array | string,
  settings: ReadSettings = {},
): Promise<Message> {
  const collector = new MessageCollector();
  await readMessage(Buffer.from(bytes), depsOf(extractors, settings, collector));
  return collector.message();
}

/** One file, sniffed, as if attached. */
export async function readFileWith(
  extractors: readonly Extractor[],
  bytes: Uint8Array | string,
  name: string | null = null,
  settings: ReadSettings = {},
): Promise<Message> {
  const collector = new MessageCollector();
  await readFile(Buffer.from(bytes), name, depsOf(extractors, settings, collector));
  return collector.message();
}

/**
 * Octets given to one extractor as its kind, not sniffed. What lies inside them is sniffed and read by `others`; without one it shows in
 * `parts`, and as a blind spot.
 */
export async function readPart(
  extractor: Extractor,
  kind: PartKind,
  bytes: Uint8Array | string,
  about: Partial<Omit<Inner, 'bytes'>> = {},
  others: readonly Extractor[] = [],
  settings: ReadSettings = {},
): Promise<Message> {
  const collector = new MessageCollector();
  const outer: Extractor = {
    kinds: ['message'],
    async extract(source, output) {
      await extractor.extract({ ...source, declaredType: null, parameters: new Map(), role: 'attachment', ...about, kind }, output);
    },
  };
  await readMessage(Buffer.from(bytes), depsOf([outer, ...others], settings, collector));
  return collector.message();
}

function depsOf(extractors: readonly Extractor[], settings: ReadSettings, collector: MessageCollector): Parameters<typeof readMessage>[1] {
  return {
    extractors: extractorsByKind(extractors),
    limits: { ...DEFAULT_READ_LIMITS, ...settings.limits },
    skip: settings.skip ?? new Map(),
    tell: (event) => collector.add(event),
  };
}

/** All text of a message, one span a line. */
export function textOf(message: Message): string {
  return message.spans.map(({ text }) => text).join('\n');
}
