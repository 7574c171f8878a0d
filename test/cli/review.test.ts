// postern review: what is asked of the service, what a reviewer reads in 80 columns, and the exit codes.
import { userInfo } from 'node:os';
import t from 'tap';
import type { ControlHandlers } from '../../src/control/commands.ts';
import type { ReviewEntry, ReviewReport } from '../../src/control/review-commands.ts';
import { commandLine } from '../support/command-line.ts';
import { DECISION, storedFacts } from '../support/store-units.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const who = userInfo().username;
const decision = {
  ...DECISION,
  rule: 'lab-results',
  action: 'hold',
  floors: ['phi'],
  methods: ['portal'],
  reason: 'Ask the lab first.',
} as const;

const entry = (n: number, own: Partial<ReviewEntry> = {}): ReviewEntry => ({
  deliveryId: `${ID}/${n}`,
  state: 'held',
  kind: 'message',
  recipient: `patient${n}@partner.example`,
  reversePath: 'ann@clinic.example',
  acceptedAt: NOW - 3 * 3_600_000,
  dueAt: null,
  expiresAt: NOW + 21 * 3_600_000,
  attempts: 0,
  sizeBytes: 20_480,
  hold: { reason: 'policy.held', owner: 'review@clinic.example', deadline: NOW + 47 * 3_600_000 },
  lastStatus: null,
  decision,
  level: 'high',
  ...own,
});

const report: ReviewReport = {
  message: {
    messageId: ID,
    kind: 'message',
    acceptedAt: NOW - 3 * 3_600_000,
    submitter: { kind: 'account', name: 'ehr' },
    reversePath: 'ann@clinic.example',
    reportTo: 'ann@clinic.example',
    sizeBytes: 20_480,
    about: null,
    deliveries: [entry(0), entry(1, { state: 'relayed', hold: null })],
  },
  found: {
    phi: { ...storedFacts().message.phi, level: 'high', score: 0.91, counts: { name: 2, result: 1 }, labels: ['hiv'] },
    blindSpots: ['encrypted'],
    reasons: [
      { code: 'person-and-health', weight: 0.91, part: '2', place: { area: 'text', page: 3 }, kinds: ['name', 'result'] },
      { code: 'health-alone', weight: 0.01, part: '1', place: { area: 'text' }, kinds: [] },
    ],
  },
  decisions: [
    {
      deliveryId: `${ID}/0`,
      decision,
      triedBefore: 2,
      changes: [{ id: 'lab-results', needs: ['PHI is medium or higher'], then: 'deliver by relay, portal' }],
    },
  ],
};

