// postern queue: what is asked of the service, what a person reads, and the exit codes.
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import { userInfo } from 'node:os';
import t from 'tap';
import type { ControlHandlers } from '../../src/control/commands.ts';
import type { QueueEntry } from '../../src/store/queue.ts';
import { commandLine } from '../support/command-line.ts';
import { controlHandlers } from '../support/control-handlers.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';

function entry(n: number, own: Partial<QueueEntry> = {}): QueueEntry {
  return {
    deliveryId: `${ID}/${n}`,
    state: 'deferred',
    kind: 'message',
    recipient: `patient${n}@partner.example`,
    reversePath: 'ann@clinic.example',
    acceptedAt: NOW - 3 * 3_600_000,
    dueAt: NOW + 12 * 60_000,
    expiresAt: NOW + 21 * 3_600_000,
    attempts: 4,
    sizeBytes: 20_480,
    hold: null,
    lastStatus: {
      at: NOW - 60_000,
      status: '4.4.1',
      code: 'delivery.connect-failed',
      diagnostic: '421 4.3.2',
      remoteMta: 'mx.partner.example',
    },
    decision: {
      rule: 'configured-default',
      policyVersion: 'v1',
      consents: null,
      floor: 'tls-verified',
      methods: ['relay'],
      otherwise: 'hold',
      action: 'deliver',
      released: false,
      floors: [],
      reason: null,
      modifiers: NO_MODIFIERS,
    },
    ...own,
  };
}

const held = entry(1, {
  state: 'held',
  dueAt: null,
  hold: { reason: 'delivery.below-floor', owner: 'policy', deadline: NOW + 48 * 3_600_000 },
  lastStatus: null,
  attempts: 1,
});

