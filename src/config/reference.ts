// The reference of postern.yaml, printed from its own definition: `postern config reference` and docs/configuration.md are this text.
import type { Field, Fields, Leaf, Section } from './field.ts';
import { SHAPE } from './shape.ts';

const WIDTH = 80;

const INTRODUCTION = `# Configuration reference

Printed by \`postern config reference\` from the definition that checks the file. Do not edit by hand.

\`postern.yaml\` is YAML 1.2. Unknown keys, wrong types and missing files are errors; \`postern check\` shows all of them at once, with their places. Durations are a number and a unit (\`30s\`, \`15m\`, \`24h\`, \`7d\`, \`6y\`), sizes likewise (\`200kB\`, \`50MB\`, \`2GB\`, or \`50MiB\`). Paths start from \`/\` or from the folder of the file. Text with \`*\`, \`:\`, \`#\`, \`[\` or \`"\` in it stands in quotes. Passwords, keys and other secrets never stand in this file: it names files that hold them.`;

/** Markdown, wrapped at 80 columns, readable on a terminal as it is. */
export function configReference(): string {
  const single = Object.entries(SHAPE).flatMap(([name, field]) => (field.node === 'leaf' ? leafLines(name, field) : []));
  const sections = Object.entries(SHAPE).flatMap(([name, field]: [string, Field]) =>
    field.node === 'leaf' ? [] : sectionLines(name, field, 2),
  );
  return (
    [...wrapped(INTRODUCTION), '', '## The service itself', '', ...single, '', ...sections]
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd() + '\n'
  );
}

/** Every path of the definition, for tests and completion: `delivery.retry.first`, `routes[].domains`. */
export function configPaths(fields: Fields = SHAPE, prefix = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    return field.node === 'leaf' ? [path] : [path, ...configPaths(field.fields, `${path}${field.node === 'section' ? '' : '[]'}.`)];
  });
}

function sectionLines(path: string, section: Section<unknown>, depth: number): string[] {
  const shape = { section: '', list: ' A list.', 'one-or-list': ' One, or a list of several.' }[section.node];
  const off = section.unwritten === 'off' && section.node === 'section' ? ' Off unless written.' : '';
  const inner = `${path}${section.node === 'section' ? '' : '[]'}`;
  const lines = [
    `${'#'.repeat(Math.min(depth, 4))} \`${path}\``,
    '',
    ...wrapped(`${section.says}${shape}${/Off unless/.test(section.says) ? '' : off}`),
    '',
  ];
  const fields = Object.entries(section.fields);
  for (const [name, field] of fields) if (field.node === 'leaf') lines.push(...leafLines(name, field));
  lines.push('');
  for (const [name, field] of fields) if (field.node !== 'leaf') lines.push(...sectionLines(`${inner}.${name}`, field, depth + 1));
  return lines;
}

function leafLines(name: string, leaf: Leaf<unknown>): string[] {
  const presence =
    leaf.presence === 'required' ? 'Required.' : leaf.byDefault === null ? 'Not set by default.' : `Default: \`${leaf.byDefault}\`.`;
  const kind = `${leaf.kind.noun.slice(0, 1).toUpperCase()}${leaf.kind.noun.slice(1)}.`;
  return [
    ...wrapped(`- \`${name}\`: ${kind} ${presence}`, '  '),
    ...wrapped(`  ${leaf.says}`, '  '),
    ...wrapped(`  Example: \`${name}: ${leaf.example}\``, '  '),
  ];
}

/** Wraps each line of a text; a word between backquotes is kept whole. Lines after the first begin with `indent`. */
function wrapped(text: string, indent = ''): string[] {
  return text.split('\n').flatMap((line) => {
    const lead = /^ */.exec(line)?.[0] ?? '';
    const lines: string[] = [];
    let current = lead;
    for (const word of line.trim().match(/(?:`[^`]*`|\S)+/g) ?? []) {
      const next = current.trim() === '' ? `${current}${word}` : `${current} ${word}`;
      if (next.length > WIDTH && current.trim() !== '') {
        lines.push(current);
        current = `${indent}${word}`;
      } else current = next;
    }
    return [...lines, current];
  });
}
