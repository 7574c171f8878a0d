// A policy's files as an administrator edits them: read whole or refused with the place, watched without reading what is half written, and
// in effect with evidence.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import { activation, failingCases, policyLook, preparing } from '../../src/daemon/policy-activation.ts';
import { casesBeside, DEFAULT_POLICY, loadPolicies, loadPolicy, type PoliciesInEffect } from '../../src/daemon/policy.ts';
import { gatewayGround } from '../support/gateway-ground.ts';
import { BASE } from '../support/policy-facts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const RULES = 'rules:\n  - { id: to-them, when: { to: { list: partners } }, deliver: [relay] }\n  - { id: rest, hold: Look }\n';
const POLICY = `version: 1\nlists:\n  partners: { file: partners.txt }\n${RULES}`;
const PLAIN = 'version: 1\nrules: [{ id: rest, deliver: [relay] }]\n';

interface Place {
  readonly file: string;
  readonly list: string;
  readonly cases: string;
  readonly config: Config;
}

function place(t: Parameters<typeof temporaryFolder>[0], policy = POLICY): Place {
  const folder = temporaryFolder(t);
  const file = join(folder, 'policy.yaml');
  const list = join(folder, 'partners.txt');
  writeFileSync(file, policy);
  writeFileSync(list, 'lab.example\n');
  const config = defaultConfig(folder);
  return { file, list, cases: casesBeside(file), config: { ...config, policy: { ...config.policy, file } } };
}

async function inEffect(config: Config): Promise<PoliciesInEffect> {
  const loaded = await loadPolicies(config);
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.issues));
  return loaded;
}

await t.test('what a policy is made of', async (t) => {
  const { file, list, cases, config } = place(t);
  const { live, draft } = await inEffect(config);
  t.equal(draft, null);
  t.same(live.files, [file, list, cases], 'its lists and its cases beside it');
  t.same(live.source, { policy: POLICY, lists: { 'partners.txt': 'lab.example\n' } });
  t.equal(live.mark.split('\n').length, 3);
  t.equal(live.mark.split('\n')[2], 'none', 'cases that are not there have a mark as well');
  const before = live.policy.version;
  writeFileSync(list, 'lab.example\nother.example\n');
  t.not((await inEffect(config)).live.policy.version, before, 'a longer list is another policy');
  writeFileSync(cases, 'version: 1\ncases: []\n');
  writeFileSync(list, 'lab.example\n');
  t.equal((await inEffect(config)).live.policy.version, before, 'cases are no part of the version');
  const strict = { ...config, delivery: { ...config.delivery, floor: 'tls-authenticated' as const } };
  t.not((await inEffect(strict)).live.policy.version, before, 'settings of the configuration are');
  const builtIn = await inEffect({ ...config, policy: { ...config.policy, file: null } });
  t.equal(builtIn.live.files[0], DEFAULT_POLICY);
});

await t.test('refused, with the place', async (t) => {
  const table: readonly (readonly [name: string, policy: string, list: string | null, where: RegExp])[] = [
    ['no YAML', 'version: [', '', /^policy\.yaml:1:\d+ /],
    ['an unknown key', PLAIN.replace('deliver', 'delivr'), '', /^policy\.yaml:2:\d+ the key "delivr" is not known/],
    ['a list file that is missing', POLICY, null, /^policy\.yaml:3:\d+ this file could not be read/],
    ['a line of a list file that is no address', POLICY, 'lab.example\nnot an address\n', /^partners\.txt:2:1 /],
    ['a list that is not there', POLICY.replace('{ list: partners }', '{ list: others }'), 'lab.example\n', /^policy\.yaml:5:\d+ /],
  ];
  for (const [name, policy, list, where] of table) {
    const { file, list: listFile } = place(t, policy);
    if (list === null) rmSync(listFile);
    else writeFileSync(listFile, list);
    const loaded = await loadPolicy(file, BASE);
    t.equal(loaded.kind, 'refused', name);
    if (loaded.kind !== 'refused') continue;
    const [first] = loaded.issues.map((one) => `${one.file.replace(/^.*\//, '')}:${one.line}:${one.column} ${one.what}`);
    t.match(first, where, name);
  }
  const folder = temporaryFolder(t);
  t.match(await loadPolicy(join(folder, 'none.yaml'), BASE), { kind: 'refused', issues: [{ what: 'the policy cannot be read' }] });
  mkdirSync(join(folder, 'folder.yaml'));
  t.match(await loadPolicy(join(folder, 'folder.yaml'), BASE), { kind: 'refused', issues: [{ what: 'the policy cannot be read' }] });
});

await t.test('a draft that cannot be read refuses both', async (t) => {
  const { file, config } = place(t);
  const draft = `${file}.draft`;
  const both = { ...config, policy: { ...config.policy, draft } };
  t.match(await loadPolicies(both), { kind: 'refused', issues: [{ file: draft }] });
  writeFileSync(draft, PLAIN);
  t.match(await loadPolicies(both), { kind: 'policies', draft: { files: [draft] } });
});

