// postern policy explain and settings: the decision and its reasons for each recipient, by real reading and inspection; no value found and
// no content is printed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { explainMessage, policySettings } from '../../src/daemon/policy-explain.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';

const NOTE = [
  'From: Dr Lee <lee@clinic.example>',
  'To: pat@home.example, ward@partner.example',
  'Subject: [secure] transfer of Maria',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Patient: Maria Delgado, DOB 03/04/1961, MRN 84736251.',
  'Her A1c is 9.2; she takes metformin 1000 mg twice a day for type 2 diabetes.',
  '',
].join('\r\n');
const VALUES = /Maria|Delgado|1961|84736251|metformin|9\.2|transfer/;

const POLICY = `version: 1
wishes: { more: { tags: "[secure]" }, less: { tags: "[open]", accounts: lee } }
declare: [{ id: news, when: { from: news@clinic.example }, as: marketing }]
settings:
  - { for: { recipient: partner.example }, protection: tls-authenticated }
  - { for: { sender: lee@clinic.example }, hold_for: 3d, reviewers: [privacy@clinic.example, it@clinic.example] }
require:
  - { id: phi, when: { phi: medium }, protection: tls-verified, unless_consent: yes }
  - { id: office, when: { phi: high, role_address: yes }, protection: sealed }
rules:
  - { id: plain, when: { consent: plain-mail }, deliver: relay, protection: opportunistic }
  - { id: new-one, when: { first_mail: address, phi: medium }, hold: "The first mail to this address; please check it." }
  - { id: by-lan, when: { network: 10.0.0.0/8, submitter: network }, return: "Not from there." }
  - { id: rest, deliver: [relay, portal] }
`;

interface Scene extends CommandLine {
  readonly explain: (...more: readonly string[]) => ReturnType<CommandLine['run']>;
}

async function scene(t: Parameters<typeof commandLine>[0]): Promise<Scene> {
  const line = await commandLine(t, { service: null, work: { policyExplain: explainMessage, policySettings } });
  const [note, policy] = [join(line.folder, 'note.eml'), join(line.folder, 'policy.yaml')];
  writeFileSync(note, NOTE);
  writeFileSync(policy, POLICY);
  const explain: Scene['explain'] = (...more) =>
    line.run(['policy', 'explain', note, '--policy', policy, '--from', 'lee@clinic.example', ...more], { columns: 80 });
  return { ...line, explain };
}

t.test('each recipient has its own trace', async (t) => {
  const { folder, explain } = await scene(t);
  const { code, out, err } = await explain('--to', 'pat@home.example', '--to', 'info@partner.example');
  t.equal(err, '');
  t.equal(code, 0);
  t.match(out, /\npat@home\.example\ndeliver by relay, portal at tls-verified or better; else hold, by rule rest,\nline 14\n/);
  t.match(out, /\ninfo@partner\.example\ndeliver by portal at sealed; else hold, by rule rest, line 14\n/);
  t.match(out, /\n {2}PHI +high\n {2}kinds found +name 1, /);
  t.match(out, /\n {2}recipient +outside, had mail before, an office or a list\n/);
  t.match(out, /\n {2}wish +more by \[secure\]: counts\n/);
  t.match(out, /\n {2}yes {2}office, line 9: sealed\n {7}yes {2}PHI is high\n {7}yes {2}the recipient is an office or a list\n/);
  t.match(out, /\n {2}no {3}plain, line 11\n {7}no {3}the consent plain-mail is on file\n/);
  t.match(out, /\nLeft out\n {2}relay: it cannot meet the floor sealed\n/);
  t.match(out, /\n {2}protection +tls-authenticated \(recipient; line 5, for the domain\)\n/);
  t.match(out, /\nWhat would have changed it\n {2}If /);
  t.notMatch(out.replaceAll(folder, ''), VALUES, 'nothing of the content');
  for (const one of out.split('\n')) if (!one.includes(folder)) t.ok(one.length <= 80, one);
});

