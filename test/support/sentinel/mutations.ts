// Damage to files, always the same for a seed: flips, cuts, repeats, swaps, extreme numbers, pieces of other files, also inside what is packed.
import { gunzipSync, gzipSync } from 'node:zlib';
import { unzipSync, zipSync } from 'fflate';
import { pick } from './sentence.ts';

type Random = () => number;
type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const LARGEST = 2_000_000;
const upTo = (n: number, random: Random): number => Math.floor(random() * n);

/** A piece somewhere in it: start and end. */
function pieceOf(bytes: Buffer, random: Random, longest = bytes.length): readonly [number, number] {
  const from = upTo(bytes.length, random);
  return [from, Math.min(bytes.length, from + 1 + upTo(longest, random))];
}

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 8) change(copy);
  return copy;
}

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, random) {
    return changed(bytes, (copy) => {
      for (let i = 1 + upTo(8, random); i > 0; i--) {
        const at = upTo(copy.length, random);
        copy[at] = (copy[at] ?? 0) ^ (1 << upTo(8, random));
      }
    });
  },
  function cutTail(bytes, random) {
    return bytes.subarray(0, upTo(bytes.length, random));
  },
  function cutHead(bytes, random) {
    return bytes.subarray(upTo(Math.min(bytes.length, 600), random));
  },
  function cutOut(bytes, random) {
    const [from, to] = pieceOf(bytes, random, 300);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeat(bytes, random) {
    const [from, to] = pieceOf(bytes, random, 400);
    const times = 2 + upTo(random() < 0.05 ? 2_000 : 40, random);
    return Buffer.concat([bytes.subarray(0, to), ...Array.from({ length: times }, () => bytes.subarray(from, to)), bytes.subarray(to)]);
  },
  function swap(bytes, random) {
    const [from, to] = pieceOf(bytes, random, 200);
    const [start, end] = pieceOf(bytes.subarray(to), random, 200);
    if (to === bytes.length) return bytes;
    return Buffer.concat([
      bytes.subarray(0, from),
      bytes.subarray(to + start, to + end),
      bytes.subarray(to, to + start),
      bytes.subarray(from, to),
      bytes.subarray(to + end),
    ]);
  },
  function extremeNumber(bytes, random) {
    return changed(bytes, (copy) => {
      const at = upTo(copy.length - 8, random);
      const value = pick([0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff], random);
      pick(
        [
          (): number => copy.writeUInt8(value & 0xff, at),
          (): number => copy.writeUInt16LE(value & 0xffff, at),
          (): number => copy.writeUInt16BE(value & 0xffff, at),
          (): number => copy.writeUInt32LE(value, at),
          (): number => copy.writeUInt32BE(value, at),
        ],
        random,
      )();
    });
  },
  function extremeDigits(bytes, random) {
    const text = bytes.toString('latin1');
    const numbers = [...text.matchAll(/\d{1,12}/g)];
    const one = numbers[upTo(numbers.length, random)];
    if (one === undefined) return bytes;
    const value = pick(['0', '-1', '1', '65536', '2147483647', '4294967296', '99999999999999999999', '1e999', ''], random);
    return Buffer.from(text.slice(0, one.index) + value + text.slice(one.index + one[0].length), 'latin1');
  },
  function splice(bytes, random, other) {
    const [from, to] = pieceOf(other, random);
    const at = upTo(bytes.length, random);
    return Buffer.concat([
      bytes.subarray(0, at),
      other.subarray(from, to),
      bytes.subarray(random() < 0.5 ? at : Math.min(bytes.length, at + to - from)),
    ]);
  },
  function fill(bytes, random) {
    return changed(bytes, (copy) => {
      const [from, to] = pieceOf(copy, random, 100);
      copy.fill(pick([0, 0x20, 0x22, 0x28, 0x3c, 0x41, 0x5c, 0x7b, 0xff], random), from, to);
    });
  },
  function nest(bytes, random) {
    const opening = pick(
      ['<a>', '<table>', '<![CDATA[', '[', '{"a":', '{\\b', '(', '<<', '\\{', '--b\r\n', '<!--', '&', '=?utf-8?B?', '|^~\\&', '\x1c'],
      random,
    );
    const at = upTo(bytes.length, random);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(opening.repeat(1 + upTo(20_000, random)), 'latin1'), bytes.subarray(at)]);
  },
];

/** A directory as it should be: the unpacker here believes any, and goes round for ever in some that are damaged. */
function isPlainZip(bytes: Buffer): boolean {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) return false;
  let at = bytes.readUInt32LE(end + 16);
  const entries = bytes.readUInt16LE(end + 8);
  for (let i = 0; i < entries; i++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50) return false;
    // ZIP64 and its like say so by these.
    if ([20, 24, 42].some((field) => bytes.readUInt32LE(at + field) === 0xffffffff)) return false;
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries > 0;
}

/** Damages what is packed and packs it again, so that damage reaches readers behind the checks of ZIP and GZIP. */
function inside(bytes: Buffer, random: Random, other: Buffer): Buffer | null {
  try {
    if (bytes.readUInt16BE(0) === 0x1f8b) return gzipSync(onePiece(gunzipSync(bytes, { maxOutputLength: LARGEST }), random, other));
    if (bytes.readUInt32LE(0) !== 0x04034b50 || !isPlainZip(bytes)) return null;
    const members = Object.entries(unzipSync(new Uint8Array(bytes), { filter: ({ originalSize }) => originalSize < LARGEST }));
    const victim = upTo(members.length, random);
    return Buffer.from(
      zipSync(
        Object.fromEntries(
          members.map(([name, data], i) => [name, i === victim ? new Uint8Array(onePiece(Buffer.from(data), random, other)) : data]),
        ),
        { mtime: new Date(2026, 10, 27) },
      ),
    );
  } catch {
    return null; // not packed, or damaged already
  }
}

function onePiece(bytes: Buffer, random: Random, other: Buffer): Buffer {
  const after = pick(MUTATIONS, random)(bytes, random, other);
  return after.length > LARGEST ? after.subarray(0, LARGEST) : after;
}

export function mutated(bytes: Buffer, random: Random, other: Buffer): Buffer {
  let now = bytes;
  for (let i = 1 + upTo(3, random); i > 0; i--) {
    const packed = now === bytes && random() < 0.7 && now.length > 4 ? inside(now, random, other) : null;
    now = packed ?? onePiece(now, random, other);
  }
  return now;
}
