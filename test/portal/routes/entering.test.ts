// Getting in, row by row: what each state of a link, each answer to a code and each answer to a password leads to.
import t from 'tap';
import type { CodeSent, NotSignedIn, PickupDesk } from '../../../src/gateway/pickup/desk.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import { MEMORY_TOTP } from '../../support/desk-in-memory.ts';
import { portalClient, signedIn } from '../../support/portal-client.ts';
import { MESSAGE_IDS, MESSAGE_NAMES, PAT, type PortalMessageName } from '../../support/portal-messages.ts';
import { PORTAL_BRAND, type PortalPages, startPortalPages } from '../../support/portal-pages.ts';

const linkOf = ({ desk }: PortalPages, name: PortalMessageName): string => desk.links[MESSAGE_NAMES.indexOf(name)] ?? '';
const letter = messagePath(MESSAGE_IDS.letter);
const PASSWORD = 'six small boats at noon';

await t.test('a link leads to what its message is now', async (t) => {
  const pages = await startPortalPages(t);
  const cases: readonly (readonly [PortalMessageName | 'unknown', number, string])[] = [
    ['letter', 200, 'name="by" value="mail"'],
    ['clinicOnly', 200, PORTAL_BRAND.help],
    ['belowFloor', 200, PORTAL_BRAND.help],
    ['recalled', 410, PORTAL_BRAND.help],
    ['expired', 410, PORTAL_BRAND.help],
    ['unknown', 404, PORTAL_BRAND.help],
  ];
  for (const [name, status, holds] of cases) {
    const link = name === 'unknown' ? `${'x'.repeat(26)}-0-${'y'.repeat(26)}` : linkOf(pages, name);
    for (const page of ['', '/code', '/password']) {
      const reply = await portalClient(pages.port).get(`/m/${link}${page}`);
      t.equal(reply.status, status, `${name}${page}`);
      if (page === '') t.match(reply.text, holds, name);
      t.notMatch(reply.text, /knee|It is normal|Sent by mistake|pat@home/, `${name}${page}: nothing of the message`);
    }
  }
  const belowFloor = await portalClient(pages.port).get(`/m/${linkOf(pages, 'belowFloor')}`);
  t.notMatch(belowFloor.text, 'name="by" value="mail"', 'no code can be asked for where none may travel');
  const capitals = await portalClient(pages.port).get(`/m/${linkOf(pages, 'letter').toUpperCase()}`);
  t.equal(capitals.status, 200, 'as somebody types it from paper');
});

await t.test('what asking for a code leads to', async (t) => {
  const table: Readonly<Record<CodeSent, string>> = {
    sent: 'code?said=mailed',
    wait: 'code?said=wait',
    'not-safe': 'code?said=notSafe',
    'not-offered': 'code?said=noPhone',
    'no-more': 'code?said=noMore',
    gone: '',
  };
  let answer: CodeSent = 'sent';
  const asked: string[] = [];
  const sendCode: PickupDesk['sendCode'] = async (_, by) => {
    asked.push(by);
    return answer;
  };
  const pages = await startPortalPages(t, { around: (desk) => ({ ...desk, sendCode }) });
  const link = linkOf(pages, 'letter');
  const client = portalClient(pages.port);
  await client.get(`/m/${link}`);
  for (const [outcome, leads] of Object.entries(table) as readonly (readonly [CodeSent, string])[]) {
    answer = outcome;
    const { status, headers } = await client.post(`/m/${link}/send`, { by: 'mail' });
    t.equal(status, 303, outcome);
    t.equal(headers.location, `/m/${link}${leads === '' ? '' : `/${leads}`}`, outcome);
  }
  answer = 'sent';
  t.equal((await client.post(`/m/${link}/send`, { by: 'sms' })).headers.location, `/m/${link}/code?said=texted`);
  t.equal((await client.post(`/m/${link}/send`, { by: 'voice' })).headers.location, `/m/${link}/code?said=called`);
  await client.post(`/m/${link}/send`, { by: 'pigeon' });
  t.same(asked.slice(-3), ['sms', 'voice', 'mail'], 'anything else is mail');
  const said: readonly (readonly [string, string])[] = [
    ['mailed', 'We have sent a code to your email address'],
    ['texted', 'a text message with a code is on its way'],
    ['called', 'your phone rings in a moment'],
    ['notSafe', 'could not be sent safely'],
    ['noPhone', 'No code can be sent to a phone here'],
    ['noMore', 'No more codes can be sent to a phone'],
  ];
  for (const [word, text] of said) t.match((await client.get(`/m/${link}/code?said=${word}`)).text, text, word);
  const usual = (await client.get(`/m/${link}/code`)).text;
  for (const [word, text] of said) t.notMatch(usual, text, `nothing is said of ${word} that did not happen`);
  t.notMatch((await client.get(`/m/${link}/code?said=<b>you+won</b>`)).text, 'you won', 'no words of a stranger stand there');
});

