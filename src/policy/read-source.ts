// A policy file, read to its source: every section and every item for itself, so that a fault in one hides none in another.
import type { z } from 'zod';
import type { YamlPath } from '../yaml/positions.ts';
import { isTimezone } from './clock-time.ts';
import { fault, faultsOfShape, keyFault, type PolicyFault, unknownWord } from './fault.ts';
import { readLists } from './read-lists.ts';
import { readDeclaration, readRequirement, readRule, readSettings, readWishes } from './read-rule.ts';
import { declaration, MOST, requirement, rule, SECTIONS, settingsEntry, wishes } from './shape.ts';
import type { BaseSettings, PolicySource } from './source.ts';

/** Faults are pushed; the source is whole only where none is an error. */
export function readSource(value: unknown, files: ReadonlyMap<string, string>, base: BaseSettings, faults: PolicyFault[]): PolicySource {
  const nothing: PolicySource = { timezone: 'UTC', lists: new Map(), declare: [], wishes: [], settings: [], require: [], rules: [], base };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    faults.push(fault([], 'the file is not a set of keys', 'begin with "version: 1"'));
    return nothing;
  }
  const given = new Map<string, unknown>(Object.entries(value));
  for (const key of given.keys()) {
    if (!Object.hasOwn(SECTIONS, key)) faults.push({ ...unknownWord([key], 'the key', key, Object.keys(SECTIONS)), at: 'key' });
  }
  readOne(SECTIONS.version, given.get('version'), ['version'], faults);
  const lists = readLists(given.get('lists'), files, faults);
  const declare = readEach(declaration, given.get('declare'), 'declare', faults).map(({ read, path }) => readDeclaration(read, path));
  const written = given.get('wishes');
  const wish = written === undefined ? null : readOne(wishes, written, ['wishes'], faults);
  const settings = readEach(settingsEntry, given.get('settings'), 'settings', faults).map(({ read, path }) =>
    readSettings(read, path, faults),
  );
  const require = readEach(requirement, given.get('require'), 'require', faults).map(({ read, path }) => readRequirement(read, path));
  const rules = readEach(rule, given.get('rules'), 'rules', faults).flatMap(({ read, path }) => readRule(read, path, faults) ?? []);
  const wanted = given.get('rules');
  if (wanted === undefined)
    faults.push(keyFault(['rules'], '"rules" is missing', 'without a rule that matches all mail is held; write at least one'));
  if (Array.isArray(wanted) && wanted.length === 0)
    faults.push(fault(['rules'], 'there is no rule', 'without a rule that matches all mail is held; write at least one'));
  for (const name of ['declare', 'require', 'rules'] as const) faultsOfNames(name, given.get(name), faults);
  const timezone = readTimezone(given.get('timezone'), faults);
  return { ...nothing, timezone, lists, declare, wishes: wish === null ? [] : readWishes(wish), settings, require, rules };
}

function readOne<S extends z.ZodType>(schema: S, value: unknown, path: YamlPath, faults: PolicyFault[]): z.output<S> | null {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  faults.push(...faultsOfShape(read.error.issues, path, value));
  return null;
}

function readEach<S extends z.ZodType>(
  schema: S,
  value: unknown,
  section: keyof typeof MOST & keyof typeof SECTIONS,
  faults: PolicyFault[],
): readonly { readonly read: z.output<S>; readonly path: YamlPath }[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.push(fault([section], 'a list is expected here', 'write each item on lines of its own after "- "'));
    return [];
  }
  if (value.length > MOST[section]) faults.push(fault([section], `there are ${value.length} items`, `write at most ${MOST[section]}`));
  return value.slice(0, MOST[section]).flatMap((one: unknown, i) => {
    const path = [section, i];
    const read = readOne(schema, one, path, faults);
    return read === null ? [] : [{ read, path }];
  });
}

/** Names stand in evidence: each is given once in its section, also by items with other faults. */
function faultsOfNames(section: 'declare' | 'require' | 'rules', value: unknown, faults: PolicyFault[]): void {
  if (!Array.isArray(value)) return;
  const seen = new Map<string, number>();
  for (const [i, one] of (value as unknown[]).entries()) {
    const id: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'id') : null;
    if (typeof id !== 'string') continue;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, i);
    else faults.push(fault([section, i, 'id'], `item ${before + 1} has this name already`, 'give each its own'));
  }
}

function readTimezone(value: unknown, faults: PolicyFault[]): string {
  const read = readOne(SECTIONS.timezone, value, ['timezone'], faults) ?? 'UTC';
  if (isTimezone(read)) return read;
  faults.push(unknownWord(['timezone'], 'the time zone', read, Intl.supportedValuesOf('timeZone')));
  return 'UTC';
}
