// The session: who of several people it is, whether it still stands, and leaving it.
import { go, page, type PortalAnswer } from '../answer.ts';
import { SOMEBODY_ELSE, whoPage } from '../pages/who.ts';
import { endedPage, noticePage, signedOutPage, tooManyPage } from '../pages/notices.ts';
import type { Asked, Portal, Route } from '../route.ts';
import type { SignedVisit, Visit } from '../visit.ts';
import { whereTo } from './entering.ts';

export function sessionRoutes(portal: Portal): readonly Route[] {
  const left = async (visit: Visit): Promise<PortalAnswer> => {
    const view = visit.session?.view;
    const leftMs = view === undefined ? 0 : Math.min(view.idleUntil, view.endsAt) - portal.now();
    return { kind: 'json', status: view === undefined ? 401 : 200, value: { leftMs: Math.max(0, leftMs) } };
  };
  return [
    { method: 'GET', path: '/who', needs: 'session', person: 'not-yet', work: async (visit) => page(whoPage(visit, null)) },
    {
      method: 'POST',
      path: '/who',
      takes: 'form',
      needs: 'session',
      person: 'not-yet',
      work: (visit, asked) => choose(portal, visit, asked),
    },
    // A page asks how long it may still be shown: that is no sign of a person.
    { method: 'GET', path: '/session', activity: 'none', needs: 'nobody', work: left },
    { method: 'POST', path: '/session', takes: 'json', needs: 'nobody', work: left },
    { method: 'POST', path: '/leave', takes: 'form', needs: 'nobody', work: (visit) => leave(portal, visit) },
    { method: 'GET', path: '/signed-out', needs: 'nobody', work: async (visit) => page(signedOutPage(visit)) },
    {
      method: 'GET',
      path: '/ended',
      activity: 'none',
      needs: 'nobody',
      work: async (visit) =>
        page(endedPage(visit.session === null ? visit : { ...visit, session: null }, visit.cookie('draft') === null ? 'none' : 'kept')),
    },
  ];
}

async function choose(portal: Portal, visit: SignedVisit, { fields }: Asked): Promise<PortalAnswer> {
  const name = (fields['name'] ?? '').trim().slice(0, 100);
  const given = fields['person'] ?? '';
  const known = visit.session.view.people.find(({ id }) => String(id) === given);
  if (known === undefined && (given !== SOMEBODY_ELSE || name === '')) return { kind: 'page', status: 400, page: whoPage(visit, 'empty') };
  const chosen = await portal.desk.choosePerson({ session: visit.session.token, person: known?.id ?? { name } }, visit.client);
  switch (chosen.kind) {
    case 'signed-in':
      portal.open.forget(visit.session.token);
      return go(await whereTo(portal, chosen.session), [{ name: 'session', value: chosen.session }]);
    case 'wait':
      return { kind: 'page', status: 429, page: tooManyPage(visit, chosen.forMs), retryAfter: Math.ceil(chosen.forMs / 1_000) };
    case 'wrong':
    case 'totp':
      // Whoever has a factor is known by it, not by a click.
      return { kind: 'page', status: 400, page: whoPage(visit, 'factor') };
    case 'gone':
      return { kind: 'page', status: 410, page: noticePage(visit, 'gone') };
  }
}

/** The desk ends it, the browser forgets it; what it had kept of our pages is cleared too (OWASP ASVS 14.3.1). */
async function leave(portal: Portal, visit: Visit): Promise<PortalAnswer> {
  if (visit.session !== null) {
    portal.open.forget(visit.session.token);
    await portal.desk.leave(visit.session.token);
  }
  const ended = (['session', 'before', 'link', 'draft'] as const).map((name) => ({ name, value: null }));
  return { kind: 'go', to: '/signed-out', cookies: ended, clear: 'cache' };
}
