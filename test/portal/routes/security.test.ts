// Ways to sign in next time, who of several people it is, and how long a session has left: every outcome of the desk has its own answer.
import t from 'tap';
import type { Enrolled } from '../../../src/gateway/pickup/desk.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import { MEMORY_PASSKEY, type MemoryDesk } from '../../support/desk-in-memory.ts';
import { portalClient, type PortalClient, type PortalReply, signedIn } from '../../support/portal-client.ts';
import { MESSAGE_IDS, PAT } from '../../support/portal-messages.ts';
import { PORTAL_URL, type PortalPages, startPortalPages } from '../../support/portal-pages.ts';

const letter = messagePath(MESSAGE_IDS.letter);

async function reader({ desk, port }: PortalPages): Promise<PortalClient> {
  const link = desk.links[0] ?? '';
  if (desk.codeOf(link) === null) await desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  return signedIn(port, link, desk.codeOf(link) ?? '');
}

/** As the script of a page sends it. */
function json(client: PortalClient, path: string, value: object, seal = client.seal()): Promise<PortalReply> {
  const headers = { 'content-type': 'application/json', origin: PORTAL_URL, 'sec-fetch-site': 'same-origin', 'x-seal': seal };
  return client.send('POST', path, Buffer.from(JSON.stringify(value)), headers);
}

