// The parts of a multipart (RFC 2046 5.1), by each boundary and each reading of its delimiter lines that some mail program takes.
import type { PartRole } from '../../mail/message.ts';
import { decodeText } from '../charset.ts';
import { boundariesIn, type Delimiter, findDelimiters, guessBoundaries } from '../part-split.ts';
import { type RoleOf, rolesWithin } from './entity-fields.ts';
import type { OtherReadings } from './other-readings.ts';

export interface FoundMultipart {
  readonly body: Buffer;
  /** In lower case: `mixed`. */
  readonly subtype: string;
  /** In latin1, the usual reading first. */
  readonly boundaries: readonly string[];
  /** Content-ID that names the root (RFC 2387), or null. */
  readonly start: string | null;
  readonly role: PartRole;
}

export interface PartPlace {
  readonly defaultType: string;
  readonly roleOf: RoleOf;
  /** From where the part begins to the end of the multipart: some readers do not end it at the delimiter around it. */
  readonly beyond: Buffer;
  readonly outerBoundary: string;
}

export type ReadPart = (octets: Buffer, place: PartPlace) => Promise<void>;

const MOST_BOUNDARIES = 4;

/** Gives each part to `readPart`, those first that every reader sees. */
export async function readMultipart(found: FoundMultipart, readings: OtherReadings, readPart: ReadPart): Promise<void> {
  const { body, boundaries } = found;
  const known = boundariesIn(body, boundaries);
  if (known.length !== 1) readings.output.defect('boundary-ambiguous');
  const used = known.length > 0 ? known.slice(0, MOST_BOUNDARIES) : guessBoundaries(body).slice(0, 1);
  if (used.length === 0) {
    // Without parts it is shown as it stands.
    const whole = { bytes: body, declaredType: 'text/plain', parameters: new Map<string, string>(), name: null, role: found.role };
    return readings.output.inner(whole);
  }
  for (const [i, boundary] of used.entries()) {
    await readByBoundary(i === 0 ? found : { ...found, role: 'other-reading' }, boundary, readings, readPart);
  }
}

async function readByBoundary(found: FoundMultipart, boundary: string, readings: OtherReadings, readPart: ReadPart): Promise<void> {
  const all = findDelimiters(found.body, boundary);
  const strict = all.filter(({ kind }) => !kind.startsWith('loose'));
  const usual = strict.length > 0 ? strict : all;
  const segments = cut(found.body, usual);
  const early = usual[0]?.kind.endsWith('close') === true;
  if (early || segments.some(({ reading }) => reading === 'other') || all.some(({ lineEnds }) => lineEnds === 'bare-cr'))
    readings.output.defect('boundary-ambiguous');
  if (!usual.some(({ kind }) => kind.endsWith('close'))) readings.output.defect('multipart-not-closed');
  const usualRoles = rolesWithin(found.role, found.subtype, found.start);
  await readSegments(found, boundary, segments, usualRoles, readings, readPart);
  if (usual.length === all.length) return;
  readings.output.defect('boundary-ambiguous');
  const loose = withoutNested(found.body, all, boundary);
  if (loose.length === usual.length) return;
  const others = cut(found.body, loose).filter(({ kind }) => kind === 'part');
  await readSegments({ ...found, role: 'other-reading' }, boundary, others, otherReading, readings, readPart);
}

async function readSegments(
  found: FoundMultipart,
  boundary: string,
  segments: readonly Segment[],
  roles: RoleOf,
  readings: OtherReadings,
  readPart: ReadPart,
): Promise<void> {
  const defaultType = found.subtype === 'digest' ? 'message/rfc822' : 'text/plain';
  for (const { kind, reading, start, end } of segments) {
    const octets = found.body.subarray(start, end);
    const isOther = reading === 'other' || found.role === 'other-reading';
    if (kind === 'outside') tellOutside(octets, readings);
    if (kind === 'outside' && !looksLikeEntity(octets)) continue;
    const roleOf = isOther || kind === 'outside' ? otherReading : roles;
    const isNew =
      roleOf === otherReading ? readings.admits(`entity ${defaultType}`, octets) : readings.note(`entity ${defaultType}`, octets);
    if (isNew) await readPart(octets, { defaultType, roleOf, beyond: found.body.subarray(start), outerBoundary: boundary });
  }
}

const MOST_NESTED = 50;

/**
 * Delimiters of multiparts inside whose boundary begins with this one: a reader that takes them for its own finds the same parts, which are
 * read where they belong.
 */
function withoutNested(body: Buffer, delimiters: readonly Delimiter[], boundary: string): readonly Delimiter[] {
  const nested = new Map<string, boolean>();
  return delimiters.filter(({ kind, start, end }) => {
    if (!kind.startsWith('loose')) return true;
    const line = body
      .toString('latin1', start, Math.min(end, start + 300))
      .trim()
      .slice(2);
    const name = line.endsWith('--') ? line.slice(0, -2) : line;
    if (!name.startsWith(boundary) || name.length < boundary.length) return true;
    if (!nested.has(name) && nested.size < MOST_NESTED) nested.set(name, isDeclared(body, name));
    return nested.get(name) !== true;
  });
}

function isDeclared(body: Buffer, boundary: string): boolean {
  return [`boundary="${boundary}"`, `boundary=${boundary}\n`, `boundary=${boundary}\r\n`].some((text) => body.includes(text, 0, 'latin1'));
}

const otherReading: RoleOf = () => 'other-reading';

interface Segment {
  readonly kind: 'part' | 'outside';
  /** 'other': behind the delimiter that closes, where some readers go on. */
  readonly reading: 'usual' | 'other';
  readonly start: number;
  readonly end: number;
}

/** What lies before, between and behind delimiters. */
function cut(body: Buffer, delimiters: readonly Delimiter[]): readonly Segment[] {
  const segments: Segment[] = [];
  let closed = false;
  const outside = (start: number, end: number): void => {
    if (end > start) segments.push({ kind: 'outside', reading: 'usual', start, end });
  };
  outside(0, delimiters[0]?.start ?? body.length);
  for (const [i, { kind, end }] of delimiters.entries()) {
    const next = Math.max(end, delimiters[i + 1]?.start ?? body.length);
    if (kind.endsWith('part')) segments.push({ kind: 'part', reading: closed ? 'other' : 'usual', start: end, end: next });
    else {
      closed = true;
      outside(end, next);
    }
  }
  const hasUsual = segments.some(({ kind, reading }) => kind === 'part' && reading === 'usual');
  return hasUsual ? segments : segments.map((one) => ({ ...one, reading: 'usual' }));
}

/** Begins with a field that only parts have. */
export function looksLikeEntity(octets: Buffer): boolean {
  return /^\s*(?:content-|mime-version)[a-z-]{0,40}[ \t]*:/i.test(octets.toString('latin1', 0, 1_000));
}

/** Text before and behind the parts: most readers hide it, some show it. */
function tellOutside(octets: Buffer, { output }: OtherReadings): void {
  const { text } = decodeText(octets, null);
  if (text.trim() === '') return;
  if (!isUsualSentence(text)) output.defect('text-outside-parts');
  output.text({ area: 'hidden' }, text);
}

/** What programs write for readers that do not know MIME. */
function isUsualSentence(text: string): boolean {
  return text.length < 600 && /\bMIME\b|multi-?part message|cryptographically signed message/i.test(text);
}
