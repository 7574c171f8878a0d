// Signing in with a passkey: the browser's script asks for a challenge and brings the answer. With a link or without one.
import type { PortalAnswer } from '../answer.ts';
import type { Asked, Portal, Route } from '../route.ts';
import type { Visit } from '../visit.ts';
import { whereTo } from './entering.ts';

export function passkeyRoutes(portal: Portal): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/passkey/options',
      takes: 'json',
      cost: 2,
      needs: 'nobody',
      work: (visit) => options(portal, visit),
    },
    { method: 'POST', path: '/passkey', takes: 'json', cost: 5, needs: 'nobody', work: (visit, asked) => enter(portal, visit, asked) },
  ];
}

async function options({ desk }: Portal, { brand, client }: Visit): Promise<PortalAnswer> {
  return { kind: 'json', status: 200, value: { ...(await desk.passkeyOptions(brand.name, client)) } };
}

async function enter(portal: Portal, visit: Visit, { json }: Asked): Promise<PortalAnswer> {
  const { challengeId, response } = json;
  if (typeof challengeId !== 'string') return { kind: 'json', status: 403, value: {} };
  const session = visit.session?.token ?? null;
  const entered = await portal.desk.enterPasskey({ challengeId, response, session }, visit.client);
  if (entered.kind !== 'signed-in') return { kind: 'json', status: entered.kind === 'wait' ? 429 : 403, value: {} };
  return {
    kind: 'json',
    status: 200,
    value: { to: await whereTo(portal, entered.session) },
    cookies: [
      { name: 'session', value: entered.session },
      { name: 'before', value: null },
    ],
  };
}
