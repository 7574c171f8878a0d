// Law: units share a commit and nothing else. One that fails leaves no trace; its neighbours and the chain stay good.
import type { Test } from 'tap';
import { acceptUnit, DECISION, evidence, settlement, T0 } from '../../support/store-units.ts';
import { digestOf, idOf } from '../../support/store-names.ts';
import { accepted, claim, kindsOf, recordsOf, statesOf, verified } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

/** Evidence that cannot be written: it fails after what stands before it in its unit. */
const BAD = evidence('config.loaded', null, null, { value: Number.NaN });

export async function isolationLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('a failed unit between good ones, at the same moment', async (t) => {
    const fixture = await open(t);
    const results = await Promise.allSettled([
      fixture.store.journal.accept(acceptUnit({ number: 1 })),
      fixture.store.journal.accept(acceptUnit({ number: 1 }, { sealed: Buffer.from('another with the same id'), deliveries: [] })),
      fixture.store.audit.append([evidence('config.loaded', null), BAD]),
      fixture.store.journal.accept(acceptUnit({ number: 2 })),
      fixture.store.audit.append([evidence('gateway.started', null)]),
    ]);
    t.same(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
    );
    t.same(
      recordsOf(fixture).map(({ kind }) => kind),
      ['message.accepted', 'delivery.decided', 'message.accepted', 'delivery.decided', 'gateway.started'],
    );
    t.equal(verified(fixture).bad, null);
    t.equal(Buffer.from((await fixture.store.journal.readSealed(idOf(1))) ?? []).length, 2050);
    const again = await fixture.reopen();
    t.match(verified(again), { bad: null, chainedTo: 5, provenTo: 5 });
  });

  await t.test('what a failed unit was the first to name can be named again', async (t) => {
    const fixture = await open(t);
    const fresh = { decision: { ...DECISION, rule: 'new' }, destination: digestOf('new.example') };
    const unit = acceptUnit({ number: 1, delivery: () => fresh });
    for (let round = 0; round < 2; round++) {
      await t.rejects(fixture.store.journal.accept({ ...unit, evidence: [...unit.evidence, BAD] }));
      t.equal(await fixture.store.journal.readMessage(idOf(1)), null);
    }
    await accepted(
      fixture,
      acceptUnit({ number: 3, delivery: () => ({ decision: { ...DECISION, rule: 'other' }, destination: digestOf('other.example') }) }),
    );
    await accepted(fixture, unit);
    const claimed = await claim(fixture);
    t.same(claimed.map(({ decision, destination }) => [decision.rule, Buffer.from(destination).toString('hex')]).toSorted(), [
      ['new', Buffer.from(digestOf('new.example')).toString('hex')],
      ['other', Buffer.from(digestOf('other.example')).toString('hex')],
    ]);
  });

  await t.test('a settlement fails whole: none of its deliveries, nothing of its news', async (t) => {
    const fixture = await open(t);
    const active = await accepted(fixture, acceptUnit({ number: 1, recipients: ['a@x.example', 'b@x.example'], state: 'active' }));
    const [first, second] = active.map(({ lease }) => settlement(lease));
    if (first === undefined || second === undefined) throw new Error('not claimed');
    const news = { destination: digestOf('x.example'), notBefore: T0 + 1, failures: 1 };
    await t.rejects(fixture.store.queue.settle([first, { ...second, evidence: [BAD] }], news));
    t.same(await statesOf(fixture, idOf(1)), ['active', 'active']);
    t.equal(await fixture.store.queue.readDestination(digestOf('x.example')), null);
    t.same(await fixture.reader.queue.counts(), { ...(await fixture.reader.queue.counts()), active: 2, relayed: 0 });
    t.notOk(kindsOf(fixture, idOf(1)).includes('delivery.relayed'));
    t.same(await fixture.store.queue.settle([first, second], null), [], 'the same without the fault');
    t.same(await fixture.reader.queue.counts(), { ...(await fixture.reader.queue.counts()), active: 0, relayed: 2 });
  });

  await t.test('what a bug says holds no data', async (t) => {
    const fixture = await open(t);
    const error = await fixture.store.journal.accept(acceptUnit({ number: 1 }, { evidence: [BAD] })).then(
      () => null,
      (reason: unknown) => reason,
    );
    t.ok(error instanceof Error);
    t.notMatch(String(error), /partner\.example|hospital\.example/);
  });

  await t.test('many at once, every tenth bad', async (t) => {
    const fixture = await open(t);
    const results = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) => {
        const unit = acceptUnit({ number: i });
        return fixture.store.journal.accept(i % 10 === 9 ? { ...unit, evidence: [...unit.evidence, BAD] } : unit);
      }),
    );
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 270);
    t.match(verified(fixture), { bad: null, chainedTo: 540 });
    t.equal((await fixture.reader.queue.counts()).queued, 270);
  });
}
