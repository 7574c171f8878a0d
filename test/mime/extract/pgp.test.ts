// OpenPGP: what a signature covers is read, what is encrypted is a blind spot, whatever the form.
import { readFileSync } from 'node:fs';
import { deflateRawSync, deflateSync } from 'node:zlib';
import t from 'tap';
import { pgpExtractor } from '../../../src/mime/extract/pgp.ts';
import { findArmor, signedText } from '../../../src/mime/openpgp-armor.ts';
import { literalOf, readPackets } from '../../../src/mime/openpgp-packets.ts';
import { MIME_EXTRACTORS, plainLeaves } from '../../support/plain-leaves.ts';
import { readPart, readWith, textOf } from '../../support/read.ts';

const FOLDER = 'test/data/extract/pgp';
const LINES = 'The heron waits.\n- dashes stay\nFrom here on.\n-----BEGIN of nothing\n';

function file(name: string): Buffer {
  return readFileSync(`${FOLDER}/${name}`);
}

await t.test('files that GnuPG made', async (t) => {
  for (const name of ['clear-signed.asc', 'signed-zip.asc', 'signed-zlib.asc', 'signed-plain.gpg']) {
    const kind = name === 'clear-signed.asc' ? 'pgp-signed' : 'pgp-encrypted';
    const message = await readPart(pgpExtractor, kind, file(name), {}, [plainLeaves]);
    t.ok(textOf(message).includes(LINES.trim()), name);
    t.same(message.blindSpots, []);
  }
  for (const name of ['encrypted.asc', 'symmetric.asc']) {
    const message = await readPart(pgpExtractor, 'pgp-encrypted', file(name), {}, [plainLeaves]);
    t.same(message.blindSpots, [{ part: '', kind: 'encrypted' }], name);
    t.equal(textOf(message), '');
  }
  const bzip2 = await readPart(pgpExtractor, 'pgp-signed', file('signed-bzip2.gpg'), {}, [plainLeaves]);
  t.same(bzip2.blindSpots, [{ part: '', kind: 'unknown' }], 'BZip2 is not read');
});

await t.test('in a message', async (t) => {
  const signed = await readWith(MIME_EXTRACTORS, Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), file('clear-signed.asc')]));
  t.equal(signed.parts[1]?.kind, 'pgp-signed');
  t.ok(textOf(signed).includes('- dashes stay'));
  const encrypted = await readWith(MIME_EXTRACTORS, Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), file('encrypted.asc')]));
  t.same(encrypted.blindSpots, [{ part: '1', kind: 'encrypted' }]);
  const around = await readWith(
    MIME_EXTRACTORS,
    Buffer.concat([Buffer.from('Subject: x\r\n\r\nbefore it\n'), file('encrypted.asc'), Buffer.from('behind it\n')]),
  );
  t.match(textOf(around), /before it/);
  t.match(textOf(around), /behind it/);
  t.ok(around.blindSpots.some(({ kind }) => kind === 'encrypted'));
});

const ARMOR: readonly (readonly [name: string, text: string, blocks: string])[] = [
  ['none', 'hello -----BEGIN PGP MESSAGE-----', ''],
  ['a message', '-----BEGIN PGP MESSAGE-----\n\nabcd\n=abcd\n-----END PGP MESSAGE-----\n', 'message:abcd|=abcd'],
  ['a header', '-----BEGIN PGP MESSAGE-----\r\nVersion: 1\r\n\r\nabcd\r\n-----END PGP MESSAGE-----\r\n', 'message:abcd'],
  ['no empty line', '-----BEGIN PGP MESSAGE-----\nabcd\n-----END PGP MESSAGE-----', 'message:abcd'],
  ['no end', 'x\n-----BEGIN PGP MESSAGE-----\n\nabcd', 'message:abcd'],
  ['a piece', '-----BEGIN PGP MESSAGE, PART 01/02-----\n\nabcd\n-----END PGP MESSAGE, PART 01/02-----', 'message:abcd'],
  [
    'text',
    '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- - a\nb\n-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----\n',
    'signed-text:- - a|b signature:abcd',
  ],
  ['a key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n-----END PGP PUBLIC KEY BLOCK-----\n', 'key:abcd'],
  ['not at the start of a line', ' -----BEGIN PGP MESSAGE-----\n\nabcd\n-----END PGP MESSAGE-----', ''],
];

