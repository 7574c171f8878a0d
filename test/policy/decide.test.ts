// What a policy decides: actions, floors, law, wishes, modifiers, and what happens where something is missing.
import t from 'tap';
import { NO_MODIFIERS, type Decision } from '../../src/mail/decision.ts';
import { BASE, factsWith, type FactsChange, policyOf } from '../support/policy-facts.ts';

function decisionOf(text: string, change: FactsChange = {}): Decision {
  return policyOf(`version: 1\n${text}`).decide(factsWith(change));
}

type Expected = Partial<Decision>;

function check(
  t: { same(found: unknown, wanted: unknown, message: string): unknown },
  text: string,
  change: FactsChange,
  expected: Expected,
  name: string,
): void {
  const decision = decisionOf(text, change);
  const picked = Object.fromEntries(Object.keys(expected).map((key) => [key, decision[key as keyof Decision]]));
  t.same(picked, expected, name);
}

const RELAY = 'rules: [{ id: all, deliver: [relay, portal] }]';
const actions: readonly (readonly [name: string, text: string, change: FactsChange, expected: Expected])[] = [
  [
    'deliver',
    RELAY,
    {},
    {
      rule: 'all',
      action: 'deliver',
      floor: 'tls-verified',
      floors: [],
      methods: ['relay', 'portal'],
      otherwise: 'hold',
      reason: null,
      modifiers: NO_MODIFIERS,
    },
  ],
  ['hold', 'rules: [{ id: h, hold: Ask me. }]', {}, { rule: 'h', action: 'hold', methods: ['relay', 'portal'], reason: 'Ask me.' }],
  ['hold, then', 'rules: [{ id: h, hold: Ask me., then: portal }]', {}, { action: 'hold', methods: ['portal'] }],
  ['return', 'rules: [{ id: r, return: Not so. }]', {}, { rule: 'r', action: 'return', methods: [], reason: 'Not so.' }],
  [
    'the first that matches',
    'rules: [{ id: a, when: { urgent: yes }, hold: x }, { id: b, deliver: relay }, { id: c, hold: x }]',
    {},
    { rule: 'b' },
  ],
  [
    'no rule',
    'rules: [{ id: a, when: { urgent: yes }, deliver: relay }]',
    {},
    { rule: '<no-rule>', action: 'hold', methods: ['relay', 'portal'], reason: null },
  ],
  [
    'sealed leaves what seals',
    'rules: [{ id: a, deliver: [relay, smime, portal], protection: sealed }]',
    {},
    { action: 'deliver', floor: 'sealed', methods: ['smime', 'portal'] },
  ],
  ['no method left, hold', 'rules: [{ id: a, deliver: relay, protection: sealed }]', {}, { rule: 'a', action: 'hold', methods: [] }],
  [
    'no method left, return',
    'settings: [{ for: all, otherwise: return }]\nrules: [{ id: a, deliver: relay, protection: sealed }]',
    {},
    { action: 'return', otherwise: 'return', methods: [] },
  ],
];

for (const [name, text, change, expected] of actions) t.test(`action: ${name}`, async (t) => check(t, text, change, expected, name));

const PHI =
  'require:\n  - { id: a, when: { phi: medium }, protection: tls-authenticated }\n  - { id: b, protection: tls }\n  - { id: c, when: { phi: { labels: hiv } }, protection: sealed }';
const floors: readonly (readonly [name: string, text: string, change: FactsChange, expected: Expected])[] = [
  ['the setting', RELAY, {}, { floor: 'tls-verified' }],
  ['a weaker floor lowers nothing', `${PHI}\n${RELAY}`, {}, { floor: 'tls-verified', floors: ['b'] }],
  ['the strictest', `${PHI}\n${RELAY}`, { phi: { level: 'high' } }, { floor: 'tls-authenticated', floors: ['a', 'b'] }],
  [
    'all three',
    `${PHI}\n${RELAY}`,
    { phi: { level: 'high', labels: ['hiv'] } },
    { floor: 'sealed', floors: ['a', 'b', 'c'], methods: ['portal'] },
  ],
  [
    'what could not be read counts',
    `${PHI}\n${RELAY}`,
    { message: { blindSpots: ['broken'] } },
    { floor: 'tls-authenticated', floors: ['a', 'b'] },
  ],
  [
    'unless policy says otherwise',
    `settings: [{ for: { sender: clinic.example }, blind_spot_level: none }]\n${PHI}\n${RELAY}`,
    { message: { blindSpots: ['broken'] } },
    { floor: 'tls-verified', floors: ['b'] },
  ],
  ['a rule raises its own', 'rules: [{ id: a, deliver: relay, protection: tls-authenticated }]', {}, { floor: 'tls-authenticated' }],
  ['a rule lowers nothing', 'rules: [{ id: a, deliver: relay, protection: tls }]', {}, { floor: 'tls-verified' }],
  [
    'a floor over a hold',
    `${PHI}\nrules: [{ id: h, hold: x }]`,
    { phi: { labels: ['hiv'] } },
    { action: 'hold', floor: 'sealed', methods: ['portal'] },
  ],
  [
    'a floor over no rule',
    `${PHI}\nrules: [{ id: a, when: { urgent: yes }, deliver: relay }]`,
    { phi: { labels: ['hiv'] } },
    { rule: '<no-rule>', floor: 'sealed', methods: ['portal'] },
  ],
];

