// The pool keeps to its bounds, keeps the order, and says "busy" when the line is full.
import t from 'tap';
import { hashPool } from '../../src/access/hash-pool.ts';
import { MailError } from '../../src/mail/mail-error.ts';

/** Work that ends when it is told to. */
function gate(): { readonly work: () => Promise<string>; readonly open: (result: string) => void; started: boolean } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const state = {
    started: false,
    open: resolve,
    work: async (): Promise<string> => {
      state.started = true;
      return promise;
    },
  };
  return state;
}

await t.test('so many at once, the others in order', async (t) => {
  const pool = hashPool({ running: 2, waiting: 3 });
  const gates = Array.from({ length: 5 }, gate);
  const ends: string[] = [];
  const all = gates.map((one, i) => pool.run(one.work).then((result) => ends.push(`${i}:${result}`)));
  await Promise.resolve();
  t.same(
    gates.map(({ started }) => started),
    [true, true, false, false, false],
  );
  await t.rejects(pool.run(gate().work), { code: 'auth.busy' }, 'the line is full');
  gates[1]?.open('b');
  await all[1];
  t.same(
    gates.map(({ started }) => started),
    [true, true, true, false, false],
    'the first in line has its place',
  );
  for (const one of gates) one.open('x');
  await Promise.all(all);
  t.same(ends, ['1:b', '0:x', '2:x', '3:x', '4:x']);
  t.equal(await pool.run(async () => 'again'), 'again', 'all places are free again');
});

await t.test('work that fails gives its place back', async (t) => {
  const pool = hashPool({ running: 1, waiting: 0 });
  await t.rejects(
    pool.run(async () => {
      throw new Error('broken');
    }),
    { message: 'broken' },
  );
  t.equal(await pool.run(async () => 1), 1);
});

await t.test('busy is a temporary failure with a reply of its own', async (t) => {
  const pool = hashPool({ running: 0, waiting: 0 });
  const error = await pool.run(async () => 1).catch((reason: unknown) => reason);
  t.ok(error instanceof MailError);
  if (error instanceof MailError) t.equal(error.reply.code, 454);
});
