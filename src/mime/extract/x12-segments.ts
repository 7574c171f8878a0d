// The segments of X12 interchanges (ASC X12.5, X12.6): separators as each ISA sets them, binary data skipped by its length.
import { valueText } from './value-text.ts';

export interface X12Segment {
  readonly name: string;
  /** [0] is the name. */
  readonly elements: readonly string[];
  /** From 1, in the file. */
  readonly row: number;
  readonly component: string;
  /** '' where the version knows none. */
  readonly repetition: string;
  /** What BIN and BDS carry. */
  readonly binary: Buffer | null;
}

interface Separators {
  readonly element: string;
  readonly component: string;
  readonly repetition: string;
  readonly terminator: string;
}

const USUAL: Separators = { element: '*', component: ':', repetition: '^', terminator: '~' };
/** More elements than any segment has: what follows is read as part of the last. */
const MOST_ELEMENTS = 200;

/** Counts what ends segments, about: for how to group them. */
export function countSegments(bytes: Buffer): number {
  const { terminator } = separatorsAt(latin1(bytes, 0, 1_000), 0);
  let segments = 1;
  const octet = terminator.charCodeAt(0);
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === octet) segments++;
  return segments;
}

/** An octet is a character here until its segment is decoded: separators and lengths are counted in octets. */
export function* readX12(bytes: Buffer): Generator<X12Segment> {
  const file = latin1(bytes, 0, bytes.length);
  let separators = separatorsAt(file, Math.max(0, file.slice(0, 1_000).search(/ISA|GS|ST/)));
  let row = 0;
  for (let at = skipBetween(file, 0); at < file.length; at = skipBetween(file, at)) {
    if (file.startsWith('ISA', at)) separators = separatorsAt(file, at);
    const { element, component, repetition, terminator } = separators;
    const binary = binaryAt(file, at, separators);
    const end = binary === null ? file.indexOf(terminator, at) : binary.start;
    const stop = end === -1 ? file.length : end;
    // A terminator that was lost: the next interchange begins anew.
    const next = binary === null ? nextInterchange(file, at + 3, stop, element) : stop;
    const text = valueText(bytes.subarray(at, next), null);
    const elements = split(text, element);
    const name = /^[A-Z][A-Z0-9]{1,2}$/.test(elements[0] ?? '') ? (elements[0] ?? '') : '';
    row++;
    yield { name, elements, row, component, repetition, binary: binary === null ? null : bytes.subarray(binary.start, binary.end) };
    at = (binary === null ? next : binary.end) + (next === stop ? terminator.length : 0);
  }
}

function latin1(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, Math.min(to, bytes.length));
}

/** ISA has 16 elements of fixed length; the character behind ISA16 is the terminator (X12.6 5.1). Without an ISA, what is usual or shows itself. */
function separatorsAt(file: string, at: number): Separators {
  if (!file.startsWith('ISA', at)) {
    const element = /^(?:GS|ST)([^A-Za-z0-9\s])/.exec(file.slice(at, at + 3))?.[1] ?? USUAL.element;
    return { ...USUAL, element, terminator: file.includes(USUAL.terminator) || !file.includes('\n') ? USUAL.terminator : '\n' };
  }
  const head = file.slice(at, at + 300);
  const element = head[3] ?? USUAL.element;
  const starts: number[] = [];
  for (let from = head.indexOf(element, 3); from !== -1 && starts.length < 16; from = head.indexOf(element, from + 1))
    starts.push(from + 1);
  const last = starts[15];
  if (last === undefined) return { ...USUAL, element };
  const repetition = head[starts[10] ?? 0] ?? '';
  return {
    element,
    component: head[last] ?? USUAL.component,
    terminator: head[last + 1] ?? USUAL.terminator,
    // 'U' in versions before 00402, where ISA11 names a standard.
    repetition: /[A-Za-z0-9\s]/.test(repetition) ? '' : repetition,
  };
}

function skipBetween(file: string, from: number): number {
  let at = from;
  while (at < file.length && file.charCodeAt(at) <= 0x20) at++;
  return at;
}

function nextInterchange(file: string, from: number, stop: number, element: string): number {
  if (stop - from < 2_000) return stop;
  const found = file.slice(from, Math.min(stop, from + 1_000_000)).search(/[\r\n]ISA/);
  return found === -1 || file[from + found + 4] !== element ? stop : from + found + 1;
}

/** BIN01 is the length of BIN02; BDS02 that of BDS03 (X12.22). */
function binaryAt(file: string, at: number, { element }: Separators): { readonly start: number; readonly end: number } | null {
  const name = file.slice(at, at + 3);
  if ((name !== 'BIN' && name !== 'BDS') || file[at + 3] !== element) return null;
  const head = file.slice(at, at + 60).split(element, 4);
  const before = name === 'BIN' ? head.slice(0, 2) : head.slice(0, 3);
  const length = before.at(-1) ?? '';
  if (!/^\d{1,9}$/.test(length)) return null;
  const start = at + before.join(element).length + 1;
  const end = start + Number(length);
  return end <= file.length ? { start, end } : { start: Math.min(start, file.length), end: file.length };
}

function split(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < MOST_ELEMENTS) {
    const end = text.indexOf(separator, start);
    if (end === -1) break;
    parts.push(text.slice(start, end));
    start = end + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}
