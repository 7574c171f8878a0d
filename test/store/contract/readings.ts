// Law: every accepted message is to be read once; what was seen in it is counted in the commit that says so, and outlives a restart.
import type { Test } from 'tap';
import { acceptUnit, decideUnit, HOUR, reading, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, kindsOf, verified } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const LOGO = digestOf('logo');
const SCAN = digestOf('scan');

export async function readingsLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('accepted messages are unread until a reading is recorded, once', async (t) => {
    const fixture = await open(t);
    for (const number of [1, 2, 3]) await accepted(fixture, acceptUnit({ number }));
    await accepted(fixture, acceptUnit({ number: 4, message: { kind: 'dsn', about: idOf(1) } }));
    const { readings } = fixture.store;
    t.same(await readings.unread({ after: null, limit: 10 }), [idOf(1), idOf(2), idOf(3)], 'our own reports are not read');
    t.same(await readings.unread({ after: null, limit: 2 }), [idOf(1), idOf(2)], 'oldest first');
    t.same(await readings.unread({ after: idOf(1), limit: 10 }), [idOf(2), idOf(3)], 'after one that is left for later');
    const unit = decideUnit(2, { reading: reading({ pictures: [LOGO] }) });
    await fixture.store.journal.decide(unit);
    await fixture.store.journal.decide(unit);
    const again = await fixture.reopen();
    t.same(await again.store.readings.unread({ after: null, limit: 10 }), [idOf(1), idOf(3)]);
    t.equal(kindsOf(again, idOf(2)).filter((kind) => kind === 'message.read').length, 1, 'evidence once');
    t.same(await again.store.readings.sightings([LOGO, SCAN]), [{ messages: 1, firstAt: T0, lastAt: T0 }, null], 'counted once');
    t.equal(verified(again).bad, null);
  });

  await t.test('a message whose content has gone is not to be read', async (t) => {
    const fixture = await open(t);
    await accepted(fixture, acceptUnit({ number: 1 }));
    await fixture.store.retention.removeContent([idOf(1)], []);
    t.same(await fixture.store.readings.unread({ after: null, limit: 10 }), []);
  });

  await t.test('pictures: how often, since when, and forgotten after half a year', async (t) => {
    const fixture = await open(t);
    const { readings } = fixture.store;
    const record = async (number: number, at: number, pictures: readonly Uint8Array[]): Promise<void> => {
      await accepted(fixture, acceptUnit({ number }));
      await fixture.store.journal.decide(decideUnit(number, { at, reading: reading({ pictures }), evidence: [] }));
    };
    await record(1, T0, [LOGO, SCAN]);
    await record(2, T0 + HOUR, [LOGO]);
    t.same(await readings.sightings([SCAN, LOGO]), [
      { messages: 1, firstAt: T0, lastAt: T0 },
      { messages: 2, firstAt: T0, lastAt: T0 + HOUR },
    ]);
    const later = T0 + 183 * 24 * HOUR + HOUR / 2;
    await record(3, later, []);
    t.same(await readings.sightings([SCAN, LOGO]), [null, { messages: 2, firstAt: T0, lastAt: T0 + HOUR }]);
  });
}
