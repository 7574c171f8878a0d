// Rules of administrators: what they find, what near, validators, counts and exceptions keep from counting, and every fault with its path.
import fc from 'fast-check';
import t from 'tap';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import type { Candidate } from '../../src/inspect/detector.ts';
import { ownRulesDetector } from '../../src/inspect/own-detector.ts';
import { readOwnRules } from '../../src/inspect/own-rules.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import { fuzz } from '../support/fuzz.ts';
import { NOBODY } from '../support/nobody.ts';

const lexicon = lexiconOf({});

interface Given {
  readonly [field: string]: unknown;
}

function candidatesOf(rules: readonly Given[], text: string): readonly Candidate[] {
  const read = readOwnRules({ version: 1, rules: rules.map((rule, i) => ({ name: `r${i}`, kind: 'other-id', ...rule })) });
  if (read.faults.length > 0) throw new Error(JSON.stringify(read.faults));
  const detector = ownRulesDetector(read.rules);
  const found: Candidate[] = [];
  for (const passage of passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon))
    detector.detect(passage, NOBODY, (candidate) => found.push(candidate));
  return found;
}

const found: readonly (readonly [name: string, rule: Given, text: string, values: readonly string[]])[] = [
  ['a pattern', { pattern: 'ST-\\d{4}' }, 'ST-1234 and ST-99', ['ST-1234']],
  ['a word', { words: ['Zorblax'] }, 'took zorblax, ZORBLAX twice; zorblaxes no', ['zorblax', 'ZORBLAX']],
  ['a phrase over a line', { words: ['blue house ward'] }, 'on the Blue House\nWard today', ['Blue House\nWard']],
  ['a phrase of unusual signs', { words: ["St. Mary's unit", 'Łódź 7'] }, "in St Mary's unit; ŁÓDŹ-7", ["St Mary's unit", 'ŁÓDŹ-7']],
  ['the longest of one rule', { words: ['red', 'red ward'] }, 'red ward', ['red ward']],
  ['near, before', { pattern: '\\d{6}', near: { words: ['study'], within: 10 } }, 'study no 123456', ['123456']],
  ['near, behind', { pattern: '\\d{6}', near: { words: ['trial arm'], within: 10 } }, '123456 (trial arm)', ['123456']],
  ['not near', { pattern: '\\d{6}', near: { words: ['study'], within: 10 } }, 'study of many things: 123456', []],
  [
    'near, of several words one',
    { pattern: '\\d{6}', near: { words: ['study', 'trial'], within: 5 } },
    'study xxxxxxxxxxxxxxxxx trial 123456',
    ['123456'],
  ],
  ['not near itself', { words: ['study'], near: { words: ['study'], within: 50 } }, 'a study.', []],
  ['near another of its kind', { words: ['study'], near: { words: ['study'], within: 50 } }, 'study, study', ['study', 'study']],
  [
    'luhn',
    { pattern: '\\d{4}-?\\d{4}-?\\d{4}-?\\d{4}', validator: 'luhn' },
    '4111-1111-1111-1111 4111111111111112',
    ['4111-1111-1111-1111'],
  ],
  ['luhn, zeros', { pattern: '\\d{8}', validator: 'luhn' }, '00000000', []],
  ['npi', { pattern: '\\d{10}', validator: 'npi' }, '1234567893 1234567890', ['1234567893']],
  ['dea', { pattern: '[A-Z]{2}\\d{7}', validator: 'dea' }, 'AB1234563 AB1234567', ['AB1234563']],
  ['mbi', { pattern: '\\w{4}-\\w{3}-\\w{4}', validator: 'mbi' }, '1EG4-TE5-MK73 1SG4-TE5-MK73', ['1EG4-TE5-MK73']],
  ['vin', { pattern: '\\b[A-Z0-9]{17}\\b', validator: 'vin' }, '1M8GDM9AXKP042788 1M8GDM9A1KP042788', ['1M8GDM9AXKP042788']],
  ['at least', { pattern: 'ST-\\d', at_least: 2 }, 'ST-1, ST-2', ['ST-1', 'ST-2']],
  ['at least, the same again', { pattern: 'ST-\\d', at_least: 2 }, 'ST-1, ST-1', []],
  ['except a value', { pattern: 'ST-\\d{4}', except: ['st 0000'] }, 'ST-0000 ST-0001', ['ST-0001']],
  ['except a word', { words: ['Zorblax', 'Blorf'], except: ['blorf'] }, 'Zorblax Blorf', ['Zorblax']],
  ['exceptions do not count', { pattern: 'ST-\\d', at_least: 2, except: ['ST-1'] }, 'ST-1, ST-2', []],
];

for (const [name, rule, text, values] of found) {
  t.test(name, async (t) => {
    t.same(
      candidatesOf([rule], text).map(({ at, length }) => text.slice(at, at + length)),
      values,
    );
  });
}

