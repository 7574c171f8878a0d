// S/MIME that hides nothing: what is signed or compressed is read, in every form in which programs write it.
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { cmsContent } from '../../../src/mime/cms-content.ts';
import { smimeExtractor } from '../../../src/mime/extract/smime.ts';
import { MIME_EXTRACTORS } from '../../support/plain-leaves.ts';
import { readPart, readWith, textOf } from '../../support/read.ts';

const FOLDER = 'test/data/extract/smime';
const SENTENCE = 'The heron waits in opaque water.';
const OTHERS = MIME_EXTRACTORS.filter(({ kinds }) => !kinds.includes('message'));

function file(name: string): Buffer {
  return readFileSync(`${FOLDER}/${name}`);
}

/** As a mail program sends it: the whole body. */
function mail(content: Buffer, smimeType: string): Promise<Message> {
  const encoded = content.toString('base64').replace(/.{64}/g, '$&\r\n');
  return readWith(
    MIME_EXTRACTORS,
    `Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=${smimeType}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n`,
  );
}

/** DER, or BER with the length left open. */
function element(tag: number, content: Buffer, length: 'der' | 'open' = 'der'): Buffer {
  if (length === 'open') return Buffer.concat([Buffer.from([tag, 0x80]), content, Buffer.from([0, 0])]);
  const size = content.length;
  const head = size < 128 ? [size] : size < 65_536 ? [0x82, size >> 8, size & 255] : [0x83, size >> 16, (size >> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const COMPRESSED = Buffer.from('060b2a864886f70d0109100109', 'hex');
const SIGNED = Buffer.from('06092a864886f70d010702', 'hex');
const DATA = Buffer.from('06092a864886f70d010701', 'hex');
const ZLIB = element(0x30, Buffer.from('060b2a864886f70d0109100308', 'hex'));

function cms(type: Buffer, algorithms: Buffer, content: Buffer, length: 'der' | 'open' = 'der', contentType = DATA): Buffer {
  const encapsulated = element(0x30, Buffer.concat([contentType, element(0xa0, content, length)]), length);
  const data = element(0x30, Buffer.concat([Buffer.from([2, 1, 0]), algorithms, encapsulated]), length);
  return element(0x30, Buffer.concat([type, element(0xa0, data, length)]), length);
}

function inPieces(content: Buffer, size: number, length: 'der' | 'open'): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) pieces.push(element(4, content.subarray(at, at + size)));
  return element(0x24, Buffer.concat(pieces), length);
}

const ENTITY = Buffer.from(`Content-Type: text/plain\r\n\r\n${SENTENCE}\r\n`);
const NONE = element(0x31, Buffer.alloc(0));

await t.test('files that OpenSSL made', async (t) => {
  for (const name of ['signed.der.p7m', 'signed-stream.ber.p7m', 'signed.pem']) {
    const message = await mail(file(name), 'signed-data');
    t.equal(message.parts.map(({ path, kind }) => `${path}:${kind}`).join(' '), ':message 1:smime-signed 1.1:text 1.2:csv', name);
    t.ok(textOf(message).includes(SENTENCE), 'found');
    t.same(message.blindSpots, []);
  }
  const enveloped = await mail(file('enveloped.p7m'), 'enveloped-data');
  t.same(enveloped.blindSpots, [{ part: '1', kind: 'encrypted' }]);
  const detached = await mail(file('detached.p7s'), 'signed-data');
  t.same(detached.blindSpots, []);
});

const FORMS: readonly (readonly [name: string, cms: Buffer])[] = [
  ['DER', cms(SIGNED, NONE, element(4, ENTITY))],
  ['open lengths', cms(SIGNED, NONE, element(4, ENTITY), 'open')],
  ['in pieces', cms(SIGNED, NONE, inPieces(ENTITY, 7, 'der'))],
  ['in pieces, open lengths', cms(SIGNED, NONE, inPieces(ENTITY, 7, 'open'), 'open')],
  [
    'pieces of pieces',
    cms(
      SIGNED,
      NONE,
      element(0x24, Buffer.concat([inPieces(ENTITY.subarray(0, 20), 5, 'open'), inPieces(ENTITY.subarray(20), 9, 'open')]), 'open'),
      'open',
    ),
  ],
  [
    'open algorithms',
    cms(SIGNED, element(0x31, element(0x30, Buffer.from('0609608648016503040201', 'hex'), 'open'), 'open'), element(4, ENTITY)),
  ],
  ['compressed', cms(COMPRESSED, ZLIB, element(4, deflateSync(ENTITY)))],
  ['compressed in pieces', cms(COMPRESSED, ZLIB, inPieces(deflateSync(ENTITY), 10, 'open'), 'open')],
  ['signed in signed', cms(SIGNED, NONE, element(4, cms(SIGNED, NONE, element(4, ENTITY))), 'der', SIGNED)],
  ['base64', Buffer.from(cms(SIGNED, NONE, element(4, ENTITY)).toString('base64'))],
  ['without a header', cms(SIGNED, NONE, element(4, Buffer.from(SENTENCE)))],
  ['cut', cms(SIGNED, NONE, element(4, ENTITY)).subarray(0, -2)],
];

await t.test('forms', async (t) => {
  for (const [name, bytes] of FORMS) {
    const message = await readPart(
      smimeExtractor,
      'smime-signed',
      bytes,
      {},
      OTHERS.filter((one) => one !== smimeExtractor).concat(smimeExtractor),
    );
    t.ok(textOf(message).includes(SENTENCE.slice(0, -2)), name);
  }
});

await t.test('an attached message that is signed and enveloped', async (t) => {
  const inner = file('enveloped.p7m').toString('base64');
  const entity = Buffer.from(
    `Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${inner}`,
  );
  const { blindSpots } = await mail(cms(SIGNED, NONE, element(4, entity)), 'signed-data');
  t.same(blindSpots, [{ part: '1.1', kind: 'encrypted' }]);
});

await t.test('behind the structure', async (t) => {
  const bytes = Buffer.concat([cms(SIGNED, NONE, element(4, ENTITY)), Buffer.from('words that nobody signed')]);
  const message = await readPart(smimeExtractor, 'smime-signed', bytes, {}, OTHERS);
  t.match(textOf(message), /nobody signed/);
  t.ok(textOf(message).includes(SENTENCE));
  t.same(message.defects, [{ part: '', code: 'container-malformed' }]);
});

await t.test('a bomb', async (t) => {
  const bomb = cms(COMPRESSED, ZLIB, element(4, deflateSync(Buffer.alloc(50_000_000))));
  const { blindSpots } = await readPart(smimeExtractor, 'smime-signed', bomb, {}, [], { limits: { unpackedBytes: 1_000_000 } });
  t.same(blindSpots, [{ part: '', kind: 'too-large' }]);
});

await t.test('damage', async (t) => {
  const whole = file('signed-stream.ber.p7m');
  for (let at = 0; at < 150; at++) {
    const cut = cmsContent(whole.subarray(0, at));
    t.ok(['unknown', 'detached', 'signed'].includes(cut.kind));
    const bent = Buffer.from(whole);
    bent[at] = (bent[at] ?? 0) ^ 0xff;
    t.ok(['unknown', 'detached', 'signed', 'compressed', 'enveloped'].includes(cmsContent(bent).kind));
  }
  const deep = Buffer.concat([Buffer.from('3080060a', 'hex'), Buffer.from('2480'.repeat(200_000), 'hex')]);
  t.equal(cmsContent(deep).kind, 'unknown');
  const pieces = cms(SIGNED, NONE, Buffer.from('2480'.repeat(200_000), 'hex'));
  t.equal(cmsContent(pieces).kind, 'signed');
  const { blindSpots } = await readPart(smimeExtractor, 'smime-signed', 'no structure at all');
  t.same(blindSpots, [{ part: '', kind: 'broken' }]);
});
