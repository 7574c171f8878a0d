// The search agrees with trying everything: on random small policies (fixed seed), over a space of facts that is written down here by hand.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Decision } from '../../../src/mail/decision.ts';
import type { Facts } from '../../../src/mail/facts.ts';
import { CHECK_BOUNDS, checkPolicy } from '../../../src/policy/check/check.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import { PROTECTIONS } from '../../../src/mail/tls.ts';
import { fuzz } from '../../support/fuzz.ts';
import { factsWith, policyOf } from '../../support/policy-facts.ts';

/** Atoms of which the facts below hold every combination that there can be. */
const ATOMS = [
  'phi: medium',
  'phi: high',
  'phi: { at_most: low }',
  'phi: { found: high }',
  'phi: { labels: [hiv] }',
  'blind_spots: none',
  'blind_spots: any',
  'blind_spots: [encrypted]',
  'encrypted: yes',
  'encrypted: no',
  'recipient: { list: partners }',
  'recipient: "*@*.lab.example"',
  'to_domain: lab.example',
  'recipient: ann@lab.example',
  'consent: plain-mail',
  'consent: [plain-mail, other-way]',
  'account: { list: never_about_patients }',
  'submitter: network',
  'size: { over: 1MB }',
  'size: { under: 1kB }',
  'wish: more',
  'wish: less',
  'purpose: marketing',
];

const SENDERS = ['a@clinic.example', 'b@blind.example'];
const RECIPIENTS = ['ann@lab.example', 'bob@lab.example', 'x@a.lab.example', 'x@mercy.example', 'x@other.example'];
const SUBMITTERS = [
  { kind: 'account', name: 'facilities' },
  { kind: 'account', name: 'someone' },
  { kind: 'network', name: 'lan' },
] as const;
const CONSENTS = [[], ['plain-mail'], ['other-way'], ['marketing'], ['plain-mail', 'marketing']] as const;
const BLIND = [
  { blindSpots: [], encryptedBy: null },
  { blindSpots: ['encrypted'], encryptedBy: null },
  { blindSpots: ['encrypted'], encryptedBy: 'smime' },
  { blindSpots: ['broken'], encryptedBy: null },
  { blindSpots: ['broken', 'encrypted'], encryptedBy: 'smime' },
  { blindSpots: [], encryptedBy: 'smime' },
] as const;
const LEVELS = ['none', 'low', 'medium', 'high'] as const;

interface Uses {
  readonly size: boolean;
  readonly labels: boolean;
  readonly wishes: boolean;
}

/** Every combination; sides that a policy does not ask for have one value. */
function everything(text: string): readonly Facts[] {
  const uses: Uses = { size: text.includes('size:'), labels: text.includes('labels:'), wishes: text.includes('wish:') };
  const sizes = uses.size ? [500, 4_000, 2_000_000] : [4_000];
  const labels = uses.labels ? ([[], ['hiv']] as const) : ([[]] as const);
  const tags = uses.wishes ? [[], ['[less]'], ['[less]', '[more]']] : [[]];
  const submitters = text.includes('account:') || text.includes('submitter:') || uses.wishes ? SUBMITTERS : SUBMITTERS.slice(1, 2);
  const all: Facts[] = [];
  for (const reversePath of SENDERS)
    for (const address of RECIPIENTS)
      for (const submitter of submitters)
        for (const consents of CONSENTS)
          for (const blind of BLIND)
            for (const level of LEVELS)
              for (const sizeBytes of sizes)
                for (const label of labels)
                  for (const subjectTags of tags)
                    for (const attested of uses.wishes ? [true, false] : [true])
                      for (const from of text.includes('purpose') ? [[], ['news@clinic.example']] : [[]])
                        all.push(
                          factsWith({
                            message: { reversePath, submitter, sizeBytes, subjectTags, from, ...blind },
                            phi: { level, labels: label },
                            recipient: { address, consents },
                            sender: { attested },
                          }),
                        );
  return all;
}

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constantFrom(...ATOMS).map((atom) => `{ ${atom} }`),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => `{ all: [${parts.join(', ')}] }`),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => `{ any: [${parts.join(', ')}] }`),
    tie('condition').map((part) => `{ not: ${part} }`),
  ),
}));

const floor = fc
  .tuple(
    fc.oneof(fc.constantFrom('{ phi: medium }', '{ phi: high }'), condition),
    fc.constantFrom('tls', 'tls-verified', 'tls-authenticated', 'sealed'),
    fc.constantFrom('yes', 'no'),
  )
  .map(([when, protection, unless]) => `when: ${when}, protection: ${protection}, unless_consent: ${unless}`);