await t.test('armor', async (t) => {
  for (const [name, text, blocks] of ARMOR) {
    const found = findArmor(text).map(
      ({ kind, contentStart, contentEnd }) => `${kind}:${text.slice(contentStart, contentEnd).trim().replace(/\r?\n/g, '|')}`,
    );
    t.equal(found.join(' '), blocks, name);
  }
  t.equal(findArmor('-----BEGIN PGP MESSAGE-----\n'.repeat(50_000)).length, 1);
  t.equal(findArmor('-----BEGIN PGP '.repeat(100_000)).length, 0);
  const text = '-----BEGIN PGP SIGNED MESSAGE-----\n\n- --x\n- y\n';
  t.equal(
    findArmor(text)
      .map((armor) => signedText(text, armor))
      .join(''),
    '--x\ny\n',
  );
});

function packet(tag: number, body: Buffer, form: 'old' | 'new' | 'partial' = 'new'): Buffer {
  if (form === 'old') return Buffer.concat([Buffer.from([0x80 | (tag << 2) | 1, body.length >> 8, body.length & 255]), body]);
  const length = Buffer.alloc(5, 0xff);
  length.writeUInt32BE(form === 'partial' ? body.length - 4 : body.length, 1);
  const head = Buffer.from([0xc0 | tag]);
  if (form === 'new') return Buffer.concat([head, length, body]);
  return Buffer.concat([head, Buffer.from([0xe2]), body.subarray(0, 4), length, body.subarray(4)]);
}

const LITERAL = packet(11, Buffer.concat([Buffer.from('t\x05a.txt\0\0\0\0', 'latin1'), Buffer.from('heron')]));

await t.test('packets', async (t) => {
  for (const form of ['old', 'new', 'partial'] as const) {
    const [found] = readPackets(packet(11, Buffer.from('b\0\0\0\0\0heron'), form));
    t.equal(found === undefined ? '' : literalOf(found)?.bytes.toString(), 'heron', form);
  }
  t.same(readPackets(Buffer.from([0xcb])), []);
  t.same(readPackets(Buffer.from('text')), []);
});

const DATA: readonly (readonly [name: string, data: Buffer])[] = [
  ['literal', LITERAL],
  ['uncompressed', packet(8, Buffer.concat([Buffer.from([0]), LITERAL]))],
  ['ZIP', packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(LITERAL)]))],
  [
    'ZLIB in ZIP',
    packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(packet(8, Buffer.concat([Buffer.from([2]), deflateSync(LITERAL)])))])),
  ],
  ['beside encrypted data', Buffer.concat([packet(18, Buffer.from('sealed')), LITERAL])],
];

await t.test('data without a key', async (t) => {
  for (const [name, data] of DATA) {
    const message = await readPart(pgpExtractor, 'pgp-signed', data, {}, [plainLeaves]);
    t.ok(textOf(message).includes('heron'), name);
    t.equal(message.parts.at(-1)?.name, 'a.txt');
  }
});

await t.test('bombs and damage', async (t) => {
  const bomb = packet(8, Buffer.concat([Buffer.from([2]), deflateSync(Buffer.alloc(30_000_000))]));
  t.same((await readPart(pgpExtractor, 'pgp-signed', bomb, {}, [], { limits: { unpackedBytes: 1_000_000 } })).blindSpots, [
    { part: '', kind: 'too-large' },
  ]);
  let nested = LITERAL;
  for (let i = 0; i < 20; i++) nested = packet(8, Buffer.concat([Buffer.from([1]), deflateRawSync(nested)]));
  t.same((await readPart(pgpExtractor, 'pgp-signed', nested, {}, [])).blindSpots, [{ part: '', kind: 'too-deep' }]);
  t.same((await readPart(pgpExtractor, 'pgp-signed', packet(8, Buffer.from([1, 2, 3, 4])), {}, [])).blindSpots, [
    { part: '', kind: 'broken' },
  ]);
  const whole = file('signed-plain.gpg');
  for (let at = 0; at < whole.length; at += 7) {
    const bent = Buffer.from(whole);
    bent[at] = (bent[at] ?? 0) ^ 0xff;
    const { parts } = await readPart(pgpExtractor, 'pgp-signed', bent, {}, [plainLeaves]);
    t.ok(parts.length < 50);
  }
});
