// Large files through the whole portal, over real sockets: whoever reads slowly stops the source, a gateway that takes slowly stops the browser, and no more
// are under way at once than is said.
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import t from 'tap';
import { messagePath } from '../../src/portal/paths.ts';
import type { PortalLimits } from '../../src/portal/server.ts';
import type { TransferLimits } from '../../src/portal/transfers.ts';
import { WORDS } from '../../src/portal/words/languages.ts';
import { type CountingDesk, countingDesk, fileOf, messageWithFile, standstill } from '../support/large-file.ts';
import { type PortalClient, signedIn } from '../support/portal-client.ts';
import { PORTAL_HOST, PORTAL_URL, startPortalPages } from '../support/portal-pages.ts';

const SIZE = 24_900_000;
/** Of the file as it travels, in base64 with line ends. */
const ENCODED = (SIZE * 4) / 3;
/** What the system's own buffers of two connections may hold; a portal that reads on would have all of it. */
const IN_FLIGHT = 14_000_000;
const FILE = fileOf(SIZE);
const MESSAGE = messageWithFile(0, FILE);
/** Still more than those buffers hold. */
const SMALLER = 12_000_000;
const PAGE = messagePath(MESSAGE.deliveryId);
const DOWNLOAD = `${PAGE}/parts/2/download`;

interface Ground extends CountingDesk {
  readonly port: number;
  readonly client: PortalClient;
  readonly bugs: readonly unknown[];
  readonly ask: (method: string, path: string, headers?: Readonly<Record<string, string>>) => ClientRequest;
}

async function ground(t: Parameters<typeof startPortalPages>[0], message = MESSAGE, limits: Partial<PortalLimits> = {}): Promise<Ground> {
  const counting = await countingDesk(t, [message]);
  const { port, bugs } = await startPortalPages(t, { deps: { desk: counting.desk }, limits });
  const [link = ''] = counting.memory.links;
  await counting.memory.sendCode(link, 'mail', { address: '', userAgent: '' });
  const client = await signedIn(port, link, counting.memory.codeOf(link) ?? '');
  const ask: Ground['ask'] = (method, path, headers = {}) =>
    https.request({
      ...{ host: '127.0.0.1', port, path, method, agent: false, checkServerIdentity: () => undefined, ['rejectUnauthorized']: false },
      headers: { host: PORTAL_HOST, cookie: [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
    });
  return { ...counting, port, client, bugs, ask };
}

/** The head of an answer; its octets wait to be read. */
async function answered(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function rest(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

await t.test('whoever does not read stops the source, and then gets the whole file', async (t) => {
  const { client, ask, count, memory } = await ground(t);
  t.equal((await client.get(PAGE)).status, 200);
  const before = count.given;
  const request = ask('GET', DOWNLOAD);
  request.end();
  const response = await answered(request);
  const given = (await standstill(() => count.given)) - before;
  t.comment(`${given} of ${ENCODED} octets were read for nobody`);
  t.ok(given > 0 && given < IN_FLIGHT, 'the source has stopped');
  t.ok((await rest(response)).equals(FILE), 'octet for octet');
  t.ok(count.given - before < ENCODED * 1.05, 'and it was read once');
  t.equal(memory.said.filter((line) => line.startsWith('downloaded')).length, 1);
});

await t.test('whoever goes away lets go of the source', async (t) => {
  const { client, ask, count } = await ground(t);
  await client.get(PAGE);
  const request = ask('GET', DOWNLOAD);
  request.end();
  const response = await answered(request);
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  response.destroy();
  const left = await standstill(() => count.given);
  t.ok(left < 2 * ENCODED + IN_FLIGHT, 'no more of it was read');
  t.equal((await client.get(PAGE)).status, 200, 'and the message can be read on');
});

/** A form with the file, that writes on as long as the other side takes it. */
function uploading({ ask, client }: Ground): { readonly request: ClientRequest; readonly sent: () => number } {
  const field = (name: string, value: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = ['seal', 'text', 'to'].map((name) => field(name, { seal: client.seal(), text: 'Here.', to: 'originator' }[name] ?? ''));
  const file = '--b\r\nContent-Disposition: form-data; name="files"; filename="scan.bin"\r\nContent-Type: application/octet-stream\r\n\r\n';
  const request = ask('POST', `${PAGE}/answer`, {
    ...{ 'content-type': 'multipart/form-data; boundary=b', origin: PORTAL_URL, 'sec-fetch-site': 'same-origin' },
  });
  request.write(`${head.join('')}${file}`);
  let at = 0;
  const write = (): void => {
    while (at < SIZE) {
      const piece = FILE.subarray(at, at + 65_536);
      at += piece.length;
      if (!request.write(piece)) return void request.once('drain', write);
    }
    request.end('\r\n--b--\r\n');
  };
  write();
  return { request, sent: () => at };
}

await t.test('a gateway that does not take stops the browser, and then gets the whole answer', async (t) => {
  const all = await ground(t);
  await all.client.get(PAGE);
  await all.client.get(`${PAGE}/answer`);
  const { request, sent } = uploading(all);
  const response = answered(request);
  const waiting = await standstill(sent);
  t.comment(`${waiting} of ${SIZE} octets were taken for nobody`);
  t.ok(waiting > 0 && waiting < IN_FLIGHT, 'the browser has stopped');
  all.letIn();
  const { statusCode, headers } = await response;
  t.equal(statusCode, 303);
  t.match(headers.location, /done=answered$/);
  t.ok(all.count.taken > ENCODED, 'all of it has arrived');
  const body = all.memory.answers[0]?.body.toString('latin1') ?? '';
  const [, encoded = ''] = /filename[^\r]*\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(body) ?? [];
  t.ok(Buffer.from(encoded, 'base64').equals(FILE), 'octet for octet');
});

await t.test('so many at once, the next one waits, and one too many is told', async (t) => {
  const cases: readonly (readonly [name: string, limits: TransferLimits, third: number])[] = [
    ['waits', { atOnce: 2, perSession: 2, waiting: 1, waitMs: 60_000 }, 200],
    ['too many wait', { atOnce: 2, perSession: 2, waiting: 0, waitMs: 60_000 }, 503],
    ['it takes too long', { atOnce: 2, perSession: 2, waiting: 1, waitMs: 1 }, 503],
  ];
  const message = messageWithFile(0, FILE.subarray(0, SMALLER));
  for (const [name, limits, third] of cases) {
    const { client, ask, memory, bugs } = await ground(t, message, { transfers: limits });
    await client.get(PAGE);
    const [one, two] = [ask('GET', DOWNLOAD), ask('GET', DOWNLOAD)];
    one.end();
    two.end();
    const [first, second] = await Promise.all([answered(one), answered(two)]);
    const three = ask('GET', DOWNLOAD);
    three.end();
    const last = answered(three);
    t.equal((await client.get(PAGE)).status, 200, `${name}: pages are not kept waiting`);
    t.equal(memory.said.filter((line) => line.startsWith('downloaded')).length, 2, `${name}: what has not gone is not written down`);
    if (third === 503) t.equal((await last).statusCode, 503, name);
    t.equal((await rest(first)).length, SMALLER, `${name}: the first`);
    t.equal((await last).statusCode, third, name);
    const octets = await rest(await last);
    if (third === 200) t.equal(octets.length, SMALLER, `${name}: the last, when the first was done`);
    else t.match(octets.toString(), WORDS.en.busy.title, name);
    t.equal((await rest(second)).length, SMALLER, `${name}: the second`);
    t.same(bugs, [], name);
  }
});
