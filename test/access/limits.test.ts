// Sending limits: within, beyond, far beyond.
import t from 'tap';
import { sendingCheck } from '../../src/access/limits.ts';
import type { Sending } from '../../src/access/limits.ts';

const LIMITS = { messagesPerHour: 10, messagesPerDay: 50, newRecipientsPerHour: 20, newRecipientsPerDay: 60, hardFactor: 2 };
const SENDING: Sending = { account: 'ehr', at: 5, recipients: [new Uint8Array([1])] };
const checkOf = (counts: Parameters<typeof sendingCheck>[0]) =>
  sendingCheck(
    counts,
    () => LIMITS,
    (error) => {
      throw error;
    },
  );
type Sums = readonly [messagesHour: number, messagesDay: number, newHour: number, newDay: number];

await t.test('verdicts', async (t) => {
  const table: readonly (readonly [why: string, Sums, verdict: unknown, reached: string | null])[] = [
    ['nothing yet', [1, 1, 0, 0], 'take', null],
    ['exactly at every limit', [10, 50, 20, 60], 'take', null],
    ['messages in the hour', [11, 11, 0, 0], { refuse: 'limit.messages' }, 'messages-per-hour'],
    ['messages in the day', [1, 51, 0, 0], { refuse: 'limit.messages' }, 'messages-per-day'],
    ['new recipients in the hour', [1, 1, 21, 21], { refuse: 'limit.recipients' }, 'new-recipients-per-hour'],
    ['new recipients in the day', [1, 1, 5, 61], { refuse: 'limit.recipients' }, 'new-recipients-per-day'],
    ['messages before recipients', [11, 11, 21, 21], { refuse: 'limit.messages' }, 'messages-per-hour'],
    ['at the hard limit', [20, 20, 0, 0], { refuse: 'limit.messages' }, 'messages-per-hour'],
    ['beyond the hard limit', [21, 21, 0, 0], 'hold', 'messages-per-hour'],
    ['recipients beyond the hard limit', [1, 1, 41, 41], 'hold', 'new-recipients-per-hour'],
    ['the hard limit comes first', [11, 11, 41, 41], 'hold', 'new-recipients-per-hour'],
    ['the day beyond the hard limit', [1, 101, 0, 0], 'hold', 'messages-per-day'],
  ];
  for (const [why, [messagesHour, messagesDay, newRecipientsHour, newRecipientsDay], verdict, reached] of table) {
    const counts = { count: async () => ({ messagesHour, messagesDay, newRecipientsHour, newRecipientsDay }) };
    t.same(await checkOf(counts).check(SENDING), { verdict, reached }, why);
  }
});

await t.test('what is counted', async (t) => {
  const asked: unknown[] = [];
  const counts = {
    count: async (request: unknown) => {
      asked.push(request);
      return { messagesHour: 1, messagesDay: 1, newRecipientsHour: 0, newRecipientsDay: 0 };
    },
  };
  await checkOf(counts).check(SENDING);
  t.same(asked, [{ ...SENDING, messages: 1 }]);
});

await t.test('a store that cannot count is not "within"', async (t) => {
  const counts = { count: () => Promise.reject(new Error('no store')) };
  await t.rejects(checkOf(counts).check(SENDING));
});

await t.test(
  'far from every limit a message does not wait, and many are counted in one unit; near one each waits for its own count',
  async (t) => {
    const limits = { messagesPerHour: 100, messagesPerDay: 1000, newRecipientsPerHour: 1000, newRecipientsPerDay: 1000, hardFactor: 2 };
    let total = 0;
    const asked: number[] = [];
    const counts = {
      count: async ({ messages }: { readonly messages: number }) => {
        asked.push(messages);
        total += messages;
        return { messagesHour: total, messagesDay: total, newRecipientsHour: 0, newRecipientsDay: 0 };
      },
    };
    const sending = sendingCheck(
      counts,
      () => limits,
      () => t.fail('no failure'),
    );
    const verdicts: unknown[] = [];
    for (let i = 0; i < 80; i++) verdicts.push((await sending.check(SENDING)).verdict);
    t.same(asked, [1], 'only the first waited for a count');
    await sending.flush();
    t.same(asked, [1, 79]);
    for (let i = 0; i < 30; i++) {
      verdicts.push((await sending.check(SENDING)).verdict);
      await sending.flush();
    }
    t.equal(verdicts.filter((verdict) => verdict === 'take').length, 100, 'exactly the limit passes');
    t.same(
      verdicts.slice(100),
      Array.from({ length: 10 }, () => ({ refuse: 'limit.messages' })),
    );
  },
);
