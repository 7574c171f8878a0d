// Law: a unit is taken into a commit or withdrawn, never both.
import type { Test } from 'tap';
import { acceptUnit } from '../../support/store-units.ts';
import { idOf } from '../../support/store-names.ts';
import { recordsOf } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

export async function withdrawalLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('withdrawn before: nothing is stored', async (t) => {
    const { store, board, reader } = await open(t);
    const ticket = board.open() ?? 0;
    t.equal(board.withdraw(ticket), 'withdrawn');
    t.same(await store.journal.accept(acceptUnit({ number: 1 }, { ticket })), { kind: 'withdrawn' });
    t.equal(await store.journal.readMessage(idOf(1)), null);
    t.equal(reader.audit.read({ afterSeq: 0, limit: 10 }).length, 0);
  });

  await t.test('too late: it counts as accepted', async (t) => {
    const { store, board } = await open(t);
    const ticket = board.open() ?? 0;
    t.equal((await store.journal.accept(acceptUnit({ number: 1 }, { ticket }))).kind, 'accepted');
    t.equal(board.withdraw(ticket), 'taken');
  });

  await t.test('withdrawn at any moment: both sides agree', async (t) => {
    const fixture = await open(t);
    const { store, board } = fixture;
    const seen = { accepted: 0, withdrawn: 0 };
    for (let number = 0; number < 300; number++) {
      const ticket = board.open();
      if (ticket === null) throw new Error('no slot is free');
      const answer = store.journal.accept(acceptUnit({ number }, { ticket }));
      // the moment moves through the life of the unit: before it is sent, while it is under way, after its commit
      await turns(number % 30);
      const withdrawn = board.withdraw(ticket);
      const result = await answer;
      board.close(ticket);
      const stored = await store.journal.readMessage(idOf(number));
      if (withdrawn === 'withdrawn') {
        if (result.kind !== 'withdrawn' || stored !== null) t.fail(`withdrawn, and yet ${result.kind}`);
        seen.withdrawn += 1;
      } else {
        if (result.kind !== 'accepted' || stored === null) t.fail(`taken, and yet ${result.kind}`);
        seen.accepted += 1;
      }
    }
    t.ok(seen.withdrawn > 0 && seen.accepted > 0, `both happened: ${JSON.stringify(seen)}`);
    t.equal(recordsOf(fixture).filter(({ kind }) => kind === 'message.accepted').length, seen.accepted);
  });
}

/** Lets the event loop turn so many times. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}
