// A child that is asked for bodies and does what hostile content could make one do: the last word of the request says what. Any other word is
// shown as it is.
import { readSync, writeSync } from 'node:fs';
import { frameOf } from '../../src/daemon/read-protocol.ts';

const PART = { path: '', kind: 'text', declaredType: null, name: null, role: 'body', sizeBytes: 1, digest: null };

function fill(buffer: Buffer): boolean {
  for (let done = 0; done < buffer.length;) {
    const count = readSync(0, buffer, done, buffer.length - done, null);
    if (count === 0) return false;
    done += count;
  }
  return true;
}

function send(value: unknown): void {
  const frame = frameOf(value);
  for (let done = 0; done < frame.length;) done += writeSync(1, frame, done);
}

function shown(text: string): object {
  return { event: 'shown', shown: { html: null, text, remotePictures: 0, parts: [], end: 'complete' } };
}

function act(word: string): void {
  const held: unknown[] = [];
  switch (word) {
    case 'loop':
      for (;;);
    case 'memory':
      for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1));
    case 'heap':
      for (;;) held.push(Array.from({ length: 10_000 }, (_, i) => `${i}`));
    case 'exit':
      process.exit(0);
    case 'nonsense':
      writeSync(1, Buffer.from('00000005[1,2]', 'latin1'));
      for (;;);
    case 'wrong shape':
      send([{ event: 'shown', shown: { html: '<script>', text: 1, parts: ['../x'] } }]);
      for (;;);
    case 'silence':
      return;
    case 'flood':
      for (;;) send([shown('x'.repeat(1_000_000))]);
    default:
      send([shown(word)]);
  }
}

send([{ event: 'ready' }]);
for (const length = Buffer.alloc(4); fill(length);) {
  const front = Buffer.alloc(length.readUInt32BE());
  fill(front);
  const { sizeBytes } = JSON.parse(front.toString()) as { sizeBytes: number };
  const octets = Buffer.alloc(sizeBytes);
  fill(octets);
  send([{ event: 'part', part: PART }]);
  act(octets.toString('latin1').split('}').at(-1) ?? '');
  send([{ event: 'part-read', path: '' }, { event: 'read' }]);
}
