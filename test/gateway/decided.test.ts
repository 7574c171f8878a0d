// From a decision to what becomes of the delivery: state, hold, report to the originator, evidence; and the reply where nobody gets it.
import t from 'tap';
import {
  ADMINISTRATOR,
  askOf,
  becomes,
  CONFIGURED,
  type DecidedFor,
  decidedEvidence,
  decisionCodes,
  holdOf,
  ownMail,
} from '../../src/gateway/decided.ts';
import { declinedBy, declinedEvidence } from '../../src/gateway/declined.ts';
import { type Decision, NO_MODIFIERS, notDecided } from '../../src/mail/decision.ts';
import type { Notify } from '../../src/mail/envelope.ts';
import { replyOf } from '../../src/mail/mail-error.ts';
import { DECISION, reading } from '../support/store-units.ts';

const AT = 1_000_000;
const NOW = 5_000;
const FRIDAY = Date.UTC(2026, 10, 27, 15);
const HOUR = 3_600_000;
const REVIEWERS = ['a@hospital.example', 'b@hospital.example'];
const ABOUT: DecidedFor = { kind: 'message', notify: null, at: AT, now: NOW, settings: CONFIGURED, holdFor: { clockMs: HOUR } };

const decision = (change: Partial<Decision> = {}): Decision => ({ ...DECISION, ...change });

await t.test('state, hold and report by the decision', async (t) => {
  const table: readonly (readonly [name: string, change: Partial<Decision>, state: string, code: string | null, report: string | null])[] =
    [
      ['delivered by relay', {}, 'queued', null, null],
      ['delivered by what is released', { released: true }, 'queued', null, null],
      ['methods left, whatever happens without', { otherwise: 'return' }, 'queued', null, null],
      ['no method meets the floor: held', { methods: [] }, 'held', 'delivery.below-floor', 'held'],
      ['no method meets the floor: returned', { methods: [], otherwise: 'return' }, 'returned', 'delivery.below-floor', 'failed'],
      ['held', { action: 'hold' }, 'held', 'policy.held', 'held'],
      ['held with methods for later', { action: 'hold', methods: ['portal'] }, 'held', 'policy.held', 'held'],
      ['held, with nothing to go by', { action: 'hold', methods: [], otherwise: 'return' }, 'held', 'policy.held', 'held'],
      ['returned', { action: 'return' }, 'returned', 'policy.returned', 'failed'],
      [
        'returned, though a method would do',
        { action: 'return', methods: ['relay'], otherwise: 'hold' },
        'returned',
        'policy.returned',
        'failed',
      ],
      ['before policy has decided', notDecided('<undecided>', 'p'), 'held', 'policy.held', 'held'],
      ['where it could not', notDecided('<fault>', 'p'), 'held', 'policy.held', 'held'],
    ];
  for (const [name, change, state, code, kind] of table) {
    const became = becomes(decision(change), ABOUT);
    t.equal(became.state, state, name);
    t.equal(became.hold?.reason ?? null, state === 'held' ? code : null, `${name}: the hold says why`);
    t.equal(became.report?.kind ?? null, kind, `${name}: who is told`);
    t.equal(became.report?.status.code ?? null, code, `${name}: what is told`);
  }
});

await t.test('holds', async (t) => {
  const holdOfSettings = (settings: DecidedFor['settings']): unknown => becomes(decision({ action: 'hold' }), { ...ABOUT, settings }).hold;
  t.same(
    holdOfSettings(CONFIGURED),
    { reason: 'policy.held', owner: ADMINISTRATOR, deadline: NOW + HOUR },
    'the configuration says how long',
  );
  t.same(
    holdOfSettings({ reviewers: REVIEWERS, holdFor: { clockMs: 60_000 } }),
    { reason: 'policy.held', owner: 'a@hospital.example, b@hospital.example', deadline: NOW + 60_000 },
    'policy says who and how long',
  );
  t.match(holdOfSettings({ reviewers: [], holdFor: { clockMs: 0 } }), { deadline: NOW }, 'no time at all is a time');
  t.match(holdOf('policy.held', CONFIGURED, 7, { clockMs: 8 }), { deadline: 15 }, 'by the steady clock');
  t.match(holdOf('policy.held', CONFIGURED, FRIDAY, { workingDays: 2 }), { deadline: FRIDAY + 96 * HOUR }, 'the weekend does not count');
  const asked: readonly (readonly [owner: string, ask: unknown])[] = [
    [ADMINISTRATOR, {}],
    ['gateway', {}],
    ['', {}],
    ['a@hospital.example', { ask: 'a@hospital.example' }],
    [REVIEWERS.join(', '), { ask: 'a@hospital.example or b@hospital.example' }],
  ];
  for (const [owner, ask] of asked) t.same(askOf(owner), ask, `whom to ask where the owner is ${JSON.stringify(owner)}`);
});

