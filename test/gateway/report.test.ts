// DSNs over a real queue, spool and keys: who is told what, who is told nothing and why, and that a crash in between makes a report
// later, never two and never none.
import t from 'tap';
import { makeReports, type ReportDeps } from '../../src/gateway/report.ts';
import type { Notify } from '../../src/mail/envelope.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { AcceptUnit, MessageRecord } from '../../src/store/journal.ts';
import type { DeliveryStatus, Lease, ReportKind } from '../../src/store/queue.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { openedMessages } from '../support/opened-messages.ts';
import { acceptingOwn, POSTMASTER } from '../support/own-mail.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, newPickup, settlement } from '../support/store-units.ts';

function depsOf(ground: GatewayGround, change: Partial<ReportDeps> = {}): ReportDeps {
  return { ...acceptingOwn(t, ground), queue: ground.store.queue, noticeFailed: async () => undefined, ...change };
}

const STATUS: DeliveryStatus = {
  at: NOON,
  status: '5.1.1',
  code: 'delivery.refused',
  diagnostic: '550 5.1.1',
  remoteMta: 'mx.partner.example',
};

interface Wish {
  readonly number?: number;
  readonly recipients?: readonly string[];
  readonly notify?: readonly Notify[] | null;
  readonly kinds?: readonly ReportKind[];
  readonly message?: Partial<MessageRecord>;
}

const AFTER = {
  failed: { state: 'returned' },
  delayed: { state: 'deferred', dueAt: NOON + 60_000 },
  relayed: { state: 'relayed' },
  expanded: { state: 'relayed' },
  unopened: { state: 'waiting', pickup: newPickup() },
  'picked-up': { state: 'waiting', pickup: newPickup() },
  held: { state: 'held', hold: { reason: 'delivery.below-floor', owner: 'administrator', deadline: NOON + 3_600_000 } },
} as const;

/** One message whose deliveries owe reports. */
async function owing({ store }: GatewayGround, wish: Wish = {}): Promise<readonly Lease[]> {
  const { number = 1, recipients = ['jane@partner.example'], notify = null, kinds = ['failed'], message = {} } = wish;
  const unit = acceptUnit({ number, recipients, state: 'active', at: NOON, message, delivery: () => ({ notify }) });
  const result = await store.journal.accept(unit);
  const leases = result.kind === 'accepted' ? result.active.map(({ lease }) => lease) : [];
  await store.queue.settle(
    leases.map((lease, i) => {
      const kind = kinds[i % kinds.length] ?? 'failed';
      return settlement(lease, { at: NOON, after: AFTER[kind], report: kind, status: STATUS, evidence: [] });
    }),
    null,
  );
  return leases;
}

/** Every DSN in the queue, opened. */
const dsns = (ground: GatewayGround): ReturnType<typeof openedMessages> => openedMessages(ground, 'dsn');

const withheld = (ground: GatewayGround): readonly unknown[] =>
  ground
    .evidence()
    .filter(({ kind }) => kind === 'report.withheld')
    .map(({ codes }) => codes['because']);

const owed = async ({ store }: GatewayGround): Promise<number> => (await store.queue.owedReports({ limit: 99 })).length;

type Told = 'told' | 'not told';
const notifies: readonly (readonly [notify: readonly Notify[] | null, told: Readonly<Record<ReportKind, Told>>])[] = [
  [
    null,
    { failed: 'told', delayed: 'told', held: 'told', unopened: 'told', 'picked-up': 'not told', relayed: 'not told', expanded: 'not told' },
  ],
  [
    ['never'],
    {
      failed: 'not told',
      delayed: 'not told',
      held: 'not told',
      unopened: 'not told',
      'picked-up': 'not told',
      relayed: 'not told',
      expanded: 'told',
    },
  ],
  [
    ['failure'],
    {
      failed: 'told',
      delayed: 'not told',
      held: 'not told',
      unopened: 'not told',
      'picked-up': 'not told',
      relayed: 'not told',
      expanded: 'told',
    },
  ],
  [
    ['delay'],
    { failed: 'not told', delayed: 'told', held: 'told', unopened: 'told', 'picked-up': 'not told', relayed: 'not told', expanded: 'told' },
  ],
  [
    ['success'],
    {
      failed: 'not told',
      delayed: 'not told',
      held: 'not told',
      unopened: 'not told',
      'picked-up': 'told',
      relayed: 'told',
      expanded: 'told',
    },
  ],
  [
    ['success', 'failure', 'delay'],
    { failed: 'told', delayed: 'told', held: 'told', unopened: 'told', 'picked-up': 'told', relayed: 'told', expanded: 'told' },
  ],
];

