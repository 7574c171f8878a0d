// DKIM signatures: good for two independent verifiers, and broken by whatever someone adds or changes on the way.
import fc from 'fast-check';
import t from 'tap';
import { RelaxedBodyHash } from '../../src/dkim/body-hash.ts';
import { signatureField, type SignedField } from '../../src/dkim/sign.ts';
import { readSigningKeys, type SigningKey } from '../../src/dkim/signing-keys.ts';
import { fieldBytes, parseHeaderBlock } from '../../src/mime/header-block.ts';
import { testKey, verifyWithDkimpy, verifyWithMailauth } from '../support/dkim-verifiers.ts';

const KEYS = [testKey('rsa', 'clinic.example', 'rsa2026'), testKey('ed25519', 'clinic.example', 'ed2026')];
const SIGNING = readSigningKeys(KEYS).keys.get('clinic.example') ?? [];
const AT = Date.now();
const GOOD = ['ed2026=pass', 'rsa2026=pass'];

async function sign(message: string, keys: readonly SigningKey[] = SIGNING): Promise<Buffer> {
  const octets = Buffer.from(message, 'latin1');
  const block = parseHeaderBlock(octets);
  const hash = new RelaxedBodyHash();
  hash.update(octets.subarray(block.bodyStart));
  const bodyHash = hash.digest();
  const fields: readonly SignedField[] = block.fields.map((field) => ({ key: field.key, octets: fieldBytes(block, field) }));
  const signatures = await Promise.all(keys.map((key) => signatureField(fields, bodyHash, key, AT)));
  return Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), octets]);
}

const HEADER =
  'Date: Sun, 22 Nov 2026 10:15:00 +0000\r\nFrom: Ann <ann@clinic.example>\r\nTo: bob@lab.example\r\nSubject: Hello\r\nMessage-ID: <1@clinic.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n';
const MESSAGE = `${HEADER}\r\nHello Bob,\r\n\r\nbye\r\n`;

const MESSAGES: readonly (readonly [name: string, message: string])[] = [
  ['a usual one', MESSAGE],
  ['no body', `${HEADER}\r\n`],
  ['a header only', HEADER],
  ['From only', 'From: ann@clinic.example\r\n\r\nHi\r\n'],
  [
    'folded fields, odd white space',
    `From:\t Ann\r\n\t <ann@clinic.example>  \r\nSUBJECT:  a \t b\r\n  c\r\nDate:x\r\n\r\nHi  \t there \r\n \r\n\r\n`,
  ],
  [
    'several of one name',
    `${HEADER}Resent-From: a@b.example\r\nResent-From: c@d.example\r\nReferences: <a@b>\r\n <c@d>\r\nReply-To: x@y\r\n\r\nHi\r\n`,
  ],
  ['octets over 127', `${HEADER}Subject: Gr\xc3\xbc\xc3\x9fe\r\n\r\nGr\xfc\xdfe\r\n`],
  ['a field value with colons and semicolons', `${HEADER}Reply-To: "a;b:c" <x@y.example>; b=abc\r\n\r\nHi\r\n`],
  ['a body of empty lines', `${HEADER}\r\n\r\n\r\n\r\n`],
  ['very many recipients', `${HEADER}Cc: ${Array.from({ length: 500 }, (_, i) => `r${i}@lab.example`).join(',\r\n ')}\r\n\r\nHi\r\n`],
];

await t.test('both verifiers find both signatures good', async (t) => {
  const signed = await Promise.all(MESSAGES.map(([, message]) => sign(message)));
  const dkimpy = await verifyWithDkimpy(signed, KEYS);
  for (const [i, [name]] of MESSAGES.entries()) {
    t.strictSame(await verifyWithMailauth(signed[i] ?? Buffer.alloc(0), KEYS), GOOD, `${name}: mailauth`);
    t.strictSame(dkimpy[i], GOOD, `${name}: dkimpy`);
  }
});

await t.test('white space before the colon (RFC 5322 4.5): dkimpy reads no such message, mailauth does', async (t) => {
  t.strictSame(await verifyWithMailauth(await sign('From : ann@clinic.example\r\nSubject\t: x\r\n\r\nHi\r\n'), KEYS), GOOD);
});

