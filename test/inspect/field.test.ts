// Candidates in blocks: what stands near what, each kind once at its strongest, and whose it is.
import t from 'tap';
import type { Candidate } from '../../src/inspect/detector.ts';
import { BLOCK_LENGTH, fieldOf, weightOf } from '../../src/inspect/field.ts';
import { HEALTH_WEIGHTS, LEVEL_FROM, ROLE_WEIGHTS, WHO_WEIGHTS } from '../../src/inspect/weights.ts';
import { HEALTH_KINDS, ROLES, WHO_KINDS } from '../../src/mail/finding.ts';

const BASE = { length: 5, confidence: 1, reason: 'test', value: 'x', labels: [] } as const;
const who = (kind: (typeof WHO_KINDS)[number], block: number, about: Partial<Candidate> = {}): Candidate => ({
  ...BASE,
  axis: 'who',
  kind,
  role: 'unknown',
  at: block * BLOCK_LENGTH + 3,
  ...about,
});
const health = (kind: (typeof HEALTH_KINDS)[number], block: number, about: Partial<Candidate> = {}): Candidate => ({
  ...BASE,
  axis: 'health',
  kind,
  role: null,
  at: block * BLOCK_LENGTH + 3,
  ...about,
});
const LENGTH = 20 * BLOCK_LENGTH;

t.test('weights', async (t) => {
  for (const kind of WHO_KINDS) t.ok(WHO_WEIGHTS[kind] > 0 && WHO_WEIGHTS[kind] < 1, kind);
  for (const kind of HEALTH_KINDS) t.ok(HEALTH_WEIGHTS[kind] > 0 && HEALTH_WEIGHTS[kind] < 1, kind);
  for (const role of ROLES) t.ok(ROLE_WEIGHTS[role] >= 0 && ROLE_WEIGHTS[role] <= 1.5, role);
  t.ok(LEVEL_FROM.low < LEVEL_FROM.medium && LEVEL_FROM.medium < LEVEL_FROM.high);
  t.equal(weightOf(who('name', 0, { role: 'sender' })), 0, 'who sends is not whom it is about');
  t.equal(weightOf(who('name', 0, { role: 'public' })), 0);
  t.ok(weightOf(who('mrn', 0, { role: 'patient' })) <= 0.98, 'nothing is certain');
  t.ok(weightOf(who('name', 0, { confidence: 0.5 })) < weightOf(who('name', 0)));
  t.ok(weightOf(who('name', 0, { role: 'patient' })) > weightOf(who('name', 0)));
});

t.test('empty', async (t) => {
  const field = fieldOf(0, []);
  t.equal(field.blocks, 1);
  t.same([field.whoBlocks, field.healthBlocks], [[], []]);
  t.equal(field.who(0, 5), 0);
  t.equal(field.health(0, 5), 0);
  t.same(field.kinds(0, 5), []);
});

t.test('where things stand', async (t) => {
  const field = fieldOf(LENGTH, [who('name', 2), who('mrn', 7), health('drug', 3), health('result', 15)]);
  t.same(field.whoBlocks, [2, 7]);
  t.same(field.healthBlocks, [3, 15]);
  t.equal(field.health(2, 0), 0);
  t.ok(field.health(2, 1) > 0, 'a block away');
  t.equal(field.health(7, 3), 0, 'neither drug nor result is so near');
  t.ok(field.health(7, 4) > 0);
  t.same([...field.kinds(2, 1)].sort(), ['drug', 'name']);
  t.ok(field.who(0, 100) > field.who(2, 0), 'beyond the edges there is nothing, and no error');
});

t.test('several pieces of evidence', async (t) => {
  const one = fieldOf(LENGTH, [health('drug', 0)]).health(0, 1);
  const twice = fieldOf(LENGTH, [health('drug', 0), health('drug', 1)]).health(0, 1);
  const other = fieldOf(LENGTH, [health('drug', 0), health('drug', 1, { value: 'y' })]).health(0, 1);
  const kinds = fieldOf(LENGTH, [health('drug', 0), health('condition', 1)]).health(0, 1);
  t.equal(twice, one, 'the same again adds nothing');
  t.ok(other > one, 'another value adds');
  t.ok(kinds > other, 'another kind adds more');
  t.ok(kinds < 1);
  const weak = fieldOf(LENGTH, [health('drug', 0, { confidence: 0.01 })]);
  t.same(weak.healthBlocks, [], 'what is hardly anything is nothing');
});

t.test('a patient near', async (t) => {
  const cases: readonly (readonly [name: string, candidate: Candidate, is: boolean])[] = [
    ['said to be', who('name', 4, { role: 'patient' }), true],
    ['a name alone', who('name', 4), false],
    ['a record number', who('mrn', 4), true],
    ['a birth date', who('birth-date', 4), true],
    ['a record number that is unsure', who('mrn', 4, { confidence: 0.4 }), false],
    ["a doctor's number", who('mrn', 4, { role: 'provider' }), false],
    ["the sender's", who('ssn', 4, { role: 'sender' }), false],
    ['a phone', who('phone', 4), false],
  ];
  for (const [name, candidate, is] of cases) {
    const field = fieldOf(LENGTH, [candidate]);
    t.equal(field.isPatientNear(4, 0), is, name);
    t.equal(field.isPatientNear(6, 2), is, `${name}: two blocks away`);
    t.equal(field.isPatientNear(7, 2), false, `${name}: too far`);
  }
});
