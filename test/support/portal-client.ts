// A client of the portal as an attacker has one: any path, any header, its own cookies, and the answer as it came.
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { PORTAL_HOST, PORTAL_URL } from './portal-pages.ts';

export interface PortalReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  readonly octets: Buffer;
}

export interface PortalClient {
  /** By name, as the server set them. */
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<PortalReply>;
  /** A form of the page that was got last: its seal is put in. */
  post(path: string, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<PortalReply>;
  send(method: string, path: string, body: Buffer | null, headers: Readonly<Record<string, string>>): Promise<PortalReply>;
  /** Of the last page. */
  readonly seal: () => string;
}

export function portalClient(port: number): PortalClient {
  const cookies = new Map<string, string>();
  let seal = '';
  const send: PortalClient['send'] = async (method, path, body, headers) => {
    const request = https.request({
      host: '127.0.0.1',
      port,
      path,
      method,
      // The certificate is the test's own and vouched for by nobody.
      checkServerIdentity: () => undefined,
      ['rejectUnauthorized']: false,
      headers: { host: PORTAL_HOST, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      agent: false,
    });
    request.end(body ?? undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of response as AsyncIterable<Buffer>) pieces.push(piece);
    for (const set of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const octets = Buffer.concat(pieces);
    const text = octets.toString('utf8');
    seal = /name="seal" value="([^"]+)"/.exec(text)?.[1] ?? /data-seal="([^"]+)"/.exec(text)?.[1] ?? seal;
    return { status: response.statusCode ?? 0, headers: response.headers, text, octets };
  };
  return {
    cookies,
    send,
    seal: () => seal,
    get: (path, headers = {}) => send('GET', path, null, headers),
    post: (path, fields, headers = {}) =>
      send('POST', path, Buffer.from(new URLSearchParams({ seal, ...fields }).toString()), {
        'content-type': 'application/x-www-form-urlencoded',
        origin: PORTAL_URL,
        'sec-fetch-site': 'same-origin',
        ...headers,
      }),
  };
}

/** Somebody who has come by the link with a code. */
export async function signedIn(port: number, link: string, code: string): Promise<PortalClient> {
  const client = portalClient(port);
  await client.get(`/m/${link}`);
  const entered = await client.post(`/m/${link}/code`, { code });
  if (entered.status !== 303) throw new Error(`not signed in: ${entered.status}`);
  return client;
}
