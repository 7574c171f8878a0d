// A reading child whose extractors do what hostile content could make one do. Each line of a "message" is a part: a word that says what
// happens, or text. A line "with-inner WORD" is a container that has a part with text, and then does it.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { serveReadings } from '../../src/daemon/serve-readings.ts';
import type { Extractor, Output } from '../../src/mime/extract/extractor.ts';
import { extractorsByKind } from '../../src/mime/read-message.ts';

const INNER = { declaredType: null, parameters: new Map<string, string>(), name: null, role: 'attachment' } as const;

const lines: Extractor = {
  kinds: ['message'],
  async extract({ bytes }, output) {
    for (const line of bytes.toString('latin1').split('\n')) await output.inner({ ...INNER, bytes: Buffer.from(line) });
  },
};

const hostile: Extractor = {
  kinds: ['text'],
  async extract({ bytes }, output) {
    const text = bytes.toString('latin1');
    const inner = /^with-inner (.*)$/.exec(text)?.[1];
    if (inner !== undefined) await output.inner({ ...INNER, bytes: Buffer.from(`inside ${inner}`) });
    await act(inner ?? text, output);
  },
};

/** Memory that is really used. */
function fill(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, 1);
}

async function act(word: string, output: Output): Promise<void> {
  const held: unknown[] = [];
  switch (word) {
    case 'loop':
      for (;;);
    case 'buffers':
      for (;;) held.push(fill(8 * 1024 * 1024));
    case 'shared':
      for (;;) held.push(new Uint8Array(new SharedArrayBuffer(8 * 1024 * 1024)).fill(1));
    case 'heap':
      for (;;) held.push(Array.from({ length: 10_000 }, (_, i) => `${i}`));
    case 'exit':
      process.exit(0);
    case 'signal':
      process.kill(process.pid, 'SIGSEGV');
      for (;;);
    case 'never':
      await new Promise(() => undefined);
      break;
    case 'nonsense':
      writeSync(1, Buffer.from('00000005[1,2]', 'latin1'));
      for (;;);
    case 'lies':
      for (;;)
        writeSync(1, frame([{ event: 'span', span: { part: '1', place: { area: 'text' }, text: 'x'.repeat(1_000_000), marks: [] } }]));
    case 'throw':
      throw new Error('content that must not be told');
    case 'rights':
      output.text({ area: 'text' }, await rights());
      break;
    default:
      output.text({ area: 'text' }, word);
  }
}

function frame(value: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text]);
}

/** What this process may do, as words. */
async function rights(): Promise<string> {
  const tries: readonly (readonly [string, () => unknown])[] = [
    ['read-passwd', () => readFileSync('/etc/passwd')],
    ['write', () => writeFileSync('/tmp/postern-hostile', 'x')],
    ['spawn', () => spawn('true')],
    ['worker', () => new Worker('1', { eval: true })],
  ];
  const may = tries.map(([name, attempt]) => {
    try {
      attempt();
      return `${name}=yes`;
    } catch (error) {
      return `${name}=${error instanceof Error && 'code' in error ? String(error.code) : 'no'}`;
    }
  });
  createServer().close();
  return [...may, `environment=${Object.keys(process.env).length}`, `arguments=${process.argv.length}`].join(' ');
}

await serveReadings({ extractors: extractorsByKind([lines, hostile]), beginMessage: () => undefined });
