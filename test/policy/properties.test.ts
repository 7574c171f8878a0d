// What holds for any policy and any facts: floors are never undercut, their order does not matter, deciding never throws but holds, and a
// trace tells of the decision that was made.
import fc from 'fast-check';
import t from 'tap';
import { SEALING_METHODS, type Decision } from '../../src/mail/decision.ts';
import type { Facts } from '../../src/mail/facts.ts';
import { PROTECTIONS, type Protection } from '../../src/mail/tls.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { flipsOf, type Verdict } from '../../src/policy/verdict.ts';
import { fuzz } from '../support/fuzz.ts';
import { anyFacts, anyPolicy } from '../support/policy-arbitraries.ts';
import { BASE, factsWith, policyOf, yamlOf } from '../support/policy-facts.ts';

const place = yamlOf('a: 1');

function made(value: unknown): Policy {
  const { policy, faults } = parsePolicy({ ...place, value }, new Map(), BASE);
  if (policy === null) throw new Error(JSON.stringify(faults));
  return policy;
}

const weaker = (a: Protection, b: Protection): boolean => PROTECTIONS.indexOf(a) < PROTECTIONS.indexOf(b);

t.test('floors are never undercut', async (t) => {
  let opportunistic = 0;
  fuzz(
    t,
    4_000,
    fc.property(anyPolicy, anyFacts, (value, facts) => {
      const policy = made(value);
      const { decision, floors } = policy.explain(facts);
      const rule = policy.source.rules.find(({ id }) => id === decision.rule);
      const consent = facts.recipient.consents.includes('plain-mail');
      const free = rule?.protection === 'opportunistic';
      if (decision.floor === 'opportunistic') opportunistic++;
      const setting = policy.settings(facts.message.reversePath, facts.recipient.address).protection;
      return (
        (free || !weaker(decision.floor, setting)) &&
        policy.source.require.every(({ id, protection, unlessConsent }) => {
          const holds = floors.find((one) => one.id === id)?.verdict.holds ?? true;
          return !holds || !weaker(decision.floor, protection) || (free && consent && unlessConsent === 'yes');
        }) &&
        (!free || consent || (facts.message.submitter.name === 'shop@clinic.example' && facts.message.blindSpots.length === 0)) &&
        (decision.floor !== 'sealed' || decision.methods.every((method) => SEALING_METHODS.has(method))) &&
        (decision.action !== 'deliver' || decision.methods.length > 0)
      );
    }),
  );
  t.ok(opportunistic > 20, 'some of them had no floor at all');
});

/** A decision without what belongs to the file alone. */
function apart(decision: Decision): unknown {
  return { ...decision, policyVersion: '', floors: decision.floors.toSorted() };
}

t.test('the order of floors does not matter', async (t) => {
  const shuffled = anyPolicy.chain((value) =>
    fc.tuple(fc.constant(value), fc.shuffledSubarray([...value.require], { minLength: value.require.length })),
  );
  fuzz(
    t,
    2_000,
    fc.property(shuffled, anyFacts, ([value, require], facts) => {
      const [one, other] = [made(value).decide(facts), made({ ...value, require }).decide(facts)];
      return JSON.stringify(apart(one)) === JSON.stringify(apart(other));
    }),
  );
});

t.test('a floor more never weakens', async (t) => {
  fuzz(
    t,
    1_500,
    fc.property(anyPolicy, anyFacts, (value, facts) => {
      const less = { ...value, require: value.require.slice(1) };
      return !weaker(made(value).decide(facts).floor, made(less).decide(facts).floor);
    }),
  );
});

t.test('a trace tells of the decision that was made', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(anyPolicy, anyFacts, (value, facts) => {
      const policy = made(value);
      const trace = policy.explain(facts);
      const last = trace.rules.at(-1);
      return (
        JSON.stringify(trace.decision) === JSON.stringify(policy.decide(facts)) &&
        trace.rules.slice(0, -1).every(({ verdict }) => !verdict.holds) &&
        (trace.law !== null || last?.verdict.holds === (trace.decision.rule !== '<no-rule>'))
      );
    }),
  );
});

t.test('of many rules the same decides, whether they are looked up or tried one by one', async (t) => {
  const rulesOf = (value: Readonly<Record<string, unknown>>): readonly object[] => value['rules'] as readonly object[];
  const many = fc.array(anyPolicy, { minLength: 8, maxLength: 12 }).map(([first, ...others]) => ({
    ...first,
    rules: [...others, ...others].flatMap(rulesOf).map((rule, i) => ({ ...rule, id: `r${i}` })),
  }));
  let looked = 0;
  fuzz(
    t,
    600,
    fc.property(many, fc.array(anyFacts, { minLength: 3, maxLength: 3 }), (value, facts) => {
      const policy = made(value);
      if (value.rules.length > 16) looked++;
      // A trace tries every rule.
      return facts.every((one) => JSON.stringify(policy.decide(one)) === JSON.stringify(policy.explain(one).decision));
    }),
  );
  t.ok(looked > 300, 'most had many rules');
});

