// Before a policy comes into effect its own cases are run: what fails is told with file, line and column.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ExamineLetter } from '../../src/daemon/examiner.ts';
import { casesPass } from '../../src/daemon/policy-cases.ts';
import { casesBeside, loadPolicy } from '../../src/daemon/policy.ts';
import type { BaseSettings } from '../../src/policy/source.ts';
import { examinedAs } from '../support/deciding.ts';
import { BASE } from '../support/policy-facts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const POLICY = 'version: 1\nrules:\n  - { id: much, when: { phi: high }, hold: Wait. }\n  - { id: rest, deliver: [relay, portal] }\n';
const GIVEN = 'version: 1\ngiven: { sender: ann@clinic.example }\ncases:\n';
const REST = '  - { id: one, to: bo@mercy.example, expect: { rule: rest, floor: tls-verified } }\n';

const nobodyReads: ExamineLetter = () => Promise.reject(new Error('nothing was to be read'));

async function issuesOf(
  t: Parameters<typeof temporaryFolder>[0],
  cases: string | null,
  { base = BASE, examine = nobodyReads }: { readonly base?: BaseSettings; readonly examine?: ExamineLetter } = {},
): Promise<readonly string[]> {
  const file = join(temporaryFolder(t), 'policy.yaml');
  writeFileSync(file, POLICY);
  if (cases !== null) writeFileSync(casesBeside(file), cases);
  const loaded = await loadPolicy(file, base);
  if (loaded.kind === 'refused') throw new Error('the policy has a fault');
  const issues = await casesPass(loaded, file, examine);
  return issues.map(({ file: where, line, column, what, right }) => `${where.replace(/^.*\//, '')}:${line}:${column}: ${what}; ${right}`);
}

t.test('the file beside it', async (t) => {
  t.equal(casesBeside('/etc/postern/policy.yaml'), '/etc/postern/policy.cases.yaml');
  t.equal(casesBeside('policy.YML'), 'policy.cases.yaml');
  t.equal(casesBeside('policy'), 'policy.cases.yaml');
});

t.test('no cases, or cases that pass', async (t) => {
  t.same(await issuesOf(t, null), []);
  t.same(await issuesOf(t, GIVEN + REST), []);
});

t.test('each thing that came out otherwise', async (t) => {
  t.same(
    await issuesOf(
      t,
      `${GIVEN}${REST}  - { id: two, message: { phi: high }, to: bo@mercy.example, expect: { rule: rest, methods: relay } }\n`,
    ),
    [
      'policy.cases.yaml:5:78: case two, to bo@mercy.example: rule is much; expected rest; correct the policy or the case',
      'policy.cases.yaml:5:93: case two, to bo@mercy.example: methods is [relay, portal]; expected [relay]; correct the policy or the case',
    ],
  );
});

t.test('a fault of the cases refuses as well', async (t) => {
  t.match(await issuesOf(t, `${GIVEN}${REST}  - { id: two }\n`), [/^policy\.cases\.yaml:5:5: "to" is missing/]);
  t.match(await issuesOf(t, 'version: ['), [/^policy\.cases\.yaml:/]);
});

t.test('settings of the configuration count, unless the cases name their own', async (t) => {
  const base: BaseSettings = { ...BASE, protection: 'tls-authenticated' };
  t.match(await issuesOf(t, GIVEN + REST, { base }), [/floor is tls-authenticated; expected tls-verified/]);
  const own = GIVEN.replace('sender:', 'delivery: { floor: tls-verified, otherwise: hold }, sender:');
  t.same(await issuesOf(t, own + REST, { base }), []);
});

t.test('what is to be read goes to whoever reads, with the envelope', async (t) => {
  const asked: string[] = [];
  const examine: ExamineLetter = async (octets, { from, to }) => {
    asked.push(`${from} ${to.join()} ${Buffer.from(octets).toString()}`);
    return examinedAs({ level: 'high' });
  };
  const text = `${GIVEN}  - { id: one, message: { text: Hello }, to: [bo@mercy.example, kim@clinic.example], expect: { rule: much, level: high } }\n`;
  t.same(await issuesOf(t, text, { examine }), []);
  t.equal(asked.length, 1);
  t.match(asked[0], /^ann@clinic\.example bo@mercy\.example,kim@clinic\.example from: ann@clinic\.example\r\nto: [^]*\r\n\r\nHello\r\n$/);
  t.match(await issuesOf(t, text, { examine: async () => 'stopped' }), [/reading was stopped/]);
});
