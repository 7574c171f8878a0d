// What pages are made of: the tag that escapes, words in every language, cookies, headers, names of downloads, colours, times.
import t from 'tap';
import { LANGUAGES } from '../../src/mail/language.ts';
import { contrast, shownOn } from '../../src/portal/colour.ts';
import { cookieName, cookieOptions, cookieValue } from '../../src/portal/cookies.ts';
import { drafts } from '../../src/portal/drafts.ts';
import { attachmentDisposition, safeFileName } from '../../src/portal/file-name.ts';
import { formSeal, isFromElsewhere, isSealOf } from '../../src/portal/form-seal.ts';
import { formats, formatsKnown, isZone } from '../../src/portal/formats.ts';
import { securityHeaders } from '../../src/portal/headers.ts';
import { filled, html, isolated, paragraphs, rendered } from '../../src/portal/html.ts';
import { deliveryIdIn, messagePath } from '../../src/portal/paths.ts';
import { WORDS } from '../../src/portal/words/languages.ts';

await t.test('the tag escapes whatever it did not make', async (t) => {
  const hostile = `<b a="1" c='2'>&\``;
  const safe = '&#60;b a=&#34;1&#34; c=&#39;2&#39;&#62;&#38;&#96;';
  t.equal(rendered(html`<p title="${hostile}">${hostile}</p>`), `<p title="${safe}">${safe}</p>`);
  t.equal(rendered(html`${html`<i>${hostile}</i>`}${null}${7}${[hostile, html`<br />`]}`), `<i>${safe}</i>7${safe}<br />`);
  t.equal(rendered(filled('{who} <a> {none}', { who: hostile })), `${safe} &#60;a&#62; {none}`);
  t.equal(rendered(filled('{toString}{constructor}', {})), '{toString}{constructor}');
  t.equal(rendered(isolated('a<')), '<bdi>a&#60;</bdi>');
  t.equal(rendered(html`${'a\0b\x1b\ud800'}`), 'a\ufffdb\ufffd\ufffd');
  t.match(rendered(paragraphs('one\r\ntwo\n\n\n<three>')), /^<p>one<br \/>two<\/p><p>&#60;three&#62;<\/p>$/);
  const forged = JSON.parse('{"html":"<script>"}') as never;
  t.throws(() => rendered(html`${forged}`), 'what was parsed is no part of a page');
});

/** Every text with its path. */
function textsIn(words: object, at = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(words).flatMap(([name, value]: [string, unknown]): [string, string][] =>
      typeof value === 'string' ? [[`${at}${name}`, value]] : [...textsIn(Object(value) as object, `${at}${name}.`)],
    ),
  );
}

await t.test('every language has the same words, with the same places', async (t) => {
  const english = textsIn(WORDS.en);
  const places = (text: string): readonly string[] => [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name = '']) => name).sort();
  for (const language of LANGUAGES) {
    const texts = textsIn(WORDS[language]);
    t.same([...texts.keys()].sort(), [...english.keys()].sort(), language);
    for (const [path, text] of texts) {
      t.ok(text.trim() !== '', `${language} ${path}`);
      if (!path.endsWith('.one')) t.same(places(text), places(english.get(path) ?? ''), `${language} ${path}`);
      t.notMatch(text, /!|secure message|click here/i, `${language} ${path}: calm and plain`);
    }
  }
  const same = [...textsIn(WORDS.es)].filter(([path, text]) => text === english.get(path)).map(([path]) => path);
  t.same(same, ['look.title'], 'nothing was left in English');
});

await t.test('sentences are short', async (t) => {
  for (const [path, text] of textsIn(WORDS.en)) {
    const longest = Math.max(...text.split(/[.:?]\s/).map((sentence) => sentence.split(/\s+/).length));
    t.ok(longest <= 22, `${path}: ${longest} words`);
  }
});

await t.test('cookies', async (t) => {
  t.equal(cookieName('session', 'https'), '__Host-session');
  t.equal(cookieName('session', 'http'), 'session', 'a sandbox on localhost');
  t.same(cookieOptions('session', 'https'), { path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
  t.equal(cookieOptions('zone', 'https').httpOnly, false, 'a script writes it');
  const token = 'a'.repeat(43);
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | null])[] = [
    ['right', { '__Host-session': token }, token],
    ['without the prefix', { session: token }, null],
    ['too short', { '__Host-session': 'abc' }, null],
    ['with other characters', { '__Host-session': `${token}<` }, null],
    ['none', {}, null],
  ];
  for (const [name, cookies, value] of cases) t.equal(cookieValue(cookies, 'session', 'https'), value, name);
});

await t.test('seals of forms', async (t) => {
  const key = Buffer.alloc(32, 1);
  const holder = { kind: 'session', token: 'one' } as const;
  t.ok(isSealOf(key, holder, formSeal(key, holder)));
  for (const [name, given] of [
    ['another session', formSeal(key, { kind: 'session', token: 'two' })],
    ['before a sign-in', formSeal(key, { kind: 'before', token: 'one' })],
    ['another process', formSeal(Buffer.alloc(32, 2), holder)],
    ['none', ''],
    ['no text', ['x']],
    ['undefined', undefined],
  ] as const)
    t.notOk(isSealOf(key, holder, given), name);
  const own = 'https://portal.clinic.example';
  t.notOk(isFromElsewhere({ fetchSite: 'same-origin', origin: 'null' }, own), 'our own Referrer-Policy makes it null');
  t.notOk(isFromElsewhere({ fetchSite: undefined, origin: undefined }, own), 'an old browser: the seal decides');
  t.ok(isFromElsewhere({ fetchSite: 'same-origin', origin: 'https://evil.example' }, own));
  t.ok(isFromElsewhere({ fetchSite: 'cross-site', origin: own }, own));
});

