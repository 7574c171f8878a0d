// The pieces that the shape of postern.yaml is made of: every field with its description, default and example, over a zod schema.
// Checking and the printed reference come from the same definition.
import { z } from 'zod';
import type { ValueKind } from './value-kind.ts';

export interface FieldDoc {
  /** What it is for, in whole sentences. */
  readonly says: string;
  /** A value as it would stand in the file. */
  readonly example: string;
}

export interface Leaf<T> extends FieldDoc {
  readonly node: 'leaf';
  readonly kind: ValueKind<unknown>;
  readonly schema: z.ZodType<T>;
  /** As it would stand in the file; null where the value is required or absent by default. */
  readonly byDefault: string | null;
  readonly presence: 'required' | 'optional';
}

export interface Section<T> {
  readonly node: 'section' | 'list' | 'one-or-list';
  readonly says: string;
  readonly fields: Fields;
  readonly schema: z.ZodType<T>;
  /** 'off' where the section does nothing unless it is written. */
  readonly unwritten: 'defaults' | 'off' | 'error';
}

export type Field = Leaf<unknown> | Section<unknown>;
export type Fields = Readonly<Record<string, Field>>;
/** What a set of fields is read to. */
export type Read<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]['schema']> };

export function required<T>(kind: ValueKind<T>, doc: FieldDoc): Leaf<T> {
  return { node: 'leaf', kind, schema: kind.schema, byDefault: null, presence: 'required', ...doc };
}

/** `byDefault` is what would stand in the file: a default is read like any value. */
export function optional<T>(kind: ValueKind<T>, byDefault: string | number | readonly string[], doc: FieldDoc): Leaf<T> {
  const alone = String(byDefault);
  const shown = typeof byDefault === 'object' ? `[${byDefault.join(', ')}]` : alone.startsWith('#') ? JSON.stringify(alone) : alone;
  const schema = z.preprocess((given) => (given === undefined ? byDefault : given), kind.schema);
  return { node: 'leaf', kind, schema, byDefault: shown, presence: 'optional', ...doc };
}

/** Null where the field is not written. */
export function absent<T>(kind: ValueKind<T>, doc: FieldDoc): Leaf<T | null> {
  const schema = kind.schema.optional().transform((given) => given ?? null);
  return { node: 'leaf', kind, schema, byDefault: null, presence: 'optional', ...doc };
}

/** A section that is always there: what is not written has its default. */
export function section<F extends Fields>(says: string, fields: F): Section<Read<F>> {
  const unwritten = Object.values(fields).some((field) => field.node === 'leaf' && field.presence === 'required') ? 'error' : 'defaults';
  return { node: 'section', says, fields, schema: z.preprocess((given) => given ?? {}, objectOf(fields)), unwritten };
}

/** A section that is off (null) unless it is written. Written without a value it has its defaults. */
export function offSection<F extends Fields>(says: string, fields: F): Section<Read<F> | null> {
  const schema = z
    .preprocess((given) => (given === undefined ? given : (given ?? {})), objectOf(fields).optional())
    .transform((read): Read<F> | null => read ?? null);
  return { node: 'section', says, fields, schema, unwritten: 'off' };
}

/** A list of sections; empty unless written. */
export function list<F extends Fields>(says: string, fields: F): Section<readonly Read<F>[]> {
  return {
    node: 'list',
    says,
    fields,
    schema: z.preprocess((given) => given ?? [], z.array(objectOf(fields)).max(1000)),
    unwritten: 'off',
  };
}

/** A section, or a list of several; none unless written. */
export function oneOrList<F extends Fields>(says: string, fields: F): Section<readonly Read<F>[]> {
  const asList = (given: unknown): unknown => (given === undefined ? [] : Array.isArray(given) ? given : [given ?? {}]);
  return { node: 'one-or-list', says, fields, schema: z.preprocess(asList, z.array(objectOf(fields)).max(100)), unwritten: 'off' };
}

function objectOf<F extends Fields>(fields: F): z.ZodType<Read<F>> {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema]));
  return z.strictObject(shape) as z.ZodType as z.ZodType<Read<F>>;
}
