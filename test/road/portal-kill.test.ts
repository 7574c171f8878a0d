// kill -9 while messages come to wait at the portal and people read, answer, take back and send back, again and again. Afterwards each has one pickup in
// one honest state, its notice went out, and nothing that anybody was told is undone.
import t from 'tap';
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { PickupReport } from '../../src/control/pickup-commands.ts';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { Load, loadMessage, type LoadMessage } from '../support/load.ts';
import { Patients } from '../support/patients.ts';
import { allPickups, pickupBreaches } from '../support/pickup-conservation.ts';
import { portalStage } from '../support/portal-stage.ts';

/** How long a life is quiet before mail comes: one lives until the pickups of those before it end by their term, three seconds after a start. */
const QUIET_MS = [0, 0, 2_600, 0] as const;
/** A kill comes at one of the steps that people take meanwhile: some fifty in a cycle. */
const STEPS = 40;
const MESSAGES = 10;

function* letters(cycle: number): Generator<LoadMessage> {
  for (let i = 0; i < MESSAGES; i++) {
    const n = cycle * MESSAGES + i;
    const at = (...roles: readonly string[]): readonly string[] => roles.map((role) => `${role}-${n}@home.test`);
    // None in the last cycles: they would end only half a minute after the last start.
    const brief = cycle < 3 ? 'brief' : 'late';
    const alone = [
      at('reads'),
      at('mails'),
      at('waits', brief),
      [`ok-${n}@good.test`, ...at('reads', 'recalls')],
      at('bounces', 'mails', brief),
    ];
    yield loadMessage(`portal-${n}`, alone[i % alone.length] ?? [], i % 8 === 5 ? 150_000 : 2_000);
  }
}

t.test('kill -9 while people pick up', { timeout: 200_000 }, async (t) => {
  const killed = { atDots: 0 };
  // A next hop that thinks for a moment, so that a kill finds notices whose outcome nobody knows.
  const stage = await portalStage(t, {}, () => wait(killed.atDots++ % 8 === 0 ? 30 : 2));
  const { postern, home, clinic } = stage;
  const patients = new Patients(stage);
  const loads: Load[] = [];
  const accepted = () => loads.flatMap((load) => load.accepted);
  const watching = setInterval(() => patients.look(accepted()), 20);
  t.teardown(() => clearInterval(watching));
  const moments: number[] = [];
  for (const [cycle, quietMs] of QUIET_MS.entries()) {
    await wait(quietMs);
    const load = new Load({ postern, messages: letters(cycle), connections: 3, again: 'until-taken' });
    loads.push(load);
    const step = randomInt(1, STEPS);
    moments.push(step);
    await patients.stepped(patients.steps + step, 1_500);
    await wait(randomInt(0, 12));
    t.equal((await postern.kill('SIGKILL')).signal, 'SIGKILL', `killed ${step} steps after mail began to come`);
    await postern.start();
  }
  const name = `killed after ${moments.join(', ')} steps`;
  for (const load of loads) await load.done;
  // Whoever was told something may count on it; who was not has time now.
  const isOpen = ({ state, owed, recipient, recalledAt }: PickupReport): boolean =>
    recalledAt === null && (owed !== null || (state === 'waiting' && !/^(?:waits|late)-/.test(recipient)));
  while ((await allPickups(stage)).some(isOpen)) await postern.happened();
  await patients.done();
  await untilSettled(postern, 20_000);
  home.look();
  clinic.look();
  const durable = await readDurable(postern);
  t.same(breaches({ durable, accepted: accepted(), sinks: [home, clinic] }), [], name);
  t.same(await pickupBreaches(stage, durable, patients.promised), [], name);
  const { promised } = patients;
  for (const [what, size] of Object.entries({
    opened: promised.opened.size,
    answered: promised.answered.size,
    recalled: promised.recalled.size,
    bounced: promised.bounced.size,
  }))
    t.ok(size > 0, `${size} ${what}`);
  t.ok(
    durable.evidence.some(({ kind }) => kind === 'delivery.expired'),
    'and some expired',
  );
  t.ok(patients.lost > 0, 'the kills were noticed');
  t.comment(`${accepted().length} accepted, ${patients.lost} tries of people lost, ${home.messages.length} notices and codes`);
});
