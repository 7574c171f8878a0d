// Checks what the file says against the shape: unknown keys, wrong types, missing values. All of them at once, in words.
import type { z } from 'zod';
import type { YamlPath } from '../yaml/positions.ts';
import { complain } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import type { Field, Fields } from './field.ts';
import { nearest } from '../yaml/nearest.ts';
import { SHAPE } from './shape.ts';
import type { RawConfig } from './shape.ts';
import type { ValueKind } from './value-kind.ts';

export interface Checked {
  /** The sections without an error. All of them where there are no complaints. */
  readonly raw: Partial<RawConfig>;
  readonly complaints: readonly Complaint[];
}

/** Each top section is read for itself, so that an error in one hides none in another. */
export function checkShape(value: unknown): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { raw: {}, complaints: [complain([], 'the file is not a set of keys', 'begin with "version: 1"')] };
  }
  const given = new Map<string, unknown>(Object.entries(value));
  const complaints = unknownKeys(
    [],
    [...given.keys()].filter((key) => !Object.hasOwn(SHAPE, key)),
    SHAPE,
  );
  const raw: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(SHAPE)) {
    const read = (field.schema as z.ZodType).safeParse(given.get(name));
    if (read.success) raw[name] = read.data;
    else complaints.push(...read.error.issues.flatMap((issue) => explain(issue, name, field, given.get(name))));
  }
  return { raw, complaints };
}

function explain(issue: z.core.$ZodIssue, name: string, field: Field, value: unknown): readonly Complaint[] {
  const path = [name, ...issue.path.filter((step) => typeof step !== 'symbol')];
  const found = descend(field, path.slice(1), value);
  if (issue.code === 'unrecognized_keys' && 'fields' in found.what) return unknownKeys(path, issue.keys, found.what.fields);
  if (found.value === undefined) return [missing(path, found.what)];
  return [wrong(path, found.what, found.value)];
}

/** The field or kind of value at a path, and what stands there. */
function descend(field: Field, path: YamlPath, value: unknown): { readonly what: Field | ValueKind<unknown>; readonly value: unknown } {
  let what: Field | ValueKind<unknown> = field;
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') {
      if (Array.isArray(here)) here = here[step] as unknown;
      if ('kind' in what && what.kind.item !== null) what = what.kind.item;
    } else {
      here = typeof here === 'object' && here !== null && Object.hasOwn(here, step) ? (here as Record<string, unknown>)[step] : undefined;
      const next: Field | undefined = 'fields' in what ? what.fields[step] : undefined;
      if (next !== undefined) what = next;
    }
  }
  return { what, value: here };
}

function unknownKeys(path: YamlPath, keys: readonly string[], known: Fields): Complaint[] {
  return keys.map((key) => {
    const suggestion = nearest(key, Object.keys(known));
    const right = suggestion === null ? `known here: ${Object.keys(known).join(', ')}` : `did you mean "${suggestion}"`;
    return { ...complain([...path, key], `unknown key "${shortened(key)}"`, right), at: 'key' };
  });
}

function missing(path: YamlPath, what: Field | ValueKind<unknown>): Complaint {
  const name = path.at(-1);
  const example = 'example' in what ? `, such as ${String(name)}: ${what.example}` : '';
  const noun = 'kind' in what ? what.kind.noun : 'a section';
  return {
    ...complain(path, `"${path.filter((step) => typeof step === 'string').join('.')}" is missing`, `write ${noun}${example}`),
    at: 'key',
  };
}

function wrong(path: YamlPath, what: Field | ValueKind<unknown>, value: unknown): Complaint {
  if ('fields' in what) {
    const right = what.node === 'list' ? 'write each item on a line of its own after "- "' : 'write its keys below it, indented';
    return complain(path, `${shown(value)} stands where a ${what.node === 'list' ? 'list' : 'section'} is expected`, right);
  }
  const kind = 'kind' in what ? what.kind : what;
  if (value === null) return complain(path, `"${String(path.at(-1))}" has no value`, `${kind.right}, or remove the line`);
  const quoted = kind.file === 'secret-file' ? 'this' : shown(value);
  return complain(path, `${quoted} is not ${kind.noun}`, suggestion(kind, value) ?? kind.right);
}

/** The nearest word of a kind that allows only some. */
function suggestion(kind: ValueKind<unknown>, value: unknown): string | null {
  if (!kind.noun.startsWith('one of ') || typeof value !== 'string') return null;
  const word = nearest(value, kind.noun.slice('one of '.length).split(', '));
  return word === null ? null : `did you mean "${word}"`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a section';
  return typeof value === 'string' ? `"${shortened(value)}"` : String(value);
}

/** Safe to print: one line, no control characters, at most 60 characters. */
function shortened(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