for (const [notify, told] of notifies) {
  for (const [kind, expected] of Object.entries(told) as [ReportKind, Told][]) {
    t.test(`NOTIFY=${notify?.join(',') ?? '(not given)'}, ${kind}: ${expected}`, async (t) => {
      const ground = await gatewayGround(t);
      await owing(ground, { notify, kinds: [kind] });
      t.equal(await makeReports(depsOf(ground)), 1);
      t.equal((await dsns(ground)).length, expected === 'told' ? 1 : 0);
      t.same(withheld(ground), expected === 'told' ? [] : ['notify'], 'nothing is silent');
      t.equal(await owed(ground), 0);
      t.equal(await makeReports(depsOf(ground)), 0, 'once');
      t.same(ground.events.bugs, []);
    });
  }
}

t.test('the DSN: from nobody, to the originator, about the message, without a word of it', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground, {
    recipients: ['jane@partner.example', 'joe@partner.example', 'tim@partner.example'],
    kinds: ['failed', 'relayed', 'failed'],
  });
  await makeReports(depsOf(ground));
  const [dsn, ...more] = await dsns(ground);
  t.same(more, [], 'one for all of them');
  t.match(dsn?.message, { kind: 'dsn', about: idOf(1), reportTo: POSTMASTER, submitter: { kind: 'gateway' } });
  t.match(dsn?.message.envelope, { reversePath: '', recipients: [{ address: 'ann@hospital.example', notify: ['never'] }] });
  t.match(dsn?.text, /^In-Reply-To: <1@hospital\.example>/m, 'filed beside the sent mail');
  t.match(dsn?.text, /^Final-Recipient: rfc822; ?jane@partner\.example\r\nAction: failed/m);
  t.match(dsn?.text, /tim@partner\.example/);
  t.notMatch(dsn?.text, /joe@/, 'who got it is not named');
  t.same(withheld(ground), ['notify'], 'and that nobody asked about him is in the evidence');
  t.match(
    ground.evidence().find(({ kind }) => kind === 'report.accepted'),
    { messageId: dsn?.message.id, codes: { about: idOf(1) } },
  );
  t.match(ground.events.of('reported'), [{ messageId: dsn?.message.id, about: idOf(1), kind: 'failed' }]);
});

t.test('a null reverse-path is told nothing', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground, { message: { reportTo: null } });
  await makeReports(depsOf(ground));
  t.same(await dsns(ground), []);
  t.same(withheld(ground), ['null-reverse-path']);
});

t.test('a DSN that fails goes to the postmaster, and one to the postmaster that fails goes nowhere', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground);
  const deps = depsOf(ground);
  const failAll = async (): Promise<void> => {
    const { claimed } = await ground.store.queue.claim({ owner: 'o', now: NOON, until: NOON + 1, limit: 9, perDestination: 9, busy: {} });
    await ground.store.queue.settle(
      claimed.map(({ lease }) =>
        settlement(lease, { at: NOON, after: { state: 'returned' }, report: 'failed', status: STATUS, evidence: [] }),
      ),
      null,
    );
  };
  const to: (string | undefined)[] = [];
  for (let i = 0; i < 4; i++) {
    await makeReports(deps);
    to.push(...(await dsns(ground)).slice(to.length).map(({ message }) => message.envelope.recipients[0]?.address));
    await failAll();
  }
  t.same(to, ['ann@hospital.example', POSTMASTER]);
  t.same(withheld(ground), ['null-reverse-path']);
  t.equal(await owed(ground), 0);
});

