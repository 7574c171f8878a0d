// What one accepted message becomes: its recipients, a delivery for each, the digests that recognise it, and evidence without addresses.
import t from 'tap';
import {
  type Admission,
  admissionEvidence,
  type Expanded,
  expandRecipients,
  messageRecordOf,
  newDeliveryOf,
  standsAs,
} from '../../src/gateway/admission.ts';
import type { Recipient } from '../../src/mail/envelope.ts';
import { someFacts, simplePolicy } from '../support/deciding.ts';
import { newPlace, openedKeys } from '../support/key-folder.ts';
import { NOON } from '../support/gateway-ground.ts';
import { envelope, recipient, submission } from '../support/submission.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOST = 'mail.clinic.example';
const keys = openedKeys(newPlace(temporaryFolder(t)));
const DAY = 86_400_000;

interface ExpandCase {
  readonly name: string;
  readonly given: readonly Recipient[];
  readonly postmaster?: readonly string[];
  readonly expect: readonly Expanded[];
}

const no = (address: string, change: Partial<Recipient> = {}): Expanded => ({ recipient: recipient(address, change), expanded: 'no' });
const yes = (address: string, change: Partial<Recipient> = {}): Expanded => ({ recipient: recipient(address, change), expanded: 'yes' });
const orcpt = 'rfc822;postmaster';
const three = ['it@clinic.example', 'desk@clinic.example', 'night@clinic.example'];

const expansions: readonly ExpandCase[] = [
  { name: 'one as it is', given: [recipient('a@x.example')], expect: [no('a@x.example')] },
  {
    name: 'the same twice is one, the first as written',
    given: [recipient('A@X.example', { notify: ['failure'] }), recipient('a@x.example')],
    expect: [no('A@X.example', { notify: ['failure'] })],
  },
  {
    name: 'the same domain in two spellings',
    given: [recipient('a@münchen.example'), recipient('a@xn--mnchen-3ya.example')],
    expect: [no('a@münchen.example')],
  },
  { name: 'postmaster without a domain (RFC 5321 4.5.1)', given: [recipient('postmaster')], expect: [no('it@clinic.example', { orcpt })] },
  { name: 'in any case', given: [recipient('PostMaster')], expect: [no('it@clinic.example', { orcpt })] },
  {
    name: 'postmaster at our own name',
    given: [recipient(`postmaster@${HOST.toUpperCase()}`)],
    expect: [no('it@clinic.example', { orcpt })],
  },
  { name: "somebody else's postmaster", given: [recipient('postmaster@x.example')], expect: [no('postmaster@x.example')] },
  {
    name: 'the client gave an ORCPT of its own',
    given: [recipient('postmaster', { orcpt: 'rfc822;root@a' })],
    expect: [no('it@clinic.example', { orcpt: 'rfc822;root@a' })],
  },
  {
    name: 'one postmaster: what was asked is asked of it',
    given: [recipient('postmaster', { notify: ['success', 'failure'] })],
    expect: [no('it@clinic.example', { orcpt, notify: ['success', 'failure'] })],
  },
  {
    name: 'several postmasters',
    postmaster: three,
    given: [recipient('postmaster')],
    expect: three.map((address) => no(address, { orcpt })),
  },
  {
    name: 'several, success asked for: expanded is what is reported (RFC 3461 5.2.7.3)',
    postmaster: three,
    given: [recipient('postmaster', { notify: ['success', 'failure'] })],
    expect: three.map((address, i) => (i === 0 ? yes : no)(address, { orcpt, notify: ['failure'] })),
  },
  {
    name: 'several, nothing but success asked for: nothing more is reported',
    postmaster: three,
    given: [recipient('postmaster', { notify: ['success'] })],
    expect: three.map((address, i) => (i === 0 ? yes : no)(address, { orcpt, notify: ['never'] })),
  },
  {
    name: 'several, one of them written to already: the report is carried by another',
    postmaster: three,
    given: [recipient('it@clinic.example'), recipient('postmaster', { notify: ['success', 'delay'] })],
    expect: [
      no('it@clinic.example'),
      yes('desk@clinic.example', { orcpt, notify: ['delay'] }),
      no('night@clinic.example', { orcpt, notify: ['delay'] }),
    ],
  },
  {
    name: 'NOTIFY=NEVER stays never',
    postmaster: three,
    given: [recipient('postmaster', { notify: ['never'] })],
    expect: three.map((address) => no(address, { orcpt, notify: ['never'] })),
  },
];

for (const { name, given, postmaster = ['it@clinic.example'], expect } of expansions) {
  t.test(name, async (t) => void t.same(expandRecipients(given, HOST, postmaster), expect));
}

