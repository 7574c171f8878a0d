// Entry of the examining thread: reads messages of nothing but plain text, has all others read by reading children, and inspects what was
// found, away from the sockets' event loop.
// Key material comes by structured clone only.
import { createSecretKey } from 'node:crypto';
import { parentPort, type MessagePort } from 'node:worker_threads';
import type { Config } from '../config/config.ts';
import type { Issue } from '../config/issue.ts';
import type { Examination } from '../gateway/examination.ts';
import { digests } from '../keys/digests.ts';
import { MailError, type MailErrorCode } from '../mail/mail-error.ts';
import type { Message } from '../mail/message.ts';
import { openSpool } from '../spool/file-spool.ts';
import type { SealedContent } from '../spool/spool.ts';
import { inMemory } from './extract.ts';
import { createInspector, examinationOf, type InspectedEnvelope, type Inspector } from './inspector.ts';
import { loadLexicon } from './lexicons.ts';
import { openOwn } from './own-inspection.ts';
import { readHere } from './read-here.ts';
import { type Readable, ReadPool } from './read-pool.ts';
import { READ_CHILD } from './read-process.ts';

export interface ExamineThreadStart {
  readonly config: Config;
  /** Key of the digests in reports. */
  readonly findingKey: Uint8Array;
  /** Program of the reading children, where it is not the usual one. */
  readonly readChild: string | null;
}

export type ToExaminer =
  | {
      readonly kind: 'examine';
      readonly id: number;
      readonly content: SealedContent;
      readonly envelope: InspectedEnvelope;
      /** Where it is read if it is nothing but plain text. */
      readonly plain: 'here' | 'in-child';
    }
  /** A message that is not of the spool. */
  | { readonly kind: 'examine-letter'; readonly id: number; readonly octets: Uint8Array; readonly envelope: InspectedEnvelope }
  /** Own rules, patients and what the configuration says of inspection, from now on. */
  | { readonly kind: 'take'; readonly id: number; readonly config: Config }
  | { readonly kind: 'close' };

export type FromExaminer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly issues: readonly Issue[] }
  | { readonly kind: 'examined'; readonly id: number; readonly examination: Examination }
  | { readonly kind: 'stopped'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: MailErrorCode | null; readonly name: string }
  | { readonly kind: 'taken'; readonly id: number; readonly issues: readonly Issue[] }
  | { readonly kind: 'closed' };

const DAY_MS = 86_400_000;
const DIGEST_LENGTH = 22;

parentPort?.once('message', (start: ExamineThreadStart & { readonly port: MessagePort }) => {
  void serve(start, start.port);
});

async function serve({ config, findingKey, readChild }: ExamineThreadStart, port: MessagePort): Promise<void> {
  const tell = (answer: FromExaminer): void => port.postMessage(answer);
  const inspectorOf = inspectorMaker(findingKey);
  const first = await inspectorOf(config);
  if (!('inspect' in first)) {
    tell({ kind: 'refused', issues: first.issues });
    port.close();
    return;
  }
  let inspector = first;
  const spool = await openSpool(config.folders.data);
  const pool = new ReadPool({ ...config.reading, entry: readChild ?? READ_CHILD });
  port.on('message', (asked: ToExaminer) => {
    void answer(asked)
      .then(tell)
      .catch((error: unknown) => tell(failureOf(asked, error)));
  });
  const readPlainHere = async (readable: Readable): Promise<Message | 'stopped'> => {
    const read = await readHere(readable, config.reading.limits);
    return read.kind === 'read' ? read.message : pool.read(read.readable);
  };
  const answer = async (asked: ToExaminer): Promise<FromExaminer> => {
    switch (asked.kind) {
      case 'examine': {
        const { content } = asked;
        return examine(
          asked,
          { what: 'message', name: null, spans: 'kept', sizeBytes: content.sizeBytes, content: () => spool.read(content) },
          { read: asked.plain === 'here' ? readPlainHere : (readable) => pool.read(readable), inspector },
        );
      }
      case 'examine-letter':
        return examine(asked, inMemory(asked.octets), { read: readPlainHere, inspector });
      case 'take': {
        const next = await inspectorOf(asked.config);
        if ('inspect' in next) inspector = next;
        return { kind: 'taken', id: asked.id, issues: 'inspect' in next ? [] : next.issues };
      }
      case 'close':
        await pool[Symbol.asyncDispose]();
        return { kind: 'closed' };
    }
  };
  tell({ kind: 'ready' });
  // A first message that needs a child need not wait for it to start; whether one can, that message says.
  await pool.prepare().catch(() => undefined);
}

/** One answer that fails is no reason to serve nobody. */
function failureOf(asked: ToExaminer, error: unknown): FromExaminer {
  if (asked.kind === 'close') return { kind: 'closed' };
  const code = error instanceof MailError ? error.code : null;
  return { kind: 'failed', id: asked.id, code, name: error instanceof Error ? error.name : 'error' };
}

/** The lexicon is loaded once; what administrators add is read anew for each. */
function inspectorMaker(findingKey: Uint8Array): (config: Config) => Promise<Inspector | { readonly issues: readonly Issue[] }> {
  const lexicon = loadLexicon();
  const digest = digests(createSecretKey(findingKey));
  return async (config) => {
    const own = await openOwn(config);
    if (own.kind === 'refused') return own;
    const { organisation, sends, senders } = config.inspection;
    return createInspector({
      lexicon,
      digest: (kind, value) =>
        Buffer.from(digest('finding', kind, value))
          .toString('base64url')
          .slice(0, DIGEST_LENGTH),
      organisation,
      sends,
      senders,
      own: own.detectors,
      patients: own.patients,
      today: () => Math.floor(Date.now() / DAY_MS),
    });
  };
}

async function examine(
  { id, envelope }: Extract<ToExaminer, { readonly envelope: InspectedEnvelope }>,
  readable: Readable,
  { read, inspector }: { readonly read: (readable: Readable) => Promise<Message | 'stopped'>; readonly inspector: Inspector },
): Promise<FromExaminer> {
  const startedAt = performance.now();
  const message = await read(readable);
  if (message === 'stopped') return { kind: 'stopped', id };
  return { kind: 'examined', id, examination: { ...examinationOf(message, envelope, inspector), tookMs: performance.now() - startedAt } };
}
