// Messages bent at random: nothing but a blind spot ever comes of it, within bounds.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { mimeMessages } from '../../support/mime-trees.ts';
import { MIME_EXTRACTORS } from '../../support/plain-leaves.ts';
import { readWith, textOf } from '../../support/read.ts';

const SEEDS = [
  'mimekit/messages__body.7.txt',
  'mimekit/messages__rfc2060.txt',
  'mimekit/messages__delivery-status2.txt',
  'mimekit/messages__japanese.txt',
  'mimekit/messages__multipart-digest.txt',
  'mimekit/partial__rfc2046.0.eml',
  'stalwart/legacy__015.eml',
  'stalwart/legacy__047.eml',
  'stalwart/malformed__019.eml',
  'stalwart/rfc__001.eml',
  'stalwart/rfc__007.eml',
  'stalwart/rfc__008.eml',
  'stalwart/thirdparty__003.eml',
  'stalwart/thirdparty__015.eml',
].map((name) => readFileSync(`test/data/mime-corpora/${name}`));
const INSERTS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '--',
  '--b--\r\n',
  '=',
  '=?utf-8?Q?',
  '?=',
  '"',
  '(',
  ';',
  ':',
  ' ',
  '\r\n \r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'begin 644 x\r\n',
  '-----BEGIN PGP MESSAGE-----\r\n',
  '\xff\xfe',
].map((text) => Buffer.from(text, 'latin1'));

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(400),
  how: fc.constantFrom('flip', 'cut', 'repeat', 'insert', 'end'),
  insert: fc.constantFrom(...INSERTS),
});
const bent = fc.tuple(fc.constantFrom(...SEEDS), fc.array(change, { minLength: 1, maxLength: 8 })).map(([seed, changes]) => {
  let bytes = seed;
  for (const { at, length, how, insert } of changes) {
    const place = Math.floor(at * bytes.length);
    const [before, piece, after] = [bytes.subarray(0, place), bytes.subarray(place, place + length), bytes.subarray(place + length)];
    if (how === 'flip') bytes = Buffer.concat([before, piece.map((octet) => octet ^ 0x20), after]);
    else if (how === 'cut') bytes = Buffer.concat([before, after]);
    else if (how === 'repeat') bytes = Buffer.concat([before, piece, piece, piece, after]);
    else if (how === 'insert') bytes = Buffer.concat([before, insert, piece, after]);
    else bytes = before;
  }
  return bytes;
});

/** Damaged OpenPGP and CMS are broken; a message never is. */
const MAY_BREAK = /^(?:pgp|smime)-/;

function isSound({ parts, spans, blindSpots }: Message): boolean {
  const paths = new Set(parts.map(({ path }) => path));
  return (
    paths.size === parts.length &&
    parts.length <= 2_000 &&
    spans.length < 20_000 &&
    blindSpots.every(
      ({ part, kind }) => paths.has(part) && (kind !== 'broken' || MAY_BREAK.test(parts.find(({ path }) => path === part)?.kind ?? '')),
    ) &&
    spans.every(({ part }) => paths.has(part))
  );
}

await t.test('corpora, bent', async (t) => {
  const messages = fc.sample(bent, { seed: 20261127, numRuns: 400 });
  const odd: string[] = [];
  for (const bytes of messages) {
    const message = await readWith(MIME_EXTRACTORS, bytes);
    if (!isSound(message)) odd.push(`${bytes.toString('base64').slice(0, 200)} ${JSON.stringify(message.blindSpots)}`);
  }
  t.same(odd, []);
});

await t.test('what a proper message says is found', async (t) => {
  const messages = fc.sample(mimeMessages, { seed: 20261127, numRuns: 300 });
  let looked = 0;
  for (const { text, build } of messages) {
    const message = await readWith(MIME_EXTRACTORS, Buffer.from(text, 'latin1'));
    t.ok(isSound(message), 'sound');
    if (build === 'odd' || !/\r\nHello world\r\n/.test(text)) continue;
    looked++;
    // Control characters make a blind spot of a part that is not declared as text.
    t.ok(textOf(message).includes('Hello world') || message.blindSpots.length > 0, 'found');
  }
  t.ok(looked > 20, 'cases');
});

await t.test('octets of any kind', async (t) => {
  const samples = fc.sample(fc.uint8Array({ maxLength: 3_000 }), { seed: 20261127, numRuns: 300 });
  for (const bytes of samples) {
    const message = await readWith(MIME_EXTRACTORS, bytes);
    if (!isSound(message)) t.fail(Buffer.from(bytes).toString('base64').slice(0, 200));
  }
  t.equal(samples.length, 300);
});

await t.test('the same octets give the same reading', async (t) => {
  for (const bytes of fc.sample(bent, { seed: 7, numRuns: 20 })) {
    t.same(await readWith(MIME_EXTRACTORS, bytes), await readWith(MIME_EXTRACTORS, bytes));
  }
});
