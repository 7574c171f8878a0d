// A reader for the portal's bench: cookies, the seal of the last form, one kept connection, and when the first octet of each answer came.
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly sizeBytes: number;
  /** From the request to the head of the answer. */
  readonly firstMs: number;
  readonly wholeMs: number;
}

export interface Browser {
  get(path: string): Promise<Answer>;
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Answer>;
  /** A form with one file. */
  upload(path: string, fields: Readonly<Record<string, string>>, file: Buffer): Promise<Answer>;
  close(): void;
}

export interface BrowserPlace {
  readonly port: number;
  readonly host: string;
  /** As the reverse proxy would name it. */
  readonly address: string;
}

/** So much of an answer is looked at as text; a file that is taken away is counted only. */
const TEXT_BYTES = 1_000_000;
const BOUNDARY = 'bench-form-of-files';

export function browser({ port, host, address }: BrowserPlace): Browser {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const cookies = new Map<string, string>();
  let seal = '';
  const send = async (method: string, path: string, body: Readable | null, headers: http.OutgoingHttpHeaders): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const began = performance.now();
    const request = http.request({
      // A large form has a connection of its own: one that idled may just be closing.
      ...{ host: '127.0.0.1', port, path, method, agent: method === 'GET' ? agent : false },
      headers: {
        host,
        'x-forwarded-for': address,
        'user-agent': 'Mozilla/5.0 Firefox/140.0',
        ...(cookie === '' ? {} : { cookie }),
        ...headers,
      },
    });
    if (body === null) request.end();
    else body.pipe(request);
    const response = await once(request, 'response').then(
      ([head]) => head as http.IncomingMessage,
      (error: unknown) => {
        if (method === 'GET' && request.reusedSocket) return null;
        throw error;
      },
    );
    // As browsers do where a kept connection was closed under them.
    if (response === null) return send(method, path, null, headers);
    const firstMs = performance.now() - began;
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    for await (const piece of response as AsyncIterable<Buffer>) {
      sizeBytes += piece.length;
      if (sizeBytes <= TEXT_BYTES) pieces.push(piece);
    }
    const wholeMs = performance.now() - began;
    for (const set of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = Buffer.concat(pieces).toString('utf8');
    seal = /name="seal" value="([^"]+)"/.exec(text)?.[1] ?? seal;
    return { status: response.statusCode ?? 0, headers: response.headers, text, sizeBytes, firstMs, wholeMs };
  };
  const ours = { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' };
  return {
    get: (path) => send('GET', path, null, {}),
    post(path, fields) {
      const octets = Buffer.from(new URLSearchParams({ seal, ...fields }).toString());
      const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': octets.length };
      return send('POST', path, Readable.from([octets]), { ...ours, ...type });
    },
    upload(path, fields, file) {
      const field = ([name, value]: readonly [string, string]): string =>
        `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      const head = Object.entries({ seal, ...fields })
        .map(field)
        .join('');
      const name = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="scan.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
      const pieces = [Buffer.from(head + name), file, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)];
      const sizeBytes = pieces.reduce((sum, { length }) => sum + length, 0);
      const type = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': sizeBytes };
      return send('POST', path, Readable.from(inSlices(pieces)), { ...ours, ...type });
    },
    close: () => agent.destroy(),
  };
}

function* inSlices(pieces: readonly Buffer[]): Generator<Buffer> {
  for (const piece of pieces) for (let at = 0; at < piece.length; at += 65_536) yield piece.subarray(at, at + 65_536);
}
