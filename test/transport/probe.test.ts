// What a probe says of a next hop is what a delivery with the same floor would meet, and no mail is named.
import t from 'tap';
import type { TlsFloor } from '../../src/mail/tls.ts';
import { probe, type Probed } from '../../src/transport/probe.ts';
import { nextHop, PEER_NAME, QUICK } from '../support/send-request.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from '../support/smtp-peer.ts';
import { createTestCa, EXPIRED } from '../support/test-ca.ts';

const ca = createTestCa();
const good = ca.issue({ names: [PEER_NAME] });
const expired = ca.issue({ names: [PEER_NAME], ...EXPIRED });

async function ask(
  t: Parameters<typeof startPeer>[0],
  options: PeerOptions,
  floor: TlsFloor,
  signal = new AbortController().signal,
): Promise<{ found: Probed; peer: SmtpPeer }> {
  const peer = await startPeer(t, options);
  const found = await probe(
    nextHop(peer.port),
    '127.0.0.1',
    floor,
    { name: 'gateway.clinic.test', trustAnchors: [ca.certificatePem], timeouts: QUICK },
    signal,
  );
  return { found, peer };
}

await t.test('what is found', async (t) => {
  const rows: readonly (readonly [string, PeerOptions, TlsFloor, object])[] = [
    ['good', { identity: good }, 'tls-verified', { code: null, tls: { level: 'tls-verified', certificate: 'chain-and-name' } }],
    ['not authenticated', { identity: good }, 'tls-authenticated', { code: 'delivery.below-floor', tls: { level: 'tls-verified' } }],
    ['expired', { identity: expired }, 'tls-verified', { code: 'delivery.below-floor', tls: { level: 'tls', certificate: 'expired' } }],
    ['expired, any will do', { identity: expired }, 'tls', { code: null, tls: { level: 'tls', certificate: 'expired' } }],
    ['no TLS', {}, 'tls', { code: 'delivery.below-floor', tls: { level: 'none', certificate: 'not-checked' } }],
    ['busy', { identity: good, faults: ['greets-421'] }, 'tls', { code: 'delivery.refused-temporarily', tls: null }],
  ];
  for (const [name, options, floor, expected] of rows) {
    const { found, peer } = await ask(t, options, floor);
    t.match(found, { address: '127.0.0.1', ...expected }, name);
    t.notOk(
      peer.lines.some((line) => /^(?:MAIL|RCPT|DATA|AUTH)/.test(line)),
      `${name}: no mail is named`,
    );
  }
});

await t.test('ends politely, and at once when told to', async (t) => {
  const { peer } = await ask(t, { identity: good }, 'tls-verified');
  await peer.until(({ sessions }) => sessions[0]?.ended === 'yes');
  t.equal(peer.lines.at(-1), 'QUIT');
  const { found } = await ask(t, { identity: good, faults: ['hangs-at-connect'] }, 'tls', AbortSignal.abort());
  t.match(found, { code: 'delivery.stopped', tls: null });
});
