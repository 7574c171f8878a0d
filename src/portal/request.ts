// From a request to an answer: the checks that every route passes, in their order. Host, allowance, session, provenance, seal, then the work.
import type { FastifyRequest } from 'fastify';
import type { Allowance } from '../http/allowance.ts';
import { DeskUnavailable, isPassing } from './desk-client.ts';
import { go, type PortalAnswer } from './answer.ts';
import { isFromElsewhere, isSealOf, SEAL_FIELD } from './form-seal.ts';
import { endedPage, faultPage, noticePage, tooManyPage } from './pages/notices.ts';
import { deliveryIdIn } from './paths.ts';
import type { Asked, Portal, Route } from './route.ts';
import { type Visit, visitOf } from './visit.ts';

export interface Gate {
  readonly portal: Portal;
  readonly spent: Allowance;
}

/** An answer, with the visit that it was made for. */
export interface Given {
  readonly visit: Visit;
  readonly answer: PortalAnswer;
}

const WAIT_MS = 60_000;

export async function answerTo(gate: Gate, route: Route, request: FastifyRequest): Promise<Given | 'wrong-host'> {
  const visit = await visitOfRequest(gate, request, route.activity ?? 'person');
  if (visit === 'wrong-host') return visit;
  const { portal, spent } = gate;
  const network = portal.networkOf(visit.client.address);
  if (spent.spend(network, route.cost ?? 1, performance.now()) === 'over') return { visit, answer: tooMany(visit) };
  const params = checkedParams(request.params);
  if (params === null) return { visit, answer: notFoundAnswer(visit) };
  const asked: Asked = { params, query: texts(request.query), fields: {}, json: {}, request };
  const refused = route.takes === undefined ? null : isForged(portal, visit, route, request);
  if (refused !== null) return { visit, answer: refused };
  const body = {
    ...asked,
    ...(route.takes === 'form' ? { fields: texts(request.body) } : {}),
    ...(route.takes === 'json' ? { json: objectOf(request.body) } : {}),
  };
  return { visit, answer: await work(route, visit, body) };
}

async function work(route: Route, visit: Visit, asked: Asked): Promise<PortalAnswer> {
  if (route.needs === 'nobody') return route.work(visit, asked);
  if (visit.session === null)
    return route.takes === 'json'
      ? { kind: 'json', status: 401, value: {} }
      : { kind: 'page', status: 401, page: endedPage(visit, 'none') };
  const { person, people } = visit.session.view;
  if (person === null && people.length > 0 && route.person !== 'not-yet') return go('/who');
  return route.work({ ...visit, session: visit.session }, asked);
}

/** What comes from another site is refused without a look at it; what has no seal of ours changes nothing. An upload brings its seal in its stream. */
function isForged(portal: Portal, visit: Visit, route: Route, request: FastifyRequest): PortalAnswer | null {
  const { headers } = request;
  const refusal: PortalAnswer =
    route.takes === 'json' ? { kind: 'json', status: 403, value: {} } : { kind: 'page', status: 403, page: noticePage(visit, 'oldForm') };
  const fetchSite = headers['sec-fetch-site'];
  if (isFromElsewhere({ fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined, origin: headers.origin }, visit.brand.url))
    return refusal;
  if (route.takes === 'upload') return request.isMultipart() ? null : refusal;
  const given = route.takes === 'form' ? texts(request.body)[SEAL_FIELD] : (objectOf(request.body)[SEAL_FIELD] ?? headers['x-seal']);
  return isSealOf(portal.key, visit.holder, given) ? null : refusal;
}

function visitOfRequest({ portal }: Gate, request: FastifyRequest, activity: 'person' | 'none'): Promise<Visit | 'wrong-host'> {
  const { headers } = request;
  const forwarded = headers['x-forwarded-for'];
  return visitOf(portal, {
    host: headers.host,
    path: onThisHost(request.method === 'GET' ? (request.url.split('?', 1)[0] ?? '/') : pageBehind(request.url)),
    query: texts(request.query),
    // There are none where not even the path could be read.
    cookies: request.cookies ?? {},
    acceptLanguage: headers['accept-language'],
    userAgent: headers['user-agent'],
    address: portal.clientOf(request.socket.remoteAddress ?? '', lastOf(forwarded)),
    activity,
  });
}