await t.test('headers of each kind of answer', async (t) => {
  const facts = { scheme: 'https' } as const;
  for (const kind of ['page', 'page-with-pdf', 'alone', 'pdf', 'static'] as const) {
    const headers = securityHeaders(kind, facts);
    t.match(headers['content-security-policy'], /^default-src 'none'/, kind);
    t.notMatch(headers['content-security-policy'], /script-src (?!'self')/, kind);
    t.match(headers['permissions-policy'], 'camera=()', kind);
  }
  t.match(securityHeaders('alone', facts)['content-security-policy'], 'sandbox');
  t.equal(securityHeaders('page', { scheme: 'http' })['strict-transport-security'], undefined);
});

await t.test('names of downloads', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['report.pdf', 'report.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x=1'],
    ['gnp\u202eexe.png', 'gnpexe.png'],
    ['.htaccess', 'htaccess'],
    ['', 'file'],
    ['...', 'file'],
    ['a"b\\c', 'a_b_c'],
    ['\u00fcbung.pdf', '\u00fcbung.pdf'],
  ];
  for (const [name, safe] of cases) {
    t.equal(safeFileName(name), safe, name);
    t.match(attachmentDisposition(name), /^attachment; filename="[ -~]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/, name);
  }
  const long = safeFileName(`${'x'.repeat(400)}.pdf`);
  t.equal(long.length, 150);
  t.ok(long.endsWith('.pdf'));
  t.equal(attachmentDisposition("\u00fc'(1).txt"), `attachment; filename="_'(1).txt"; filename*=UTF-8''%C3%BC%27%281%29.txt`);
});

await t.test('colours show on both backgrounds', async (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21);
  for (const accent of ['#0b5fa5', '#7a3e9d', '#8a1f11', '#000000', '#005500']) {
    const shown = shownOn('#14181c', accent);
    t.ok(contrast(shown, '#14181c') >= 4.5, `${accent}: ${shown}`);
  }
});

await t.test('times name their zone, in the reader\u2019s language', async (t) => {
  const at = Date.UTC(2026, 10, 27, 14, 5);
  t.match(rendered(formats('en', 'America/Chicago').moment(at)), /November 27, 2026 at 8:05\sAM CST<\/time>$/u);
  t.match(rendered(formats('es', 'America/Chicago').moment(at)), /27 de noviembre de 2026 a las 8:05/);
  t.match(rendered(formats('en', 'Asia/Tokyo').moment(at)), 'datetime="2026-11-27T14:05:00.000Z"');
  t.equal(formats('en', 'UTC').size(1_234_567), '1.2 MB');
  t.equal(formats('en', 'UTC').size(12), '1 kB');
  t.equal(formats('es', 'UTC').count(WORDS.es.message.files, 2), '2 archivos');
  t.equal(formats('en', 'UTC').count(WORDS.en.message.files, 1), 'One file');
  for (const [zone, is] of [
    ['Europe/Vienna', true],
    ['UTC', true],
    ['Mars/Base', false],
    ['', false],
    ['../../etc', false],
  ] as const)
    t.equal(isZone(zone), is, zone);
});

await t.test('what writes times is made once for each language and zone, and no more of it is kept than is said', async (t) => {
  const known = formatsKnown('UTC', 3);
  const cases: readonly (readonly [name: string, ReturnType<typeof known>, ReturnType<typeof known>, 'same' | 'another'])[] = [
    ['the same language and zone', known('en', 'Asia/Tokyo'), known('en', 'Asia/Tokyo'), 'same'],
    ['another language', known('en', 'Asia/Tokyo'), known('es', 'Asia/Tokyo'), 'another'],
    ['another zone', known('en', 'Asia/Tokyo'), known('en', 'America/Chicago'), 'another'],
    ['no zone: that of the portal', known('en', null), known('en', 'UTC'), 'same'],
    ['a zone that there is not: that of the portal', known('en', 'Mars/Olympus'), known('en', 'UTC'), 'same'],
  ];
  for (const [name, one, other, are] of cases) t.equal(one === other ? 'same' : 'another', are, name);
  const first = known('en', 'Europe/Berlin');
  for (const zone of ['Europe/Paris', 'Europe/Rome']) known('en', zone);
  t.equal(known('en', 'Europe/Berlin'), first, 'asked for a moment ago, it stays');
  for (const zone of ['Europe/Paris', 'Europe/Rome', 'Europe/Vienna']) known('en', zone);
  t.not(known('en', 'Europe/Berlin'), first, 'as many others later it has gone');
});

await t.test('paths and drafts', async (t) => {
  const id = '01M000000000000000000000AA/12';
  t.equal(deliveryIdIn(messagePath(id).slice('/messages/'.length)), id);
  for (const wrong of ['', 'x-0', '01m000000000000000000000aa-0', '01M000000000000000000000AA-012', '01M000000000000000000000AA-0/..'])
    t.equal(deliveryIdIn(wrong), null, wrong);
  let now = 0;
  const kept = drafts(
    () => now,
    (octets) => Buffer.alloc(octets, 1),
  );
  const name = kept.keep({ about: id, text: 'Hello' });
  t.equal(kept.take(name, 'another'), null, 'only about the same message');
  t.equal(kept.take(name, id), 'Hello');
  t.equal(kept.take(name, id), null, 'once');
  const late = kept.keep({ about: id, text: 'Hello' });
  now += 1_800_001;
  t.equal(kept.take(late, id), null, 'forgotten after half an hour');
});
