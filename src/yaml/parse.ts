// YAML with positions: YAML 1.2 core schema only, one document, no duplicate keys, no custom tags, bounded in size, depth and aliases.
// Every fault is a value with a place; nothing of the input is ever executed or resolved elsewhere.
import { Composer, isScalar, LineCounter, Parser, visit } from 'yaml';
import type { Document } from 'yaml';
import { findExcess, YAML_LIMITS } from './limits.ts';
import type { YamlLimits } from './limits.ts';
import { positionsOf } from './positions.ts';
import type { Position, YamlDocument } from './positions.ts';

/** What is wrong with the text, and where. `right` says what would be right. */
export interface YamlFault extends Position {
  readonly what: string;
  readonly right: string;
}

export type YamlResult =
  { readonly kind: 'document'; readonly document: YamlDocument } | { readonly kind: 'faults'; readonly faults: readonly YamlFault[] };

/** Parses one YAML 1.2 document (https://yaml.org/spec/1.2.2/). Never throws. */
export function parseYaml(source: string | Uint8Array, limits: YamlLimits = YAML_LIMITS): YamlResult {
  const text = decode(source, limits.sizeBytes);
  if (typeof text !== 'string') return { kind: 'faults', faults: [text] };
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  for (const token of tokens) {
    const excess = findExcess(token, limits);
    if (excess !== null) return faulty({ ...at(excess.offset), ...excessWords(excess.limit, limits) });
  }
  const documents = [
    ...new Composer({ version: '1.2', schema: 'core', strict: true, uniqueKeys: true, prettyErrors: false, merge: false }).compose(
      tokens,
      true,
      text.length,
    ),
  ];
  const [document] = documents;
  if (document === undefined) return faulty({ line: 1, column: 1, what: 'the document is empty', right: 'write at least one key' });
  const faults = documents.flatMap((each) => faultsOf(each, at));
  const second = documents[1];
  if (second !== undefined)
    faults.push({ ...at(second.range[0]), what: 'a second document begins here', right: 'keep one document in a file' });
  if (faults.length > 0) return { kind: 'faults', faults };
  return resolve(document, at, limits);
}

function resolve(document: Document.Parsed, at: (offset: number) => Position, limits: YamlLimits): YamlResult {
  try {
    const value: unknown = document.toJS({ maxAliasCount: limits.aliases });
    return { kind: 'document', document: positionsOf(value, document.contents, at) };
  } catch (error) {
    // The library throws ReferenceError for an alias bomb.
    if (!(error instanceof ReferenceError)) throw error;
    const offset = firstAlias(document) ?? 0;
    return faulty({
      ...at(offset),
      what: 'aliases repeat too much',
      right: `resolve to at most ${limits.aliases} repetitions, or write the values out`,
    });
  }
}

function faultsOf(document: Document.Parsed, at: (offset: number) => Position): YamlFault[] {
  const faults = [...document.errors, ...document.warnings].map((error) => ({ ...at(error.pos[0]), ...words(error.code, error.message) }));
  if (document.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    faults.push({
      ...at(0),
      what: `YAML ${document.directives.yaml.version} is asked for`,
      right: 'remove the %YAML directive: files are read as YAML 1.2',
    });
  }
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key)) return;
      const range =
        pair.key !== null && typeof pair.key === 'object' && 'range' in pair.key ? (pair.key.range as readonly number[] | null) : null;
      faults.push({ ...at(range?.[0] ?? 0), what: 'a key is not plain text', right: 'use a word as the key' });
    },
    Alias(_, alias) {
      const target = alias.resolve(document)?.range;
      const place = alias.range?.[0] ?? 0;
      if (target && target[0] <= place && place < target[2])
        faults.push({ ...at(place), what: 'an alias stands inside its own anchor', right: 'write the values out' });
    },
  });
  return faults;
}

function words(code: string, message: string): { readonly what: string; readonly right: string } {
  switch (code) {
    case 'DUPLICATE_KEY':
      return { what: 'the same key stands twice', right: 'keep one of them' };
    case 'TAB_AS_INDENT':
      return { what: 'a tab is used to indent', right: 'indent with spaces' };
    case 'BAD_INDENT':
      return { what: 'the indentation does not fit the lines above', right: 'line it up with its neighbours' };
    case 'TAG_RESOLVE_FAILED':
      return { what: 'a tag is not known', right: 'remove the word that begins with "!", or put the text in quotes' };
    case 'BAD_ALIAS':
      return { what: 'an alias is not right', right: 'put text that begins with "*" or "&" in quotes' };
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR':
      return { what: firstLine(message), right: 'look for a missing ":", quote or bracket' };
    default:
      return { what: firstLine(message), right: 'correct the YAML syntax' };
  }
}

/** The library's own words, without a quotation of the text. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).slice(0, 160);
}

function firstAlias(document: Document.Parsed): number | null {
  let found: number | null = null;
  visit(document, {
    Alias(_, alias) {
      found = alias.range?.[0] ?? null;
      return visit.BREAK;
    },
  });
  return found;
}

function decode(source: string | Uint8Array, sizeBytes: number): string | YamlFault {
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength;
  const start = { line: 1, column: 1 };
  if (size > sizeBytes) return { ...start, what: `the file has ${size} bytes`, right: `keep it under ${sizeBytes} bytes` };
  let text: string;
  try {
    text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
  } catch {
    return { ...start, what: 'the file is not UTF-8', right: 'save it as UTF-8' };
  }
  const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (control === null) return text;
  const before = text.slice(0, control.index).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, what: 'a control character stands here', right: 'remove it' };
}

function excessWords(limit: 'depth' | 'nodes' | 'keys', limits: YamlLimits): { readonly what: string; readonly right: string } {
  switch (limit) {
    case 'depth':
      return { what: 'values are nested too deeply', right: `nest at most ${limits.depth} levels` };
    case 'nodes':
      return { what: 'the file holds too many values', right: `keep it under ${limits.nodes} keys and values` };
    case 'keys':
      return { what: 'a mapping or a list in brackets is too long', right: `keep it under ${limits.keys} items` };
  }
}

function faulty(fault: YamlFault): YamlResult {
  return { kind: 'faults', faults: [fault] };
}
