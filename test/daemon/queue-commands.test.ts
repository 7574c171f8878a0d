// The queue commands over the real store: one delivery or a whole message, what could not be changed, pages of a list.
import t from 'tap';
import { queueCommands } from '../../src/daemon/queue-commands.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import type { EvidenceKind } from '../../src/mail/evidence.ts';
import { decidingBy, simplePolicy } from '../support/deciding.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, settlement, T0 } from '../support/store-units.ts';
import { testSealer } from '../support/test-sealer.ts';
import { openTestDirect, testFolder } from '../support/test-store.ts';

const policy = simplePolicy();

async function scene(t: { teardown(handler: () => Promise<void>): void }) {
  const folder = testFolder();
  const { store } = openTestDirect(folder.path);
  const reader = openReader({ dataFolder: folder.path, sealer: testSealer() });
  t.teardown(async () => {
    await reader.close();
    await store.close();
    folder.remove();
  });
  const acted: (readonly [EvidenceKind, string])[] = [];
  const commands = queueCommands({
    reader: reader.queue,
    review: {
      queue: store.queue,
      ...decidingBy(policy),
      reader: reader.queue,
      accounts: store.accounts,
      clock: { now: () => T0, steady: () => T0 },
      holdFor: () => ({ clockMs: 3_600_000 }),
      wake: () => undefined,
    },
    acted: (kind, deliveryId) => void acted.push([kind, deliveryId]),
  });
  return { store, commands, acted };
}

const three = ['a@x.example', 'b@x.example', 'c@y.example'];
const by = { who: 'ben', why: 'asked by Dr Jones' };

t.test('one delivery', async (t) => {
  const { store, commands, acted } = await scene(t);
  await store.journal.accept(acceptUnit({ number: 1, recipients: three }));
  t.same(await commands['queue.hold']({ target: `${idOf(1)}/1`, ...by }), {
    kind: 'done',
    value: { changed: [`${idOf(1)}/1`], unchanged: [] },
  });
  t.same(acted, [['delivery.held', `${idOf(1)}/1`]]);
  const shown = await commands['queue.show']({ messageId: `${idOf(1)}/1` });
  t.match(shown, {
    value: { messageId: idOf(1), deliveries: [{ state: 'queued' }, { state: 'held', hold: { owner: 'ben' } }, { state: 'queued' }] },
  });
});

t.test('a whole message: what cannot be changed is named with its state', async (t) => {
  const { store, commands, acted } = await scene(t);
  const result = await store.journal.accept(acceptUnit({ number: 1, recipients: three, state: 'active' }));
  const leases = result.kind === 'accepted' ? result.active.map(({ lease }) => lease) : [];
  const [first, second] = leases;
  if (first === undefined || second === undefined) throw new Error('no leases');
  await store.queue.settle([settlement(first), settlement(second, { after: { state: 'deferred', dueAt: T0 + 60_000 } })], null);
  t.same(await commands['queue.cancel']({ target: idOf(1), ...by }), {
    kind: 'done',
    value: {
      changed: [`${idOf(1)}/1`],
      unchanged: [
        { deliveryId: `${idOf(1)}/0`, state: 'relayed' },
        { deliveryId: `${idOf(1)}/2`, state: 'active' },
      ],
    },
  });
  t.equal(acted.length, 1);
  t.match(await commands['queue.cancel']({ target: idOf(1), ...by }), {
    kind: 'failed',
    code: 'not-legal',
    text: `Nothing was changed: ${idOf(1)}/0 is relayed, ${idOf(1)}/1 is cancelled, ${idOf(1)}/2 is active.`,
  });
});

for (const target of [idOf(7), `${idOf(1)}/9`, 'nonsense', '', '/', '../..']) {
  t.test(`no such target: "${target}"`, async (t) => {
    const { store, commands, acted } = await scene(t);
    await store.journal.accept(acceptUnit({ number: 1, recipients: three }));
    t.match(await commands['queue.retry']({ target, who: 'ben' }), { kind: 'failed', code: 'not-found' });
    if (target !== `${idOf(1)}/9`) t.match(await commands['queue.show']({ messageId: target }), { kind: 'failed', code: 'not-found' });
    t.same(acted, []);
  });
}

t.test('retry, hold and release one after the other', async (t) => {
  const { store, commands, acted } = await scene(t);
  await store.journal.accept(acceptUnit({ number: 1 }));
  const target = `${idOf(1)}/0`;
  for (const command of ['queue.retry', 'queue.hold', 'queue.release', 'queue.cancel'] as const)
    t.match(await commands[command]({ target, ...by }), { kind: 'done' }, command);
  t.same(
    acted.map(([kind]) => kind),
    ['delivery.retried', 'delivery.held', 'delivery.released', 'delivery.cancelled'],
  );
});

t.test('a list comes in pages that lose nothing', async (t) => {
  const { store, commands } = await scene(t);
  for (let number = 1; number <= 7; number++)
    await store.journal.accept(acceptUnit({ number, recipients: three, state: number % 2 === 0 ? 'held' : 'queued' }));
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const answer = await commands['queue.list']({ states: ['queued'], after, limit: 5 });
    if (answer.kind !== 'done') throw new Error(answer.text);
    sizes.push(answer.value.entries.length);
    seen.push(...answer.value.entries.map(({ deliveryId }) => deliveryId));
    after = answer.value.next;
  }
  t.same(sizes, [5, 5, 2]);
  t.equal(new Set(seen).size, 12, 'each once, of that state only');
});