await t.test('who is told, by NOTIFY', async (t) => {
  const table: readonly (readonly [notify: readonly Notify[] | null, held: boolean])[] = [
    [null, true],
    [['delay'], true],
    [['failure', 'delay'], true],
    [['success', 'failure', 'delay'], true],
    [['failure'], false],
    [['success'], false],
    [['never'], false],
    [[], false],
  ];
  for (const [notify, told] of table) {
    const words = notify === null ? 'nothing said' : `NOTIFY=${notify.join(',')}`;
    const held = becomes(decision({ action: 'hold' }), { ...ABOUT, notify });
    t.equal(held.report !== null, told, `${words}: a hold is a delay`);
    t.equal(held.state, 'held', `${words}: held all the same`);
    t.equal(becomes(decision({ methods: [] }), { ...ABOUT, notify }).report !== null, told, `${words}: below the floor`);
    t.equal(
      becomes(decision({ action: 'return' }), { ...ABOUT, notify }).report?.kind,
      'failed',
      `${words}: a return is written; the report knows NOTIFY`,
    );
  }
  for (const kind of ['dsn', 'notice'] as const)
    for (const action of ['hold', 'return'] as const) {
      const became = becomes(decision({ action }), { ...ABOUT, kind });
      t.equal(became.report, null, `a ${kind} is reported to nobody: ${action}`);
      t.equal(became.state, action === 'hold' ? 'held' : 'returned');
    }
});

await t.test('words of a report', async (t) => {
  const statusOf = (change: Partial<Decision>, settings: DecidedFor['settings'] = CONFIGURED): unknown =>
    becomes(decision(change), { ...ABOUT, settings }).report?.status;
  const plain = { at: AT, diagnostic: null, remoteMta: null };
  t.same(statusOf({ action: 'hold' }), { ...plain, status: '4.7.1', code: 'policy.held' });
  t.same(statusOf({ action: 'return' }), { ...plain, status: '5.7.1', code: 'policy.returned' });
  t.same(statusOf({ methods: [] }), { ...plain, status: '5.7.10', code: 'delivery.below-floor' });
  t.same(
    statusOf({ action: 'return', reason: 'Not by mail' }, { reviewers: REVIEWERS, holdFor: null }),
    { ...plain, status: '5.7.1', code: 'policy.returned', words: 'Not by mail', ask: 'a@hospital.example or b@hospital.example' },
    'the rule says why, the settings whom to ask',
  );
});

await t.test('codes of evidence', async (t) => {
  const plain = {
    rule: 'default',
    policy: 'p1',
    action: 'deliver',
    floor: 'tls-verified',
    methods: 'relay',
    otherwise: 'hold',
  };
  t.same(decisionCodes(DECISION), plain);
  t.same(
    decisionCodes(
      decision({
        floors: ['phi', 'hiv'],
        methods: ['portal', 'relay'],
        reason: 'words of the author',
        modifiers: { ...NO_MODIFIERS, unsubscribe: 'marketing', appendText: 'a footer', notify: REVIEWERS, stripTags: ['[x]'] },
      }),
    ),
    { ...plain, floors: 'phi hiv', methods: 'portal relay', purpose: 'marketing' },
    'neither words nor addresses',
  );
  t.same(decisionCodes(notDecided('<fault>', 'p1')), { ...plain, rule: '<fault>', action: 'hold', floor: 'sealed', methods: '' });
});

await t.test('evidence of a decision and of what follows', async (t) => {
  const kinds = (change: Partial<Decision>, about: Partial<DecidedFor> = {}): readonly unknown[] => {
    const one = decision(change);
    return decidedEvidence('M', 3, AT, { decision: one, ...becomes(one, { ...ABOUT, ...about }) }, { address: 'bob@partner.example' }).map(
      ({ kind, codes, detail }) => [kind, codes['code'] ?? codes['rule'], detail],
    );
  };
  const decided = ['delivery.decided', 'default', { recipient: 'bob@partner.example' }];
  t.same(kinds({}), [decided]);
  t.same(kinds({ action: 'hold' }), [decided, ['delivery.held', 'policy.held', null]]);
  t.same(kinds({ action: 'return' }), [decided, ['delivery.returned', 'policy.returned', null]]);
  t.same(kinds({ methods: [] }), [decided, ['delivery.held', 'delivery.below-floor', null]]);
  t.same(kinds({ methods: [], otherwise: 'return' }), [decided, ['delivery.returned', 'delivery.below-floor', null]]);
  t.same(
    kinds({ action: 'return' }, { kind: 'notice' }),
    [decided, ['delivery.returned', 'policy.returned', null]],
    'of our own mail as well',
  );
  const held = decision({ action: 'hold' });
  const [, hold] = decidedEvidence('M', 3, AT, { decision: held, ...becomes(held, ABOUT) }, { address: 'bob@partner.example' });
  t.match(hold, { at: AT, messageId: 'M', deliveryId: 'M/3', codes: { owner: ADMINISTRATOR, until: NOW + HOUR } });
});