const OUTCOMES: readonly (readonly [name: string, options: readonly string[], text: RegExp])[] = [
  ['a consent', ['--consent', 'plain-mail'], /\ndeliver by relay with what TLS there is; else hold, by rule plain, line 11\n/],
  ['a floor that it waives', ['--consent', 'plain-mail'], /\n {2}yes {2}phi, line 8: tls-verified, waived by the consent\n/],
  ['another way', ['--consent', 'other-way'], /\nhold for a reviewer, .*\n?.*consent other-way: the person\n?.*asked/],
  ['the first mail', ['--first-mail', 'address'], /by rule new-one,\n?.*line 12\n"The first mail to this address; please check it\."\n/],
  ['a trusted network', ['--network', '10.1.2.3'], /\nreturn to the originator, by rule by-lan, line 13\n"Not from there\."\n/],
  ['an account from there', ['--network', '10.1.2.3', '--account', 'lee'], /\n {2}submitted by +account lee, from 10\.1\.2\.3\n/],
  ['an attestation', ['--attested'], /\n {2}attestation +on file\n/],
];

t.test('what is taken to be so', async (t) => {
  const { explain } = await scene(t);
  for (const [name, options, text] of OUTCOMES) {
    const { code, out } = await explain('--to', 'pat@home.example', ...options);
    t.equal(code, 0, name);
    t.match(out, text, name);
  }
});

t.test('for machines', async (t) => {
  const { folder, explain } = await scene(t);
  const { code, out } = await explain('--to', 'pat@home.example', '--json');
  t.equal(code, 0);
  const read = JSON.parse(out) as { recipients: { trace: { decision: { rule: string }; rules: { id: string; line: number }[] } }[] };
  t.equal(read.recipients[0]?.trace.decision.rule, 'rest');
  t.same(
    read.recipients[0]?.trace.rules.map(({ line }) => line),
    [11, 12, 13, 14],
  );
  t.notMatch(out.replaceAll(folder, ''), VALUES);
});

t.test('what is wrong is said', async (t) => {
  const line = await scene(t);
  const { folder, explain } = line;
  t.equal((await explain()).code, 2, 'no recipient');
  t.equal((await explain('--to', 'nobody')).code, 2, 'no address');
  t.equal((await explain('--to', 'a@b.example', '--consent', 'yes')).code, 2, 'no such consent');
  const missing = await line.run(['policy', 'explain', join(folder, 'none.eml'), '--from', '', '--to', 'a@b.example']);
  t.equal(missing.code, 4);
  t.match(missing.err, 'none.eml does not exist.');
  writeFileSync(join(folder, 'policy.yaml'), 'version: 1\nrules: []\n');
  const faulty = await explain('--to', 'a@b.example');
  t.equal(faulty.code, 3);
  t.match(faulty.err, 'policy.yaml:2:8: there is no rule');
});

t.test('settings, and where they come from', async (t) => {
  const line = await scene(t);
  const { folder } = line;
  const ask = ['policy', 'settings', '--policy', join(folder, 'policy.yaml'), '--from', 'lee@clinic.example', '--to', 'x@partner.example'];
  const { code, out } = await line.run(ask, { columns: 80 });
  t.equal(code, 0);
  t.match(out, /\nSetting +Value +Whose +From\n/);
  t.match(out, /\nhold_for +3 d +sender +line 6, for the address\n/);
  t.match(out, /\nprotection +tls-authenticated +recipient +line 5, for the domain\n/);
  t.match(out, /\notherwise +hold +sender +configuration\n/);
  t.match(out, /\nlanguage +en +recipient +built in\n/);
  const read = JSON.parse((await line.run([...ask, '--json'])).out) as { settings: { setting: string; line: number | null }[] };
  t.same(read.settings.find(({ setting }) => setting === 'reviewers')?.line, 6);
  t.equal((await line.run(['policy', 'settings', '--from', 'x', '--to', 'y@z.example'])).code, 2);
  writeFileSync(join(folder, 'policy.yaml'), 'version: 1\n');
  t.equal((await line.run(ask)).code, 3);
});
