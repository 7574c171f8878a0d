// The reference of policy files, printed from the definition that checks them: docs/policy-reference.md is this text.
import { z } from 'zod';
import { CONDITION_KEYS } from './condition-keys.ts';
import { declaration, requirement, rule, SECTIONS, SETTINGS, wishes } from './shape.ts';

const INTRODUCTION = `# Policy reference

Printed from the definition that checks the file. Do not edit by hand. What a policy is, and how to write one, is in [policy.md](policy.md).

A policy is YAML 1.2. Unknown keys and words, wrong types and missing lists are errors; \`postern policy check\` shows all of them at once, with their places. Durations are a number and a unit (\`90m\`, \`24h\`, \`2d\`), sizes likewise (\`200kB\`, \`10MB\`). Text with \`*\`, \`:\`, \`#\`, \`[\` or \`"\` in it stands in quotes. Where several values are possible, one may stand alone: \`relay\` is \`[relay]\`.`;

/** Markdown. */
export function policyReference(): string {
  const parts = [
    INTRODUCTION,
    '## Sections',
    rows(Object.entries(SECTIONS).map(([name, schema]) => [code(name), saysOf(schema)])),
    '## Conditions',
    'Several keys in one mapping must all hold. Of several values of a key one is enough. `when` left out: always.',
    rows([
      ...Object.entries(CONDITION_KEYS).map(([name, { says, examples }]) => [
        code(name),
        `${says}<br>${examples.map((one) => code(`${name}: ${one}`)).join('<br>')}`,
      ]),
      [code('all'), `All of these hold.<br>${code('all: [{ phi: high }, { inside: no }]')}`],
      [code('any'), `At least one of these holds.<br>${code('any: [{ phi: high }, { urgent: yes }]')}`],
      [code('not'), `This does not hold.<br>${code('not: { recipient: { list: partners } }')}`],
    ]),
    '## Rules',
    'One of `deliver`, `hold` and `return` is required.',
    rows(fieldsOf(rule)),
    '## Floors (`require`)',
    rows(fieldsOf(requirement)),
    '## Declarations (`declare`)',
    rows(fieldsOf(declaration)),
    '## Wishes',
    'Each by `tags` of the subject, by `header`, or by both. Tags that ask are removed before delivery, also where the wish does not count.',
    rows(fieldsOf(wishes)),
    [
      '```yaml',
      'wishes:',
      '  more: { tags: ["[secure]"], header: { name: x-postern-protect, value: "yes" } }',
      '  less: { tags: ["[not-phi]"], accounts: { list: trusted-senders } }',
      '```',
    ].join('\n'),
    '## Settings',
    'Each belongs to one side: it is written in an entry `for: all`, or for senders or recipients as the table says.',
    rows(
      Object.entries(SETTINGS).map(([name, { side, says, example }]) => [
        code(name),
        `${says} (${side})<br>${code(`${name}: ${example}`)}`,
      ]),
    ),
    '## For editors',
    'A JSON Schema from the same definition is in `policies/policy.schema.json`; `postern policy schema` prints it, `postern policy reference` this page. Editors with the YAML language server use it where the first line of a policy is `# yaml-language-server: $schema=policy.schema.json`.',
  ];
  return `${parts.join('\n\n')}\n`;
}

function fieldsOf(schema: z.ZodObject): readonly (readonly string[])[] {
  const fields: readonly (readonly [string, z.core.$ZodType])[] = Object.entries(schema.shape);
  return fields.map(([name, field]) => [code(name), `${saysOf(field)}${wordsOf(field)}`]);
}

function saysOf(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? '';
}

/** The words of a field that allows only some. */
function wordsOf(schema: z.core.$ZodType): string {
  const { enum: words, anyOf = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const found = words ?? anyOf.map((option) => (typeof option === 'object' ? option.enum : undefined)).find((one) => one !== undefined);
  return found === undefined ? '' : ` One of ${found.map((word) => code(String(word))).join(', ')}.`;
}

function rows(table: readonly (readonly string[])[]): string {
  return ['| Key | |', '|---|---|', ...table.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)].join(
    '\n',
  );
}

function code(text: string): string {
  return `\`${text}\``;
}