const jane = no('Jane.Doe@partner.example');
const policy = simplePolicy();

function admission(change: Partial<Admission> = {}): Admission {
  return {
    id: '01JD9Z0000000000000000TEST',
    kind: 'message',
    about: null,
    at: NOON,
    now: NOON + 7,
    submission: submission({ envelope: envelope([recipient('Jane.Doe@partner.example')]) }),
    content: { place: 'row', sizeBytes: 900, wrappedKey: new Uint8Array(60), periodId: 3, digest: Buffer.alloc(32, 9), needs: 'nothing' },
    facts: { headerMessageId: '<m1@clinic.example>', messageIdFrom: 'client', references: null, likeness: Buffer.alloc(32, 8) },
    reportTo: 'ann@clinic.example',
    expanded: [jane],
    decided: [{ decision: policy.decide(someFacts()), settings: { reviewers: [], holdFor: null } }],
    reading: null,
    evidence: [],
    expireAfterMs: DAY,
    holdFor: { clockMs: DAY },
    hold: null,
    ...change,
  };
}

const delivery = (of: Admission, expanded: Expanded = jane) =>
  newDeliveryOf(of, expanded, 0, Buffer.alloc(32, 1), standsAs(of, expanded, 0), keys);
const hex = (digest: Uint8Array | null): string | null => (digest === null ? null : Buffer.from(digest).toString('hex'));

t.test('a delivery carries its decision and its end', async (t) => {
  const { decision, expiresAt, state, hold, report } = delivery(admission());
  t.match(decision, { floor: 'tls-verified', methods: ['relay'], otherwise: 'hold' });
  t.same([expiresAt, state, hold, report], [NOON + 7 + DAY, 'queued', null, null]);
  t.same(delivery(admission(), yes('it@clinic.example')).report, {
    kind: 'expanded',
    status: { at: NOON, status: '2.0.0', code: 'expanded', diagnostic: null, remoteMta: null },
  });
});

const limited = { reason: 'limit.reached', owner: 'administrator', deadline: NOON + DAY } as const;
const heldFor: readonly (readonly [name: string, change: Partial<Admission>, to: Expanded, kind: 'held' | 'expanded' | null])[] = [
  ['nothing said of reports', {}, jane, 'held'],
  ['NOTIFY=DELAY', {}, no('a@x.example', { notify: ['delay'] }), 'held'],
  ['NOTIFY=FAILURE,DELAY', {}, no('a@x.example', { notify: ['failure', 'delay'] }), 'held'],
  ['NOTIFY=FAILURE', {}, no('a@x.example', { notify: ['failure'] }), null],
  ['NOTIFY=NEVER', {}, no('a@x.example', { notify: ['never'] }), null],
  ['not held', { hold: null }, jane, null],
  ['a report of ours', { kind: 'dsn' }, jane, null],
  ['expanded: told by the others of the list', {}, yes('it@clinic.example'), 'expanded'],
];

for (const [name, change, to, kind] of heldFor) {
  t.test(`held by a limit, report owed: ${name}`, async (t) => {
    const { report } = delivery(admission({ hold: limited, ...change }), to);
    t.equal(report?.kind ?? null, kind);
    if (kind !== 'held') return;
    t.same(report?.status, { at: NOON, status: '4.7.1', code: 'limit.reached', diagnostic: null, remoteMta: null });
  });
}

t.test('what a limit holds belongs to the administrator, whomever policy names for other holds', async (t) => {
  const settings = { reviewers: ['privacy@clinic.example'], holdFor: { workingDays: 9 } };
  for (const action of ['deliver', 'hold'] as const) {
    const decided = [{ decision: { ...policy.decide(someFacts()), action }, settings }];
    const { state, hold, report } = delivery(admission({ hold: limited, decided }));
    t.same([state, hold], ['held', limited], action);
    t.equal(report?.status.ask, undefined, 'the originator asks the administrator');
  }
});

const base = admission();
const of = (change: Partial<Admission['submission']>): Admission => ({ ...base, submission: { ...base.submission, ...change } });
const facts = (change: Partial<Admission['facts']>): Admission => ({ ...base, facts: { ...base.facts, ...change } });
const sent = base.submission.envelope;

interface RepeatCase {
  readonly name: string;
  readonly other: Admission;
  readonly to?: Expanded;
  readonly repeat: 'same' | 'other' | 'none';
  readonly likely: 'same' | 'other' | 'none';
}

