// The law of conservation under a mixed load, nothing failing but the world outside: every recipient that was accepted reaches exactly
// one end or an open hold, the next hop has what was relayed, and the originator was told of the rest.
import t from 'tap';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { Load, loadMessage, type LoadMessage } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { createTestCa } from '../support/test-ca.ts';

const MESSAGES = 150;
const LARGE = ROW_BYTES + 50_000;

/** Most mail is small, some fills a row of the journal, some is a spool file. */
function sizeOf(i: number): number {
  if (i % 12 === 5) return LARGE;
  return i % 12 === 9 ? 150_000 : 2_000;
}

/** Every kind of recipient, alone and together; one message in ten is large enough for a spool file. */
function* mixed(): Generator<LoadMessage> {
  for (let i = 0; i < MESSAGES; i++) {
    const recipients = [
      [`ok-${i}@good.test`],
      [`ok-${i}@good.test`, `no-${i}@good.test`, `later-${i}@good.test`],
      [`no-${i}@good.test`],
      [`later-${i}@good.test`, `ok-${i}@other.test`],
      [`ok-${i}@plain.test`, `ok-${i}@good.test`],
    ][i % 5];
    yield loadMessage(`mixed-${i}`, recipients ?? [], sizeOf(i));
  }
}

t.test('every recipient reaches one end, and everybody agrees', async (t) => {
  const ca = createTestCa();
  const good = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }) });
  const plain = await Sink.start(t);
  const postern = await Postern.start(t, {
    ca,
    routes: [
      { domains: ['plain.test'], port: plain.port },
      { domains: ['*'], port: good.port },
    ],
  });
  const load = new Load({ postern, messages: mixed(), connections: 8, again: 'once' });
  await load.done;
  t.same(load.failures, [], 'all is taken');
  await untilSettled(postern, 20_000);
  good.look();
  plain.look();
  const durable = await readDurable(postern);
  t.same(breaches({ durable, accepted: load.accepted, sinks: [good, plain] }), []);

  const states = durable.deliveries.filter(({ kind }) => kind === 'message').map(({ state }) => state);
  const count = (state: string): number => states.filter((one) => one === state).length;
  t.equal(count('relayed'), (MESSAGES / 5) * 6, 'taken at once, or at the second try');
  t.equal(count('returned'), (MESSAGES / 5) * 2, 'refused by the next hop');
  t.equal(count('held'), MESSAGES / 5, 'below the floor');
  t.equal(plain.arrivals.length, 0, 'nothing went below the floor');
  t.equal(good.arrivals.length, count('relayed'), 'each arrived once');
  t.ok(good.notices.length > 0, 'who looks after what is held was told');
  t.equal(new Set(good.notices).size, good.notices.length, 'by each notice once');
  const told = good.reports.filter(({ action }) => action === 'failed').map(({ recipient }) => recipient);
  t.equal(told.length, count('returned'), 'a report for each that was refused');
  t.ok(told.every((recipient) => recipient.startsWith('no-')));
  t.equal((await postern.stop()).code, 0);
  t.equal(
    (await readDurable(postern)).verdict.provenTo,
    (await readDurable(postern)).evidence.at(-1)?.seq,
    'a stop leaves the whole chain signed',
  );
});
