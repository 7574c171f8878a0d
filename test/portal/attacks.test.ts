// What is tried against the portal's pages over real sockets: forged forms, fixed sessions, frames, foreign hosts, redirects, caches, scanners, too much.
import t from 'tap';
import { MESSAGE_IDS, MESSAGE_NAMES, type PortalMessageName, SCRIPT } from '../support/portal-messages.ts';
import { PORTAL_BRAND, PORTAL_LIMITS_FOR_FEW, PORTAL_URL, type PortalPages, startPortalPages } from '../support/portal-pages.ts';
import { portalClient, type PortalClient, signedIn } from '../support/portal-client.ts';
import { messagePath } from '../../src/portal/paths.ts';

const linkOf = ({ desk }: PortalPages, name: PortalMessageName): string => desk.links[MESSAGE_NAMES.indexOf(name)] ?? '';
const letter = messagePath(MESSAGE_IDS.letter);

/** A reader of the letter, in. */
async function reader(pages: PortalPages): Promise<PortalClient> {
  const link = linkOf(pages, 'letter');
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  return signedIn(pages.port, link, pages.desk.codeOf(link) ?? '');
}

await t.test('headers of every answer', async (t) => {
  const pages = await startPortalPages(t);
  const client = await reader(pages);
  const style = /href="(\/own\/[^"]+\.css)"/.exec((await client.get('/messages')).text)?.[1] ?? '';
  const paths = ['/', `/m/${linkOf(pages, 'letter')}/code`, '/messages', letter, '/nothing', '/m/short', `${letter}/answer`, '/security'];
  for (const path of paths) {
    const { headers } = await client.get(path);
    t.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self'; style-src 'self';/, path);
    t.notMatch(headers['content-security-policy'], /unsafe|\*/, path);
    t.match(headers['content-security-policy'], "frame-ancestors 'none'", `${path}: nobody frames it`);
    t.match(headers['content-security-policy'], "form-action 'self'", path);
    t.equal(headers['cache-control'], 'no-store', path);
    t.equal(headers['x-content-type-options'], 'nosniff', path);
    t.equal(headers['x-frame-options'], 'DENY', path);
    t.equal(headers['referrer-policy'], 'no-referrer', path);
    t.match(headers['strict-transport-security'], /^max-age=31536000/, path);
    t.equal(headers['cross-origin-opener-policy'], 'same-origin', path);
    t.equal(headers['cross-origin-resource-policy'], 'same-origin', path);
    t.equal(headers['server'], undefined, path);
    t.equal(headers['x-powered-by'], undefined, path);
  }
  t.match((await client.get(style)).headers, {
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
  });
});

await t.test('content of a message runs nothing and is never kept', async (t) => {
  const pages = await startPortalPages(t);
  const client = await reader(pages);
  const path = messagePath(MESSAGE_IDS.hostile);
  await client.get(path);
  const frame = await client.get(`${path}/body`);
  t.match(
    frame.headers['content-security-policy'],
    /default-src 'none'.*img-src data:;.*sandbox allow-popups allow-popups-to-escape-sandbox$/,
  );
  t.notMatch(frame.headers['content-security-policy'], /script-src|allow-scripts|allow-same-origin|allow-forms/);
  t.equal(frame.headers['cache-control'], 'no-store');
  t.notMatch(frame.text, /<script|<[^>]*on(?:click|error)|javascript:|<form|<iframe|evil\.example/);
  t.match((await client.get(`${path}/body?pictures=show`)).headers['content-security-policy'], 'img-src data: https:;');
  const page = await client.get(path);
  t.notMatch(page.text, '<script>document', 'subject and names are text');
  t.match(page.text, '&#60;script&#62;document');
  const inbox = await client.get('/messages');
  t.notMatch(inbox.text, '<script>document');
  t.ok(SCRIPT.includes('<script>'));
  const parts = [...page.text.matchAll(/\/parts\/(\d+)\/download/g)].map(([, part = '']) => part);
  t.ok(parts.length >= 4, 'files');
  for (const part of parts) {
    const download = await client.get(`${path}/parts/${part}/download`);
    t.match(
      download.headers['content-disposition'],
      /^attachment; filename="[^"\r\n/\\]+"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/,
      part,
    );
    t.match(download.headers['content-security-policy'], 'sandbox', part);
    t.equal(download.headers['x-content-type-options'], 'nosniff', part);
    t.notMatch(download.headers['content-type'], /html|svg|xml|javascript/, `${part}: nothing that a browser runs`);
    t.equal(download.headers['cache-control'], 'no-store', part);
  }
  const names = [...page.text.matchAll(/<li><p><bdi>([^<]*)</g)].map(([, name]) => name);
  t.notOk(
    names.some((name) => /[\u202a-\u202e/\\]/.test(name ?? '')),
    'no name leaves its folder or turns round',
  );
  for (const part of parts.slice(1))
    t.equal((await client.get(`${path}/parts/${part}/view`)).status, 404, `${part}: SVG and HTML have no view`);
});

