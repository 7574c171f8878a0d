// Reading and answering, row by row: what each path of a message gives, what is recorded before an octet goes, and what each answer of the desk leads to.
import t from 'tap';
import type { Answered } from '../../../src/gateway/pickup/desk.ts';
import { messagePath } from '../../../src/portal/paths.ts';
import type { MemoryDesk } from '../../support/desk-in-memory.ts';
import { type PortalClient, type PortalReply, signedIn } from '../../support/portal-client.ts';
import { MESSAGE_IDS, pdf, PORTAL_MESSAGES, type PortalMessageName } from '../../support/portal-messages.ts';
import { PORTAL_BRAND, PORTAL_URL, type PortalOptions, type PortalPages, startPortalPages } from '../../support/portal-pages.ts';

const letter = messagePath(MESSAGE_IDS.letter);

async function opened(
  t: Parameters<typeof startPortalPages>[0],
  options: PortalOptions = {},
): Promise<{ pages: PortalPages; client: PortalClient }> {
  const pages = await startPortalPages(t, options);
  const link = pages.desk.links[0] ?? '';
  await pages.desk.sendCode(link, 'mail', { address: '', userAgent: '' });
  return { pages, client: await signedIn(pages.port, link, pages.desk.codeOf(link) ?? '') };
}

interface File {
  readonly name: string;
  readonly octets: Buffer;
}

