// postern pickup: what is asked of the service, what a sender and the help desk read in 80 columns, and the exit codes.
import { userInfo } from 'node:os';
import t from 'tap';
import type { ControlHandlers } from '../../src/control/commands.ts';
import type { PickupReport, PersonReport } from '../../src/control/pickup-commands.ts';
import { commandLine } from '../support/command-line.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const who = userInfo().username;

const pickup = (n: number, own: Partial<PickupReport> = {}): PickupReport => ({
  deliveryId: `${ID}/${n}`,
  recipient: `patient${n}@home.example`,
  from: 'ann@clinic.example',
  brand: 'default',
  state: 'waiting',
  opening: { minimum: 'address', mailedCode: 'may-travel' },
  createdAt: NOW - 3 * HOUR,
  expiresAt: NOW + 30 * DAY - 3 * HOUR,
  owed: null,
  notice: 'sent',
  noticedAt: NOW - 3 * HOUR,
  remindedAt: null,
  alarmedAt: null,
  bouncedAt: null,
  awayAt: null,
  opened: 0,
  firstOpenedAt: null,
  lastOpenedAt: null,
  downloadedAt: null,
  answers: 0,
  recalledAt: null,
  overAt: null,
  ...own,
});
const read = { state: 'picked-up', opened: 1, firstOpenedAt: NOW - HOUR, lastOpenedAt: NOW - HOUR } as const;
const people: readonly PersonReport[] = [
  {
    id: 3,
    name: 'Pat Quill',
    lastSeenAt: NOW - HOUR,
    factors: [
      { kind: 'passkey', ends: null, assurance: 'clinic', createdAt: NOW - DAY, lastUsedAt: NOW - HOUR },
      { kind: 'phone', ends: '65', assurance: 'clinic', createdAt: NOW - DAY, lastUsedAt: null },
    ],
  },
  { id: 4, name: null, lastSeenAt: NOW - DAY, factors: [] },
];

const untimed = (text: string): string => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+?(?=[\s;,)]|$)/gm, 'TIME');

await t.test('list: a word for each, and what a sender would ask', async (t) => {
  const states: readonly (readonly [Partial<PickupReport>, string, string | null])[] = [
    [{}, 'waiting', null],
    [{ owed: 'first', notice: 'owed', noticedAt: null }, 'waiting', 'the notice is on its way; can be taken back'],
    [{ awayAt: NOW }, 'waiting', 'not opened; an automatic answer came on TIME'],
    [{ bouncedAt: NOW, notice: 'bounced' }, 'bounced', 'the notice came back on TIME'],
    [read, 'read', 'opened once on TIME; cannot be taken back'],
    [{ ...read, opened: 3, downloadedAt: NOW }, 'read', 'opened 3 times, last on TIME; cannot be taken back: downloaded already'],
    [{ recalledAt: NOW }, 'taken back', 'taken back on TIME; can be restored'],
    [{ ...read, overAt: NOW }, 'closed', 'opened once on TIME'],
    [{ state: 'expired', overAt: NOW }, 'expired', 'never opened'],
    [{ state: 'cancelled', recalledAt: NOW, overAt: NOW }, 'cancelled', 'never opened'],
  ];
  for (const [own, word, standing] of states) {
    const line = await commandLine(t, {
      service: { 'pickup.list': async () => ({ kind: 'done', value: { pickups: [pickup(0, own)], next: null } }) },
      now: NOW,
    });
    const { code, out } = await line.run(['pickup', 'list'], { columns: 80 });
    const [head, first, second] = untimed(out).split('\n');
    t.equal(code, 0);
    t.match(head, /^Pickup +State +Age +Ends +Recipient$/);
    t.match(first, new RegExp(`^${ID}/0  ${word} +3 h  `), word);
    t.equal(second, standing === null ? '' : `  ${standing}`);
  }
});

