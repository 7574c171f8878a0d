// A running gateway opens its desk where a portal is set up, and nowhere else; a socket that cannot be had is a sentence at the start.
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { Postern } from '../support/postern.ts';

const CLIENT = { address: '192.0.2.7', userAgent: 'Firefox' };
const PORTAL = `portal:
  url: https://portal.clinic.test
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
`;

await t.test('with a portal', async (t) => {
  const postern = await Postern.start(t, { routes: [], sections: { portal: PORTAL } });
  const path = deskSocketPath(join(postern.folder, 'run'));
  t.equal(statSync(path).mode & 0o777, 0o660);
  t.equal(statSync(dirname(path)).mode & 0o007, 0, 'nobody else enters');
  const desk = deskClient(path);
  t.equal(await desk.look('no-link-of-ours', CLIENT), null);
  t.equal(await desk.session('A'.repeat(43), 'person'), null);
  t.same(await desk.open({ session: 'A'.repeat(43), deliveryId: '01M00000000000000000000001/0' }, CLIENT), { kind: 'signed-out' });
  const { challengeId, options } = await desk.passkeyOptions('default', CLIENT);
  t.match(options, { rpId: 'portal.clinic.test', userVerification: 'required' });
  t.same(await desk.enterPasskey({ challengeId, response: {}, session: null }, CLIENT), { kind: 'wrong' });
  await postern[Symbol.asyncDispose]();
  await t.rejects(desk.look('x', CLIENT), { code: 'no-service' });
});

await t.test('without one', async (t) => {
  const postern = await Postern.start(t, { routes: [] });
  t.notOk(existsSync(deskSocketPath(join(postern.folder, 'run'))));
});
