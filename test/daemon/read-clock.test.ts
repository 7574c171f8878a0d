// Who is to blame when a reading child has to be ended: each part's own time, without that of the parts in it.
import t from 'tap';
import { ReadClock } from '../../src/daemon/read-clock.ts';
import type { ReadEvent } from '../../src/mail/read-event.ts';

function begin(path: string): ReadEvent {
  return { event: 'part', part: { path, kind: 'text', declaredType: null, name: null, role: 'body', sizeBytes: 1, digest: null } };
}
const end = (path: string): ReadEvent => ({ event: 'part-read', path });
const defect: ReadEvent = { event: 'defect', defect: { part: '1', code: 'macro' } };

/** Events at times, then what is asked at a time. */
interface Case {
  readonly name: string;
  readonly events: readonly (readonly [usedMs: number, event: ReadEvent])[];
  readonly at: number;
  readonly current: string | null;
  readonly ownMs: number;
}

const CASES: readonly Case[] = [
  { name: 'nothing yet', events: [], at: 150, current: null, ownMs: 0 },
  { name: 'the message itself', events: [[110, begin('')]], at: 150, current: '', ownMs: 40 },
  {
    name: 'a part in it',
    events: [
      [110, begin('')],
      [120, begin('1')],
    ],
    at: 150,
    current: '1',
    ownMs: 30,
  },
  {
    name: 'behind a part: the time before it counts, its own does not',
    events: [
      [110, begin('')],
      [120, begin('1')],
      [500, end('1')],
    ],
    at: 530,
    current: '',
    ownMs: 40,
  },
  {
    name: 'the second of two',
    events: [
      [100, begin('')],
      [100, begin('1')],
      [200, end('1')],
      [200, begin('2')],
      [210, begin('2.1')],
      [300, end('2.1')],
    ],
    at: 305,
    current: '2',
    ownMs: 15,
  },
  {
    name: 'what is told of a part changes nothing',
    events: [
      [100, begin('')],
      [120, defect],
    ],
    at: 130,
    current: '',
    ownMs: 30,
  },
  {
    name: 'all has been read',
    events: [
      [100, begin('')],
      [120, end('')],
    ],
    at: 400,
    current: null,
    ownMs: 0,
  },
  {
    name: 'an end that closes what was left open',
    events: [
      [100, begin('')],
      [110, begin('1')],
      [120, begin('1.1')],
      [150, end('1')],
    ],
    at: 160,
    current: '',
    ownMs: 20,
  },
  { name: 'an end of what never began', events: [[100, end('7')]], at: 160, current: null, ownMs: 0 },
];

for (const { name, events, at, current, ownMs } of CASES) {
  t.test(name, async (t) => {
    const clock = new ReadClock(100);
    for (const [usedMs, event] of events) clock.add(event, usedMs);
    t.equal(clock.current, current);
    t.equal(clock.ownMs(at), ownMs);
  });
}
