// The two marks of free space: what stops at each, what is told, and one record for each time that space runs short.
import t from 'tap';
import { diskWatch } from '../../src/gateway/disk-watch.ts';
import { gatewayGround } from '../support/gateway-ground.ts';

const REFUSE = 2_000;
const STOP = 500;

type Told = 'refuse' | 'stop' | 'recovered';

interface Case {
  readonly name: string;
  /** What is free at each look, whether mail is accepted and delivered after it, and what is told. */
  readonly looks: readonly (readonly [free: number, accepts: boolean, delivers: boolean, told: Told | null])[];
  readonly records: number;
}

const cases: readonly Case[] = [
  {
    name: 'plenty',
    looks: [
      [90_000, true, true, null],
      [80_000, true, true, null],
    ],
    records: 0,
  },
  {
    name: 'to the octet at the mark',
    looks: [
      [REFUSE, true, true, null],
      [REFUSE - 1, false, true, 'refuse'],
    ],
    records: 1,
  },
  {
    name: 'to the octet at the second mark',
    looks: [
      [STOP, false, true, 'refuse'],
      [STOP - 1, false, false, 'stop'],
    ],
    records: 1,
  },
  {
    name: 'told once while it lasts',
    looks: [
      [900, false, true, 'refuse'],
      [800, false, true, null],
      [900, false, true, null],
    ],
    records: 1,
  },
  {
    name: 'down and up again',
    looks: [
      [900, false, true, 'refuse'],
      [100, false, false, 'stop'],
      [900, false, true, 'refuse'],
      [9_000, true, true, 'recovered'],
    ],
    records: 1,
  },
  {
    name: 'full from one look to the next',
    looks: [
      [9_000, true, true, null],
      [0, false, false, 'stop'],
    ],
    records: 1,
  },
  {
    name: 'twice',
    looks: [
      [900, false, true, 'refuse'],
      [9_000, true, true, 'recovered'],
      [900, false, true, 'refuse'],
      [9_000, true, true, 'recovered'],
    ],
    records: 2,
  },
];

for (const { name, looks, records } of cases) {
  t.test(name, async (t) => {
    const { store, clock, events, evidence } = await gatewayGround(t);
    const disk = { free: 0 };
    const watch = diskWatch({
      freeBytes: async () => disk.free,
      refuseBelowBytes: REFUSE,
      stopBelowBytes: STOP,
      append: (written) => store.audit.append(written),
      clock,
      events,
    });
    t.same([watch.mayAccept(), watch.mayDeliver()], [false, false], 'in doubt before the first look');
    for (const [free, accepts, delivers, told] of looks) {
      disk.free = free;
      const before = events.alarms.length;
      await watch.look();
      t.same([watch.freeBytes(), watch.mayAccept(), watch.mayDeliver()], [free, accepts, delivers], `${free} free`);
      const said = events.alarms.slice(before).map((alarm) => (alarm.what === 'disk-low' ? alarm.mark : 'recovered'));
      t.same(said, told === null ? [] : [told]);
    }
    t.equal(evidence().filter(({ kind }) => kind === 'disk.low').length, records);
  });
}

t.test('a look that fails leaves things as they were', async (t) => {
  const { clock, events } = await gatewayGround(t);
  let answers: Promise<number> = Promise.resolve(9_000);
  const watch = diskWatch({
    freeBytes: () => answers,
    refuseBelowBytes: REFUSE,
    stopBelowBytes: STOP,
    append: async () => undefined,
    clock,
    events,
  });
  await watch.look();
  answers = Promise.reject(new Error('statfs'));
  await t.rejects(watch.look());
  t.same([watch.mayAccept(), watch.mayDeliver()], [true, true]);
});