const repeats: readonly RepeatCase[] = [
  {
    name: 'the same again',
    other: { ...base, id: '01JD9Z0000000000000000AGAI', at: NOON + DAY, now: NOON + DAY },
    repeat: 'same',
    likely: 'same',
  },
  { name: 'the recipient in another spelling', other: base, to: no('jane.doe@PARTNER.example'), repeat: 'same', likely: 'same' },
  { name: 'another recipient', other: base, to: no('john@partner.example'), repeat: 'other', likely: 'other' },
  { name: 'another account', other: of({ submitter: { kind: 'account', name: 'lab' } }), repeat: 'other', likely: 'other' },
  { name: 'a network of the same name', other: of({ submitter: { kind: 'network', name: 'ehr' } }), repeat: 'other', likely: 'other' },
  {
    name: 'another reverse-path',
    other: of({ envelope: { ...sent, reversePath: 'bob@clinic.example' } }),
    repeat: 'other',
    likely: 'other',
  },
  {
    name: 'another Message-ID, as PHPMailer gives each try',
    other: facts({ headerMessageId: '<m2@clinic.example>' }),
    repeat: 'other',
    likely: 'same',
  },
  { name: 'other content', other: { ...base, content: { ...base.content, digest: Buffer.alloc(32, 3) } }, repeat: 'other', likely: 'same' },
  {
    name: 'other content that is not alike',
    other: { ...facts({ likeness: Buffer.alloc(32, 4) }), content: { ...base.content, digest: Buffer.alloc(32, 3) } },
    repeat: 'other',
    likely: 'other',
  },
  { name: 'a Message-ID of ours recognises nothing', other: facts({ messageIdFrom: 'gateway' }), repeat: 'none', likely: 'same' },
  { name: 'no Message-ID that can be referred to', other: facts({ headerMessageId: null }), repeat: 'none', likely: 'same' },
  { name: 'a report is never a repeat', other: { ...base, kind: 'dsn' }, repeat: 'none', likely: 'none' },
];

for (const { name, other, to, repeat, likely } of repeats) {
  t.test(`repeats: ${name}`, async (t) => {
    const [one, two] = [delivery(base), delivery(other, to)];
    const said = (a: Uint8Array | null, b: Uint8Array | null): string => (b === null ? 'none' : hex(a) === hex(b) ? 'same' : 'other');
    t.equal(said(one.repeatDigest, two.repeatDigest), repeat, 'repeat');
    t.equal(said(one.likelyDigest, two.likelyDigest), likely, 'likely repeat');
  });
}

const holds: Admission['hold'] = { reason: 'limit.reached', owner: 'administrator', deadline: NOON + DAY };
const evidenced: readonly (readonly [name: string, of: Admission, state: 'queued' | 'held', kinds: readonly string[]])[] = [
  ['a message', base, 'queued', ['message.accepted', 'delivery.decided']],
  ['a message held', { ...base, hold: holds }, 'held', ['message.accepted', 'delivery.decided', 'delivery.held']],
  ['a report', { ...base, kind: 'dsn', about: '01JD9Z000000000000000ABOUT' }, 'queued', ['report.accepted', 'delivery.decided']],
  ['a message in the clear', of({ client: { ...base.submission.client, tls: null } }), 'queued', ['message.accepted', 'delivery.decided']],
];

for (const [name, given, state, kinds] of evidenced) {
  t.test(`evidence of ${name}`, async (t) => {
    const evidence = admissionEvidence(given, [
      newDeliveryOf(given, jane, 0, Buffer.alloc(32), { ...standsAs(given, jane, 0), state }, keys),
    ]);
    t.same(
      evidence.map(({ kind }) => kind),
      kinds,
    );
    const chained = JSON.stringify(evidence.map(({ codes, messageId, deliveryId }) => ({ codes, messageId, deliveryId })));
    t.notMatch(chained, /jane|doe|partner|ann@|clinic|192\.0\.2|ehr|m1@/i, 'no address and no name in the chained bytes');
    t.match(evidence[0]?.codes, { recipients: 1, sizeBytes: 900, submitter: 'account', listener: 'submissions' });
    t.same(evidence[0]?.detail, { reversePath: 'ann@clinic.example', submitter: 'ehr', client: '192.0.2.33', helo: 'ehr.clinic.example' });
    t.same(evidence[1]?.detail, { recipient: 'Jane.Doe@partner.example' });
  });
}

t.test('the record keeps the envelope, with the recipients as they were expanded', async (t) => {
  const record = messageRecordOf(base, [recipient('it@clinic.example', { orcpt })]);
  t.match(record, {
    id: base.id,
    acceptedAt: NOON + 7,
    reportTo: 'ann@clinic.example',
    about: null,
    headerMessageId: '<m1@clinic.example>',
  });
  t.same(record.envelope, { ...sent, recipients: [recipient('it@clinic.example', { orcpt })] });
});
