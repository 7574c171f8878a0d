// Ways to sign in next time: set up, confirmed and removed here; checked and kept by the desk.
import type { Enrolled } from '../../gateway/pickup/desk.ts';
import { go, page, type PortalAnswer } from '../answer.ts';
import { appPage } from '../pages/app.ts';
import { endedPage } from '../pages/notices.ts';
import { provePage } from '../pages/prove.ts';
import { SECURITY_NEWS, type SecurityProblem, securityPage } from '../pages/security.ts';
import type { Asked, Portal, Route } from '../route.ts';
import type { SignedVisit } from '../visit.ts';

export function securityRoutes(portal: Portal): readonly Route[] {
  const row = (
    method: 'GET' | 'POST',
    path: string,
    work: (portal: Portal, visit: SignedVisit, asked: Asked) => Promise<PortalAnswer>,
    takes: Route['takes'] = 'form',
  ): Route => ({
    method,
    path: `/security${path}`,
    needs: 'session',
    ...(method === 'POST' ? { takes, cost: 5 } : {}),
    work: (visit, asked) => work(portal, visit, asked),
  });
  return [
    row('GET', '', async (_, visit, { query }) => shown(portal, visit, query['done'])),
    row('POST', '/password', password),
    row('POST', '/name', name),
    row('POST', '/remove', remove),
    row('GET', '/prove', async (_, visit) => page(provePage(visit))),
    row('GET', '/app', async (_, visit) => app(portal, visit, null)),
    row('POST', '/app', confirmApp),
    row('POST', '/passkey/options', passkeyOptions, 'json'),
    row('POST', '/passkey', passkey, 'json'),
  ];
}

function shown({ settings }: Portal, visit: SignedVisit, done: string | undefined): PortalAnswer {
  const news = SECURITY_NEWS.find((one) => one === done) ?? null;
  return page(securityPage(visit, { news, problem: null, password: settings.password }));
}

function problemPage({ settings }: Portal, visit: SignedVisit, problem: SecurityProblem): PortalAnswer {
  return { kind: 'page', status: 400, page: securityPage(visit, { news: null, problem, password: settings.password }) };
}

function signedOut(visit: SignedVisit): PortalAnswer {
  return { kind: 'page', status: 401, page: endedPage({ ...visit, session: null }, 'none') };
}

const PROBLEMS = {
  'too-short': 'tooShort',
  'too-long': 'tooLong',
  'too-common': 'tooCommon',
  'too-many': 'tooMany',
  wrong: 'failed',
} as const;

function enrolled(portal: Portal, visit: SignedVisit, result: Enrolled): PortalAnswer {
  switch (result.kind) {
    case 'enrolled':
      return go('/security?done=saved');
    case 'refused':
      return problemPage(portal, visit, PROBLEMS[result.why]);
    case 'prove-again':
      return { kind: 'page', status: 403, page: provePage(visit) };
    case 'signed-out':
      return signedOut(visit);
  }
}

async function password(portal: Portal, visit: SignedVisit, { fields }: Asked): Promise<PortalAnswer> {
  const request = { session: visit.session.token, password: fields['password'] ?? '' };
  return enrolled(portal, visit, await portal.desk.enrolPassword(request, visit.client));
}

async function name(portal: Portal, visit: SignedVisit, { fields }: Asked): Promise<PortalAnswer> {
  const given = (fields['name'] ?? '').replace(/\s+/g, ' ').trim().slice(0, 100);
  if (given === '') return go('/security');
  const done = await portal.desk.changePerson({ session: visit.session.token, name: given, language: visit.language }, visit.client);
  return done === 'done' ? go('/security?done=saved') : signedOut(visit);
}

async function remove(portal: Portal, visit: SignedVisit, { fields }: Asked): Promise<PortalAnswer> {
  const factorId = visit.session.view.person?.factors.find(({ id }) => String(id) === fields['factor'])?.id;
  if (factorId === undefined) return problemPage(portal, visit, 'failed');
  const done = await portal.desk.removeFactor({ session: visit.session.token, factorId }, visit.client);
  if (done === 'signed-out' || done === 'prove-again') return enrolled(portal, visit, { kind: done });
  return done === 'done' ? go('/security?done=removed') : problemPage(portal, visit, 'failed');
}

async function app(portal: Portal, visit: SignedVisit, wrong: string | null): Promise<PortalAnswer> {
  const secret = await portal.desk.newTotp(visit.session.token);
  if (secret === null) return signedOut(visit);
  const shownApp = appPage(visit, secret, wrong);
  return wrong === null ? page(shownApp) : { kind: 'page', status: 400, page: shownApp };
}

async function confirmApp(portal: Portal, visit: SignedVisit, { fields }: Asked): Promise<PortalAnswer> {
  const code = (fields['code'] ?? '').replace(/\s/g, '');
  const result = await portal.desk.enrolTotp({ session: visit.session.token, code }, visit.client);
  if (result.kind === 'refused' && result.why === 'wrong') return app(portal, visit, visit.words.security.wrong);
  return enrolled(portal, visit, result);
}

async function passkeyOptions(portal: Portal, visit: SignedVisit): Promise<PortalAnswer> {
  const options = await portal.desk.newPasskey(visit.session.token, visit.brand.name);
  return options === null ? { kind: 'json', status: 401, value: {} } : { kind: 'json', status: 200, value: { ...options } };
}

async function passkey(portal: Portal, visit: SignedVisit, { json }: Asked): Promise<PortalAnswer> {
  const { challengeId, response, label } = json;
  if (typeof challengeId !== 'string') return { kind: 'json', status: 403, value: {} };
  const request = { session: visit.session.token, challengeId, response, label: typeof label === 'string' ? label.slice(0, 60) : '' };
  const result = await portal.desk.enrolPasskey(request, visit.client);
  if (result.kind === 'enrolled') return { kind: 'json', status: 200, value: { to: '/security?done=saved' } };
  return result.kind === 'prove-again'
    ? { kind: 'json', status: 200, value: { to: '/security/prove' } }
    : { kind: 'json', status: result.kind === 'refused' ? 403 : 401, value: {} };
}