for (const [name, text, change, expected] of floors) t.test(`floor: ${name}`, async (t) => check(t, text, change, expected, name));

const CONSENT: FactsChange = { recipient: { consents: ['plain-mail'] } };
const plain =
  'rules:\n  - { id: plain, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }\n  - { id: rest, deliver: relay }';
const never =
  'lists: { never_about_patients: [shop@clinic.example] }\nrules:\n  - { id: shop, when: { account: { list: never_about_patients }, blind_spots: none }, deliver: relay, protection: opportunistic }\n  - { id: rest, deliver: relay }';
const SHOP: FactsChange = { message: { submitter: { kind: 'account', name: 'shop@clinic.example' } } };
const floorOf = (more: string): string => `require: [{ id: f, when: { phi: medium }, protection: tls-verified${more} }]`;
const opportunistic: readonly (readonly [name: string, text: string, change: FactsChange, expected: Expected])[] = [
  ['by consent', plain, CONSENT, { rule: 'plain', floor: 'opportunistic' }],
  ['not without', plain, {}, { rule: 'rest', floor: 'tls-verified' }],
  [
    'a floor still holds',
    `${floorOf('')}\n${plain}`,
    { ...CONSENT, phi: { level: 'high' } },
    { rule: 'plain', floor: 'tls-verified', floors: ['f'] },
  ],
  [
    'unless the floor yields to consent',
    `${floorOf(', unless_consent: yes')}\n${plain}`,
    { ...CONSENT, phi: { level: 'high' } },
    { rule: 'plain', floor: 'opportunistic', floors: [] },
  ],
  [
    'it yields to an opportunistic rule only',
    `${floorOf(', unless_consent: yes')}\n${RELAY}`,
    { ...CONSENT, phi: { level: 'high' } },
    { floor: 'tls-verified', floors: ['f'] },
  ],
  ['by account', never, SHOP, { rule: 'shop', floor: 'opportunistic' }],
  [
    'by account, something unread',
    never,
    { message: { ...SHOP.message, blindSpots: ['broken'] } },
    { rule: 'rest', floor: 'tls-verified' },
  ],
  [
    'an account is no consent',
    `${floorOf(', unless_consent: yes')}\n${never}`,
    { ...SHOP, phi: { level: 'high' } },
    { rule: 'shop', floor: 'tls-verified', floors: ['f'] },
  ],
];

for (const [name, text, change, expected] of opportunistic)
  t.test(`opportunistic: ${name}`, async (t) => check(t, text, change, expected, name));

const DECLARED = `declare:
  - { id: shop, when: { from: shop@clinic.example }, as: marketing }
  - { id: gifts, when: { from: [gifts@clinic.example, both@clinic.example] }, as: fundraising }
  - { id: both, when: { from: both@clinic.example }, as: marketing }
${RELAY}`;
const from = (address: string, ...consents: readonly ('marketing' | 'fundraising-opt-out' | 'other-way')[]): FactsChange => ({
  message: { from: [address] },
  recipient: { consents },
});
const unsubscribe = (purpose: 'marketing' | 'fundraising'): Expected => ({
  rule: 'all',
  action: 'deliver',
  modifiers: { ...NO_MODIFIERS, unsubscribe: purpose },
});
const law: readonly (readonly [name: string, text: string, change: FactsChange, expected: Expected])[] = [
  [
    'marketing without authorisation',
    DECLARED,
    from('shop@clinic.example'),
    {
      rule: '<marketing>',
      action: 'return',
      methods: [],
      reason: 'This is marketing, and the recipient has not authorised it or has unsubscribed (45 CFR 164.508).',
    },
  ],
  ['marketing with it', DECLARED, from('shop@clinic.example', 'marketing'), unsubscribe('marketing')],
  ['fundraising', DECLARED, from('gifts@clinic.example'), unsubscribe('fundraising')],
  [
    'fundraising opted out of',
    DECLARED,
    from('gifts@clinic.example', 'fundraising-opt-out'),
    { rule: '<fundraising>', action: 'return', reason: 'This asks for gifts, and the recipient has opted out of that (45 CFR 164.514).' },
  ],
  ['both, authorised', DECLARED, from('both@clinic.example', 'marketing'), unsubscribe('marketing')],
  ['both, opted out', DECLARED, from('both@clinic.example', 'marketing', 'fundraising-opt-out'), { rule: '<fundraising>' }],
  ['neither declared', DECLARED, from('x@clinic.example'), { rule: 'all', modifiers: NO_MODIFIERS }],
  [
    'another way asked for',
    RELAY,
    from('x@clinic.example', 'other-way'),
    { rule: '<other-way>', action: 'hold', methods: ['relay', 'portal'], reason: null },
  ],
  [
    'a rule that knows it',
    'rules: [{ id: o, when: { consent: other-way }, deliver: portal }]',
    from('x@clinic.example', 'other-way'),
    { rule: 'o', action: 'deliver' },
  ],
  [
    'a rule that only denies it',
    'rules: [{ id: o, when: { any: [{ not: { consent: other-way } }, { urgent: no }] }, deliver: portal }]',
    from('x@clinic.example', 'other-way'),
    { rule: '<other-way>' },
  ],
  ['a rule that returns', 'rules: [{ id: r, return: no }]', from('x@clinic.example', 'other-way'), { rule: 'r', action: 'return' }],
];

