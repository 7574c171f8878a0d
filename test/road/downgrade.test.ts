// A domain that had verified TLS for days and loses it: held, an alarm in the log, and evidence that says since when. The days pass by
// libfaketime; the TLS is taken away as an attacker on the way does it.
import t from 'tap';
import { fakeTime } from '../support/fake-time.ts';
import { inWords, logIn, post, recordsOf, untilOver } from '../support/posted.ts';
import { Postern } from '../support/postern.ts';
import { type PeerOptions, SmtpPeer } from '../support/smtp-peer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa, EXPIRED, selfSigned } from '../support/test-ca.ts';

const ca = createTestCa();
const names = ['localhost'];
const DAY = 24 * 3600;

/** What an attacker does to a domain, and what is then found. */
const LOSSES: Readonly<Record<string, { readonly then: PeerOptions; readonly found: string }>> = {
  stripped: { then: { identity: ca.issue({ names }), faults: ['strips-starttls'] }, found: 'none' },
  'without-tls': { then: {}, found: 'none' },
  'another-certificate': { then: { identity: selfSigned({ names }) }, found: 'tls' },
  expired: { then: { identity: ca.issue({ names, ...EXPIRED }) }, found: 'tls' },
  injected: { then: { identity: ca.issue({ names }), faults: ['injects-after-starttls'] }, found: 'none' },
};

for (const floor of ['tls-verified', 'tls'] as const) {
  t.test(`verified TLS is lost after days, at the floor ${floor}`, { timeout: 40_000 }, async (t) => {
    const time = fakeTime(temporaryFolder(t));
    const peers = new Map<string, SmtpPeer>();
    t.teardown(() => Promise.all([...peers.values()].map((peer) => peer.close())));
    const listen = async (name: string, options: PeerOptions): Promise<void> => {
      const before = peers.get(name);
      const peer = new SmtpPeer({ ...options, ...(before === undefined ? {} : { port: before.port }) });
      await before?.close();
      await peer.listen();
      peers.set(name, peer);
    };
    const domains = [...Object.keys(LOSSES), 'new'];
    for (const name of domains) await listen(name, { identity: ca.issue({ names }) });
    const routes = domains.map((name) => ({ domains: [`${name}.test`], port: peers.get(name)?.port ?? 0 }));
    const sections = { delivery: `delivery: { floor: ${floor}, retry: { first: 1h, longest: 1h } }` };
    const postern = await Postern.start(t, { ca, routes, sections, environment: time.environment });
    const sendTo = async (name: string): Promise<{ readonly id: string; readonly end: string }> => {
      const session = await logIn(postern);
      const { id } = await post(session, { to: [`jane@${name}.test`] });
      const end = (await untilOver(postern, id)).map(inWords).join();
      session.destroy();
      return { id, end };
    };

    for (const name of Object.keys(LOSSES)) t.equal((await sendTo(name)).end, 'relayed relayed 2.0.0', `${name}, on the first day`);
    await postern.kill('SIGTERM');
    time.set(4 * DAY);
    await postern.start();
    for (const name of domains) t.equal((await sendTo(name)).end, 'relayed relayed 2.0.0', `${name}, on the fifth day`);
    await postern.restart();

    for (const [name, { then, found }] of Object.entries(LOSSES)) {
      await listen(name, then);
      const { id, end } = await sendTo(name);
      // The weaker floor takes any certificate: then the alarm is all there is.
      const isSent = floor === 'tls' && found === 'tls';
      t.equal(end, isSent ? 'relayed relayed 2.0.0' : 'held delivery.below-floor 5.7.10', name);
      t.equal(peers.get(name)?.messages.length, isSent ? 1 : 0, `${name}: nothing was sent below the floor`);
      const records = await recordsOf(postern, id);
      const since = new Date(Date.now() - 5 * 60_000).toISOString().slice(0, 10);
      t.match(
        records.find(({ kind }) => kind === 'tls.downgraded'),
        { codes: { found, since: new RegExp(`^${since}`) }, detail: { domain: `${name}.test` } },
        name,
      );
      const alarm = postern.log.findLast(({ event }) => event === 'tls.downgraded');
      t.match(alarm, { level: 'error', tlsLevel: found, destination: /^[0-9a-f]{8,}$/ }, `${name}: an alarm`);
    }
    await listen('new', {});
    const { id, end } = await sendTo('new');
    t.equal(end, 'held delivery.below-floor 5.7.10');
    t.notOk(
      (await recordsOf(postern, id)).some(({ kind }) => kind === 'tls.downgraded'),
      'a domain known for less than days raises none',
    );
    t.equal(postern.log.filter(({ event }) => event === 'tls.downgraded').length, Object.keys(LOSSES).length);
  });
}
