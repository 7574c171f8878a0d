// The 7-bit pass: exact bytes, what stays untouched, and that every part decodes to what it was, as Python's email package reads it.
import fc from 'fast-check';
import t from 'tap';
import { planRecoding, recode, type Recoding } from '../../src/mime/transfer-encoding.ts';
import { WALK_LIMITS } from '../../src/mime/mime-walk.ts';
import { mimeMessages, type Tree } from '../support/mime-trees.ts';
import { askPython } from '../support/python.ts';

async function* cut(bytes: Uint8Array, piece: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += piece) yield bytes.subarray(i, i + piece);
}

async function pass(text: string, piece = 1_000, signed: 'keep' | 'replace' = 'replace'): Promise<Recoding & { readonly text: string }> {
  const bytes = Buffer.from(text, 'latin1');
  const recoding = await planRecoding(cut(bytes, piece), signed);
  const out: Uint8Array[] = [];
  for await (const chunk of recode(cut(bytes, piece), recoding)) out.push(Buffer.from(chunk));
  return { ...recoding, text: Buffer.concat(out).toString('latin1') };
}

const latin = (text: string): string => Buffer.from(text).toString('latin1');
const UMLAUT = latin('Grüße\r\n');
const QP = 'Gr=C3=BC=C3=9Fe\r\n';
const TOP = 'From: a@b.example\r\nMIME-Version: 1.0\r\n';
const CTE = 'Content-Transfer-Encoding: ';
const MIXED = `${TOP}Content-Type: multipart/mixed; boundary=b\r\n`;
const LONG = `${'x'.repeat(1_200)}\r\n`;
const PDF = 'Content-Type: application/pdf\r\n';

interface Case {
  readonly name: string;
  readonly text: string;
  /** Null: byte for byte as it was. */
  readonly expected: string | null;
  readonly needs: Recoding['needs'];
}

