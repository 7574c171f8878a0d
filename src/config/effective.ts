// What is in effect: every field with the value that is written or its default, as `postern config show` prints it.
import type { Field, Fields, Leaf } from './field.ts';
import { SHAPE } from './shape.ts';

export interface EffectiveField {
  /** `delivery.retry.first`, `routes[0].domains`. */
  readonly path: string;
  /** As it would stand in the file; null where the field is not set and has no default. */
  readonly value: string | null;
  readonly from: 'file' | 'default';
}

/** `value` is the file as YAML gave it, already checked. Secrets are not in it: only the names of their files. */
export function effectiveConfig(value: unknown): readonly EffectiveField[] {
  return fieldsOf(SHAPE, value, '');
}

function fieldsOf(fields: Fields, value: unknown, prefix: string): EffectiveField[] {
  const given = new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return Object.entries(fields).flatMap(([name, field]) => fieldOf(field, given.get(name), `${prefix}${name}`));
}

function fieldOf(field: Field, value: unknown, path: string): EffectiveField[] {
  if (field.node === 'leaf') return [leafOf(field, value, path)];
  if (field.node === 'section') return value === undefined && field.unwritten === 'off' ? [] : fieldsOf(field.fields, value, `${path}.`);
  const items: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return items.flatMap((item, i) => fieldsOf(field.fields, item, `${path}[${i}].`));
}

function leafOf(leaf: Leaf<unknown>, value: unknown, path: string): EffectiveField {
  return value === undefined ? { path, value: leaf.byDefault, from: 'default' } : { path, value: inFlow(value), from: 'file' };
}

function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[A-Za-z0-9/@.+-][^,#[\]{}"'*&]*$/.test(text) && !/: /.test(text) ? text : JSON.stringify(value);
}