await t.test('list asks for what is open, or for all, page by page', async (t) => {
  const asked: unknown[] = [];
  const service: Partial<ControlHandlers> = {
    'pickup.list': async (request) => {
      asked.push(request);
      const from = Number(request.after ?? 0);
      const pickups = Array.from({ length: request.limit }, (_, i) => pickup(from + i));
      return { kind: 'done', value: { pickups, next: String(from + request.limit) } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const { out, err } = await line.run(['pickup', 'list', '--all', '--json', '-n', '700']);
  t.equal(out.trimEnd().split('\n').length, 700);
  t.match(err, /the first 700 are shown/);
  t.same(asked, [
    { open: 'all', after: null, limit: 500 },
    { open: 'all', after: '500', limit: 200 },
  ]);
  const none = await commandLine(t, { service: { 'pickup.list': async () => ({ kind: 'done', value: { pickups: [], next: null } }) } });
  t.same(await none.run(['pickup', 'list']), { code: 0, out: 'Nothing waits at the portal.\n', err: '' });
});

await t.test('show', async (t) => {
  const shown = {
    pickup: pickup(0, { ...read, opening: { minimum: 'clinic', mailedCode: 'below-floor' }, remindedAt: NOW, answers: 1 }),
    people,
  };
  const line = await commandLine(t, { service: { 'pickup.show': async () => ({ kind: 'done', value: shown }) }, now: NOW });
  const { code, out } = await line.run(['pickup', 'show', `${ID}/0`], { columns: 80 });
  t.equal(code, 0);
  t.equal(
    untimed(out),
    `pickup      ${ID}/0
state       read: opened once on TIME; cannot be taken back
recipient   patient0@home.example
from        ann@clinic.example
portal      default
since       TIME (3 h ago)
ends        TIME
opens with  a code that you tell the person, or what they enrolled after one
notice      sent on TIME, reminded on TIME
answers     1

person 3  Pat Quill
  last seen    1 h ago
  signs in by  passkey (enrolled after your code, used 1 h ago), phone ···65 (enrolled after your code, never used)

person 4
  last seen    1 d ago
  signs in by  codes only
`,
  );
  const nobody = await commandLine(t, {
    service: { 'pickup.show': async () => ({ kind: 'done', value: { pickup: pickup(0), people: [] } }) },
    now: NOW,
  });
  t.match((await nobody.run(['pickup', 'show', `${ID}/0`])).out, /opens with {2}a code by mail, or more\n[^]*Nobody has signed in/);
});

await t.test('recall, restore, resend', async (t) => {
  const asked: unknown[] = [];
  const answer = (command: string) => async (request: unknown) => {
    asked.push([command, request]);
    return {
      kind: 'done',
      value: { changed: [`${ID}/0`], unchanged: [{ deliveryId: `${ID}/1`, why: 'has been read and cannot be taken back' }] },
    } as const;
  };
  const service = { 'pickup.recall': answer('recall'), 'pickup.restore': answer('restore'), 'pickup.resend': answer('resend') };
  const line = await commandLine(t, { service });
  for (const [command, done] of [
    ['recall', 'Taken back'],
    ['restore', 'Given again'],
    ['resend', 'To be told again'],
  ] as const) {
    const { code, out, err } = await line.run(['pickup', command, ID, '--why', 'wrong person']);
    t.same([code, out], [0, `${done}: 1 message (${ID}/0).\n`]);
    t.equal(err, `postern: ${ID}/1 has been read and cannot be taken back\n`);
  }
  t.same(asked[0], ['recall', { target: ID, who, why: 'wrong person' }]);
  const refused = await commandLine(t, {
    service: { 'pickup.recall': async () => ({ kind: 'failed', code: 'not-legal', text: 'Nothing was changed.' }) },
  });
  t.same(await refused.run(['pickup', 'recall', ID, '--why', 'x']), { code: 1, out: '', err: 'postern: Nothing was changed.\n' });
  t.match((await line.run(['pickup', 'recall', ID])).err, /--why/, 'a reason is wanted');
});

await t.test('code and lost: said once, with how the person was checked', async (t) => {
  const asked: unknown[] = [];
  const given = { code: '1234-5678', expiresAt: NOW + 7 * DAY };
  const service: Partial<ControlHandlers> = {
    'pickup.code': async (request) => {
      asked.push(request);
      return { kind: 'done', value: given };
    },
    'pickup.lost': async (request) => {
      asked.push(request);
      return { kind: 'done', value: { factors: 2, sessions: 1, ...given } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const code = await line.run(['pickup', 'code', `${ID}/0`, '--checked', 'birth date']);
  t.equal(
    untimed(code.out),
    `Code: 1234-5678

Tell it to the person now, in person or by telephone. Do not send it by e-mail.
It works once, until TIME, and is not shown again.
`,
  );
  const lost = await line.run(['pickup', 'lost', `${ID}/0`, '--person', '3', '--checked', 'photo ID']);
  t.match(lost.out, /^Ended: 2 ways to sign in, 1 open session\. The address is told\.\n\nCode: 1234-5678\n/);
  t.same(asked, [
    { deliveryId: `${ID}/0`, who, checked: 'birth date' },
    { deliveryId: `${ID}/0`, person: 3, who, checked: 'photo ID' },
  ]);
  t.match((await line.run(['pickup', 'code', `${ID}/0`])).err, /--checked/);
  t.match((await line.run(['pickup', 'code', ID, '--checked', 'x'])).err, /as id\/n/, 'a code is for one recipient');
});

await t.test('phone: a number with its country, or --remove; it is not said again', async (t) => {
  const asked: unknown[] = [];
  const service: Partial<ControlHandlers> = {
    'pickup.phone': async (request) => {
      asked.push(request);
      return { kind: 'done', value: { person: 3, ends: '65' } };
    },
  };
  const line = await commandLine(t, { service });
  const run = (...words: readonly string[]) => line.run(['pickup', 'phone', `${ID}/0`, ...words, '--checked', 'chart']);
  const kept = await run('+1 (555) 014-7265');
  t.same([kept.code, kept.out], [0, 'Kept: codes for person 3 go to the number that ends with 65. Their open sessions have ended.\n']);
  const taken = await run('--remove', '--person', '3');
  t.same([taken.code, taken.out], [0, 'Taken away: the number of person 3 that ended with 65. Their open sessions have ended.\n']);
  t.same(asked, [
    { deliveryId: `${ID}/0`, number: '+15550147265', person: null, who, checked: 'chart' },
    { deliveryId: `${ID}/0`, number: null, person: 3, who, checked: 'chart' },
  ]);
  for (const words of [[], ['5550147265'], ['+15550147265', '--remove']]) {
    const wrong = await run(...words);
    t.equal(wrong.code, 2, words.join(' '));
    t.match(wrong.err, /number/);
  }
  t.equal(asked.length, 2, 'nothing was asked');
});

await t.test('forget', async (t) => {
  const service: Partial<ControlHandlers> = { 'pickup.forget': async () => ({ kind: 'done', value: { ended: 2 } }) };
  const line = await commandLine(t, { service });
  const { code, out } = await line.run(['pickup', 'forget', 'pat@home.example', '--why', 'letter']);
  t.same([code, out], [0, 'Forgotten. 2 messages are over that waited for them; senders of unread ones are told.\n']);
});