t.test('what a candidate says', async (t) => {
  const rules = [
    { name: 'study', kind: 'mrn', pattern: 'st-\\d', role: 'patient', confidence: 0.7 },
    { name: 'pills', kind: 'drug', words: ['zorblax'] },
  ];
  t.same(candidatesOf(rules, 'st-1 zorblax'), [
    { axis: 'who', kind: 'mrn', at: 0, length: 4, confidence: 0.7, role: 'patient', reason: 'own-rule study', value: 'ST1', labels: [] },
    { axis: 'health', kind: 'drug', at: 5, length: 7, confidence: 0.8, role: null, reason: 'own-rule pills', value: 'ZORBLAX', labels: [] },
  ]);
});

const RULE = { name: 'x', kind: 'mrn', pattern: 'a' };
const faults: readonly (readonly [name: string, data: unknown, path: readonly (string | number)[], what: RegExp])[] = [
  ['no keys', null, [], /keys are expected/],
  ['a version to come', { version: 2, rules: [] }, ['version'], /not right/],
  ['no version', { rules: [] }, ['version'], /missing/],
  ['an unknown key', { version: 1, rules: [{ ...RULE, nera: 1 }] }, ['rules', 0, 'nera'], /not known/],
  [
    'an unknown key below near',
    { version: 1, rules: [{ ...RULE, near: { words: ['a'], within: 3, of: 1 } }] },
    ['rules', 0, 'near', 'of'],
    /not known/,
  ],
  ['a rule that is none', { version: 1, rules: ['x'] }, ['rules', 0], /keys are expected/],
  ['neither pattern nor words', { version: 1, rules: [{ name: 'x', kind: 'mrn' }] }, ['rules', 0], /either/],
  ['both', { version: 1, rules: [{ ...RULE, words: ['a'] }] }, ['rules', 0], /either/],
  ['an unknown kind', { version: 1, rules: [{ ...RULE, kind: 'mnr' }] }, ['rules', 0, 'kind'], /not right/],
  ['a name with signs', { version: 1, rules: [{ ...RULE, name: 'A b' }] }, ['rules', 0, 'name'], /not right/],
  ['a name twice', { version: 1, rules: [RULE, RULE] }, ['rules', 1, 'name'], /rule 1 has this name/],
  [
    'a pattern that runs away',
    { version: 1, rules: [RULE, { ...RULE, name: 'y', pattern: '(a)\\1' }] },
    ['rules', 1, 'pattern'],
    /at character 4 of the pattern: a back-reference/,
  ],
  ['a word of signs', { version: 1, rules: [{ name: 'x', kind: 'mrn', words: ['a', '--'] }] }, ['rules', 0, 'words', 1], /not right/],
  ['a number for a word', { version: 1, rules: [{ name: 'x', kind: 'mrn', words: [7] }] }, ['rules', 0, 'words', 0], /not right/],
  ['too sure', { version: 1, rules: [{ ...RULE, confidence: 2 }] }, ['rules', 0, 'confidence'], /not right/],
  ['none at least', { version: 1, rules: [{ ...RULE, at_least: 0 }] }, ['rules', 0, 'at_least'], /not right/],
  ["nobody's", { version: 1, rules: [{ ...RULE, kind: 'drug', role: 'patient' }] }, ['rules', 0, 'role'], /nobody's/],
  ['near without its distance', { version: 1, rules: [{ ...RULE, near: { words: ['a'] } }] }, ['rules', 0, 'near', 'within'], /missing/],
];

for (const [name, data, path, what] of faults) {
  t.test(`fault: ${name}`, async (t) => {
    const read = readOwnRules(data);
    t.same(read.rules, []);
    t.equal(read.faults.length, 1);
    t.same(read.faults[0]?.path, path);
    t.match(read.faults[0]?.what, what);
    t.ok((read.faults[0]?.right ?? '') !== '');
  });
}

t.test('all faults at once', async (t) => {
  const read = readOwnRules({ version: 1, rules: [{ ...RULE, kind: '' }, RULE, { ...RULE, name: 'z', pattern: '(' }] });
  t.same(
    read.faults.map(({ path }) => path),
    [
      ['rules', 0, 'kind'],
      ['rules', 2, 'pattern'],
    ],
  );
});

t.test('any data: faults, never a throw', async (t) => {
  fuzz(
    t,
    1_000,
    fc.property(fc.anything(), fc.anything(), (one, other) => {
      readOwnRules(one);
      return readOwnRules({ version: 1, rules: [one, other] }).rules.length === 0;
    }),
  );
});

t.test('any text: offsets inside it, values of it', async (t) => {
  const rules = [
    { pattern: '[a-c]+-?\\d{1,3}', near: { words: ['ab', 'x y'], within: 20 } },
    { words: ['ab', 'ab c', 'x y', 'é'], at_least: 2 },
    { pattern: '(?i)(?:x|y)+', kind: 'drug' },
  ];
  const texts = fc.array(fc.constantFrom('ab', 'c', 'x', 'Y', ' ', '-', '12', '\n', 'é', '\u{1F600}', "'"), { maxLength: 80 });
  fuzz(
    t,
    500,
    fc.property(texts, (parts) => {
      const text = parts.join('');
      return candidatesOf(rules, text).every(({ at, length }) => at >= 0 && length > 0 && at + length <= text.length + 1);
    }),
  );
});