const rule = fc
  .tuple(
    condition,
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom('deliver: [relay, portal]', 'deliver: [smime]', 'deliver: portal', 'hold: wait'),
          fc.constantFrom('', '', ', protection: tls', ', protection: sealed'),
        )
        .map((both) => both.join('')),
      fc.constant('return: back'),
    ),
  )
  .map(([when, action]) => `when: ${when}, ${action}`);

const LAWFUL = [
  '  - { id: plain, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }\n',
  '  - { id: never, when: { account: { list: never_about_patients }, blind_spots: none }, deliver: relay, protection: opportunistic }\n',
  '',
];

const policyText = fc
  .tuple(
    fc.constantFrom('tls', 'tls', 'tls-verified'),
    fc.array(floor, { maxLength: 2 }),
    fc.array(rule, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...LAWFUL),
    fc.constantFrom('', '  - { id: rest, deliver: [relay] }\n'),
  )
  .map(([protection, floors, rules, lawful, rest]) =>
    [
      'version: 1\nlists: { partners: [lab.example, "*.lab.example", x@mercy.example], never_about_patients: [facilities] }\n',
      'declare: [{ id: news, when: { from: news@clinic.example }, as: marketing }]\n',
      'wishes: { more: { tags: "[more]" }, less: { tags: "[less]", accounts: someone } }\n',
      `settings:\n  - { for: all, protection: ${protection} }\n`,
      '  - { for: { sender: "*@blind.example" }, blind_spot_level: none }\n  - { for: { recipient: lab.example }, protection: tls-authenticated }\n',
      floors.length === 0 ? '' : `require:\n${floors.map((one, i) => `  - { id: f${i}, ${one} }\n`).join('')}`,
      `rules:\n${lawful}${rules.map((one, i) => `  - { id: r${i}, ${one} }\n`).join('')}${rest}`,
    ].join(''),
  );

interface Tried {
  readonly leaks: ReadonlySet<string>;
  readonly byConsent: ReadonlySet<string>;
  readonly reached: ReadonlySet<string>;
}

function leaves(decision: Decision, floor: string): boolean {
  const isWeaker = PROTECTIONS.indexOf(decision.floor) < PROTECTIONS.findIndex((one) => one === floor);
  return isWeaker && decision.action !== 'return' && decision.methods.some((one) => one !== 'smime' && one !== 'openpgp');
}

function tried(policy: Policy, text: string, floor: string): Tried {
  const found = { leaks: new Set<string>(), byConsent: new Set<string>(), reached: new Set<string>() };
  for (const facts of everything(text)) {
    const decision = policy.decide(facts);
    // The hold for another way hides the rule's name: what it would have decided is asked without that consent.
    const { recipient } = facts;
    const named = decision.rule !== '<other-way>' ? decision.rule : (policy.explain(facts).rules.at(-1)?.id ?? '');
    found.reached.add(named);
    if (!leaves(decision, floor)) continue;
    const { message } = facts;
    const counted = message.blindSpots.some((kind) => kind !== 'encrypted' || message.encryptedBy === null);
    const isPhi = message.phi.level === 'medium' || message.phi.level === 'high' || (counted && message.reversePath === 'a@clinic.example');
    if (isPhi) (recipient.consents.includes('plain-mail') ? found.byConsent : found.leaks).add(named);
  }
  return found;
}

t.test('random small policies', (t) => {
  const seen = { leaking: 0, safe: 0, unreachable: 0 };
  fuzz(
    t,
    30,
    fc.property(policyText, (text) => {
      const policy = policyOf(text);
      const { invariant, remarks, undecided, noRule } = checkPolicy(policy, { now: () => 0, ...CHECK_BOUNDS });
      const { leaks, byConsent, reached } = tried(policy, text, invariant.floor);
      assert.deepEqual([invariant.undecided, undecided], [[], []]);
      assert.deepEqual(new Set(invariant.leaks.map((leak) => leak.rule)), leaks);
      const only = [...byConsent].filter((id) => !leaks.has(id));
      assert.deepEqual(new Set(invariant.byConsent.map((leak) => leak.rule)), new Set(only));
      assert.equal(noRule !== null, reached.has('<no-rule>'));
      const never = policy.source.rules.map(({ id }) => id).filter((id) => !reached.has(id));
      const told = remarks.flatMap(({ what }) => /^the rule "([a-z0-9]+)" (?:is never reached|never matches)/.exec(what)?.[1] ?? []);
      assert.deepEqual(new Set(told), new Set(never));
      seen.leaking += leaks.size > 0 ? 1 : 0;
      seen.safe += leaks.size === 0 ? 1 : 0;
      seen.unreachable += never.length;
    }),
  );
  t.ok(seen.leaking > 5 && seen.safe > 5 && seen.unreachable > 5, `of each kind enough: ${JSON.stringify(seen)}`);
  t.end();
});