const CASES: readonly Case[] = [
  { name: 'nothing to do', text: `${TOP}\r\nHello\r\n`, expected: null, needs: 'nothing' },
  { name: 'nothing at all', text: '', expected: null, needs: 'nothing' },
  { name: 'a header only', text: TOP, expected: null, needs: 'nothing' },
  {
    name: 'text without a type',
    text: `${TOP}\r\n${UMLAUT}`,
    expected: `${TOP}Content-Type: text/plain; charset=utf-8\r\n${CTE}quoted-printable\r\n\r\n${QP}`,
    needs: 'nothing',
  },
  {
    name: 'text of no known charset',
    text: `From: a@b.example\r\n\r\nGr\xfc\xdfe\r\n`,
    expected: `From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\n${CTE}quoted-printable\r\n\r\nGr=FC=DFe\r\n`,
    needs: 'nothing',
  },
  {
    name: 'the label is replaced where it stands',
    text: `${TOP}${CTE}8bit\r\nContent-Type: text/html\r\n\r\n${UMLAUT}`,
    expected: `${TOP}${CTE}quoted-printable\r\nContent-Type: text/html\r\n\r\n${QP}`,
    needs: 'nothing',
  },
  {
    name: 'a long line of text',
    text: `${TOP}Content-Type: text/plain\r\n\r\n${LONG}`,
    expected: `${TOP}Content-Type: text/plain\r\n${CTE}quoted-printable\r\n\r\n${`${'x'.repeat(75)}=\r\n`.repeat(16).slice(0, -3)}\r\n`,
    needs: 'nothing',
  },
  { name: 'not text', text: `${TOP}${PDF}\r\n${UMLAUT}`, expected: `${TOP}${PDF}${CTE}base64\r\n\r\nR3LDvMOfZQ0K\r\n`, needs: 'nothing' },
  {
    name: 'parts',
    text: `${MIXED}\r\n--b\r\n\r\n${UMLAUT}--b\r\n${PDF}\r\n${UMLAUT}\r\n--b--\r\n`,
    expected: `${MIXED}\r\n--b\r\n${CTE}quoted-printable\r\n\r\n${QP}--b\r\n${PDF}${CTE}base64\r\n\r\nR3LDvMOfZQ0K\r\n--b--\r\n`,
    needs: 'nothing',
  },
  {
    name: 'the label of the multipart',
    text: `${TOP}${CTE}8bit\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n`,
    expected: `${TOP}${CTE}7bit\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n`,
    needs: 'nothing',
  },
  {
    name: 'no last delimiter',
    text: `${MIXED}\r\n--b\r\n\r\n${UMLAUT}`,
    expected: `${MIXED}\r\n--b\r\n${CTE}quoted-printable\r\n\r\n${QP}`,
    needs: 'nothing',
  },
  {
    name: 'the last delimiter without a line end',
    text: `${MIXED}\r\n--b\r\n\r\n${UMLAUT}--b--`,
    expected: `${MIXED}\r\n--b\r\n${CTE}quoted-printable\r\n\r\n${QP}--b--`,
    needs: 'nothing',
  },
  {
    name: 'an attached message',
    text: `${MIXED}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n${UMLAUT}\r\n--b--\r\n`,
    expected: `${MIXED}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n${CTE}quoted-printable\r\n\r\n${QP}\r\n--b--\r\n`,
    needs: 'nothing',
  },
  {
    name: 'a digest',
    text: `${TOP}Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n${UMLAUT}--b--\r\n`,
    expected: `${TOP}Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n${CTE}quoted-printable\r\n\r\n${QP}--b--\r\n`,
    needs: 'nothing',
  },
  {
    name: 'base64 in one line',
    text: `${TOP}${PDF}${CTE}base64\r\n\r\n${'QUFB'.repeat(300)}\r\n`,
    expected: `${TOP}${PDF}${CTE}base64\r\n\r\n${'QUFB'.repeat(300).replace(/.{76}/g, '$&\r\n')}\r\n`,
    needs: 'nothing',
  },
  {
    name: 'quoted-printable with octets over 127',
    text: `${TOP}${CTE}quoted-printable\r\n\r\na=3D${UMLAUT}`,
    expected: `${TOP}${CTE}quoted-printable\r\n\r\na=3D${QP}`,
    needs: 'nothing',
  },
  {
    name: 'a long header line',
    text: `${TOP}X: ${'a '.repeat(600)}b\r\n\r\nHi\r\n`,
    expected: `${TOP}X: ${`${'a '.repeat(600)}b`.replace(/^(.{994}a)/, '$1\r\n')}\r\n\r\nHi\r\n`,
    needs: 'nothing',
  },
  // untouched
  {
    name: 'signed',
    text: `${TOP}${CTE}8bit\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n${UMLAUT}${LONG}--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n`,
    expected: null,
    needs: '8bitmime',
  },
  {
    name: 'encrypted',
    text: `${TOP}Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\n${UMLAUT}--b--\r\n`,
    expected: null,
    needs: '8bitmime',
  },
  {
    name: 'S/MIME in one part',
    text: `${TOP}Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n${UMLAUT}`,
    expected: null,
    needs: '8bitmime',
  },
  {
    name: 'beside a signed part',
    text: `${MIXED}\r\n--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n${UMLAUT}--s--\r\n--b\r\n\r\n${UMLAUT}--b--\r\n`,
    expected: `${MIXED}\r\n--b\r\nContent-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n${UMLAUT}--s--\r\n--b\r\n${CTE}quoted-printable\r\n\r\n${QP}--b--\r\n`,
    needs: '8bitmime',
  },
  { name: 'an unknown encoding', text: `${TOP}${CTE}x-uuencode\r\n\r\n${UMLAUT}`, expected: null, needs: '8bitmime' },
  { name: 'octets over 127 in base64', text: `${TOP}${CTE}base64\r\n\r\n${UMLAUT}`, expected: null, needs: '8bitmime' },
  { name: 'an encoded multipart', text: `${MIXED}${CTE}base64\r\n\r\n--b\r\n\r\n${UMLAUT}--b--\r\n`, expected: null, needs: '8bitmime' },
  {
    name: 'a multipart without a boundary',
    text: `${TOP}Content-Type: multipart/mixed\r\n\r\n${UMLAUT}`,
    expected: null,
    needs: '8bitmime',
  },
  {
    name: 'two types',
    text: `${TOP}Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n${UMLAUT}`,
    expected: null,
    needs: '8bitmime',
  },
  { name: 'two encodings', text: `${TOP}${CTE}8bit\r\n${CTE}7bit\r\n\r\n${UMLAUT}`, expected: null, needs: '8bitmime' },
  {
    name: 'a part whose header cannot be read for certain',
    text: `${MIXED}\r\n--b\r\nno colon\r\n\r\n${UMLAUT}--b--\r\n`,
    expected: null,
    needs: '8bitmime',
  },
  { name: 'text before the first part', text: `${MIXED}\r\n${UMLAUT}--b\r\n\r\nHi\r\n--b--\r\n`, expected: null, needs: '8bitmime' },
  { name: 'raw octets in the header', text: `Subject: ${UMLAUT}${TOP}\r\nHi\r\n`, expected: null, needs: 'smtputf8' },
  {
    name: 'raw octets in the header of a part',
    text: `${MIXED}\r\n--b\r\nContent-Disposition: attachment; filename=${UMLAUT}\r\nHi\r\n--b--\r\n`,
    expected: null,
    needs: 'smtputf8',
  },
  {
    name: 'raw octets in the header of an attached message',
    text: `${TOP}Content-Type: message/rfc822\r\n\r\nSubject: ${UMLAUT}\r\nHi\r\n`,
    expected: null,
    needs: '8bitmime',
  },
];

