// Notices as Python's email package reads them: two texts that say the same, one link, nothing remote, nothing of the message or of its reader.
import t from 'tap';
import { composeCodeNotice } from '../../../src/mime/pickup-notice/code-notice.ts';
import { composePickupNotice, type PickupNoticeFacts } from '../../../src/mime/pickup-notice/notice.ts';
import { dayInWords } from '../../../src/mime/pickup-notice/render.ts';
import { filled, NOTICE_WORDS } from '../../../src/mime/pickup-notice/words.ts';
import { LANGUAGES, type Language } from '../../../src/mail/language.ts';
import { brand } from '../../support/portal-config.ts';
import { askPython } from '../../support/python.ts';

const AT = Date.UTC(2026, 10, 28, 10, 15);
const LINK = 'https://portal.clinic.test/m/01jd9z0000000000000000test-0-abcdefghijklmnopqrstuvwxyz';

const facts = (change: Partial<PickupNoticeFacts> = {}): PickupNoticeFacts => ({
  id: '01JD9Z0000000000000000NOTE',
  at: AT,
  hostname: 'mail.clinic.test',
  kind: 'first',
  to: 'jane.doe@home.test',
  replyTo: 'notice-01jd9z0000000000000000test-0-aaaaaaaaaaaaaaaa@return.clinic.test',
  brand: brand(),
  language: 'en',
  from: 'doctor@clinic.test',
  expiresAt: AT + 30 * 86_400_000,
  link: LINK,
  opensBy: 'address',
  ...change,
});

interface Read {
  readonly headers: Readonly<Record<string, string>>;
  readonly defects: readonly string[];
  readonly parts: readonly { readonly type: string; readonly text: string; readonly disposition: string | null }[];
  readonly ascii: boolean;
  readonly longest: number;
}

const READ = `
import sys, json, base64
from email import message_from_bytes, policy
def read(data):
    message = message_from_bytes(data, policy=policy.SMTP)
    parts = [{'type': p.get_content_type(), 'text': p.get_content().replace('\\r\\n', '\\n'), 'disposition': p.get_content_disposition()} for p in message.iter_parts()]
    return {'headers': {k.lower(): str(v) for k, v in message.items()}, 'defects': [repr(d) for p in message.walk() for d in p.defects], 'parts': parts,
            'ascii': data.isascii() and b'\\n' not in data.replace(b'\\r\\n', b''), 'longest': max(len(l) for l in data.split(b'\\r\\n'))}
print(json.dumps([read(base64.b64decode(d)) for d in json.load(sys.stdin)]))
`;

async function read(...messages: readonly Uint8Array[]): Promise<readonly Read[]> {
  return (await askPython(
    READ,
    messages.map((one) => Buffer.from(one).toString('base64')),
  )) as readonly Read[];
}

const KINDS = ['first', 'reminder', 'again', 'lost-factor'] as const;
const ALL = KINDS.flatMap((kind) =>
  LANGUAGES.flatMap((language) =>
    (['address', 'clinic'] as const).flatMap((opensBy) =>
      [null, 'doctor@clinic.test'].flatMap((from) =>
        [null, facts().replyTo].map((replyTo) => facts({ kind, language, opensBy, from, replyTo })),
      ),
    ),
  ),
);