for (const [name, text, change, expected] of law) t.test(`law: ${name}`, async (t) => check(t, text, change, expected, name));

const WISHES = 'wishes: { more: { tags: ["[secure]", "#s"] }, less: { tags: ["[plain]"], accounts: reception@clinic.example } }';
const CHANGING = `rules: [{ id: m, deliver: [portal, portal], expire: 30d, notify: Privacy@Clinic.example, strip_tag: ["[internal]", "[not-there]"], add_header: { X-Checked-By: Postern, x-b: "2" }, append_text: "One.\\nTwo." }]`;
const tags = (...subjectTags: readonly string[]): FactsChange => ({ message: { subjectTags } });

t.test('modifiers', async (t) => {
  check(
    t,
    CHANGING,
    tags('[internal]', 'fw:'),
    {
      methods: ['portal'],
      modifiers: {
        stripTags: ['[internal]'],
        addFields: [
          { name: 'x-checked-by', value: 'Postern' },
          { name: 'x-b', value: '2' },
        ],
        appendText: 'One.\nTwo.',
        notify: ['privacy@clinic.example'],
        expireAfterMs: 30 * 86_400_000,
        unsubscribe: null,
      },
    },
    'all of them',
  );
  const stripped = (text: string, ...given: readonly string[]): readonly string[] => decisionOf(text, tags(...given)).modifiers.stripTags;
  t.same(stripped(`${WISHES}\n${RELAY}`, '[secure]', 'x:', '#s'), ['[secure]', '#s'], 'tags of wishes');
  t.same(stripped(`${WISHES}\n${RELAY}`, '[plain]'), ['[plain]'], 'of a wish that does not count too');
  t.same(stripped(`${WISHES}\n${CHANGING}`, '[plain]', '[internal]'), ['[plain]', '[internal]']);
  t.same(stripped(`${WISHES}\nrules: [{ id: h, hold: x }]`, '[secure]'), ['[secure]'], 'of what is held');
  t.same(stripped(`${WISHES}\nrules: [{ id: h, when: { urgent: yes }, hold: x }]`, '[secure]'), ['[secure]'], 'where no rule matches');
});

t.test('a decision names the policy', async (t) => {
  const text = `version: 1\n${RELAY}`;
  const policy = policyOf(text);
  t.match(policy.version, /^[0-9a-f]{16}$/);
  t.equal(policy.decide(factsWith()).policyVersion, policy.version);
  t.equal(policyOf(`# words\n${RELAY}\nversion: 1`).version, policy.version, 'comments and the order of keys change nothing');
  const others = [
    policyOf('version: 1\nrules: [{ id: all, deliver: [portal, relay] }]'),
    policyOf(text, {}, { ...BASE, protection: 'tls' }),
    policyOf(text, {}, { ...BASE, otherwise: 'return' }),
    policyOf(text, {}, { ...BASE, methodsSetUp: ['relay'] }),
    policyOf(text, {}, { ...BASE, methodsSetUp: ['relay', 'portal'] }),
    policyOf(`lists: { a: { file: a.txt } }\n${text}`, { 'a.txt': 'a.example' }),
    policyOf(`lists: { a: { file: a.txt } }\n${text}`, { 'a.txt': 'b.example' }),
  ];
  t.equal(new Set([policy, ...others].map(({ version }) => version)).size, 8);
  const inOrder = policyOf(text, {}, { ...BASE, methodsSetUp: ['portal', 'relay'] });
  t.equal(inOrder.version, others[4]?.version, 'methods set up have no order');
});
