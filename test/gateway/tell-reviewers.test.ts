// Notices of holds over the real store, spool and keys: who is told, when, how often, and not a word of the message in it.
import t from 'tap';
import { createTeller, NOTICES_AN_HOUR, type TellDeps } from '../../src/gateway/tell-reviewers.ts';
import type { StoredFacts } from '../../src/mail/facts.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { MessageRecord } from '../../src/store/journal.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { openedMessages } from '../support/opened-messages.ts';
import { acceptingOwn, POSTMASTER } from '../support/own-mail.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, DECISION, reading, storedFacts } from '../support/store-units.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const REVIEWERS = 'review@hospital.example';
const TO = ['zoe.patient@home.example', 'yan@other.example', 'xia@other.example'];
const SECRETS = /zoe|yan|xia|home\.example|other\.example|ann@|1@hospital/i;

function depsOf(ground: GatewayGround, change: Partial<TellDeps> = {}): TellDeps {
  const { store } = ground;
  return { ...acceptingOwn(t, ground), reviews: store.reviews, readings: store.readings, journal: store.journal, ...change };
}

interface Wish {
  readonly owner?: string;
  readonly reason?: string;
  readonly facts?: Partial<StoredFacts> | null;
  readonly words?: string | null;
  readonly recipients?: readonly string[];
  readonly message?: Partial<MessageRecord>;
  readonly forMs?: number;
}

async function hold({ store, clock }: GatewayGround, number: number, wish: Wish = {}): Promise<void> {
  const { owner = REVIEWERS, reason = 'policy.held', facts = {}, words = null, recipients = TO, message = {}, forMs = 48 * HOUR } = wish;
  const decision = { ...DECISION, rule: 'lab-results', reason: words, action: 'hold' } as const;
  const delivery = () => ({ decision, hold: { reason, owner, deadline: clock.at + forMs } });
  const read = facts === null ? null : reading({ facts: { ...storedFacts(recipients), ...facts } });
  const result = await store.journal.accept(
    acceptUnit({ number, recipients, state: 'held', at: clock.at, delivery, message }, { reading: read }),
  );
  if (result.kind !== 'accepted') throw new Error(result.kind);
}

interface Notice {
  readonly message: MessageRecord;
  readonly text: string;
}

const noticesOf = (ground: GatewayGround): Promise<readonly Notice[]> => openedMessages(ground, 'notice');

function told(ground: GatewayGround, kind = 'review.told'): readonly unknown[] {
  return ground
    .evidence()
    .filter((one) => one.kind === kind)
    .map(({ deliveryId }) => deliveryId);
}

t.test('one notice for a message and its owner, with what is to be known and nothing of the message', async (t) => {
  const ground = await gatewayGround(t);
  const found = storedFacts(TO);
  await hold(ground, 1, {
    words: 'Laboratory results go by the portal',
    facts: {
      message: {
        ...found.message,
        phi: { ...found.message.phi, level: 'high', counts: { name: 2, result: 1 } },
        blindSpots: ['encrypted'],
        attachments: [{ kind: 'pdf', declaredType: 'application/pdf', name: 'zoe-patient.pdf' }],
      },
      reasons: [
        { code: 'person-and-health', weight: 0.9, part: '2', place: { area: 'text', page: 3, field: 'Zoe' }, kinds: ['name', 'result'] },
      ],
    },
  });
  const teller = createTeller(depsOf(ground));
  t.equal(await teller.round(), 1);
  const [notice, ...more] = await noticesOf(ground);
  t.same(more, []);
  t.match(notice?.message, {
    kind: 'notice',
    about: idOf(1),
    reportTo: POSTMASTER,
    envelope: { reversePath: '', recipients: [{ address: REVIEWERS, notify: ['never'] }] },
  });
  const text = notice?.text ?? '';
  t.match(text, /^Auto-Submitted: auto-generated\r$/m);
  t.match(text, new RegExp(`^Subject: Held for review: message ${idOf(1)}\\r$`, 'm'));
  t.match(text.replaceAll('\r\n', ' '), /by 24 November 2026, 12:00 UTC, it goes back/);
  for (const [label, value] of [
    ['Message', idOf(1)],
    ['Until', '24 November 2026, 12:00 UTC'],
    ['Accepted', '22 November 2026, 12:00 UTC'],
    ['From', 'account ehr'],
    ['Recipients', '3'],
    ['Why', 'The message waits for a person of the sending organisation to'],
    ['Rule', 'lab-results'],
    ['In words', 'Laboratory results go by the portal'],
    ['PHI', 'high: name, result'],
    ['Found', 'an identified person and health near one another (part 2, page'],
    ['Not read', 'encrypted'],
  ] as const)
    t.ok(text.includes(`\r\n${`  ${label}`.padEnd(12)}${value}\r\n`), label);
  t.match(text, `postern review release ${idOf(1)} --why`);
  t.notMatch(text, SECRETS, 'nobody outside, no file, no originator');
  t.same(
    told(ground),
    [0, 1, 2].map((n) => `${idOf(1)}/${n}`),
  );
  t.equal(await teller.round(), 0, 'once');
  t.equal(await createTeller(depsOf(ground)).round(), 0, 'also after a start');
  t.same(ground.events.bugs, []);
});

