// Who a session speaks for follows the trust now in effect: a reload that takes trust away ends it in open sessions too.
import { Socket } from 'node:net';
import t from 'tap';
import { trust } from '../../src/access/trust.ts';
import { SessionIdentity } from '../../src/smtp/session-identity.ts';

const scanners = trust(
  [],
  [
    {
      kind: 'network',
      name: 'scanners',
      ranges: ['192.0.2.0/24'],
      mayUse: ['*@clinic.example'],
      reports: null,
      likelyRepeats: 'report',
      tenantProof: null,
    },
  ],
);
const nobody = trust([], []);

await t.test('trust that a reload takes away, and gives back', async (t) => {
  let inEffect = scanners;
  const who = new SessionIdentity({ trust: () => inEffect, clientChain: () => 'any', stranger: null });
  const client = { _socket: new Socket(), secure: false, remoteAddress: '192.0.2.7' };
  t.match(who.current(client), { submitter: { kind: 'network', name: 'scanners' } });
  inEffect = nobody;
  t.equal(who.current(client), null);
  inEffect = scanners;
  t.match(who.current(client), { submitter: { name: 'scanners' } });
});