await t.test('files are watched', async (t) => {
  const { file, list, cases, config } = place(t);
  let now = await inEffect(config);
  let reloads = 0;
  const reload = async (): Promise<void> => {
    reloads++;
    const next = await loadPolicies(config);
    if (next.kind === 'policies') now = next;
  };
  const once = policyLook(() => now, reload);
  const look = async (times: number): Promise<number> => {
    const before = reloads;
    for (let i = 0; i < times; i++) await once();
    return reloads - before;
  };
  t.equal(await look(3), 0, 'nothing has changed');
  writeFileSync(file, POLICY.slice(0, 40));
  t.equal(await look(1), 0, 'just changed: it may be half written');
  writeFileSync(file, `${POLICY}# done\n`);
  t.equal(await look(1), 0, 'changed again');
  t.equal(await look(1), 1, 'settled');
  t.equal(now.live.source.policy, `${POLICY}# done\n`, 'the whole of it');
  t.equal(await look(3), 0, 'read once');
  writeFileSync(list, 'lab.example\nother.example\n');
  t.equal(await look(4), 1, 'a list file');
  t.same(now.live.source.lists, { 'partners.txt': 'lab.example\nother.example\n' });
  writeFileSync(cases, 'version: 1\ncases: []\n');
  t.equal(await look(4), 1, 'a cases file that was not there');
  rmSync(cases);
  t.equal(await look(4), 1, 'and is gone again');
  const good = now.live.policy.version;
  writeFileSync(file, 'version: [');
  t.equal(await look(5), 1, 'what was refused is not read again');
  t.equal(now.live.policy.version, good, 'and the policy before stays');
  writeFileSync(`${file}.new`, PLAIN);
  renameSync(`${file}.new`, file);
  t.equal(await look(4), 1, 'until it changes again: here another file in its place');
  t.equal(now.live.source.policy, PLAIN);
  rmSync(file);
  t.equal(await look(4), 1, 'a file that is gone is looked for once');
  writeFileSync(file, POLICY);
  t.equal(await look(4), 1, 'and read when it is back');
});

await t.test('in effect, with evidence in the same commit', async (t) => {
  const ground = await gatewayGround(t);
  const { config, list } = place(t);
  const activate = activation({ policies: ground.store.policies, clock: ground.clock });
  const first = await inEffect(config);
  await activate(first);
  const draft = `${list}.draft`;
  writeFileSync(draft, PLAIN);
  const second = await inEffect({ ...config, policy: { ...config.policy, draft } });
  await activate(second);
  const told = ground.evidence().filter(({ kind }) => kind === 'policy.activated');
  t.same(told[0]?.codes, { policy: first.live.policy.version, rules: 2, floors: 0 });
  t.match(told.at(-1)?.codes, { draft: second.draft?.policy.version });
  t.notMatch(JSON.stringify(told), /lab\.example|to-them/, 'counts and a version, not what is in it');
});

await t.test('prepared: all of it is good, or nothing changes', async (t) => {
  const { file, cases, config } = place(t);
  const taken: unknown[] = [];
  const wrong = [{ file: 'rules.yaml', line: 1, column: 1, weight: 'error', what: 'x', right: 'y' }] as const;
  let unusable: typeof wrong | readonly [] = [];
  const examiner = {
    examineLetter: () => Promise.reject(new Error('nothing was to be read')),
    take: async (next: Config) => (taken.push(next), unusable),
  };
  const before = defaultConfig('/nowhere');
  const prepare = () => preparing(examiner, () => before)({ config });
  t.equal((await prepare()).kind, 'policies');
  t.same(taken.splice(0), [config], 'inspection goes on by it');
  unusable = wrong;
  t.match(await prepare(), { kind: 'refused', issues: wrong });
  unusable = [];
  taken.splice(0);
  const failing = 'version: 1\ncases:\n  - { id: one, given: { sender: a@clinic.example }, to: b@lab.example, expect: { rule: rest } }\n';
  writeFileSync(cases, failing.replace('given: { sender: a@clinic.example }, ', 'sender: a@clinic.example, '));
  const refused = await prepare();
  t.match(refused, { kind: 'refused', issues: [{ file: cases, line: 3 }] });
  t.equal(taken.length, 2);
  t.equal(taken[1], before, 'inspection goes back to the configuration before');
  t.ok((await failingCases(await inEffect(config), config, examiner)).length > 0);
  const builtIn = { ...config, policy: { ...config.policy, file: null } };
  t.same(await failingCases(await inEffect(config), builtIn, examiner), [], 'the built-in policy is tested where it is made');
  taken.splice(0);
  writeFileSync(file, 'version: [');
  t.equal((await prepare()).kind, 'refused');
  t.same(taken, [], 'a policy that cannot be read leaves inspection alone');
});
