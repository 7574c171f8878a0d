// Evidence combined: levels by what is found, how near, of whom, and to whom it is said. Candidates are made by hand; texts are real.
import t from 'tap';
import { combine } from '../../src/inspect/combine.ts';
import type { Candidate, Surroundings } from '../../src/inspect/detector.ts';
import type { Level } from '../../src/mail/finding.ts';
import type { HealthDocument } from '../../src/mail/message.ts';
import { passagesOfText } from '../support/candidates.ts';
import { NOBODY } from '../support/nobody.ts';

const ONE_OUTSIDE: Surroundings = { ...NOBODY, recipients: ['someone@home.example'] };
const MANY_OUTSIDE: Surroundings = { ...NOBODY, recipients: ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example'] };

type Of = Partial<Candidate> & Pick<Candidate, 'kind'>;
const who = (of: Of): Candidate => ({ ...PLAIN, axis: 'who', role: 'unknown', value: of.kind, ...of });
const health = (of: Of): Candidate => ({ ...PLAIN, axis: 'health', role: null, value: of.kind, ...of });
const PLAIN = { at: 0, length: 4, confidence: 0.9, reason: 'in-list', labels: [] } as const;

const FILL = 'The weather was fine and the road was long. ';
const text = (length: number, begin = ''): string => begin + FILL.repeat(Math.ceil(length / FILL.length));

function weighed(body: string, candidates: readonly Candidate[], surroundings: Surroundings = NOBODY): ReturnType<typeof combine> {
  const [passage] = passagesOfText(body);
  return combine(passage === undefined ? [] : [{ passage, candidates, generality: passage.generality() }], [], surroundings);
}

const SHORT = text(100);
const LEVELS: readonly (readonly [name: string, level: RegExp, result: ReturnType<typeof combine>])[] = [
  ['nothing', /^none$/, weighed(SHORT, [])],
  ['a name alone', /^none$|^low$/, weighed(SHORT, [who({ kind: 'name' })])],
  ['health alone', /^none$|^low$/, weighed(SHORT, [health({ kind: 'condition' })])],
  ['a name and a condition', /medium|high/, weighed(SHORT, [who({ kind: 'name' }), health({ kind: 'condition' })])],
  ['a patient and a condition', /high/, weighed(SHORT, [who({ kind: 'name', role: 'patient' }), health({ kind: 'condition' })])],
  ['a record number and a drug', /medium|high/, weighed(SHORT, [who({ kind: 'mrn' }), health({ kind: 'drug' })])],
  ['who treats and a condition', /none|low/, weighed(SHORT, [who({ kind: 'name', role: 'provider' }), health({ kind: 'condition' })])],
  ['who sends and a condition', /none|low/, weighed(SHORT, [who({ kind: 'name', role: 'sender' }), health({ kind: 'condition' })])],
  ['staff and a condition', /none|low/, weighed(SHORT, [who({ kind: 'name', role: 'staff' }), health({ kind: 'condition' })])],
  ['a hotline and a condition', /none|low/, weighed(SHORT, [who({ kind: 'phone', role: 'public' }), health({ kind: 'condition' })])],
  ['an address of a computer', /none|low/, weighed(SHORT, [who({ kind: 'ip' }), health({ kind: 'condition' })])],
  [
    'who treats, of one described',
    /medium|high/,
    weighed('A 58-year-old male, seen on Monday.', [
      who({ kind: 'name', role: 'provider' }),
      who({ kind: 'date', confidence: 0.7 }),
      health({ kind: 'condition' }),
    ]),
  ],
  ['unsure of both', /none|low/, weighed(SHORT, [who({ kind: 'name', confidence: 0.4 }), health({ kind: 'condition', confidence: 0.4 })])],
  [
    'an animal',
    /none|low/,
    weighed('She is a lovely old cat. The vet says so.', [who({ kind: 'name', role: 'patient' }), health({ kind: 'result' })]),
  ],
  [
    'many',
    /none|low/,
    weighed('Dear families, cases of it among patients. Unsubscribe.', [who({ kind: 'name' }), health({ kind: 'condition' })]),
  ],
  ['your own, to one outside', /medium|high/, weighed('Your A1c is 9.2.', [health({ kind: 'result' })], ONE_OUTSIDE)],
  ['your own, to nobody outside', /none|low/, weighed('Your A1c is 9.2.', [health({ kind: 'result' })], NOBODY)],
  ['your own, to many', /none|low/, weighed('Your A1c is 9.2.', [health({ kind: 'result', confidence: 0.6 })], MANY_OUTSIDE)],
  ['nobody spoken to', /none|low/, weighed(SHORT, [health({ kind: 'result' })], ONE_OUTSIDE)],
  [
    'under a greeting',
    /medium|high/,
    weighed('Hi Nora, cleaning at nine.', [who({ kind: 'name', role: 'recipient' }), health({ kind: 'care' })], ONE_OUTSIDE),
  ],
];

t.test('levels', async (t) => {
  for (const [name, level, result] of LEVELS) t.match(result.level, level, `${name} ${result.score}`);
});

t.test('further apart is less', async (t) => {
  const apart = (at: number): number => weighed(text(20_000), [who({ kind: 'name' }), health({ kind: 'condition', at })]).score;
  const scores = [0, 600, 3_000, 19_000].map(apart);
  t.same(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  t.ok((scores[0] ?? 0) > (scores[1] ?? 0) && (scores[1] ?? 0) > (scores[2] ?? 0) && (scores[2] ?? 0) > (scores[3] ?? 0));
});

t.test('more kinds are more, the same again is not', async (t) => {
  const one = weighed(SHORT, [who({ kind: 'name', confidence: 0.5 }), health({ kind: 'condition' })]).score;
  const again = weighed(SHORT, [
    who({ kind: 'name', confidence: 0.5 }),
    who({ kind: 'name', confidence: 0.5 }),
    health({ kind: 'condition' }),
  ]);
  const more = weighed(SHORT, [who({ kind: 'name', confidence: 0.5 }), who({ kind: 'phone' }), health({ kind: 'condition' })]).score;
  const two = weighed(SHORT, [
    who({ kind: 'name', confidence: 0.5 }),
    who({ kind: 'name', confidence: 0.5, value: 'another' }),
    health({ kind: 'condition' }),
  ]).score;
  t.equal(again.score, one);
  t.ok(more > two && two > one);
});

t.test('documents', async (t) => {
  const document = (patients: number, identifiers: HealthDocument['identifiers']): HealthDocument => ({
    part: '2',
    standard: 'hl7v2',
    type: 'ADT^A01',
    patients,
    identifiers,
    contents: [],
  });
  const level = (one: HealthDocument): Level => combine([], [one], NOBODY).level;
  t.equal(level(document(1, ['name'])), 'high');
  t.equal(level(document(1, [])), 'medium');
  t.equal(level(document(0, [])), 'low');
  t.match(combine([], [document(2, ['name'])], NOBODY).reasons, [{ code: 'structured-document', part: '2', kinds: ['document'] }]);
});

t.test('two passages: a subject and a body', async (t) => {
  const [body] = passagesOfText('Clear lungs, no acute disease.');
  if (body === undefined) throw new Error('no passage');
  const subject = { ...body, part: '', area: 'header' as const };
  const examined = [
    { passage: subject, candidates: [who({ kind: 'name', role: 'patient' })], generality: body.generality() },
    { passage: body, candidates: [health({ kind: 'test' }), health({ kind: 'condition' })], generality: body.generality() },
  ];
  const near = combine(examined, [], NOBODY);
  t.match(near, { level: /medium|high/, reasons: [{ code: 'person-and-health-apart' }] });
  const parts = examined.map(({ passage, ...rest }) => ({ passage: { ...passage, area: 'text' as const }, ...rest }));
  t.ok(combine(parts, [], NOBODY).score < near.score, 'two parts are further apart');
});

t.test('bounds and order', async (t) => {
  const many = Array.from({ length: 5_000 }, (_, i) =>
    i % 2 === 0 ? who({ kind: 'name', role: 'patient', at: i * 40, value: `n${i}` }) : health({ kind: 'condition', at: i * 40 }),
  );
  const { score, reasons, level } = weighed(text(200_000), many);
  t.equal(level, 'high');
  t.ok(score < 1 && score === reasons[0]?.weight);
  t.ok(reasons.length <= 10);
  t.same(
    reasons.map(({ weight }) => weight),
    reasons.map(({ weight }) => weight).sort((a, b) => b - a),
  );
});