/** Two slashes at the beginning would name another host in a link of the page. */
function onThisHost(path: string): string {
  return path.replace(/^[/\\]{2,}/, '/');
}

/** Where the choice of a language leads from a page that answers a form. Every such path has a page of its own but these. */
function pageBehind(url: string): string {
  const path = url.split('?', 1)[0] ?? '/';
  return path.replace(/\/(?:send|remove|name)$|(?<=^\/security)\/password$/, '').replace(/^\/leave$/, '/signed-out');
}

/** What the proxy nearest to us has written; what stands before it anyone can have written. */
function lastOf(forwardedFor: string | readonly string[] | undefined): string | undefined {
  return (typeof forwardedFor === 'string' ? forwardedFor : forwardedFor?.at(-1))?.split(',').at(-1)?.trim();
}

const SHAPES: Readonly<Record<string, RegExp>> = { link: /^[0-9a-z-]{10,64}$/i, part: /^\d{1,4}(?:\.\d{1,4}){0,20}$/ };

/** Null: nothing of ours has such a path. */
function checkedParams(given: unknown): Readonly<Record<string, string>> | null {
  const params = texts(given);
  const id = params['id'] === undefined ? undefined : deliveryIdIn(params['id']);
  if (id === null) return null;
  const wrong = Object.entries(params).some(([name, value]) => SHAPES[name]?.test(value) === false);
  const link = params['link'];
  return wrong ? null : { ...params, ...(id === undefined ? {} : { id }), ...(link === undefined ? {} : { link: link.toLowerCase() }) };
}

/** Only what is text, each name once: a name that comes twice is none (OWASP ASVS 15.3.7). */
function texts(given: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(given)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function objectOf(given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {};
}

function tooMany(visit: Visit): PortalAnswer {
  return { kind: 'page', status: 429, page: tooManyPage(visit, WAIT_MS), retryAfter: WAIT_MS / 1_000 };
}

function notFoundAnswer(visit: Visit): PortalAnswer {
  return { kind: 'page', status: 404, page: noticePage(visit, 'notFound') };
}

export async function notFound(gate: Gate, request: FastifyRequest): Promise<Given | 'wrong-host'> {
  const visit = await visitOfRequest(gate, request, 'none');
  return visit === 'wrong-host' ? visit : { visit, answer: notFoundAnswer(visit) };
}

/** A client's own fault (a broken or too large form) is no bug. The session is not asked for: the desk may be what has failed. */
export async function faultAnswer({ portal }: Gate, error: unknown, request: FastifyRequest): Promise<Given | 'wrong-host'> {
  const nobody = { ...portal, desk: { ...portal.desk, session: async () => null } };
  const visit = await visitOfRequest({ portal: nobody, spent: NEVER_SPENT }, request, 'none');
  if (visit === 'wrong-host') return visit;
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return { visit, answer: { kind: 'page', status: 413, page: noticePage(visit, 'oldForm') } };
  if (status >= 400 && status < 500) return { visit, answer: { kind: 'page', status: 400, page: noticePage(visit, 'oldForm') } };
  if (isPassing(error)) return { visit, answer: { kind: 'page', status: 503, page: noticePage(visit, 'busy'), retryAfter: 60 } };
  // The browser went away in the middle of what it sent.
  if (error instanceof DeskUnavailable && error.code === 'body' && request.raw.destroyed)
    return { visit, answer: { kind: 'page', status: 400, page: noticePage(visit, 'oldForm') } };
  const id = portal.bug('portal.request', error);
  return { visit, answer: { kind: 'page', status: 500, page: faultPage(visit, id) } };
}

const NEVER_SPENT: Allowance = { spend: () => 'within', size: 0 };
