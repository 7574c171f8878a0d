// Law: what accept resolved is there, whole, with its evidence, after the store was closed and opened.
import type { Test } from 'tap';
import { acceptUnit, HOUR, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, claim, kindsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

export async function acceptLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('a message is kept whole', async (t) => {
    const first = await open(t);
    const unit = acceptUnit({
      number: 1,
      recipients: ['bob@partner.example', 'carol@other.example'],
      message: { references: '<0@hospital.example>', about: idOf(0), kind: 'notice' },
      delivery: (n) =>
        n === 1 ? { recipient: 'postmaster@hospital.example', notify: ['failure', 'delay'], orcpt: 'rfc822;carol@other.example' } : {},
    });
    t.same(await first.store.journal.accept(unit), { kind: 'accepted', active: [], repeated: [] });
    const again = await first.reopen();
    t.same(await again.store.journal.readMessage(idOf(1)), unit.message);
    t.same(Buffer.from((await again.store.journal.readSealed(idOf(1))) ?? []), Buffer.from(unit.sealed ?? []));
    t.same(kindsOf(again, idOf(1)), ['message.accepted', 'delivery.decided', 'delivery.decided']);
    t.equal(verified(again).bad, null);
    const deliveries = await claim(again);
    t.match(deliveries, [
      { recipient: 'bob@partner.example', notify: null, orcpt: null, n: 0 },
      { recipient: 'postmaster@hospital.example', notify: ['failure', 'delay'], orcpt: 'rfc822;carol@other.example', n: 1 },
    ]);
    t.same(deliveries[0]?.message, unit.message);
    t.same(deliveries[0]?.decision, unit.deliveries[0]?.decision);
    t.equal(deliveries[0]?.expiresAt, T0 + 24 * HOUR);
    t.same(Buffer.from(deliveries[0]?.destination ?? []), Buffer.from(digestOf('partner.example')));
  });

  await t.test('each state that a delivery may begin in', async (t) => {
    const fixture = await open(t);
    const states = ['queued', 'active', 'held'] as const;
    const unit = acceptUnit({
      number: 1,
      recipients: ['a@x.example', 'b@x.example', 'c@x.example'],
      delivery: (n) => ({
        state: states[n] ?? 'queued',
        hold: n === 2 ? { reason: 'policy', owner: 'gateway', deadline: T0 + HOUR } : null,
      }),
    });
    const active = await accepted(fixture, unit);
    t.same(
      active.map(({ n, lease }) => [n, lease.deliveryId, lease.owner]),
      [[1, `${idOf(1)}/1`, 'gateway-1']],
    );
    t.same(await statesOf(fixture, idOf(1)), states);
    t.same(
      (await claim(fixture)).map(({ n }) => n),
      [0],
      'only the queued one is claimed',
    );
    t.equal(
      (await fixture.store.queue.begin([{ lease: active[0]?.lease ?? fail(), at: T0, evidence: unit.evidence[0] ?? fail() }])).length,
      1,
      'the lease holds',
    );
  });

  await t.test('content in a spool file has no sealed bytes here', async (t) => {
    const fixture = await open(t);
    const { message } = acceptUnit({ number: 1 });
    await accepted(fixture, acceptUnit({ number: 1, message: { content: { ...message.content, place: 'file' } } }, { sealed: null }));
    t.equal(await fixture.store.journal.readSealed(idOf(1)), null);
    t.same(await fixture.store.retention.spooledIds(), [idOf(1)]);
  });

  await t.test('what is not there reads as null', async (t) => {
    const fixture = await open(t);
    t.equal(await fixture.store.journal.readSealed(idOf(9)), null);
    t.equal(await fixture.store.journal.readMessage(idOf(9)), null);
    t.equal(await fixture.reader.queue.show(idOf(9)), null);
  });

  await t.test('a null reverse-path and a message without reports', async (t) => {
    const fixture = await open(t);
    const { message } = acceptUnit({ number: 1 });
    const plain = acceptUnit({
      number: 1,
      message: {
        reportTo: null,
        headerMessageId: null,
        kind: 'dsn',
        envelope: { ...message.envelope, reversePath: '', envid: null, ret: null },
      },
    });
    await accepted(fixture, plain);
    t.same(await fixture.store.journal.readMessage(idOf(1)), plain.message);
  });
}

function fail(): never {
  throw new Error('nothing there');
}
