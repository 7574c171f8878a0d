// From an answer to octets on the wire: headers, cookies, and a stream that ends with an error where the message does, never as if it were whole.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PortalAnswer } from './answer.ts';
import type { Asset } from './assets.ts';
import { cookieName, cookieOptions } from './cookies.ts';
import { type AnswerKind, type HeaderFacts, securityHeaders } from './headers.ts';
import { html, rendered } from './html.ts';
import type { Given } from './request.ts';
import type { CookieChange, Visit } from './visit.ts';
import { WORDS } from './words/languages.ts';

export function sendAnswer(request: FastifyRequest, reply: FastifyReply, given: Given | 'wrong-host'): FastifyReply {
  // Whatever of the request has not been read is not waited for.
  if (!request.raw.complete) void reply.header('connection', 'close');
  if (given === 'wrong-host') return sendWrongHost(reply);
  const { visit, answer } = given;
  setCookies(reply, visit, [...visit.cookies, ...(answer.cookies ?? [])]);
  void reply.headers({ 'content-language': visit.language, vary: 'Accept-Language, Cookie' });
  return sendBody(reply, visit, answer);
}

function sendBody(reply: FastifyReply, { scheme }: Visit, answer: PortalAnswer): FastifyReply {
  const headed = (kind: AnswerKind, facts: Partial<HeaderFacts> = {}): FastifyReply =>
    reply.headers(securityHeaders(kind, { scheme, ...facts }));
  switch (answer.kind) {
    case 'page':
      void headed(answer.as ?? 'page')
        .code(answer.status)
        .type('text/html; charset=utf-8');
      if (answer.retryAfter !== undefined) void reply.header('retry-after', String(answer.retryAfter));
      return reply.send(rendered(answer.page));
    case 'go':
      if (answer.clear !== undefined) void reply.header('clear-site-data', `"${answer.clear}"`);
      return headed('page').code(303).header('location', answer.to).send();
    case 'json':
      return headed('page').code(answer.status).type('application/json; charset=utf-8').send(JSON.stringify(answer.value));
    case 'octets':
      whenOver(reply, () => answer.transfer?.end());
      void headed(answer.as, answer.facts).code(200).type(answer.contentType);
      if (answer.disposition !== undefined) void reply.header('content-disposition', answer.disposition);
      return reply.send(
        answer.octets instanceof Readable ? answer.octets : Readable.from(answer.octets, { objectMode: false, highWaterMark: 65_536 }),
      );
  }
}

/** However it ends: the last octet has gone, or nobody is there any more. */
function whenOver({ raw }: FastifyReply, then: () => void): void {
  if (raw.closed || raw.destroyed) then();
  else raw.once('close', then);
}

/** The last change of a name counts. */
function setCookies(reply: FastifyReply, { scheme }: Visit, changes: readonly CookieChange[]): void {
  for (const [name, value] of new Map(changes.map((change) => [change.name, change.value]))) {
    const options = cookieOptions(name, scheme);
    if (value === null) void reply.setCookie(cookieName(name, scheme), '', { ...options, maxAge: 0 });
    else void reply.setCookie(cookieName(name, scheme), value, options);
  }
}

/** Names nobody: it is not known whose page was meant. */
function sendWrongHost(reply: FastifyReply): FastifyReply {
  const { title, text } = WORDS.en.wrongHost;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
        </main>
      </body>
    </html>`;
  return reply
    .headers(securityHeaders('page', { scheme: 'https' }))
    .code(421)
    .type('text/html; charset=utf-8')
    .send(rendered(page));
}

export function sendAsset(reply: FastifyReply, { mediaType, content }: Asset, scheme: 'http' | 'https'): FastifyReply {
  return reply.headers(securityHeaders('static', { scheme })).type(mediaType).send(content);
}