t.test('a report to the postmaster itself has nobody behind it', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground, { message: { reportTo: POSTMASTER } });
  await makeReports(depsOf(ground));
  t.equal((await dsns(ground))[0]?.message.reportTo, null);
});

interface Crash {
  readonly name: string;
  /** What becomes of the commit before the crash. */
  readonly accept: (ground: GatewayGround, unit: AcceptUnit) => Promise<unknown>;
}

const lost = new MailError('store.unavailable');
const crashes: readonly Crash[] = [
  { name: 'before the DSN was in a commit', accept: async () => undefined },
  { name: 'after its commit, before anyone knew', accept: (ground, unit) => ground.store.journal.accept(unit) },
];

for (const { name, accept } of crashes) {
  t.test(`a crash ${name}: one DSN, once`, async (t) => {
    const ground = await gatewayGround(t);
    await owing(ground, { recipients: ['a@x.example', 'b@x.example'] });
    const crashing = depsOf(ground, {
      journal: {
        accept: async (unit) => {
          await accept(ground, unit);
          throw lost;
        },
      },
    });
    t.equal(await makeReports(crashing), 0);
    t.match(ground.events.bugs, [{ where: 'reports' }]);
    // The start after it.
    await makeReports(depsOf(ground));
    await makeReports(depsOf(ground));
    t.equal((await dsns(ground)).length, 1);
    t.equal(await owed(ground), 0);
  });
}

t.test('a crash between what is withheld and what is told loses neither', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground, { recipients: ['a@x.example', 'b@x.example'], kinds: ['relayed', 'failed'] });
  await makeReports(depsOf(ground, { journal: { accept: () => Promise.reject(lost) } }));
  t.same(withheld(ground), ['notify']);
  await makeReports(depsOf(ground));
  t.equal((await dsns(ground)).length, 1);
  t.same(withheld(ground), ['notify'], 'not written twice');
});

t.test('what fails while its delay is being reported is reported too', async (t) => {
  const ground = await gatewayGround(t);
  await owing(ground, { kinds: ['delayed'] });
  const { store } = ground;
  const meanwhile = depsOf(ground, {
    journal: {
      accept: async (unit) => {
        const request = { owner: 'o', now: NOON + 60_000, until: NOON + 70_000, limit: 1, perDestination: 1, busy: {} };
        const [delivery] = (await store.queue.claim(request)).claimed;
        if (delivery !== undefined)
          await store.queue.settle([settlement(delivery.lease, { after: { state: 'returned' }, report: 'failed', status: STATUS })], null);
        return store.journal.accept(unit);
      },
    },
  });
  await makeReports(meanwhile);
  await makeReports(depsOf(ground));
  const actions = (await dsns(ground)).map(({ text }) => /^Action: (\S+)/m.exec(text)?.[1]);
  t.same(actions, ['delayed', 'failed']);
  t.equal(await owed(ground), 0);
});

t.test('one that cannot be made keeps no other from being made, and stays owed', async (t) => {
  const ground = await gatewayGround(t);
  for (let number = 1; number <= 3; number++) await owing(ground, { number });
  let asked = 0;
  const random = (bytes: number): Uint8Array => {
    if (++asked === 1) throw new TypeError('no chance');
    return ground.random(bytes);
  };
  t.equal(await makeReports(depsOf(ground, { random })), 2);
  t.equal((await dsns(ground)).length, 2);
  t.equal(await owed(ground), 1);
  t.equal(await makeReports(depsOf(ground)), 1);
  t.equal((await dsns(ground)).length, 3);
});

t.test('a round is bounded; the next goes on', async (t) => {
  const ground = await gatewayGround(t);
  for (let number = 1; number <= 60; number++) await owing(ground, { number });
  t.same([await makeReports(depsOf(ground)), await makeReports(depsOf(ground)), await makeReports(depsOf(ground))], [50, 10, 0]);
});