await t.test('every answer to a new password', async (t) => {
  const cases: readonly (readonly [string, Enrolled, number, string | null])[] = [
    ['saved', { kind: 'enrolled' }, 303, '/security?done=saved'],
    ['too short', { kind: 'refused', why: 'too-short' }, 400, null],
    ['too long', { kind: 'refused', why: 'too-long' }, 400, null],
    ['too common', { kind: 'refused', why: 'too-common' }, 400, null],
    ['too many ways', { kind: 'refused', why: 'too-many' }, 400, null],
    ['prove again', { kind: 'prove-again' }, 403, null],
    ['signed out meanwhile', { kind: 'signed-out' }, 401, null],
  ];
  let outcome: Enrolled = { kind: 'enrolled' };
  const around = (desk: MemoryDesk): MemoryDesk => ({ ...desk, enrolPassword: async () => outcome });
  const pages = await startPortalPages(t, { around });
  const client = await reader(pages);
  const texts = new Set<string>();
  for (const [name, given, status, location] of cases) {
    await client.get('/security');
    outcome = given;
    const reply = await client.post('/security/password', { password: 'nine green tables by the sea' });
    t.equal(reply.status, status, name);
    t.equal(reply.headers.location ?? null, location, name);
    t.notMatch(reply.text, 'nine green tables', `${name}: it is not shown again`);
    if (status === 400) texts.add(reply.text.replaceAll(/value="[^"]*"/g, ''));
  }
  t.equal(texts.size, 4, 'each reason in words of its own');
});

await t.test('names, factors, and what is not there to be removed', async (t) => {
  const pages = await startPortalPages(t);
  const client = await reader(pages);
  await client.get('/security');
  t.equal((await client.post('/security/name', { name: '  ' })).headers.location, '/security', 'no name changes nothing');
  t.equal((await client.post('/security/name', { name: '  Pat \t <b>Doe</b> ' })).headers.location, '/security?done=saved');
  const named = await client.get('/security?done=saved');
  t.match(named.text, 'Pat &#60;b&#62;Doe', 'spaces are one, markup is text');
  t.notMatch(named.text, '<b>Doe');
  await client.post('/security/password', { password: 'nine green tables by the sea' });
  const [, factor = ''] = /name="factor" value="(\d+)"/.exec((await client.get('/security')).text) ?? [];
  t.match(factor, /^\d+$/, 'the new way in has a button');
  for (const wrong of ['', '999', `${factor}0`, `${factor} `, '__proto__'])
    t.equal((await client.post('/security/remove', { factor: wrong })).status, 400, `factor "${wrong}"`);
  t.equal((await client.post('/security/remove', { factor })).headers.location, '/security?done=removed');
  t.notMatch((await client.get('/security')).text, `value="${factor}"`);
  t.equal((await client.post('/security/remove', { factor })).status, 400, 'it is gone already');
  await client.get('/security/app');
  t.equal((await client.post('/security/app', { code: '000000' })).status, 400);
  t.equal((await client.post('/security/app', { code: '246 810' })).headers.location, '/security?done=saved');
  pages.desk.endSessions();
  for (const [path, fields] of [
    ['/security/name', { name: 'Pat' }],
    ['/security/remove', { factor }],
    ['/security/app', { code: '246810' }],
  ] as const)
    t.equal((await client.post(path, fields)).status, 401, `${path} without a session`);
});

await t.test('passkeys: set up, used without a link, refused', async (t) => {
  const pages = await startPortalPages(t);
  const client = await reader(pages);
  await client.get('/security');
  const options = await json(client, '/security/passkey/options', {});
  t.equal(options.status, 200);
  const { challengeId } = JSON.parse(options.text) as { readonly challengeId: string };
  t.equal((await json(client, '/security/passkey', { response: MEMORY_PASSKEY })).status, 403, 'without a challenge');
  t.equal((await json(client, '/security/passkey', { challengeId: 7, response: MEMORY_PASSKEY })).status, 403, 'of another shape');
  t.equal((await json(client, '/security/passkey', { challengeId, response: MEMORY_PASSKEY }, 'forged')).status, 403, 'without our seal');
  const enrolled = await json(client, '/security/passkey', { challengeId, response: MEMORY_PASSKEY, label: 'x'.repeat(500) });
  t.same(JSON.parse(enrolled.text), { to: '/security?done=saved' });
  t.notMatch((await client.get('/security')).text, 'x'.repeat(61), 'a label has an end');
  t.equal((await json(client, '/security/passkey', { challengeId, response: MEMORY_PASSKEY })).status, 403, 'a challenge is good once');

  const back = portalClient(pages.port);
  await back.get('/');
  const asked = async (): Promise<string> =>
    (JSON.parse((await json(back, '/passkey/options', { link: null })).text) as { readonly challengeId: string }).challengeId;
  t.equal((await json(back, '/passkey', { challengeId: await asked(), response: { id: 'another' } })).status, 403, 'a stranger\u2019s');
  t.equal((await json(back, '/passkey', { response: MEMORY_PASSKEY })).status, 403, 'without a challenge');
  pages.desk.nextSignIn({ kind: 'wait', forMs: 1_000 });
  t.equal((await json(back, '/passkey', { challengeId: await asked(), response: MEMORY_PASSKEY })).status, 429);
  t.notOk(back.cookies.has('__Host-session'), 'nobody is in');
  const entered = await json(back, '/passkey', { challengeId: await asked(), response: MEMORY_PASSKEY });
  t.same(JSON.parse(entered.text), { to: '/messages' });
  t.equal((await back.get(letter)).status, 200, 'in, without link or code');
  pages.desk.endSessions();
  t.equal((await json(back, '/security/passkey/options', {})).status, 401, 'a script is told so, and gets no page');
});

await t.test('several people at one address', async (t) => {
  const pages = await startPortalPages(t);
  const [ann, bob] = [pages.desk.addPerson(PAT, 'Ann'), pages.desk.addPerson(PAT, 'Bob')];
  const client = await reader(pages);
  t.equal((await client.get(letter)).headers.location, '/who', 'first it is asked who reads');
  t.equal((await client.get('/security')).headers.location, '/who');
  const asked = await client.get('/who');
  for (const name of ['Ann', 'Bob']) t.match(asked.text, name);
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['nobody', {}],
    ['somebody of another address', { person: '999' }],
    ['somebody else without a name', { person: 'else', name: '   ' }],
    ['a name alone', { name: 'Eve' }],
  ];
  for (const [name, fields] of cases) {
    t.equal((await client.post('/who', fields)).status, 400, name);
    t.equal((await client.get(letter)).headers.location, '/who', `${name}: still not known`);
    await client.get('/who');
  }
  const before = client.cookies.get('__Host-session');
  t.equal((await client.post('/who', { person: String(bob) })).headers.location, letter);
  t.not(client.cookies.get('__Host-session'), before, 'a session of their own');
  t.equal((await client.get(letter)).status, 200);
  await client.get('/security');
  await client.post('/security/password', { password: 'nine green tables by the sea' });
  const other = await reader(pages);
  await other.get('/who');
  t.equal((await other.post('/who', { person: String(bob) })).status, 400, 'whoever has a factor is known by it, not by a click');
  t.equal((await other.post('/who', { person: String(ann) })).headers.location, letter);
});

await t.test('how long a session has left', async (t) => {
  const pages = await startPortalPages(t);
  const nobody = await portalClient(pages.port).get('/session');
  t.equal(nobody.status, 401);
  t.same(JSON.parse(nobody.text), { leftMs: 0 });
  const client = await reader(pages);
  await client.get('/messages');
  const left = JSON.parse((await client.get('/session')).text) as { readonly leftMs: number };
  t.ok(left.leftMs > 0 && left.leftMs <= 15 * 60_000, 'idle ends before absolute');
  t.equal((await json(client, '/session', {})).status, 200, 'one more moment');
  t.equal((await json(client, '/session', {}, 'forged')).status, 403);
  pages.desk.endSessions();
  t.equal((await client.get('/session')).status, 401);
  const ended = await client.get('/ended');
  t.equal(ended.status, 200);
  t.notMatch(ended.text, /knee|Pat Doe/, 'nothing stays on the screen');
});
