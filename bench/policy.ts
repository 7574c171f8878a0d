// How fast policy decides: 1,000 rules and lists of 10,000 entries, of which most messages match none but the last. `node bench/policy.ts`
import { parseArgs } from 'node:util';
import type { Facts } from '../src/mail/facts.ts';
import { LEVELS } from '../src/mail/finding.ts';
import { parsePolicy } from '../src/policy/parse.ts';
import type { Policy } from '../src/policy/policy.ts';
import { parseYaml } from '../src/yaml/parse.ts';

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '1000' },
    entries: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '3' },
  },
});
const [rules, entries, seconds] = [Number(values.rules), Number(values.entries), Number(values.seconds)];

/** Conditions as administrators write them, each with its own values. */
const CONDITIONS: readonly ((i: number) => string)[] = [
  (i) => `{ recipient: p${i}@partner${i}.example, phi: medium }`,
  (i) => `{ to_domain: [d${i}.example, "*.d${i}.example"], attachment: { kind: pdf } }`,
  (i) => `{ sender: "*@unit${i}.clinic.example", phi: high, not: { recipient: { list: partners } } }`,
  (i) => `{ from: { list: senders${i % 4} }, visible_outside: { at_least: ${10 + (i % 50)} } }`,
  (i) => `{ header: { name: x-type, value: "lab-${i}-*" } }`,
  (i) => `{ any: [{ subject: { tag: "[tag-${i}]" } }, { findings: { kind: ssn, at_least: ${5 + i} } }], inside: no }`,
  (i) => `{ recipient: { list: vips }, account: machine-${i}@clinic.example }`,
  (i) => `{ size: { over: ${20 + i}MB } }`,
  (i) => `{ time: { days: [sat, sun], from: "18:00", to: "08:00" }, network: 10.${i % 250}.0.0/16 }`,
  (i) => `{ phi: { labels: [hiv], at_least: medium }, recipient: "*@clinic${i}.example" }`,
];

function policyText(): string {
  const lists = ['partners', 'vips', 'senders0', 'senders1', 'senders2', 'senders3'].map((name) => `  ${name}: { file: ${name}.txt }`);
  const written = Array.from(
    { length: rules - 1 },
    (_, i) => `  - { id: r${i}, when: ${CONDITIONS[i % CONDITIONS.length]?.(i) ?? ''}, deliver: [portal] }`,
  );
  return [
    'version: 1',
    'timezone: America/Chicago',
    'lists:',
    ...lists,
    'settings:',
    ...Array.from({ length: 100 }, (_, i) => `  - { for: { recipient: s${i}.example }, protection: tls-authenticated }`),
    'require:',
    '  - { id: phi, when: { phi: medium }, protection: tls-verified }',
    '  - { id: labels, when: { phi: { labels: [hiv, substance-use] } }, protection: tls-authenticated }',
    'rules:',
    ...written,
    '  - { id: rest, deliver: [relay, portal] }',
  ].join('\n');
}

function listText(name: string): string {
  return Array.from({ length: entries }, (_, i) => (i % 3 === 0 ? `${name}${i}.example` : `person${i}@${name}${i % 700}.example`)).join(
    '\n',
  );
}

function factsOf(i: number): Facts {
  const sender = `user${i % 90}@clinic.example`;
  return {
    message: {
      reversePath: sender,
      from: [sender],
      submitter: { kind: 'account', name: sender },
      client: `10.20.${i % 200}.${i % 250}`,
      header: [
        ['x-type', `note-${i % 10}`],
        ['x-mailer', 'client'],
        ['importance', 'normal'],
      ],
      subjectTags: i % 7 === 0 ? ['[fw]'] : [],
      sizeBytes: 4_000 + i * 37,
      attachments: i % 3 === 0 ? [{ kind: 'pdf', declaredType: 'application/pdf', name: 'a.pdf' }] : [],
      phi: {
        level: LEVELS[i % 4] ?? 'none',
        score: 0.3,
        counts: { name: 1, phone: 2 },
        labels: [],
        documents: [],
        reasons: ['person-and-health'],
      },
      blindSpots: [],
      visibleOutside: i % 5,
      automatic: false,
      urgent: false,
      encryptedBy: null,
      acceptedAt: Date.UTC(2026, 10, 27, 15) + i * 1_000,
    },
    recipient: {
      address: `someone${i % 5_000}@outside${i % 300}.example`,
      inside: false,
      seen: { address: true, domain: true },
      oneSlipFromKnown: false,
      consents: [],
    },
    sender: { attested: false, consentsRevision: 0 },
  };
}

/** Decisions in a second of the clock, and in a second of the processor: the machine may do other work. */
function measure(
  policy: Policy,
  facts: readonly Facts[],
): { readonly perSecond: number; readonly perProcessorSecond: number; readonly byRule: ReadonlyMap<string, number> } {
  const byRule = new Map<string, number>();
  for (const one of facts) {
    const { rule } = policy.decide(one);
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  }
  const [start, before] = [performance.now(), process.cpuUsage()];
  let decided = 0;
  while (performance.now() - start < seconds * 1_000) {
    for (const one of facts) policy.decide(one);
    decided += facts.length;
  }
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: decided / ((performance.now() - start) / 1_000),
    perProcessorSecond: decided / ((user + system) / 1e6),
    byRule,
  };
}

const files = new Map(['partners', 'vips', 'senders0', 'senders1', 'senders2', 'senders3'].map((name) => [`${name}.txt`, listText(name)]));
const text = policyText();
const started = performance.now();
const yaml = parseYaml(text);
if (yaml.kind === 'faults') throw new Error(yaml.faults[0]?.what ?? 'not YAML');
const parsed = performance.now();
const { policy, faults } = parsePolicy(yaml.document, files, {
  protection: 'tls-verified',
  otherwise: 'hold',
  methodsSetUp: ['relay', 'portal'],
});
if (policy === null) throw new Error(faults[0]?.what ?? 'faults');
const compiled = performance.now();
const { perSecond, perProcessorSecond, byRule } = measure(
  policy,
  Array.from({ length: 2_000 }, (_, i) => factsOf(i)),
);
console.log(`${rules} rules, ${files.size} lists of ${entries} entries, ${Math.round(text.length / 1_000)} kB of YAML`);
console.log(`YAML ${(parsed - started).toFixed(0)} ms, policy ${(compiled - parsed).toFixed(0)} ms`);
console.log(
  `${Math.round(perSecond)} decisions/s, ${Math.round(perProcessorSecond)} in a second of the processor; decided by ${[...byRule].map(([id, n]) => `${id} ${n}`).join(', ')}`,
);
