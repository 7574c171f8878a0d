// kill -9 at random moments under load, again and again. Clients do what clients do: what got no 250 they send again. Afterwards nothing
// that was accepted is missing, no try made a second message, every copy is marked, and the log is whole and signed.
import t from 'tap';
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ROW_BYTES } from '../../src/spool/spool.ts';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { Load, loadMessage, type LoadMessage } from '../support/load.ts';
import { Postern } from '../support/postern.ts';
import { Sink } from '../support/sink.ts';
import { storyOf } from '../support/story.ts';
import { createTestCa } from '../support/test-ca.ts';

const CYCLES = 6;
const LARGE = ROW_BYTES + 50_000;

/** Most mail is small, some fills a row of the journal, some is a spool file. */
function sizeOf(i: number): number {
  if (i % 12 === 5) return LARGE;
  return i % 12 === 9 ? 150_000 : 2_000;
}

function* endless(): Generator<LoadMessage> {
  for (let i = 0; ; i++) {
    const recipients = i % 4 === 3 ? [`ok-${i}@good.test`, `no-${i}@good.test`, `ok-${i}@other.test`] : [`ok-${i}@good.test`];
    yield loadMessage(`kill-${i}`, recipients, sizeOf(i));
  }
}

t.test('kill -9 under load', { timeout: 90_000 }, async (t) => {
  const ca = createTestCa();
  const killed = { atDots: 0 };
  // A next hop that thinks for a moment, so that a kill finds attempts whose outcome nobody knows.
  const sink = await Sink.start(t, { identity: ca.issue({ names: ['localhost'] }), atDot: () => wait(killed.atDots++ % 8 === 0 ? 30 : 2) });
  const postern = await Postern.start(t, { ca, routes: [{ domains: ['*'], port: sink.port }] });
  const load = new Load({ postern, messages: endless(), connections: 8, again: 'until-taken' });
  const moments: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const before = load.accepted.length;
    while (load.accepted.length === before) await postern.happened();
    const moment = randomInt(50, 1_200);
    moments.push(moment);
    await wait(moment);
    t.equal((await postern.kill('SIGKILL')).signal, 'SIGKILL', `killed ${moment} ms after the first 250`);
    await postern.start();
  }
  await load.stop();
  await untilSettled(postern, 30_000);
  sink.look();

  const durable = await readDurable(postern);
  t.same(breaches({ durable, accepted: load.accepted, sinks: [sink] }), [], `killed at ${moments.join(', ')} ms`);
  const story = storyOf(durable.evidence);
  const lost = durable.evidence.filter(({ kind }) => kind === 'attempt.lost').length;
  const recovered = postern.log.filter(({ event }) => event === 'service.recovered');
  t.equal(recovered.reduce((sum, { lostAttempts }) => sum + Number(lostAttempts), 0) >= lost, true, 'each start says what it found');
  t.ok(load.failures.length > 0, 'the kills were noticed');
  t.comment(`${load.accepted.length} accepted, ${load.failures.length} tries lost, ${story.deliveries.size} deliveries`);
  t.comment(
    `${lost} outcomes unknown, ${sink.arrivals.length} arrivals, starts ${recovered.map(({ recoveryMs }) => Math.round(Number(recoveryMs))).join(', ')} ms`,
  );
});