await t.test('what is added or changed on the way breaks them', async (t) => {
  const signed = (await sign(MESSAGE)).toString('latin1');
  const table: readonly (readonly [name: string, change: (text: string) => string])[] = [
    ['another From', (text) => `From: boss@clinic.example\r\n${text}`],
    ['another Subject', (text) => `Subject: urgent\r\n${text}`],
    ['another To', (text) => `To: eve@lab.example\r\n${text}`],
    ['a Cc where there was none', (text) => `Cc: eve@lab.example\r\n${text}`],
    ['another Content-Type', (text) => `Content-Type: text/html\r\n${text}`],
    ['a Content-Transfer-Encoding where there was none', (text) => `Content-Transfer-Encoding: base64\r\n${text}`],
    ['another From at the end', (text) => text.replace('\r\n\r\n', '\r\nFrom: boss@clinic.example\r\n\r\n')],
    ['Subject changed', (text) => text.replace('Subject: Hello', 'Subject: Hallo')],
    ['Subject taken away', (text) => text.replace('Subject: Hello\r\n', '')],
    ['body changed', (text) => text.replace('Hello Bob', 'Hello Rob')],
    ['body lengthened', (text) => `${text}PS\r\n`],
  ];
  const changed = table.map(([, change]) => Buffer.from(change(signed), 'latin1'));
  const dkimpy = await verifyWithDkimpy(changed, KEYS);
  for (const [i, [name]] of table.entries()) {
    const mailauth = await verifyWithMailauth(changed[i] ?? Buffer.alloc(0), KEYS);
    t.notOk(
      mailauth.some((result) => result.endsWith('=pass')),
      `${name}: mailauth`,
    );
    t.notOk(
      dkimpy[i]?.some((result) => result.endsWith('=pass')),
      `${name}: dkimpy`,
    );
  }
});

await t.test('what relays may do leaves them good', async (t) => {
  const signed = (await sign(MESSAGE)).toString('latin1');
  const changed = [
    `Received: from a by b; x\r\n${signed}`,
    signed.replace('Subject: Hello', 'Subject:   Hello'),
    signed.replace('To: bob', 'To:\r\n bob'),
    `${signed}\r\n\r\n`,
    `Return-Path: <x@y>\r\n${signed}`,
  ].map((text) => Buffer.from(text, 'latin1'));
  for (const verdict of await verifyWithDkimpy(changed, KEYS)) t.strictSame(verdict, GOOD);
  for (const message of changed) t.strictSame(await verifyWithMailauth(message, KEYS), GOOD);
});

await t.test('the field itself', async (t) => {
  const text = (await sign(MESSAGE)).toString('latin1');
  const fields = text.match(/DKIM-Signature:[^]*?\r\n(?![ \t])/g) ?? [];
  t.equal(fields.length, 2);
  for (const field of fields) {
    t.ok(
      field.split('\r\n').every((line) => line.length <= 78),
      'lines of at most 78 octets',
    );
    const h = /h=([^;]*);/.exec(field)?.[1]?.replace(/\s/g, '').split(':') ?? [];
    t.equal(h.filter((name) => name === 'from').length, 2, 'From oversigned');
    t.equal(h.filter((name) => name === 'subject').length, 2, 'Subject oversigned');
    t.equal(h.filter((name) => name === 'cc').length, 1, 'a Cc that is not there');
    t.notOk(h.includes('received') || h.includes('dkim-signature') || h.includes('return-path') || h.includes('bcc'));
    t.match(field, new RegExp(`t=${Math.floor(AT / 1000)};`));
    t.notMatch(field, /l=\d/, 'no body length: nothing can be added behind');
  }
});

await t.test('random messages', async (t) => {
  const header = fc.array(
    fc.constantFrom(
      'Subject: a  b\r\n',
      'subject:\r\n x\r\n',
      'Cc: c@d\r\n',
      'Reply-To: \t e@f \r\n',
      'X: y\r\n',
      'To: g@h\r\n\t,i@j\r\n',
      'List-Id: <k>\r\n',
    ),
    { maxLength: 8 },
  );
  const body = fc.array(fc.constantFrom('Hello', ' ', '\t', '\r\n', '\r\n', '.', 'x'.repeat(900), '\xfc'), { maxLength: 20 });
  const texts = fc
    .sample(fc.tuple(header, body), { seed: 20261122, numRuns: 60 })
    .map(([h, b]) => `From: ann@clinic.example\r\n${h.join('')}\r\n${b.join('')}\r\n`);
  const signed = await Promise.all(texts.map((text) => sign(text)));
  for (const [i, verdict] of (await verifyWithDkimpy(signed, KEYS)).entries())
    if (JSON.stringify(verdict) !== JSON.stringify(GOOD)) t.fail(JSON.stringify(texts[i]));
  for (const [i, message] of signed.entries())
    if (JSON.stringify(await verifyWithMailauth(message, KEYS)) !== JSON.stringify(GOOD)) t.fail(JSON.stringify(texts[i]));
  t.pass(`${signed.length} messages`);
});