await t.test('list', async (t) => {
  const asked: unknown[] = [];
  const entries = [entry(0), entry(1, { level: null, hold: { reason: 'limit.reached', owner: 'administrator', deadline: NOW + 60_000 } })];
  const service: Partial<ControlHandlers> = {
    'review.list': async (request) => {
      asked.push(request);
      return { kind: 'done', value: { entries, next: null } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  t.same(await line.run(['review', 'list'], { columns: 80 }), {
    code: 0,
    err: '',
    out: `Delivery                      PHI      Until     Recipient
01JDB2V3X8QK4T6M9W0YHZ5RCE/0  high     in 1 d    patient0@partner.example
  from ann@clinic.example, for review@clinic.example: The message waits for a
  person of the sending organisation to look at it (rule lab-results)
01JDB2V3X8QK4T6M9W0YHZ5RCE/1  unknown  in 1 min  patient1@partner.example
  from ann@clinic.example, for administrator: This login went on far beyond its
  limits, and the message is held (rule lab-results)
`,
  });
  t.same(asked, [{ after: null, limit: 100 }]);
  const json = await line.run(['review', 'list', '--json']);
  t.same(
    json.out
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as ReviewEntry),
    entries,
  );
});

await t.test('list goes on page by page, and says where there is more', async (t) => {
  const service: Partial<ControlHandlers> = {
    'review.list': async ({ after, limit }) => {
      const from = after === null ? 0 : Number(after);
      return { kind: 'done', value: { entries: Array.from({ length: limit }, (_, i) => entry(from + i)), next: String(from + limit) } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const { out, err } = await line.run(['review', 'list', '--json', '--limit', '1200']);
  t.equal(out.trimEnd().split('\n').length, 1_200);
  t.match(err, /the first 1200 are shown/);
  const none = await commandLine(t, { service: { 'review.list': async () => ({ kind: 'done', value: { entries: [], next: null } }) } });
  t.same(await none.run(['review', 'list']), { code: 0, out: 'Nothing is held.\n', err: '' });
});

await t.test('show: what was found and where, why it is held, what a release would do; never wider than the terminal', async (t) => {
  const line = await commandLine(t, { service: { 'review.show': async () => ({ kind: 'done', value: report }) }, now: NOW });
  const { code, out } = await line.run(['review', 'show', ID], { columns: 80 });
  t.equal(code, 0);
  const zone = /\d\d:\d\d:\d\d (\S+)/;
  t.match(out, zone);
  t.equal(
    out.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+/g, 'TIME'),
    `message   01JDB2V3X8QK4T6M9W0YHZ5RCE
accepted  TIME (3 h ago)
from      ann@clinic.example, handed in by account ehr
size      20 kB
held      1 of 2 deliveries

PHI: high  score 0.91

Why
  an identified person and health near one another
    part 2, page 3: name, result

Found
  name 2, result 1

Special categories
  hiv

Cannot be read
  encrypted

01JDB2V3X8QK4T6M9W0YHZ5RCE/0  held
  recipient  patient0@partner.example
  why        The message waits for a person of the sending organisation to look
             at it
  in words   Ask the lab first.
  decides    review@clinic.example
  until      TIME (in 1 d)
  rule       lab-results
  floor      tls-verified (phi)
  a release  goes by portal
  today      rule lab-results, after 2 that did not match
  otherwise  deliver by relay, portal, if PHI is medium or higher
`,
  );
  t.ok(out.split('\n').every((one) => one.length <= 80));
});

await t.test('show of what nobody has read', async (t) => {
  const value = { ...report, found: null, decisions: [] };
  const line = await commandLine(t, { service: { 'review.show': async () => ({ kind: 'done', value }) }, now: NOW });
  t.match((await line.run(['review', 'show', ID])).out, /PHI: unknown\n {2}It has not been read/);
});

await t.test('content: wants a reason, and prints the text as it was read', async (t) => {
  const asked: unknown[] = [];
  const message = {
    parts: [{ path: '1', kind: 'text', declaredType: 'text/plain', name: null, role: 'body', sizeBytes: 12, digest: null }],
    spans: [{ part: '1', place: { area: 'text' }, text: 'Dear \u202eZoe', marks: [] }],
    defects: [],
    blindSpots: [],
    documents: [],
  } as const;
  const service: Partial<ControlHandlers> = {
    'review.content': async (request) => {
      asked.push(request);
      return { kind: 'done', value: { message, sizeBytes: 12, tookMs: 3, leftOut: 2 } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  const without = await line.run(['review', 'show', ID, '--content']);
  t.match(without, { code: 2, out: '', err: /--content needs --why/ });
  t.same(asked, []);
  const shown = await line.run(['review', 'show', ID, '--content', '--why', 'is it a form?', '--as', 'kim'], { columns: 80 });
  t.match(shown, { code: 0, out: /Dear \?Zoe/, err: /2 places is left out/ });
  t.same(asked, [{ messageId: ID, who, as: 'kim', why: 'is it a form?' }]);
});

for (const [name, given, command, expected] of [
  ['release', ['release', ID], 'review.release', { verdict: null }],
  ['release, not PHI', ['release', ID, '--not-phi', '--as', 'kim'], 'review.release', { verdict: 'not-phi', as: 'kim' }],
  ['return, PHI, with words', ['return', ID, '--phi', '--tell', 'By portal'], 'review.return', { verdict: 'phi', words: 'By portal' }],
  ['return', ['return', `${ID}/1`], 'review.return', { target: `${ID}/1`, verdict: null, words: null }],
  ['reroute', ['reroute', ID, '--method', 'portal'], 'review.reroute', { method: 'portal' }],
] as const) {
  await t.test(`${name}: asked as it was typed`, async (t) => {
    const asked: unknown[] = [];
    const answer = async (request: unknown) => {
      asked.push(request);
      return { kind: 'done', value: { changed: [`${ID}/0`], unchanged: [] } } as const;
    };
    const line = await commandLine(t, { service: { [command]: answer }, now: NOW });
    const done = await line.run(['review', ...given, '--why', 'an empty form']);
    t.match(done, { code: 0, out: /: 1 delivery \(01JDB2V3X8QK4T6M9W0YHZ5RCE\/0\)\.\n$/, err: '' });
    t.same(asked, [{ target: ID, who, as: null, why: 'an empty form', ...expected }]);
    const silent = await line.run(['review', ...given]);
    t.match(silent, { code: 2, err: /--why/ }, 'nothing without a reason');
    t.equal(asked.length, 1);
  });
}

for (const [name, given] of [
  ['both verdicts', ['release', ID, '--why', 'x', '--phi', '--not-phi']],
  ['no such method', ['reroute', ID, '--why', 'x', '--method', 'pigeon']],
  ['no method', ['reroute', ID, '--why', 'x']],
  ['no number of days', ['verdicts', '--since', 'ever']],
] as const)
  await t.test(`refused as typed: ${name}`, async (t) => {
    const line = await commandLine(t, { service: {}, now: NOW });
    t.equal((await line.run(['review', ...given])).code, 2);
  });

await t.test('verdicts: by reason and by kind, the most often wrong first', async (t) => {
  const asked: unknown[] = [];
  const service: Partial<ControlHandlers> = {
    'review.verdicts': async (request) => {
      asked.push(request);
      const messages = { phi: 1, notPhi: 3 };
      const reasons = [
        { code: 'person-and-health', phi: 1, notPhi: 2 },
        { code: '', phi: 0, notPhi: 1 },
      ];
      return { kind: 'done', value: { messages, reasons, kinds: [{ kind: 'name', phi: 1, notPhi: 2 }] } };
    },
  };
  const line = await commandLine(t, { service, now: NOW });
  t.equal(
    (await line.run(['review', 'verdicts', '--since', '30d'], { columns: 80 })).out,
    `Reviewed  not PHI  PHI  wrong
messages        3    1   75 %

By reason                                         not PHI  PHI  wrong
an identified person and health near one another        2    1   67 %
nothing had been found                                  1    0  100 %

By kind of finding  not PHI  PHI  wrong
name                      2    1   67 %
`,
  );
  t.same(asked, [{ since: NOW - 30 * 86_400_000 }]);
});
