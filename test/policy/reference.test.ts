// Reference, JSON Schema, examples and the definition say the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CONDITION_KEYS } from '../../src/policy/condition-keys.ts';
import { policyJsonSchema } from '../../src/policy/json-schema.ts';
import { policyReference } from '../../src/policy/reference.ts';
import { rule, SECTIONS, SETTINGS } from '../../src/policy/shape.ts';
import { SETTING_OF } from '../../src/policy/read-rule.ts';
import { SIDES } from '../../src/policy/settings.ts';
import { parsedPolicy } from '../support/policy-facts.ts';
import { ROOT } from '../support/source-files.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const RULES = 'rules: [{ id: all, deliver: relay }]';

t.test('docs/policy-reference.md is what the definition prints', async (t) => {
  t.equal(read('docs/policy-reference.md'), policyReference(), 'write what policyReference() returns');
});

t.test('policies/policy.schema.json is what the definition says', async (t) => {
  t.same(JSON.parse(read('policies/policy.schema.json')), policyJsonSchema(), 'write what policyJsonSchema() returns');
});

t.test('every example is accepted', async (t) => {
  const lists = 'lists: { partners: [mercy.example], trusted-senders: [ehr] }';
  for (const [key, { examples }] of Object.entries(CONDITION_KEYS)) {
    t.ok(examples.length > 0, key);
    for (const example of examples)
      t.same(
        parsedPolicy(`version: 1\n${lists}\nrules: [{ id: a, when: { ${key}: ${example} }, deliver: relay }]`).faults,
        [],
        `${key}: ${example}`,
      );
  }
  for (const [key, { example }] of Object.entries(SETTINGS))
    t.same(parsedPolicy(`version: 1\nsettings: [{ for: all, ${key}: ${example} }]\n${RULES}`).faults, [], key);
});

t.test('every policy of docs/policy.md is accepted', async (t) => {
  const blocks = [...read('docs/policy.md').matchAll(/```yaml\n([^]*?)```/g)].map(([, text = '']) => text);
  t.equal(blocks.length, 7);
  for (const block of blocks) {
    const text = [block.includes('version:') ? '' : 'version: 1', block, block.includes('rules:') ? '' : RULES].join('\n');
    t.same(parsedPolicy(text, { 'lists/vips.txt': '' }).faults, [], block.slice(0, 60));
  }
});

t.test('the reference names every key', async (t) => {
  const reference = policyReference();
  for (const key of [...Object.keys(SECTIONS), ...Object.keys(CONDITION_KEYS), ...Object.keys(rule.shape), ...Object.keys(SETTINGS)])
    t.ok(reference.includes(`\`${key}\``), key);
});

t.test('the sides of settings', async (t) => {
  for (const [key, { side }] of Object.entries(SETTINGS)) t.equal(SIDES[SETTING_OF[key as keyof typeof SETTING_OF]], side, key);
});

t.test('the schema describes every key, with examples for conditions', async (t) => {
  const schema = policyJsonSchema() as {
    readonly properties: Readonly<Record<string, { readonly description?: string }>>;
    readonly $defs: {
      readonly condition: {
        readonly properties: Readonly<Record<string, { readonly description?: string; readonly examples?: readonly string[] }>>;
      };
    };
  };
  for (const key of Object.keys(SECTIONS)) t.match(schema.properties[key]?.description, /\.$/, key);
  for (const [key, { examples }] of Object.entries(CONDITION_KEYS)) {
    t.match(schema.$defs.condition.properties[key]?.description, /\.$/, key);
    t.same(schema.$defs.condition.properties[key]?.examples, examples, key);
  }
  t.same(Object.keys(schema.$defs.condition.properties).sort(), [...Object.keys(CONDITION_KEYS), 'all', 'any', 'not'].sort());
});