const POLICY = policyOf(`version: 1
declare: [{ id: d, when: { from: x@y.example }, as: marketing }]
wishes: { more: { tags: ["[secure]"], header: { name: x-a } } }
require: [{ id: f, when: { phi: high }, protection: tls-authenticated }]
rules: [{ id: big, when: { visible_outside: { at_least: 10 } }, hold: Wait. }, { id: all, deliver: [relay, portal] }]`);
const isFault = (decision: Decision): boolean =>
  decision.rule === '<fault>' && decision.action === 'hold' && decision.floor === 'sealed' && !decision.methods.includes('relay');

t.test('any value for facts: never a throw, and held', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(fc.anything(), (given) => {
      const facts = given as Facts;
      return isFault(POLICY.decide(facts)) && isFault(POLICY.explain(facts).decision);
    }),
  );
});

/** Every place in facts, as a path. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [...(path.length === 0 ? [] : [path]), ...Object.entries(value).flatMap(([key, below]) => placesOf(below, [...path, key]))];
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  const copy: unknown = structuredClone(value);
  if (typeof copy === 'object' && copy !== null) Reflect.set(copy, step, replaced(Reflect.get(copy, step), rest, by));
  return copy;
}

t.test('facts that are broken in one place are held', async (t) => {
  const facts = factsWith({
    phi: { counts: { ssn: 2 } },
    message: { header: [['a', 'b']], attachments: [{ kind: 'pdf', declaredType: 'a/b', name: 'c' }] },
  });
  // The score is for people; no condition asks for it. Null says something in a few places.
  const nullable = ['client', 'declaredType', 'name', 'encryptedBy'];
  for (const path of placesOf(facts).filter((one) => one.at(-1) !== 'score')) {
    for (const by of [undefined, null, Number.NaN, {}, [7], -1]) {
      if (by === null && nullable.includes(path.at(-1) ?? '') && !path.includes('submitter')) continue;
      // An empty mapping of counts is right.
      if (path.at(-1) === 'counts' && typeof by === 'object' && by !== null && !Array.isArray(by)) continue;
      const decision = POLICY.decide(replaced(facts, path, by) as Facts);
      t.ok(isFault(decision), `${path.join('.')}: ${JSON.stringify(by)} gives ${decision.rule}`);
    }
  }
  t.equal(POLICY.decide(facts).rule, 'all', 'whole facts are decided');
});

t.test('the parts that would have to be otherwise are enough, and each is needed', async (t) => {
  const tree: fc.Arbitrary<Verdict> = fc.letrec<{ node: Verdict }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.boolean().map((holds): Verdict => ({ node: 'atom', words: '', path: [], holds, of: [] })),
      fc
        .tuple(fc.constantFrom('all' as const, 'any' as const), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
        .map(([node, of]): Verdict => ({
          node,
          words: '',
          path: [],
          of,
          holds: node === 'all' ? of.every((one) => one.holds) : of.some((one) => one.holds),
        })),
      tie('node').map((one): Verdict => ({ node: 'not', words: '', path: [], holds: !one.holds, of: [one] })),
    ),
  })).node;
  const numbered = (verdict: Verdict, path: readonly number[] = []): Verdict => ({
    ...verdict,
    path,
    of: verdict.of.map((one, i) => numbered(one, [...path, i])),
  });
  const turned = (verdict: Verdict, flipped: ReadonlySet<string>): boolean => {
    const below = verdict.of.map((one) => turned(one, flipped));
    if (verdict.node === 'atom') return verdict.holds !== flipped.has(verdict.path.join('.'));
    if (verdict.node === 'not') return below[0] === false;
    return verdict.node === 'all' ? below.every(Boolean) : below.some(Boolean);
  };
  fuzz(
    t,
    2_000,
    fc.property(tree, (given) => {
      const verdict = numbered(given);
      const paths = (flipsOf(verdict) ?? []).map(({ path }) => path.join('.'));
      const without = (left: string): ReadonlySet<string> => new Set(paths.filter((one) => one !== left));
      return turned(verdict, new Set(paths)) !== verdict.holds && paths.every((one) => turned(verdict, without(one)) === verdict.holds);
    }),
  );
});