await t.test('every notice, in every language', async (t) => {
  const found = await read(...ALL.map(composePickupNotice));
  for (const [i, one] of found.entries()) {
    const given = ALL[i] ?? facts();
    const name = `${given.kind} ${given.language} ${given.opensBy} ${given.from ?? ''}`;
    const [plain, html] = one.parts;
    const both = `${plain?.text ?? ''}${html?.text ?? ''}`;
    t.same([one.defects, one.ascii, one.longest <= 78], [[], true, true], name);
    t.same(
      one.parts.map(({ type, disposition }) => [type, disposition]),
      [
        ['text/plain', null],
        ['text/html', null],
      ],
      `${name}: nothing is attached`,
    );
    t.equal(one.headers['auto-submitted'], 'auto-generated', name);
    t.equal(one.headers['content-language'], given.language, name);
    t.match(one.headers['from'], /^Riverside Clinic <messages@clinic\.test>$/, name);
    t.equal(one.headers['to'], 'jane.doe@home.test', name);
    t.match(one.headers['reply-to'] ?? '', given.replyTo === null ? /^$/ : /<notice-[0-9a-z-]+@return\.clinic\.test>$/, name);
    t.notMatch(both, /jane|doe|home\.test/i, `${name}: whom it is for stands in To only`);
    t.notMatch(both, /\{\w+\}/, `${name}: every word is filled in`);
    t.equal((both.match(/https?:\/\/[^\s"<]+/g) ?? []).filter((url) => url !== LINK).length, 0, `${name}: one link, no other`);
    t.equal(plain?.text.split('\n').filter((line) => line === LINK).length, 1, `${name}: alone on its line`);
    t.match(html?.text, `href="${LINK}"`, name);
    t.notMatch(html?.text, /<img|<script|<link|<iframe|<form|src=|url\(|@import|\son\w+=/i, `${name}: nothing remote, nothing that runs`);
    for (const word of ['portal.clinic.test', '+1 555 0100', 'Riverside Clinic']) t.ok(plain?.text.includes(word), `${name}: ${word}`);
    t.equal(
      both.includes('doctor@clinic.test'),
      given.from !== null && given.kind !== 'lost-factor',
      `${name}: who wrote, where it may be told`,
    );
  }
});

await t.test('both texts say the same', async (t) => {
  const found = await read(...ALL.map(composePickupNotice));
  const words = (text: string): string =>
    text
      .replace(/<style[^]*?<\/style>|<title>[^]*?<\/title>|<[^>]+>/g, ' ')
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replace(/\s+/g, ' ');
  for (const one of found) {
    const html = words(one.parts[1]?.text ?? '');
    for (const paragraph of (one.parts[0]?.text ?? '').split('\n\n').map((text) => text.replace(LINK, '').replace(/\s+/g, ' ').trim()))
      if (paragraph !== '') t.ok(html.includes(paragraph.replace(/:$/, '')), paragraph);
  }
});

await t.test('who opens it how', async (t) => {
  const [mail, clinic] = await read(composePickupNotice(facts()), composePickupNotice(facts({ opensBy: 'clinic' })));
  t.match(mail?.parts[0]?.text, /sends a code to this email address/);
  t.match(clinic?.parts[0]?.text, /need a code from Riverside Clinic/);
  t.match(mail?.parts[0]?.text.replace(/\s+/g, ' '), /until December 28, 2026|until 28 December 2026/);
});

await t.test('names of the organisation are text, in header and page', async (t) => {
  const organisation = 'Clínica "Río" <b>& Söhne\u202e';
  const [one] = await read(
    composePickupNotice(
      facts({ brand: brand({ organisation, texts: { notice: '<script>alert(1)</script>', page: null } }), language: 'es' }),
    ),
  );
  t.same(one?.defects, []);
  t.match(one?.headers['from'], /Clínica/);
  t.notMatch(one?.parts[1]?.text, /<script|<b>/);
  t.match(one?.parts[1]?.text, /&#60;script/);
});

await t.test('the same keys in every language, the same names in braces', async (t) => {
  const flat = (value: object, at = ''): [string, string][] =>
    Object.entries(value).flatMap(([key, one]: [string, unknown]) =>
      typeof one === 'string' ? [[`${at}${key}`, one] as [string, string]] : flat(one as object, `${at}${key}.`),
    );
  const english = flat(NOTICE_WORDS.en);
  const braces = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const language of LANGUAGES) {
    const other = new Map(flat(NOTICE_WORDS[language]));
    t.same([...other.keys()].sort(), english.map(([key]) => key).sort(), language);
    for (const [key, text] of english) t.same(braces(other.get(key) ?? ''), braces(text), `${language} ${key}`);
    for (const [key, text] of other) t.notMatch(text, /!|PHI|HIPAA|encrypt|secure|cifrad/i, `${language} ${key}: plain words`);
  }
  t.equal(filled('{a} {b}', { a: '1' }), '1 {b}');
});

await t.test('sentences are short enough for a reader of twelve', async (t) => {
  for (const language of LANGUAGES) {
    for (const text of Object.values(NOTICE_WORDS[language]).filter((one) => typeof one === 'string'))
      for (const sentence of text.split(/[.?:] /)) t.ok(sentence.split(/\s+/).length <= 24, `${language}: ${sentence}`);
  }
});

await t.test('the code, to whom wrote', async (t) => {
  const given = {
    id: '01JD9Z0000000000000000CODE',
    at: AT,
    hostname: 'mail.clinic.test',
    postmaster: 'it@clinic.test',
    to: 'doctor@clinic.test',
    brand: brand(),
    sentAt: AT,
    headerMessageId: '<a@clinic.test>',
    codes: [
      { recipient: 'jane.doe@home.test', code: '1234-5678' },
      { recipient: 'joe@home.test', code: '8765-4321' },
    ],
    goodUntil: AT + 86_400_000,
  };
  const found = await read(
    ...LANGUAGES.map((language: Language) => composeCodeNotice({ ...given, language })),
    composeCodeNotice({ ...given, language: 'en', headerMessageId: 'x\r\nBcc: y@z.test' }),
  );
  for (const one of found.slice(0, LANGUAGES.length)) {
    t.same([one.defects, one.ascii], [[], true]);
    t.match(one.headers, { 'in-reply-to': '<a@clinic.test>', 'auto-submitted': 'auto-generated', from: /it@clinic\.test/ });
    t.match(one.parts[0]?.text, /jane\.doe@home\.test: 1234-5678/);
    t.match(one.parts[0]?.text, /joe@home\.test: 8765-4321/);
    t.notMatch(one.parts[0]?.text, /https?:/, 'never beside the link');
    t.notMatch(one.headers['subject'], /\d{4}/, 'no code where lists of mail show it');
  }
  t.equal(found.at(-1)?.headers['in-reply-to'], undefined);
  t.equal(found.at(-1)?.headers['bcc'], undefined);
});

await t.test('days as each language writes them', async (t) => {
  t.same(
    LANGUAGES.map((language) => dayInWords(Date.UTC(2026, 11, 28), language, 'UTC')),
    ['December 28, 2026', '28 de diciembre de 2026'],
  );
  t.equal(dayInWords(Date.UTC(2026, 11, 28), 'en', 'America/Chicago'), 'December 27, 2026', 'where the clinic is it is still Sunday');
});