await t.test('list', async (t) => {
  const asked: unknown[] = [];
  const service: Partial<ControlHandlers> = {
    'queue.list': async (request) => {
      asked.push(request);
      return { kind: 'done', value: { entries: [entry(0), held], next: null } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const { code, out, err } = await line.run(['queue', 'list'], { columns: 80 });
  t.equal(code, 0);
  t.equal(err, '');
  t.equal(
    out,
    `Delivery                      State     Age  Next         Recipient
01JDB2V3X8QK4T6M9W0YHZ5RCE/0  deferred  3 h  in 12 min    patient0@partner.exam…
  4.4.1 The mail server of the domain could not be reached (4 attempts)
01JDB2V3X8QK4T6M9W0YHZ5RCE/1  held      3 h  ends in 2 d  patient1@partner.exam…
  held: No mail server of the domain offers the encryption that this message ne…
`,
  );
  t.same(asked, [{ states: ['undecided', 'queued', 'active', 'deferred', 'held', 'waiting'], after: null, limit: 100 }]);
  const piped = await line.run(['queue', 'list', '--state', 'held', '--state', 'queued', '--limit', '2']);
  t.match(piped.out, /patient1@partner\.example\n {2}held: .* needs\n/, 'nothing is cut for a pipe');
  t.match(piped.err, /the first 2 are shown/);
  t.same(asked[1], { states: ['held', 'queued'], after: null, limit: 2 });
  const json = await line.run(['queue', 'list', '--json']);
  t.same(
    json.out
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as QueueEntry),
    [entry(0), held],
  );
});

await t.test('list goes on page by page', async (t) => {
  const asked: (string | null)[] = [];
  const service: Partial<ControlHandlers> = {
    'queue.list': async ({ after, limit }) => {
      asked.push(after);
      const from = after === null ? 0 : Number(after);
      const entries = Array.from({ length: Math.min(limit, 1_200 - from) }, (_, i) => entry(from + i));
      return { kind: 'done', value: { entries, next: from + entries.length < 1_200 ? String(from + entries.length) : null } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const { out } = await line.run(['queue', 'list', '--json', '--limit', '5000']);
  t.equal(out.trimEnd().split('\n').length, 1_200);
  t.same(asked, [null, '500', '1000']);
});

await t.test('an empty queue', async (t) => {
  const line = await commandLine(t, { service: { 'queue.list': async () => ({ kind: 'done', value: { entries: [], next: null } }) } });
  t.same(await line.run(['queue', 'list']), { code: 0, out: 'Nothing is waiting.\n', err: '' });
  t.same(await line.run(['queue', 'list', '--json']), { code: 0, out: '', err: '' });
});

await t.test('show', async (t) => {
  const report = {
    messageId: ID,
    kind: 'message',
    acceptedAt: NOW - 60_000,
    submitter: { kind: 'account', name: 'ann' },
    reversePath: 'ann@clinic.example',
    reportTo: null,
    sizeBytes: 20_480,
    about: null,
    deliveries: [entry(0), held, entry(2, { state: 'relayed', dueAt: null })],
  } as const;
  const line = await commandLine(t, { service: { 'queue.show': async () => ({ kind: 'done', value: report }) }, now: NOW });
  const { code, out } = await line.run(['queue', 'show', ID]);
  t.equal(code, 0);
  for (const words of [
    /^message +01JDB/m,
    /from +<ann@clinic\.example>, handed in by account ann/,
    /reports to +nobody/,
    /size +20 kB/,
    /decided +relay at tls-verified or better, else hold \(configured-default\)/,
    /last result +4\.4\.1 The mail server .* \(1 min ago\)/,
    /next hop +mx\.partner\.example: 421 4\.3\.2/,
    /held +No mail server .*, by policy, until 2026-11-2/,
    /2 {2}relayed\n/,
  ]) {
    t.match(out, words);
  }
  const waiting = { ...report, deliveries: [entry(0, { state: 'waiting', dueAt: null })] };
  const pickup = await commandLine(t, { service: { 'queue.show': async () => ({ kind: 'done', value: waiting }) }, now: NOW });
  const shown = (await pickup.run(['queue', 'show', ID])).out;
  t.match(shown, /next +at the portal/);
  t.notMatch(shown, /ends/, 'the pickup has an end of its own');
  t.equal((await line.run(['queue', 'show', ID, '--json'])).out, `${JSON.stringify(report)}\n`);
});

await t.test('changes by a person', async (t) => {
  const asked: unknown[] = [];
  const answer = async (request: unknown) => {
    asked.push(request);
    return { kind: 'done', value: { changed: [`${ID}/0`], unchanged: [{ deliveryId: `${ID}/1`, state: 'relayed' }] } } as const;
  };
  const line = await commandLine(t, {
    service: { 'queue.hold': answer, 'queue.release': answer, 'queue.return': answer, 'queue.cancel': answer, 'queue.retry': answer },
  });
  const who = userInfo().username;
  for (const [change, done] of [
    ['hold', 'Held'],
    ['release', 'Released'],
    ['return', 'Returned'],
    ['cancel', 'Cancelled'],
  ] as const) {
    const result = await line.run(['queue', change, ID, '--why', 'asked by the lab']);
    t.same(result, { code: 0, out: `${done}: 1 delivery (${ID}/0).\n`, err: `postern: ${ID}/1 is relayed and was left as it is\n` });
    t.same(asked.pop(), { target: ID, who, why: 'asked by the lab' });
    const unreasoned = await line.run(['queue', change, ID]);
    t.equal(unreasoned.code, 2, `${change} wants a reason`);
    t.match(unreasoned.err, /--why/);
  }
  t.match(await line.run(['queue', 'retry', ID]), { code: 0, out: /^Retried: 1 delivery/ });
  t.same(asked.pop(), { target: ID, who });
  t.equal(asked.length, 0, 'nothing was asked without a reason');
});

await t.test('the help of a change gives an example', async (t) => {
  const line = await commandLine(t, { service: null });
  for (const change of ['hold', 'release', 'return', 'cancel']) {
    const { code, out } = await line.run(['queue', change, '--help']);
    t.equal(code, 0);
    t.match(out, new RegExp(`postern queue ${change} ${ID} --why "`));
  }
});

await t.test('what was not done', async (t) => {
  const line = await commandLine(t, {
    service: {
      'queue.hold': async () => ({ kind: 'failed', code: 'not-legal', text: 'it is relayed' }),
      'queue.return': async () => ({ kind: 'failed', code: 'not-legal', text: 'it is queued' }),
      'queue.release': async () => ({ kind: 'done', value: { changed: [], unchanged: [{ deliveryId: `${ID}/0`, state: 'queued' }] } }),
      'queue.show': async () => ({ kind: 'failed', code: 'not-found', text: 'There is no such message.' }),
      'queue.retry': () => Promise.reject(new Error('patient')),
    },
  });
  t.same(await line.run(['queue', 'hold', ID, '--why', 'x']), { code: 1, out: '', err: 'postern: it is relayed\n' });
  t.same(await line.run(['queue', 'return', ID, '--why', 'x']), { code: 1, out: '', err: 'postern: it is queued\n' });
  t.match(await line.run(['queue', 'release', ID, '--why', 'x']), { code: 1, out: '', err: /is queued and was left as it is/ });
  t.same(await line.run(['queue', 'show', ID]), { code: 1, out: '', err: 'postern: There is no such message.\n' });
  t.match(await line.run(['queue', 'retry', ID]), { code: 70, err: /unexpected error bug-1/ });
  t.match(await line.run(['queue', 'show', '../x']), { code: 4, err: /not right: messageId/ });
});

await t.test('without a service: the same handlers under the lock of the data folder', async (t) => {
  const handlers = controlHandlers({ 'queue.list': async () => ({ kind: 'done', value: { entries: [entry(0)], next: null } }) });
  let closed = 0;
  const offline = await commandLine(t, {
    service: null,
    work: { openOffline: async () => ({ kind: 'open', handlers, close: async () => void (closed += 1) }) },
    now: NOW,
  });
  t.match(await offline.run(['queue', 'list']), { code: 0, out: /deferred/ });
  t.match(await offline.run(['queue', 'show', ID]), { code: 4, err: /not in this test/ });
  t.equal(closed, 2, 'closed each time');
  const locked = await commandLine(t, {
    service: null,
    work: { openOffline: async () => ({ kind: 'not-reached', text: 'the data folder is in use by process 7' }) },
  });
  t.same(await locked.run(['queue', 'list']), { code: 4, out: '', err: 'postern: the data folder is in use by process 7\n' });
});
