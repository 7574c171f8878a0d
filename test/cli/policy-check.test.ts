// postern policy check: faults with their place, a verdict with how it is known, examples in words; for people and for machines.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkPolicyFile } from '../../src/daemon/policy-check.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';

const SAFE = `version: 1
require:
  - { id: phi, when: { phi: medium }, protection: tls-verified, unless_consent: yes }
rules:
  - { id: plain, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }
  - { id: rest, deliver: [relay, portal] }
`;
const WEAK = `version: 1
settings: [{ for: all, protection: tls }]
rules:
  - { id: urgent, when: { urgent: yes }, deliver: relay }
  - { id: late, when: { urgent: yes, phi: high }, deliver: relay }
  - { id: to-lab, when: { to: lab.example }, hold: Ask me. }
`;

async function scene(t: Parameters<typeof commandLine>[0], text: string): Promise<CommandLine & { readonly file: string }> {
  const line = await commandLine(t, { service: null, work: { policyCheck: checkPolicyFile } });
  const file = join(line.folder, 'policy.yaml');
  writeFileSync(file, text);
  return { ...line, file };
}

t.test('a policy that keeps the floor', async (t) => {
  const line = await scene(t, SAFE);
  const { file } = line;
  const { code, out, err } = await line.run(['policy', 'check', file], { columns: 80 });
  t.equal(code, 0);
  t.equal(err, '');
  t.match(out, /2 rules, 1 floor, version [0-9a-f]{16}\nNo faults found\.\n\nPHI never leaves with less than tls-verified\.\n/);
  t.match(out, /Proved for PHI at medium or above, by splitting cases/);
  t.match(out, /\nOnly with the recipient's recorded consent plain-mail\n {2}rule plain, line 5: delivers by relay at\n? ?/);
  t.match(out, /\n {6}PHI found: medium\n {6}consents: plain-mail\n*$/);
  for (const one of out.split('\n')) if (!one.includes(file)) t.ok(one.length <= 80 && one === one.trimEnd(), one);
});

t.test('a policy that does not', async (t) => {
  const line = await scene(t, WEAK);
  const { file } = line;
  const { code, out, err } = await line.run(['policy', 'check', file], { columns: 80 });
  t.equal(code, 1, 'the answer is no');
  t.match(
    err,
    `${file}:5:5: warning: the rule "late" is never reached: the rule "urgent" before it matches all that it would match; move it up`,
  );
  t.match(out, /\n1 remark, above\.\n\nPHI CAN LEAVE WITH LESS THAN tls-verified\.\n {2}Each example was decided by the policy itself\./);
  t.match(out, /\n {2}rule urgent, line 4: delivers by relay at tls; an ordinary message, but\n {6}PHI found: medium\n {6}urgent: yes\n/);
  t.match(out, /\n {2}rule to-lab, line 6: holds, and a release may use relay, portal at tls;/);
  t.match(out, /\n {2}mail that no rule matches: holds, and a release may use/);
  t.match(out, /\nNo rule matches, so it is held\n {2}An ordinary message/);
});

t.test('for machines', async (t) => {
  const line = await scene(t, WEAK);
  const { file } = line;
  const { code, out, err } = await line.run(['policy', 'check', file, '--json']);
  t.equal(code, 1);
  t.equal(err, '');
  const report = JSON.parse(out) as {
    kind: string;
    checked: { invariant: { leaks: { rule: string; words: string[] }[] } };
    issues: unknown[];
  };
  t.equal(report.kind, 'checked');
  t.same(
    report.checked.invariant.leaks.map(({ rule }) => rule),
    ['urgent', 'to-lab', '<no-rule>'],
  );
  t.equal(report.issues.length, 1);
});

t.test('errors of the policy, with their place', async (t) => {
  const line = await scene(t, 'version: 1\nrules:\n  - { id: a, when: { phy: high }, deliver: [relai] }\n');
  const { file } = line;
  const { code, out, err } = await line.run(['policy', 'check', file]);
  t.equal(code, 3);
  t.equal(out, '');
  t.match(err, `${file}:3:22: the key "phy" is not known; did you mean "phi"`);
  t.match(err, `${file}:3:`);
  t.match(err, 'did you mean "relay"');
  t.equal((await line.run(['policy', 'check', file, '--json'])).code, 3);
  const missing = await line.run(['policy', 'check', `${file}.not`]);
  t.equal(missing.code, 3);
  t.match(missing.err, 'the policy cannot be read');
});

t.test('without a file: the policy in effect; with a bad configuration: refused', async (t) => {
  const line = await scene(t, SAFE);
  const { configPath } = line;
  const { code, out } = await line.run(['policy', 'check']);
  t.equal(code, 0);
  t.match(out, 'default.yaml');
  writeFileSync(configPath, 'version: 2\n');
  const refused = await line.run(['policy', 'check']);
  t.equal(refused.code, 3);
  t.match(refused.err, 'postern.yaml:1:');
});
