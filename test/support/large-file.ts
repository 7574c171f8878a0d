// A message at the portal with one large file, and a desk behind its wire that counts what it gives and what it takes.
import { setImmediate as turn } from 'node:timers/promises';
import type { PickupDesk } from '../../src/gateway/pickup/desk.ts';
import { deskInMemory, type MemoryDesk, type MemoryMessage } from './desk-in-memory.ts';
import { deskOverWire } from './desk-over-wire.ts';
import { PORTAL_NOW } from './portal-pages.ts';

const DAY_MS = 86_400_000;
const READER = { address: 'pat@home.example', brand: 'default', from: 'Dr. Jane Roe <jane.roe@clinic.example>' } as const;

/** Octets that are not all alike. */
export function fileOf(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, Buffer.from(Array.from({ length: 65_521 }, (_, i) => (i * i * 31) & 255)));
}

/** @param n its place among the reader's messages */
export function messageWithFile(n: number, octets: Buffer): MemoryMessage {
  const head = [
    ...['From: Dr. Jane Roe <jane.roe@clinic.example>', 'To: pat@home.example', 'Subject: Pictures', 'MIME-Version: 1.0'],
    ...['Content-Type: multipart/mixed; boundary=b1', '', '--b1', 'Content-Type: text/plain', '', 'The pictures.', '--b1'],
    ...['Content-Type: application/octet-stream; name=scan.bin', 'Content-Disposition: attachment; filename=scan.bin'],
    ...['Content-Transfer-Encoding: base64', '', ''],
  ];
  const content = Buffer.concat([
    Buffer.from(head.join('\r\n')),
    Buffer.from(octets.toString('base64').replace(/.{76}/g, '$&\r\n'), 'latin1'),
    Buffer.from('\r\n--b1--\r\n'),
  ]);
  const deliveryId = `01M0000000000000000000000${String.fromCharCode(65 + n)}/0`;
  const times = { sentAt: PORTAL_NOW - DAY_MS, expiresAt: PORTAL_NOW + 29 * DAY_MS };
  return { ...READER, ...times, deliveryId, state: 'open', opened: false, wants: 'address', mailedCode: 'may-travel', content };
}

export interface CountingDesk {
  readonly memory: MemoryDesk;
  /** What the portal asks. */
  readonly desk: PickupDesk;
  readonly socketPath: string;
  /** Octets of sealed content that were asked for, and of answers that were taken. */
  readonly count: { given: number; taken: number };
  /** Answers are read only from then on. */
  readonly letIn: () => void;
}

/** Over a real Unix socket. Answers wait at the door until `letIn`. */
export async function countingDesk(
  t: { teardown(handler: () => void | Promise<void>): void },
  messages: readonly MemoryMessage[],
): Promise<CountingDesk> {
  const memory = deskInMemory(messages, () => PORTAL_NOW);
  const count = { given: 0, taken: 0 };
  const open = Promise.withResolvers<void>();
  const desk: PickupDesk = {
    ...memory,
    async sealed(asked) {
      const pieces = await memory.sealed(asked);
      return pieces === null ? null : counted(pieces, (length) => (count.given += length));
    },
    async answer({ body, ...asked }, client) {
      await open.promise;
      return memory.answer({ ...asked, body: counted(body, (length) => (count.taken += length)) }, client);
    },
  };
  const { client, socketPath } = await deskOverWire(t, desk);
  return { memory, desk: client, socketPath, count, letIn: open.resolve };
}

async function* counted(pieces: AsyncIterable<Uint8Array>, add: (length: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    add(piece.length);
    yield piece;
  }
}

/** Resolves when nothing has moved for so many turns of the event loop. */
export async function standstill(moved: () => number): Promise<number> {
  let [last, still] = [moved(), 0];
  while (still < 500) {
    await turn();
    const now = moved();
    still = now === last ? still + 1 : 0;
    last = now;
  }
  return last;
}