for (const [name, wish, to] of [
  ['two reviewers', { owner: 'a@hospital.example, b@hospital.example' }, ['a@hospital.example', 'b@hospital.example']],
  ['the administrator', { owner: 'administrator', reason: 'limit.reached' }, [POSTMASTER]],
  ['a fault of ours', { owner: 'gateway', reason: 'content.unreadable' }, [POSTMASTER]],
  ['a person who held it', { owner: 'kim', reason: 'person' }, [POSTMASTER]],
] as const) {
  t.test(`whom: ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    await hold(ground, 1, wish);
    await createTeller(depsOf(ground)).round();
    const [notice] = await noticesOf(ground);
    t.same(
      notice?.message.envelope.recipients.map(({ address }) => address),
      to,
    );
    t.match(notice?.text, new RegExp(`^To: ${to.join(', ')}\\r$`, 'm'));
    t.equal(notice?.message.reportTo, to.some((one) => one === POSTMASTER) ? null : POSTMASTER);
  });
}

t.test('not read yet, and not readable any more: told all the same', async (t) => {
  const ground = await gatewayGround(t);
  await hold(ground, 1, { facts: null });
  await hold(ground, 2);
  const { journal: real } = ground.store;
  const journal = { ...real, readMessage: async (id: string) => (id === idOf(2) ? null : real.readMessage(id)) };
  t.equal(await createTeller(depsOf(ground, { journal })).round(), 2);
  const texts = (await noticesOf(ground)).map(({ text }) => text);
  t.ok(texts.some((text) => text.includes('PHI       not looked at yet')));
  t.ok(texts.some((text) => text.includes('And 1 more: postern review list')));
});

t.test('a storm of holds: so many notices an hour, and the rest in one', async (t) => {
  const ground = await gatewayGround(t);
  const many = NOTICES_AN_HOUR + 40;
  for (let number = 1; number <= many; number++) await hold(ground, number);
  await hold(ground, 500, { owner: 'other@hospital.example' });
  const teller = createTeller(depsOf(ground));
  t.equal(await teller.round(), NOTICES_AN_HOUR + 1, 'the other owner is told as ever');
  t.equal(new Set(told(ground)).size, (many + 1) * 3, 'of each, once');
  const gathered = (await noticesOf(ground)).filter(({ text }) => /^Subject: Held for review: 41 messages\r$/m.test(text));
  t.equal(gathered.length, 1);
  t.equal(gathered[0]?.message.about, null);
  t.match(gathered[0]?.text, /And 16 more: postern review list/);
  t.equal(gathered[0]?.text.match(/^ {2}Message {3}/gm)?.length, 25);
  await hold(ground, 900);
  ground.clock.at += HOUR - 1;
  t.equal(await teller.round(), 0, 'no place: it waits');
  ground.clock.at += 1;
  t.equal(await teller.round(), 1);
  t.same(ground.events.bugs, []);
});

t.test('reminded at half-time, of all that is late at once, and no more often than it helps', async (t) => {
  const ground = await gatewayGround(t);
  for (let number = 1; number <= 3; number++) await hold(ground, number);
  await hold(ground, 4, { forMs: 96 * HOUR });
  const teller = createTeller(depsOf(ground));
  await teller.round();
  ground.clock.at = NOON + 30 * HOUR - 1;
  t.equal(await teller.round(), 0);
  ground.clock.at += 1;
  t.equal(await teller.round(), 1);
  const reminder = (await noticesOf(ground)).find(({ text }) => text.includes('half of the time'));
  t.match(reminder?.text, /^Subject: Still held, half of the time is over: 3 messages\r$/m);
  t.match(reminder?.text, /3 messages are still held/);
  t.equal(told(ground, 'review.reminded').length, 9);
  await hold(ground, 5, { forMs: MINUTE });
  t.equal(await teller.round(), 1);
  ground.clock.at += MINUTE / 2;
  t.equal(await teller.round(), 0, 'another so soon waits');
  ground.clock.at += 15 * MINUTE;
  t.equal(await teller.round(), 1);
});

t.test('released before half-time: nobody is reminded; expired: back to the originator', async (t) => {
  const ground = await gatewayGround(t);
  await hold(ground, 1, { recipients: ['bob@x.example'] });
  const teller = createTeller(depsOf(ground));
  await teller.round();
  await ground.store.queue.expireHolds({ now: NOON + 48 * HOUR, limit: 9 });
  ground.clock.at = NOON + 48 * HOUR;
  t.equal(await teller.round(), 0);
  const [owed] = await ground.store.queue.owedReports({ limit: 9 });
  t.match(owed?.deliveries, [{ kind: 'failed', status: { code: 'delivery.hold-expired', ask: REVIEWERS } }]);
});

for (const [name, kept] of [
  ['before the commit', 'no'],
  ['after the commit', 'yes'],
] as const) {
  t.test(`a crash ${name}: later, never silent, never two`, async (t) => {
    const ground = await gatewayGround(t);
    await hold(ground, 1);
    const { store } = ground;
    const journal: TellDeps['journal'] = {
      readMessage: (id) => store.journal.readMessage(id),
      accept: async (unit) => {
        if (kept === 'yes') await store.journal.accept(unit);
        throw new MailError('store.unavailable');
      },
    };
    t.equal(await createTeller(depsOf(ground, { journal })).round(), 0);
    t.equal(ground.events.bugs.length, 1);
    await createTeller(depsOf(ground)).round();
    await createTeller(depsOf(ground)).round();
    t.equal((await noticesOf(ground)).length, 1);
    t.equal(told(ground).length, 3);
  });
}

t.test('of what the gateway itself sends nobody is told: a notice that is held makes no notice', async (t) => {
  const ground = await gatewayGround(t);
  await hold(ground, 1, { message: { kind: 'notice' } });
  await hold(ground, 2, { message: { kind: 'dsn' } });
  t.equal(await createTeller(depsOf(ground)).round(), 0);
});
