// A process of its own for spool tests: `fill FOLDER` meets a limit on the disk, `large FOLDER` measures memory. Prints JSON.
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSpool } from '../../src/spool/file-spool.ts';
import type { Spool } from '../../src/spool/spool.ts';
import { contentOf, newMessageId, readWhole, writeWhole } from './sealed-content.ts';

const [, , what, folder = ''] = process.argv;
const spool = await openSpool(folder);
process.stdout.write(JSON.stringify(what === 'fill' ? await fill(spool) : await large(spool)));

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) return String(error);
    const cause = error.cause;
    return { code: error.code, cause: cause instanceof Error && 'code' in cause ? cause.code : null };
  }
}

async function fill(spool: Spool): Promise<unknown> {
  const plain = randomBytes(2_000_000);
  const whole = await failure(writeWhole(spool.writer(newMessageId(), randomBytes(32)), plain, Infinity));
  const writer = spool.writer(newMessageId(), randomBytes(32));
  const pieces = await failure(writeWhole(writer, plain, 4000));
  const again = await failure(writer.write(plain));
  await writer.abort();
  const left = readdirSync(join(folder, 'spool')).flatMap((name) => readdirSync(join(folder, 'spool', name)));
  const messageId = newMessageId();
  const key = randomBytes(32);
  const small = await writeWhole(spool.writer(messageId, key), plain.subarray(0, 200_000));
  const back = await readWhole(spool.read(contentOf(messageId, key, small)));
  const row = await writeWhole(spool.writer(newMessageId(), key), plain.subarray(0, 2000));
  return { whole, pieces, again, left, small: back.equals(plain.subarray(0, 200_000)) ? 'read back' : 'not read back', row: row.place };
}

async function large(spool: Spool): Promise<unknown> {
  const piece = randomBytes(16_384);
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const messageId = newMessageId();
  const key = randomBytes(32);
  const writer = spool.writer(messageId, key);
  for (let i = 0; i < 3200; i++) {
    await writer.write(piece);
    look();
  }
  const finished = await writer.finish();
  const writing = peak - before;
  peak = before;
  let readBytes = 0;
  for await (const chunk of spool.read(contentOf(messageId, key, finished))) {
    readBytes += chunk.length;
    look();
  }
  return { sizeBytes: finished.sizeBytes, readBytes, writing, reading: peak - before };
}