await t.test('our own mail', async (t) => {
  const own = ownMail('p9', 'tls-authenticated', 'return');
  t.match(own, {
    rule: '<own-mail>',
    policyVersion: 'p9',
    action: 'deliver',
    floor: 'tls-authenticated',
    otherwise: 'return',
    consents: null,
  });
  t.same(own.methods, ['relay'], 'no portal for a report');
  t.equal(becomes(own, ABOUT).state, 'queued');
});

const settled = (...changes: readonly Partial<Decision>[]) => ({
  decisions: changes.map((change) => ({ decision: decision(change), settings: CONFIGURED })),
});

await t.test('declined where nobody gets it', async (t) => {
  const returned = { action: 'return' } as const;
  const plain = replyOf('policy.returned');
  const table: readonly (readonly [name: string, decisions: readonly Partial<Decision>[], text: string | null])[] = [
    ['all returned', [returned, returned], plain.text],
    ['one returned', [returned], plain.text],
    ['with words', [{ ...returned, reason: 'Not by mail' }], 'Not by mail'],
    [
      'the words of the first',
      [
        { ...returned, reason: 'One' },
        { ...returned, reason: 'Two' },
      ],
      'One',
    ],
    ['one is delivered', [returned, {}], null],
    ['one is held', [returned, { action: 'hold' }], null],
    ['the last one is', [returned, returned, {}], null],
    ['no method: that is told later', [{ methods: [], otherwise: 'return' }], null],
    ['nobody', [], null],
    ['words beyond US-ASCII', [{ ...returned, reason: 'Nur \u00fcber das Portal' }], 'Nur ber das Portal'.replace('ber', ' ber')],
    ['words in two lines stay in one', [{ ...returned, reason: 'One\r\n250 OK' }], 'One 250 OK'],
    ['words without end', [{ ...returned, reason: 'x'.repeat(2_000) }], 'x'.repeat(400)],
  ];
  for (const [name, decisions, text] of table) {
    const reply = declinedBy(settled(...decisions));
    t.equal(reply?.text ?? null, text, name);
    if (reply !== null) t.match(reply, { code: 550, enhanced: '5.7.1' }, `${name}: permanent`);
  }
});

await t.test('evidence of what was declined', async (t) => {
  const read = { kind: 'message.read', at: AT, messageId: 'M', deliveryId: null, codes: {}, detail: null } as const;
  const { reversePath, recipients } = { reversePath: 'ann@hospital.example', recipients: ['bob@partner.example', 'eve@partner.example'] };
  const told = declinedEvidence({
    messageId: 'M',
    at: AT,
    submission: {
      submitter: { kind: 'account', name: 'ehr' },
      client: { address: '192.0.2.7', helo: 'ehr', protocol: 'ESMTPSA', tls: null, listener: 'submission' },
      envelope: { reversePath, body: '7bit', smtpUtf8: false, requireTls: false, ret: null, envid: null, recipients: [] },
    },
    recipients,
    processed: { ...settled({ action: 'return' }, { action: 'return', rule: 'other' }), reading: reading(), evidence: [read] },
  });
  t.same(
    told.map(({ kind, deliveryId }) => `${kind} ${deliveryId ?? ''}`.trim()),
    ['message.declined', 'message.read', 'delivery.decided M/0', 'delivery.decided M/1'],
    'that it came, what was read, and each decision',
  );
  t.same(told[0]?.codes, { recipients: 2, submitter: 'account', listener: 'submission', code: 'policy.returned' });
  t.same(told[0]?.detail, { reversePath, submitter: 'ehr', client: '192.0.2.7' }, 'who it was lies in the sealed detail');
  t.same(
    told.slice(2).map(({ detail }) => detail),
    recipients.map((recipient) => ({ recipient })),
  );
  t.notMatch(JSON.stringify(told.map(({ codes }) => codes)), /@|192\.0/, 'no address in clear');
});