await t.test('cases', async (t) => {
  for (const { name, text, expected, needs } of CASES) {
    for (const piece of [10_000, 1]) {
      const got = await pass(text, piece);
      t.equal(got.text, expected ?? text, `${name}, pieces of ${piece}`);
      t.strictSame([got.needs, got.body], [needs, needs === 'nothing' ? '7bit' : '8bitmime'], `${name}: needs`);
    }
  }
});

await t.test('signed by DKIM before: kept where no signature of ours replaces it', async (t) => {
  const text = `DKIM-Signature: v=1\r\n${TOP}\r\n${UMLAUT}`;
  t.match(await pass(text, 100, 'keep'), { text, needs: '8bitmime', edits: [] });
  t.match(await pass(text, 100, 'replace'), { needs: 'nothing' });
});

await t.test('limits: too deep or in too many parts is left as it is', async (t) => {
  let deep = UMLAUT;
  for (let i = 0; i < WALK_LIMITS.depth + 5; i++)
    deep = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${deep}\r\n--b${i}--\r\n`;
  const many = `${MIXED}\r\n${`--b\r\n\r\n${UMLAUT}`.repeat(WALK_LIMITS.entities + 5)}--b--\r\n`;
  const header = `${MIXED}\r\n--b\r\nX: ${'y'.repeat(300 * 1024)}\r\n\r\n${UMLAUT}--b--\r\n`;
  const messages = `${TOP}${'Content-Type: message/rfc822\r\n\r\n'.repeat(60)}\r\n${UMLAUT}`;
  for (const text of [`${TOP}${deep}`, many, header, messages]) {
    const got = await pass(text, 64 * 1024);
    t.equal(got.text === text, true);
    t.equal(got.needs, '8bitmime');
  }
  const raw = await pass(`${MIXED}\r\n--b\r\nX: ${'\xfc'.repeat(300 * 1024)}\r\n\r\nHi\r\n--b--\r\n`, 64 * 1024);
  t.not(raw.needs, 'nothing', 'octets of a header that was not read count');
});

const COMPARE = `
import sys, json, email
from email.parser import BytesParser
def entities(text):
    out = []
    for part in BytesParser().parsebytes(text.encode('latin1')).walk():
        fields = [(k.lower(), ' '.join(v.split())) for k, v in part.items() if k.lower() != 'content-transfer-encoding']
        body = None if part.is_multipart() else part.get_payload(decode=True).decode('latin1')
        around = None if part.is_multipart() is False else [part.preamble, part.epilogue]
        out.append([fields, body, around])
    return out
def same(pair):
    a, b = entities(pair[0]), entities(pair[1])
    if len(a) != len(b): return 'another structure'
    for (fa, ba, xa), (fb, bb, xb) in zip(a, b):
        names = {k for k, v in fa}
        if fa != [f for f in fb if f[0] in names or f[0] not in ('mime-version', 'content-type')]: return 'other fields'
        if ba != bb: return 'another body'
        if xa != xb: return 'other text around'
    return None
print(json.dumps([same(p) for p in json.load(sys.stdin)]))
`;

await t.test('random messages: every part decodes to what it was', async (t) => {
  const trees: readonly Tree[] = fc.sample(mimeMessages, { seed: 20261122, numRuns: 800 });
  const passed = await Promise.all(trees.map(({ text }) => pass(text, 777)));
  const verdicts = (await askPython(
    COMPARE,
    trees.map(({ text }, i) => [text, passed[i]?.text]),
  )) as readonly (string | null)[];
  const wrong = verdicts.flatMap((verdict, i) => (verdict === null ? [] : [{ verdict, text: trees[i]?.text }]));
  t.strictSame(wrong.slice(0, 1), [], `${trees.length} messages, ${passed.filter(({ edits }) => edits.length > 0).length} changed`);
  for (const [i, { text, untouchable, build }] of trees.entries()) {
    const got = passed[i];
    if (got === undefined) continue;
    if (build === 'proper' && !untouchable.every((piece) => got.text.includes(piece)))
      t.fail(`touched: ${text.replace(/(.)\1{9,}/g, '$1...')}`);
    if (got.needs === 'nothing' && /[^\0-\x7f]/.test(got.text)) t.fail(`not 7-bit: ${text.replace(/(.)\1{9,}/g, '$1...')}`);
    if (build === 'proper' && untouchable.length === 0 && got.needs !== 'nothing')
      t.fail(`left 8-bit: ${text.replace(/(.)\1{9,}/g, '$1...')}`);
    if (build === 'proper' && untouchable.length === 0 && got.text.split('\r\n').some((line) => line.length > 998))
      t.fail(`long lines: ${text.replace(/(.)\1{9,}/g, '$1...')}`);
  }
});

await t.test('passed again, nothing changes', async (t) => {
  for (const { text } of fc.sample(mimeMessages, { seed: 7, numRuns: 200 })) {
    const once = await pass(text);
    const twice = await pass(once.text);
    if (twice.text !== once.text) t.fail(JSON.stringify(text));
  }
  t.pass('200 messages');
});

await t.test('octets that are no message at all: never throws, the same however it is cut', async (t) => {
  const pieces = [
    '\r\n',
    '\n',
    '\r',
    '--b',
    '--b--',
    '--',
    '-',
    'Content-Type: multipart/mixed; boundary=b',
    'Content-Type: message/rfc822',
    CTE,
    '8bit',
    'base64',
    ' ',
    '\xfc',
    'x',
    '\0',
    ':',
  ];
  const texts = fc.sample(
    fc
      .array(fc.constantFrom(...pieces), { maxLength: 40 })
      .map((parts) => `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}`),
    { seed: 20261122, numRuns: 1_000 },
  );
  let different = 0;
  for (const text of texts) {
    const [whole, cutUp] = [await pass(text, 10_000), await pass(text, 3)];
    if (whole.text !== cutUp.text || whole.needs !== cutUp.needs || (whole.needs === 'nothing' && /[^\0-\x7f]/.test(whole.text)))
      different++;
  }
  t.equal(different, 0, '1,000 texts');
});
