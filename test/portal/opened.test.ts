// Messages that a session has open: asked of the desk each time, read and made safe once, gone in time.
import t from 'tap';
import type { NotOpened, OpenedPickup } from '../../src/gateway/pickup/desk.ts';
import type { Presented } from '../../src/mime/present/presented.ts';
import { type OpenMessages, openMessages } from '../../src/portal/opened.ts';

const CLIENT = { address: '203.0.113.7', userAgent: 'test' };
const ID = '01M000000000000000000000AA/0';
const MINUTE = 60_000;

const OPENED: OpenedPickup = {
  kind: 'open',
  line: {
    ...{ deliveryId: ID, link: 'link', brand: 'default', from: null, sentAt: 0, expiresAt: 1, state: 'open', opened: true, sizeBytes: 3 },
    wants: 'address',
  },
  recipient: 'jane@example.net',
  standIns: [],
  contentKey: Buffer.alloc(32),
  place: 'row',
  sizeBytes: 3,
  answers: 'none',
  answered: [],
};

const shownAs = (text: string, end: Presented['end'] = 'complete'): Presented => ({
  ...{ from: [], to: [], cc: [], date: null, subject: null, headerMessageId: null, references: null },
  ...{ body: { kind: 'text', text }, attachments: [], parts: [], end },
});

interface Seen {
  readonly messages: OpenMessages;
  readonly asked: readonly string[];
  readonly presented: () => number;
  at: number;
  shown: Presented;
  answer: OpenedPickup | NotOpened;
}

/** A desk and a presenter that count. */
function seen(): Seen {
  const asked: string[] = [];
  let presented = 0;
  const state: Seen = {
    ...{ asked, presented: () => presented, at: 0, shown: shownAs('words'), answer: OPENED },
    messages: openMessages({
      desk: {
        async open({ session, deliveryId }) {
          asked.push(`${session} ${deliveryId}`);
          return state.answer.kind === 'open' ? { ...state.answer, line: { ...state.answer.line, deliveryId } } : state.answer;
        },
        sealed: async () => null,
      },
      presenter: {
        async present() {
          presented++;
          return state.shown;
        },
      },
      now: () => state.at,
    }),
  };
  return state;
}

await t.test('what is asked and what is made again', async (t) => {
  const cases: readonly (readonly [name: string, again: (state: Seen) => Promise<unknown>, asked: number, presented: number])[] = [
    ['the page again', ({ messages }) => messages.open('s', ID, CLIENT), 2, 1],
    ['a file of it', ({ messages }) => messages.again('s', ID, CLIENT), 1, 1],
    ['another session', ({ messages }) => messages.open('other', ID, CLIENT), 2, 2],
    ['another message', ({ messages }) => messages.open('s', ID.replace('AA', 'AB'), CLIENT), 2, 2],
    ['a file after the session left', ({ messages }) => (messages.forget('s'), messages.again('s', ID, CLIENT)), 2, 2],
    ['after the other session left', ({ messages }) => (messages.forget('other'), messages.again('s', ID, CLIENT)), 1, 1],
    ['a file four minutes later', (state) => ((state.at = 4 * MINUTE), state.messages.again('s', ID, CLIENT)), 1, 1],
    ['a file five minutes later', (state) => ((state.at = 5 * MINUTE), state.messages.again('s', ID, CLIENT)), 2, 2],
    ['the page five minutes later', (state) => ((state.at = 5 * MINUTE), state.messages.open('s', ID, CLIENT)), 2, 2],
    ['tidied too early', (state) => ((state.at = 4 * MINUTE), state.messages.tidy(), state.messages.again('s', ID, CLIENT)), 1, 1],
  ];
  for (const [name, again, asked, presented] of cases) {
    const state = seen();
    await state.messages.open('s', ID, CLIENT);
    await again(state);
    t.equal(state.asked.length, asked, `${name}: asked`);
    t.equal(state.presented(), presented, `${name}: presented`);
  }
});

await t.test('what nobody looks at any more goes by itself', async (t) => {
  const state = seen();
  await state.messages.open('s', ID, CLIENT);
  state.at = 2 * MINUTE;
  await state.messages.open('other', ID, CLIENT);
  for (const [minutes, size] of [
    [4, 2],
    [5, 1],
    [7, 0],
  ] as const) {
    state.at = minutes * MINUTE;
    state.messages.tidy();
    t.equal(state.messages.size, size, `${minutes} minutes later`);
  }
});

await t.test('what was taken back is not shown from memory', async (t) => {
  const state = seen();
  await state.messages.open('s', ID, CLIENT);
  state.answer = { kind: 'recalled' };
  t.same(await state.messages.open('s', ID, CLIENT), { kind: 'recalled' });
});

await t.test('what was not shown whole is tried again', async (t) => {
  const state = seen();
  state.shown = shownAs('half', 'over-limits');
  await state.messages.open('s', ID, CLIENT);
  state.shown = shownAs('whole');
  t.match(await state.messages.open('s', ID, CLIENT), { shown: { body: { text: 'whole' } } });
  await state.messages.open('s', ID, CLIENT);
  t.equal(state.presented(), 2);
});

await t.test('no more is kept than is said', async (t) => {
  const id = (n: number): string => `01M00000000000000000000${String(n).padStart(3, '0')}/0`;
  const cases: readonly (readonly [name: string, length: number, opened: number, gone: readonly number[], stay: readonly number[]])[] = [
    ['a hundred messages', 10, 102, [0, 1], [2, 101]],
    ['long ones', 20 * 1024 ** 2, 3, [0, 1], [2]],
    ['shorter ones', 10 * 1024 ** 2, 4, [0], [1, 3]],
    ['one that is too long', 40 * 1024 ** 2, 1, [], [0]],
  ];
  for (const [name, length, opened, gone, stay] of cases) {
    const state = seen();
    state.shown = shownAs('x'.repeat(length));
    for (let n = 0; n < opened; n++) await state.messages.open('s', id(n), CLIENT);
    for (const n of stay) await state.messages.again('s', id(n), CLIENT);
    t.equal(state.presented(), opened, `${name}: the last ones stay`);
    for (const n of gone) await state.messages.again('s', id(n), CLIENT);
    t.equal(state.presented(), opened + gone.length, `${name}: the first have gone`);
  }
});