await t.test('forged forms change nothing', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  const stranger = portalClient(pages.port);
  await stranger.get(`/m/${link}`);
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] = [
    ['without a seal', { seal: '' }, {}],
    ['the seal of another browser', { seal: stranger.seal() }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['from a sibling', {}, { 'sec-fetch-site': 'same-site' }],
    ['typed by nobody', {}, { 'sec-fetch-site': 'none' }],
    ['with the origin of another', {}, { origin: 'https://evil.example' }],
    ['an old browser on another site', {}, { 'sec-fetch-site': '', origin: 'https://evil.example' }],
  ];
  for (const [name, fields, headers] of cases) {
    const client = portalClient(pages.port);
    await client.get(`/m/${link}`);
    const reply = await client.post(`/m/${link}/send`, { by: 'mail', ...fields }, headers);
    t.equal(reply.status, 403, name);
    t.equal(pages.desk.codeOf(link), null, `${name}: no code was sent`);
  }
  const client = portalClient(pages.port);
  await client.get(`/m/${link}`);
  t.equal((await client.post(`/m/${link}/send`, { by: 'mail' })).status, 303, 'our own form');
  t.equal((await client.get(`/m/${link}/send`)).status, 404, 'never by GET');
  const session = await reader(await startPortalPages(t));
  await session.get('/security');
  t.equal((await session.post('/security/name', { seal: '', name: 'Mallory' })).status, 403, 'in a session too');
  t.equal((await session.post('/leave', {}, { 'sec-fetch-site': 'cross-site' })).status, 403, 'nor is anybody signed out');
});

await t.test('sessions: new with every sign-in, out of reach of scripts, over when left', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  const client = portalClient(pages.port);
  client.cookies.set('__Host-session', 'fixed-by-somebody-else-000000');
  await client.get(`/m/${link}`);
  await client.post(`/m/${link}/send`, { by: 'mail' });
  const entered = await client.post(`/m/${link}/code`, { code: pages.desk.codeOf(link) ?? '' });
  t.equal(entered.status, 303);
  t.equal(entered.headers['location'], letter);
  const set = (entered.headers['set-cookie'] as readonly string[]).find((one) => one.startsWith('__Host-session='));
  t.match(set, /^__Host-session=[A-Za-z0-9_-]{43}; /, 'a token of ours');
  for (const word of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) t.match(set, word);
  t.notMatch(set, /Domain|Max-Age|Expires/, 'for this host and this browser only');
  const old = client.cookies.get('__Host-session') ?? '';
  await client.get('/messages');
  const left = await client.post('/leave', {});
  t.equal(left.headers['location'], '/signed-out');
  t.equal(left.headers['clear-site-data'], '"cache"');
  t.notOk(client.cookies.has('__Host-session'));
  client.cookies.set('__Host-session', old);
  t.equal((await client.get(letter)).status, 401, 'the back button shows nothing');
  t.notMatch((await client.get(letter)).text, 'knee');
});