await t.test('what a code leads to', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  const client = portalClient(pages.port);
  await client.get(`/m/${link}`);
  const cases: readonly (readonly [string, string, NotSignedIn | null, number])[] = [
    ['nothing', '', null, 400],
    ['spaces', '   ', null, 400],
    ['a wrong one', '0000-0000', null, 400],
    ['too many tries', '1234-5678', { kind: 'wait', forMs: 90_500 }, 429],
    ['a message that is gone', '1234-5678', { kind: 'gone' }, 410],
  ];
  for (const [name, code, outcome, status] of cases) {
    pages.desk.nextSignIn(outcome);
    const reply = await client.post(`/m/${link}/code`, { code });
    t.equal(reply.status, status, name);
    t.notOk(client.cookies.has('__Host-session'), `${name}: not in`);
    if (status === 429) t.equal(reply.headers['retry-after'], '91', 'no less than the wait');
    if (code.trim() !== '') t.notMatch(reply.text, code, `${name}: what was typed is not shown again`);
    await client.get(`/m/${link}`);
  }
  pages.desk.nextSignIn(null);
  await client.post(`/m/${link}/send`, { by: 'mail' });
  const entered = await client.post(`/m/${link}/code`, { code: ` ${pages.desk.codeOf(link)} ` });
  t.equal(entered.headers.location, letter, 'spaces around a code are forgiven');
  t.notOk(client.cookies.has('__Host-before'), 'what held the forms before is over');
  t.equal((await client.get(`/m/${link}`)).headers.location, letter, 'the link leads straight there now');
  t.equal((await client.get('/')).headers.location, '/messages');
});

await t.test('one more code, for a message that wants more', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  const client = await signedIn(pages.port, link, pages.desk.codeOf(link) ?? '');
  const more = linkOf(pages, 'clinicOnly');
  const asked = await client.get(messagePath(MESSAGE_IDS.clinicOnly));
  t.equal(asked.status, 403);
  t.match(asked.text, `action="/m/${more}/code"`, 'the page asks for the code of this message');
  const before = client.cookies.get('__Host-session');
  const code = pages.desk.clinicCode(more);
  const wrong = await client.post(`/m/${more}/code`, { code: '0000-0000' });
  t.equal(wrong.status, 400);
  t.match(wrong.text, `action="/m/${more}/code"`, 'they stay where they were');
  t.equal(client.cookies.get('__Host-session'), before, 'and are still in');
  const entered = await client.post(`/m/${more}/code`, { code });
  t.equal(entered.headers.location, messagePath(MESSAGE_IDS.clinicOnly));
  t.not(client.cookies.get('__Host-session'), before, 'a new session');
  t.equal((await client.get(messagePath(MESSAGE_IDS.clinicOnly))).status, 200);
  client.cookies.set('__Host-session', before ?? '');
  t.equal((await client.get(letter)).status, 401, 'the old one is over');
});