/** A form with files, as a browser sends it. */
function upload(
  client: PortalClient,
  path: string,
  fields: Readonly<Record<string, string>>,
  files: readonly File[] = [],
): Promise<PortalReply> {
  const field = ([name, value]: readonly [string, string]): Buffer =>
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const file = ({ name, octets }: File): Buffer =>
    Buffer.concat([
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`),
      octets,
      Buffer.from('\r\n'),
    ]);
  const body = Buffer.concat([
    ...Object.entries({ seal: client.seal(), ...fields }).map(field),
    ...files.map(file),
    Buffer.from('--b--\r\n'),
  ]);
  const headers = { 'content-type': 'multipart/form-data; boundary=b', origin: PORTAL_URL, 'sec-fetch-site': 'same-origin' };
  return client.send('POST', path, body, headers);
}

await t.test('every file of a message, and what is recorded before it goes', async (t) => {
  const { pages, client } = await opened(t);
  const page = await client.get(letter);
  const parts = [...page.text.matchAll(/parts\/(\d+)\/download/g)].map(([, part = '']) => part);
  const [picture = '', document = '', notes = '', table = ''] = [...new Set(parts)];
  const cases: readonly (readonly [string, number, RegExp, string | null])[] = [
    [`parts/${picture}/download`, 200, /^image\/png$/, picture],
    [`parts/${picture}/view`, 200, /^image\/png$/, picture],
    [`parts/${document}/download`, 200, /^application\/pdf$/, document],
    [`parts/${document}/view`, 200, /^application\/pdf$/, document],
    [`parts/${notes}/download`, 200, /^text\/plain/, notes],
    [`parts/${notes}/view`, 404, /^text\/html/, null],
    [`parts/${table}/view`, 404, /^text\/html/, null],
    ['whole', 200, /^message\/rfc822$/, 'whole'],
    ['all', 200, /^application\/zip$/, 'all'],
    ['parts/99', 404, /^text\/html/, null],
    ['parts/99/download', 404, /^text\/html/, null],
    [`parts/${picture}`, 200, /^text\/html/, null],
  ];
  for (const [path, status, type, recorded] of cases) {
    const before = pages.desk.said.length;
    const reply = await client.get(`${letter}/${path}`);
    t.equal(reply.status, status, path);
    t.match(reply.headers['content-type'], type, path);
    const downloads = pages.desk.said.slice(before).filter((one) => one.startsWith('downloaded'));
    t.same(downloads, recorded === null ? [] : [`downloaded ${MESSAGE_IDS.letter} ${recorded}`], `${path}: recorded once, or not at all`);
  }
  t.same((await client.get(`${letter}/parts/${document}/download`)).octets, pdf('Bend and stretch ten times.'), 'octet for octet');
  t.same((await client.get(`${letter}/whole`)).octets, PORTAL_MESSAGES[0]?.content, 'the whole message as it was sent');
  t.equal((await client.get(`${letter}/all`)).octets.readUInt32LE(0), 0x04034b50, 'a ZIP file');
  t.match((await client.get(`${letter}/parts/${notes}`)).text, 'Ice, rest, and a short walk.', 'a text is shown');
  t.match((await client.get(`${letter}/parts/${document}`)).text, 'Bend and stretch', 'and that of a PDF');
  t.equal((await client.get(`${letter}/body`)).headers.location, letter, 'a plain text has no frame');
});

await t.test('what may not leave does not, though it was opened', async (t) => {
  const stop = (desk: MemoryDesk): MemoryDesk => ({ ...desk, downloading: async () => 'stop' });
  const { pages, client } = await opened(t, { around: stop });
  const page = await client.get(letter);
  const [, part = ''] = /parts\/(\d+)\/download/.exec(page.text) ?? [];
  for (const path of [`parts/${part}/download`, `parts/${part}/view`, 'whole', 'all']) {
    const reply = await client.get(`${letter}/${path}`);
    t.equal(reply.status, 404, path);
    t.match(reply.headers['content-type'], 'text/html', path);
  }
  pages.desk.recall(pages.desk.links[0] ?? '');
  t.equal((await client.get(letter)).status, 410, 'recalled while it was read: not shown from memory');
  t.notMatch((await client.get(letter)).text, 'knee');
});

await t.test('people stand where our addresses for them were written', async (t) => {
  const standIns = [{ address: 'sam@home.example', person: 'sam.roe@elsewhere.example' }];
  const around = (desk: MemoryDesk): MemoryDesk => ({
    ...desk,
    async open(asked, client) {
      const opened = await desk.open(asked, client);
      return opened.kind === 'open' ? { ...opened, standIns } : opened;
    },
  });
  const { client } = await opened(t, { around });
  for (const path of [letter, `${letter}/answer?to=all`, `${letter}/whole`]) {
    const { text } = await client.get(path);
    t.match(text, 'sam.roe@elsewhere.example', path);
    t.notMatch(text, 'sam@home.example', path);
  }
  t.match((await client.get(`${letter}/parts/2/download`)).headers['content-type'], 'image/png', 'its files lie where they did');
});

await t.test('the list, and ways to look at a message', async (t) => {
  const { client } = await opened(t);
  const list = await client.get('/messages');
  const shown = (['letter', 'html', 'clinicOnly', 'belowFloor'] as const satisfies readonly PortalMessageName[]).map(
    (name) => MESSAGE_IDS[name],
  );
  for (const id of shown) t.match(list.text, messagePath(id), 'each has its line');
  t.notMatch(list.text, 'Laboratory', 'who wrote what needs more is not told');
  t.notMatch(list.text, 'knee', 'no subject is in the list');
  const html = messagePath(MESSAGE_IDS.html);
  const frame = /src="([^"]+\/body[^"]*)"/;
  t.notMatch(frame.exec((await client.get(html)).text)?.[1], 'pictures', 'pictures of elsewhere by choice only');
  t.match(frame.exec((await client.get(`${html}?view=with-pictures`)).text)?.[1], 'pictures=show');
  t.match(
    (await client.get(`${html}/body`)).text,
    /<body>(?:(?!<\/body>)[^])*please come at(?:(?!<\/body>)[^])*<\/body>\s*<\/html>\s*$/,
    'the letter stands within the frame’s body',
  );
  const asText = (await client.get(`${html}?view=as-text`)).text;
  t.notMatch(asText, frame, 'as text there is no frame');
  t.match(asText, 'Dear Pat, please come at');
  t.match((await client.get(`${html}?view=<script>`)).text, frame, 'any other view is the usual one');
});

await t.test('every answer of the desk to an answer', async (t) => {
  const { pages, client } = await opened(t);
  const cases: readonly (readonly [Answered['kind'], number])[] = [
    ['accepted', 303],
    ['refused', 400],
    ['too-large', 413],
    ['busy', 503],
    ['gone', 400],
    ['signed-out', 401],
  ];
  for (const [kind, status] of cases) {
    await client.get(`${letter}/answer`);
    pages.desk.nextAnswer({ kind });
    const reply = await upload(client, `${letter}/answer`, { text: `Thank you, ${kind}.`, to: 'originator' });
    t.equal(reply.status, status, kind);
    if (status === 303) t.equal(reply.headers.location, `${letter}?done=answered`);
    else if (status !== 401) t.match(reply.text, `Thank you, ${kind}.`, `${kind}: what was typed comes back`);
  }
  t.equal(pages.desk.answers.length, 1, 'one was accepted');
  t.match((await client.get(`${letter}/answer`)).text, 'Thank you, signed-out.', 'a text is kept for whoever comes back');
  t.notMatch((await client.get(`${letter}/answer`)).text, 'Thank you, signed-out.', 'once');
});

await t.test('how an answer fares is said beside the message, and whom to call where it did not arrive', async (t) => {
  const at = Date.UTC(2026, 10, 27, 14);
  const fares = ['on-its-way', 'delivered', 'not-delivered'] as const;
  const around = (desk: MemoryDesk): MemoryDesk => ({
    ...desk,
    open: async (asked, client) => {
      const found = await desk.open(asked, client);
      return found.kind === 'open' ? { ...found, answered: fares.map((state) => ({ at, state })) } : found;
    },
  });
  const { client } = await opened(t, { around });
  const said: readonly (readonly [language: string, words: readonly RegExp[]])[] = [
    [
      'en',
      [/Answer of [^<]*: on its way/, /Answer of [^<]*: delivered/, /Answer of [^<]*: could not be delivered\. Call [^<]*\+1 555 0100/],
    ],
    [
      'es',
      [
        /Respuesta del [^<]*: en camino/,
        /Respuesta del [^<]*: entregada/,
        /Respuesta del [^<]*: no se pudo entregar\. Llame al [^<]*\+1 555 0100/,
      ],
    ],
  ];
  for (const [language, words] of said) {
    const page = await client.send('GET', letter, Buffer.alloc(0), { 'accept-language': language });
    for (const word of words) t.match(page.text.replace(/<[^>]*>/g, ''), word, language);
  }
});

await t.test('an answer that is none, or too much', async (t) => {
  const uploads = { bytes: 10_000, files: 2, textBytes: 100 };
  const settings = { brands: [PORTAL_BRAND], zone: 'America/Chicago', uploads, password: { min: 15, max: 128 } };
  const { pages, client } = await opened(t, { deps: { settings } });
  const small = { name: 'a.png', octets: Buffer.alloc(100) };
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly File[], number])[] = [
    ['no text', { text: ' \r\n ' }, [], 400],
    ['a text too long', { text: 'x'.repeat(101) }, [], 413],
    ['a seal of nobody', { text: 'Hello', seal: 'forged' }, [], 400],
    ['a file too large', { text: 'Hello' }, [{ name: 'a.png', octets: Buffer.alloc(10_001) }], 413],
    ['files too large together', { text: 'Hello' }, [0, 1].map(() => ({ name: 'a.png', octets: Buffer.alloc(6_000) })), 413],
    ['too many files', { text: 'Hello' }, [small, small, small], 413],
  ];
  for (const [name, fields, files, status] of cases) {
    await client.get(`${letter}/answer`);
    const reply = await upload(client, `${letter}/answer`, { to: 'originator', ...fields }, files);
    t.equal(reply.status, status, name);
    t.same(pages.desk.answers, [], `${name}: nothing was sent`);
  }
  await client.get(`${letter}/answer`);
  const hostile = { name: '../..\\\u202egnp.exe', octets: Buffer.from('0123456789') };
  const sent = await upload(client, `${letter}/answer`, { text: 'Hello', to: 'all', name: ' Pat  Doe ' }, [small, hostile]);
  t.equal(sent.headers.location, `${letter}?done=answered`);
  const [one] = pages.desk.answers;
  t.match(one?.answer, { to: 'all', subject: 'Your knee: what the picture shows', headerMessageId: '<one@clinic.example>' });
  t.same(
    one?.answer !== undefined && 'others' in one.answer ? one.answer.others : null,
    ['sam@home.example', 'desk@clinic.example'],
    'not the reader',
  );
  t.match(one?.body.toString(), Buffer.from('0123456789').toString('base64'), 'with its file');
  t.notMatch(one?.body.toString(), /\.\.|\\|\u202e/, 'whose name leaves no folder');
  t.match((await client.get('/security')).text, 'Pat Doe', 'the name that they gave');
  t.equal((await client.send('POST', `${letter}/answer`, Buffer.from('a=b'), { 'content-type': 'text/plain' })).status, 403);
});

await t.test('a message that somebody begins', async (t) => {
  const brands = [{ ...PORTAL_BRAND, start: ['frontdesk@clinic.example'] }];
  const closed = await opened(t);
  t.equal((await closed.client.get('/begin')).status, 404, 'off unless configured');
  const settings = {
    brands,
    zone: 'America/Chicago',
    uploads: { bytes: 10_000, files: 2, textBytes: 1_000 },
    password: { min: 15, max: 128 },
  };
  const { pages, client } = await opened(t, { brands, deps: { settings } });
  const right = { to: 'frontdesk@clinic.example', subject: ' Next \r\n visit ', text: 'May I come at ten?' };
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
    ['to somebody else', { to: 'ceo@clinic.example' }, 400],
    ['to nobody', { to: '' }, 400],
    ['without a subject', { subject: '  ' }, 400],
    ['without a text', { text: '' }, 400],
    ['a forged form', { seal: 'forged' }, 400],
  ];
  for (const [name, wrong, status] of cases) {
    await client.get('/begin');
    t.equal((await upload(client, '/begin', { ...right, ...wrong })).status, status, name);
    t.same(pages.desk.answers, [], `${name}: nothing was sent`);
  }
  await client.get('/begin');
  t.equal((await upload(client, '/begin', right)).headers.location, '/messages?done=begun');
  t.match(pages.desk.answers, [{ answer: { to: 'frontdesk@clinic.example', subject: 'Next visit' } }]);
});