await t.test('nothing leads to an address from outside, no host but ours is answered', async (t) => {
  const pages = await startPortalPages(t);
  const client = await reader(pages);
  for (const path of [
    '//evil.example/',
    '/m//evil.example',
    '/messages?next=https://evil.example',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/who?to=//evil.example',
  ]) {
    const { status, headers, text } = await client.get(path);
    t.notMatch(text, /(?:href|src|action)="[/\\]{2}/, `${path}: no link of the page leads to another host`);
    const location = headers['location'];
    t.ok(
      location === undefined || (typeof location === 'string' && /^\/(?!\/)[^\\]*$/.test(location)),
      `${path}: ${status} ${String(location)}`,
    );
    t.notMatch(location ?? '', 'evil', path);
  }
  for (const host of ['evil.example', 'portal.clinic.example.evil.example', 'portal.clinic.example:8443', '127.0.0.1', '']) {
    const reply = await client.get('/messages', { host });
    t.equal(reply.status, 421, `Host: ${host}`);
    t.notMatch(reply.text, /Riverside|knee/, host);
  }
  const forwarded = await client.get('/', { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' });
  t.notMatch(forwarded.text, 'evil.example', 'other fields say nothing');
});

await t.test('whatever follows every link spends nothing', async (t) => {
  const pages = await startPortalPages(t);
  const link = linkOf(pages, 'letter');
  const scanner = portalClient(pages.port);
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  const page = await scanner.get(`/m/${link}`, { 'user-agent': 'LinkScanner/1.0' });
  t.equal(page.status, 200);
  for (const [, path = ''] of page.text.matchAll(/(?:href|action)="(\/[^"]*)"/g)) {
    await scanner.get(path);
    await scanner.send('HEAD', path, null, {});
  }
  t.notOk(scanner.cookies.has('__Host-session'), 'it is in nowhere');
  t.notOk(
    pages.desk.said.some((one) => /^opened|^downloaded/.test(one)),
    'nothing counts as read',
  );
  t.notMatch(page.text, /knee|pat@home/, 'nothing of the message, no address');
  const code = pages.desk.codeOf(link) ?? '';
  const patient = await signedIn(pages.port, link, code);
  t.equal((await patient.get(letter)).status, 200, 'the code is still good');
});

await t.test('without a session, or with another person\u2019s, nothing is shown', async (t) => {
  const pages = await startPortalPages(t);
  const nobody = portalClient(pages.port);
  for (const path of ['', '/body', '/whole', '/all', '/parts/2', '/parts/2/view', '/parts/2/download', '/answer']) {
    const reply = await nobody.get(`${letter}${path}`);
    t.equal(reply.status, 401, path);
    t.notMatch(reply.text, /knee|Jane/, path);
  }
  const client = await reader(pages);
  const foreign = [
    messagePath('01M00000000000000000000ZZZ/0'),
    '/messages/..%2f..%2fetc',
    '/messages/x-0',
    `${letter}/parts/9999`,
    `${letter}/parts/2%2e%2e`,
  ];
  for (const path of foreign) t.ok([404, 400].includes((await client.get(path)).status), path);
  t.equal((await client.get(messagePath(MESSAGE_IDS.clinicOnly))).status, 403, 'a mailed code is not enough');
  t.equal((await client.get(`${messagePath(MESSAGE_IDS.clinicOnly)}/whole`)).status, 403);
  t.equal((await client.get(messagePath(MESSAGE_IDS.recalled))).status, 410);
  pages.desk.endSessions();
  t.equal((await client.get(`${letter}/parts/2/download`)).status, 401, 'a session that has ended gives no file');
});

await t.test('too much is refused, with a page', async (t) => {
  const pages = await startPortalPages(t, { limits: { perClient: PORTAL_LIMITS_FOR_FEW } });
  const client = portalClient(pages.port);
  const link = linkOf(pages, 'letter');
  const statuses = new Set<number>();
  for (let i = 0; i < 12; i++) statuses.add((await client.get(`/m/${link}`)).status);
  t.same(statuses, new Set([200, 429]));
  const refused = await client.get(`/m/${link}`);
  t.match(refused.headers['retry-after'], /^\d+$/);
  t.match(refused.text, 'Please wait a little');
  const wide = await startPortalPages(t);
  const other = portalClient(wide.port);
  await other.get(`/m/${link}`);
  t.equal((await other.post(`/m/${link}/code`, { code: 'x'.repeat(100_000) })).status, 413);
  wide.desk.nextSignIn({ kind: 'wait', forMs: 120_000 });
  const wait = await other.post(`/m/${link}/code`, { code: '1' });
  t.equal(wait.status, 429);
  t.match(wait.text, 'in 2 minutes');
});

await t.test('what fails says what to do, and nothing of why', async (t) => {
  const pages = await startPortalPages(t);
  const client = portalClient(pages.port);
  const link = linkOf(pages, 'letter');
  await client.get(`/m/${link}`);
  pages.desk.nextSignIn(new Error('secret text of the database'));
  const reply = await client.post(`/m/${link}/code`, { code: '1' });
  t.equal(reply.status, 500);
  t.notMatch(reply.text, /secret|database|Error|at .*\.ts/);
  t.match(reply.text, 'ABC123');
  t.match(reply.text, PORTAL_BRAND.help);
  t.equal(pages.bugs.length, 1);
  t.equal((await client.send('POST', `/m/${link}/code`, Buffer.from('{"a":'), { 'content-type': 'application/json' })).status, 400);
  t.equal((await client.send('DELETE', `/m/${link}`, null, {})).status, 404);
  t.equal((await client.get('/%zz')).status, 404);
  t.equal(pages.bugs.length, 1, 'a client\u2019s fault is no bug');
});

await t.test('fields that come twice, and names of prototypes', async (t) => {
  const pages = await startPortalPages(t);
  const client = portalClient(pages.port);
  const link = linkOf(pages, 'letter');
  await client.get(`/m/${link}`);
  const twice = Buffer.from(`seal=${client.seal()}&seal=${client.seal()}&by=mail`);
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: PORTAL_URL };
  t.equal((await client.send('POST', `/m/${link}/send`, twice, form)).status, 403);
  t.equal((await client.get('/?__proto__[language]=es')).status, 200);
  t.equal((await client.get('/?language=es&language=en')).headers['content-language'], 'en', 'neither counts');
  t.equal((await client.get('/?language=es')).headers['content-language'], 'es');
  t.equal((await client.get('/')).headers['content-language'], 'es', 'it is remembered');
});