await t.test('a code to a telephone: offered to everybody alike, its number known to whoever is in', async (t) => {
  const pages = await startPortalPages(t);
  const [link, more] = [linkOf(pages, 'letter'), linkOf(pages, 'clinicOnly')];
  const stranger = portalClient(pages.port);
  const seen = async (path: string): Promise<string> => (await stranger.get(path)).text.replaceAll(/(?:value|data-seal)="[^"]{20,}"/g, '');
  const paths = [`/m/${link}`, `/m/${more}`, `/m/${more}/code?said=texted`, `/m/${more}/code?said=called`];
  const before = await Promise.all(paths.map(seen));
  pages.desk.phoneFor(PAT, '+15550147265');
  t.same(await Promise.all(paths.map(seen)), before, 'no page tells whether there is a number');
  for (const way of ['sms', 'voice']) t.match(before[0], `name="by" value="${way}"`, way);
  t.match(before[2], 'The numbers that came to your phone');
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  const client = await signedIn(pages.port, link, pages.desk.codeOf(link) ?? '');
  const asked = await client.get(messagePath(MESSAGE_IDS.clinicOnly));
  t.match(asked.text, 'the number that ends with 65');
  t.match((await client.get('/security/prove')).text, 'the number that ends with 65');
  t.match((await client.get('/security')).text, /Phone<\/strong>[^]*··· 65[^]*Opens all your messages/);
  t.equal((await client.post(`/m/${more}/send`, { by: 'sms' })).headers.location, `/m/${more}/code?said=texted`);
  await client.get(`/m/${more}/code?said=texted`);
  const entered = await client.post(`/m/${more}/code`, { code: '5555 6666' });
  t.equal(entered.headers.location, messagePath(MESSAGE_IDS.clinicOnly));
  t.equal((await client.get(messagePath(MESSAGE_IDS.clinicOnly))).status, 200);
  for (const path of ['/security', '/messages', messagePath(MESSAGE_IDS.clinicOnly)])
    t.notMatch((await client.get(path)).text, /5550147265|014-?7265/, `${path}: never the number`);
});

await t.test('what a password leads to', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  const owner = await signedIn(pages.port, link, pages.desk.codeOf(link) ?? '');
  await owner.get('/security');
  t.equal((await owner.post('/security/password', { password: PASSWORD })).headers.location, '/security?done=saved');
  const client = portalClient(pages.port);
  await client.get(`/m/${link}/password`);
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['none', { password: '' }, 400],
    ['a wrong one', { password: 'six small boats at one' }, 400],
    ['right but for its case', { password: PASSWORD.toUpperCase() }, 400],
  ];
  for (const [name, fields, status] of cases) {
    const reply = await client.post(`/m/${link}/password`, fields);
    t.equal(reply.status, status, name);
    t.notOk(client.cookies.has('__Host-session'), `${name}: not in`);
    t.notMatch(reply.text, /boats/i, `${name}: it is not shown again`);
  }
  t.equal((await client.post(`/m/${link}/password`, { password: PASSWORD })).headers.location, letter);

  await owner.get('/security/app');
  t.equal((await owner.post('/security/app', { code: MEMORY_TOTP })).headers.location, '/security?done=saved');
  const second = portalClient(pages.port);
  await second.get(`/m/${link}/password`);
  const asked = await second.post(`/m/${link}/password`, { password: PASSWORD });
  t.equal(asked.status, 400, 'the app is asked for too');
  t.match(asked.text, 'name="totp"');
  t.equal((await second.post(`/m/${link}/password`, { password: PASSWORD, totp: '111111' })).status, 400);
  t.notOk(second.cookies.has('__Host-session'));
  t.equal((await second.post(`/m/${link}/password`, { password: PASSWORD, totp: '246 810' })).headers.location, letter);
});
