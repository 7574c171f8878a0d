// A message that a client built anew is alike, another is not, and how the body comes in pieces says nothing.
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { Likeness } from '../../src/mime/likeness.ts';
import { fuzz } from '../support/fuzz.ts';

const KEY = createSecretKey(Buffer.alloc(32, 5));

interface Body {
  readonly boundary?: string;
  readonly subject?: string;
  readonly text: string;
}

function digestOf({ boundary, subject = 'Your results', text }: Body, cuts: readonly number[] = []): string {
  const likeness = new Likeness(KEY);
  if (boundary !== undefined) likeness.declare(boundary);
  const bytes = Buffer.from(text, 'latin1');
  let from = 0;
  for (const cut of [...cuts.filter((one) => one < bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    likeness.update(bytes.subarray(from, cut));
    from = cut;
  }
  return Buffer.from(likeness.digest(subject)).toString('hex');
}

/** As PHPMailer builds a message with a plain text, an HTML text and an attachment: b1_ around b2_, both made of one random id. */
function phpMailer(id: string, text = 'Potassium 4.1'): Body {
  const [outer, inner] = [`b1_${id}`, `b2_${id}`];
  const lines = [
    'This is a multi-part message in MIME format.',
    `--${outer}`,
    'Content-Type: multipart/alternative;',
    ` boundary="${inner}"`,
    '',
    `--${inner}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    text,
    '',
    `--${inner}`,
    'Content-Type: text/html; charset=us-ascii',
    '',
    `<p>${text}</p>`,
    '',
    `--${inner}--`,
    '',
    `--${outer}`,
    'Content-Type: application/pdf; name="results.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERi0xLjQK',
    '',
    `--${outer}--`,
    '',
  ];
  return { boundary: outer, text: lines.join('\r\n') };
}

const ID = '3bb0f8d5d1f36a2c9f4e0d7c61a5b290';
const OTHER_ID = '91c4e2a07d5b48f3a6c0e9b8d7f61234';
const whole = phpMailer(ID);

const ALIKE: readonly (readonly [name: string, one: Body, other: Body])[] = [
  ['PHPMailer, a second try', whole, phpMailer(OTHER_ID)],
  ['boundaries of another length', whole, phpMailer('0123456789')],
  ['white space behind a delimiter (RFC 2046 5.1.1)', whole, { ...whole, text: whole.text.replaceAll(`--b1_${ID}\r`, `--b1_${ID} \t\r`) }],
  [
    'the inner boundary declared on the line of its field',
    { text: 'Content-Type: multipart/mixed; boundary=abcdefghij\r\n\r\n--abcdefghij\r\n' },
    { text: 'Content-Type: multipart/mixed; boundary=klmnopqrst\r\n\r\n--klmnopqrst\r\n' },
  ],
  ['no body', { text: '' }, { text: '' }],
];

for (const [name, one, other] of ALIKE) t.test(`alike: ${name}`, async (t) => void t.equal(digestOf(one), digestOf(other)));

const line = 'x'.repeat(2_000);
const DIFFERENT: readonly (readonly [name: string, one: Body, other: Body])[] = [
  ['one digit of the text', phpMailer(ID), phpMailer(OTHER_ID, 'Potassium 4.7')],
  ['another subject', whole, { ...whole, subject: 'Your other results' }],
  ['a text that begins with two dashes', { text: '-- potassium 4.1\r\n' }, { text: '-- potassium 6.9\r\n' }],
  ['two dashes in the middle of a mail', { text: 'Result:\r\n--4.1\r\n' }, { text: 'Result:\r\n--6.9\r\n' }],
  [
    'a text that looks like a delimiter of nobody',
    { ...whole, text: `--4.1\r\n${whole.text}` },
    { ...whole, text: `--6.9\r\n${whole.text}` },
  ],
  ['a text that speaks of a boundary', { text: 'the boundary=4.1 cm\r\n' }, { text: 'the boundary=6.9 cm\r\n' }],
  ['the same behind a space', { text: ' tumour boundary=4.1 cm\r\n' }, { text: ' tumour boundary=6.9 cm\r\n' }],
  ['the end of a line of 2,000 octets', { text: `${line}1\r\n` }, { text: `${line}2\r\n` }],
  ['a delimiter that ends and one that does not', whole, { ...whole, text: whole.text.replace(`--b1_${ID}--`, `--b1_${ID}`) }],
  [
    'delimiters that changed places',
    { boundary: 'outer-boundary', text: '--outer-boundary\r\n\tboundary=inner-boundary\r\n--inner-boundary\r\n--outer-boundary\r\n' },
    { boundary: 'outer-boundary', text: '--outer-boundary\r\n\tboundary=inner-boundary\r\n--outer-boundary\r\n--inner-boundary\r\n' },
  ],
  ['a mark written out', { boundary: 'abcdefgh', text: '--abcdefgh\r\n' }, { boundary: 'abcdefgh', text: 'delimiter 0' }],
  ['text moved into the subject', { text: 'ab', subject: 'c' }, { text: 'a', subject: 'bc' }],
];

for (const [name, one, other] of DIFFERENT) t.test(`not alike: ${name}`, async (t) => void t.not(digestOf(one), digestOf(other)));

t.test('another key gives another digest', async (t) => {
  const other = new Likeness(createSecretKey(Buffer.alloc(32, 6))).digest('Your results');
  t.not(Buffer.from(other).toString('hex'), digestOf({ text: '' }));
});

t.test('however the body is cut', async (t) => {
  const atEach = Array.from({ length: whole.text.length }, (_, i) => i);
  t.equal(digestOf(whole, atEach), digestOf(whole), 'octet by octet');
  for (const cut of atEach) if (digestOf(whole, [cut]) !== digestOf(whole)) t.fail(`cut at ${cut}`);
  const pieces = ['\r\n', '--', 'boundary=', '"abcdefgh"', 'abcdefgh', ' ', '\t', 'Content-Type:', '\n', 'text', '='.repeat(499), '\u00ff'];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
  fuzz(
    t,
    3_000,
    fc.property(text, fc.array(fc.nat(3_000), { maxLength: 12 }), (body, cuts) => {
      const one = { boundary: 'abcdefgh', text: body };
      return digestOf(one, cuts) === digestOf(one);
    }),
  );
});

t.test('work grows with the size only, whatever the lines are', async (t) => {
  const megabyte = 1_048_576;
  const bodies: readonly (readonly [name: string, text: string])[] = [
    ['delimiters', '--\r\n'.repeat(megabyte)],
    ['delimiters of declared boundaries', '--abcdefgh\r\n'.repeat(megabyte / 3)],
    ['parameters', ' boundary=\r\n'.repeat(megabyte / 3)],
    ['one line', 'boundary= --'.repeat(megabyte / 3)],
    ['one line behind a line end', `\n${'x'.repeat(4 * megabyte)}`],
  ];
  for (const [name, text] of bodies) {
    const bytes = Buffer.from(text, 'latin1');
    const before = process.cpuUsage();
    const likeness = new Likeness(KEY);
    likeness.declare('abcdefgh');
    for (let at = 0; at < bytes.length; at += 16_384) likeness.update(bytes.subarray(at, at + 16_384));
    likeness.digest();
    const { user } = process.cpuUsage(before);
    t.ok(user < 4_000_000, `${name}: 4 MB took ${Math.round(user / 1_000)} ms`);
  }
});
