// A message that the originator's mail program encrypted is known as such only where nothing else in it could be read.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { clientEncryption } from '../../src/mail/client-encryption.ts';
import { MIME_EXTRACTORS } from '../support/plain-leaves.ts';
import { readWith } from '../support/read.ts';

const HEAD = 'From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n';
const ARMORED = readFileSync('test/data/extract/pgp/encrypted.asc', 'latin1').replace(/\n/g, '\r\n');
const SIGNED_ONLY = readFileSync('test/data/extract/pgp/signed-zip.asc', 'latin1').replace(/\n/g, '\r\n');
const P7M = readFileSync('test/data/extract/smime/enveloped.p7m').toString('base64');
const OPAQUE = readFileSync('test/data/extract/smime/signed.der.p7m').toString('base64');
const SMIME = `Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Disposition: attachment; filename=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${P7M}\r\n`;
const CONTROL = 'Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n';
const DATA = `Content-Type: application/octet-stream; name=encrypted.asc\r\nContent-Disposition: inline; filename=encrypted.asc\r\n\r\n${ARMORED}`;

function multi(subtype: string, ...parts: readonly string[]): string {
  return `Content-Type: multipart/${subtype}; boundary=b\r\n\r\n${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`;
}

const CASES: readonly (readonly [name: string, body: string, encryption: 'smime' | 'openpgp' | null])[] = [
  ['plain text', 'Content-Type: text/plain\r\n\r\nhello', null],
  ['S/MIME', SMIME, 'smime'],
  ['S/MIME that only signs', SMIME.replace(P7M, OPAQUE).replace('enveloped-data', 'signed-data'), null],
  [
    'S/MIME, signed outside',
    multi(
      'signed',
      SMIME,
      'Content-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabcd\r\n-----END PGP SIGNATURE-----\r\n',
    ),
    'smime',
  ],
  ['PGP/MIME', multi('encrypted', CONTROL, DATA), 'openpgp'],
  [
    'PGP/MIME with a sentence for old readers',
    multi('encrypted', CONTROL, DATA).replace(
      '\r\n\r\n--b',
      '\r\n\r\nThis is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)\r\n--b',
    ),
    'openpgp',
  ],
  ['inline PGP', `Content-Type: text/plain\r\n\r\n${ARMORED}`, 'openpgp'],
  [
    'inline PGP and a key',
    multi(
      'mixed',
      `Content-Type: text/plain\r\n\r\n${ARMORED}`,
      'Content-Type: application/pgp-keys\r\n\r\n-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nabcd\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n',
    ),
    'openpgp',
  ],
  ['armor that only signs', `Content-Type: text/plain\r\n\r\n${SIGNED_ONLY}`, null],
  ['inline PGP with words before it', `Content-Type: text/plain\r\n\r\nhello\r\n${ARMORED}`, null],
  ['inline PGP with words behind it', `Content-Type: text/plain\r\n\r\n${ARMORED}hello\r\n`, null],
  ['a text beside it', multi('mixed', 'Content-Type: text/plain\r\n\r\nhello\r\n', SMIME), null],
  ['a file beside it', multi('mixed', SMIME, 'Content-Type: application/octet-stream\r\n\r\n\x01\x02\x03\x80\xff\x00\x01'), null],
  ['text before the parts', multi('encrypted', CONTROL, DATA).replace('\r\n\r\n--b', '\r\n\r\nthe patient is well\r\n--b'), null],
  ['text in the control part', multi('encrypted', `${CONTROL}the patient is well\r\n`, DATA), null],
  ['another reading', `Content-Type: text/plain\r\n${SMIME}`, null],
  ['two of them', multi('mixed', SMIME, SMIME), null],
];

for (const [name, body, encryption] of CASES) {
  await t.test(name, async (t) => {
    t.equal(clientEncryption(await readWith(MIME_EXTRACTORS, Buffer.from(HEAD + body, 'latin1'))), encryption);
  });
}

await t.test('a message with nothing in it', async (t) => {
  t.equal(clientEncryption({ parts: [], spans: [], defects: [], blindSpots: [], documents: [] }), null);
});
