// Reads one entity (RFC 2045 2.4): header fields as text, and its body in every reading that mail programs take of type, boundary and
// transfer encoding.
import { isAscii } from 'node:buffer';
import type { PartRole } from '../../mail/message.ts';
import { type BodyDecoding, type DecodedBody, decodeBody, guessedReadings, looksLikeWords } from '../body-decoding.ts';
import { type LooseField, type LooseHeader, readLooseHeader, withBareCarriageReturns } from '../loose-header.ts';
import type { Coding, MediaType } from '../media-type.ts';
import { LF } from '../octets.ts';
import { boundariesIn, guessBoundaries } from '../part-split.ts';
import { aboutEntity, boundariesOf, type EntityAbout, type RoleOf, tellFields } from './entity-fields.ts';
import type { Inner } from './extractor.ts';
import { type FoundMultipart, looksLikeEntity, readMultipart } from './multipart.ts';
import type { OtherReadings } from './other-readings.ts';
import { unpack } from './unpack.ts';

export interface EntityPlace {
  /** Where it stands as 'node' itself, the parts of a multipart are its own; a 'part' that is a multipart is a node of its own. */
  readonly standing: 'node' | 'part';
  readonly defaultType: string;
  readonly roleOf: RoleOf;
  /** Octets from its first on, as far as a reader may take it to go. */
  readonly beyond: Buffer | null;
  readonly outerBoundary: string | null;
}

/** @throws LimitReached */
export async function readEntity(octets: Buffer, place: EntityPlace, readings: OtherReadings): Promise<void> {
  const header = readLooseHeader(octets);
  tellFields(header, readings.output);
  const own = place.standing === 'node' ? readings : readings.ofEntity();
  const usual = new Body(header, header.fields, header.bodyStart, place, own);
  await usual.read();
  const other: EntityPlace = { ...place, roleOf: otherReading };
  for (const start of header.otherBodyStarts) {
    const before = header.fields.filter(({ end }) => end <= start);
    const early = new Body(header, before, start, other, own);
    if (early.isStructured()) await early.read();
    // Lines of the header that are shown as text have been read as fields: what is left is the body without decoding.
    else if (!usual.hasParts()) await new Body(header, before, header.bodyStart, other, own).read();
  }
  await readBeyondDelimiter(header, other, own);
  if (header.fields.length === 0 && place.standing === 'part') await readBehindBlankLines(octets, other, own);
  const mended = withBareCarriageReturns(header);
  if (mended === null) return;
  readings.output.defect('header-malformed');
  const again = readLooseHeader(mended);
  await new Body(again, again.fields, again.bodyStart, { ...other, beyond: null }, own).read();
}

/** A delimiter inside a header ends it, but not for every reader. */
async function readBeyondDelimiter({ bytes, fields, end }: LooseHeader, other: EntityPlace, readings: OtherReadings): Promise<void> {
  const { beyond } = other;
  // The line end of the empty line may be the delimiter's: a part without a body.
  if (end === 'empty-line' || bytes.at(-1) === LF || beyond === null || beyond.length <= bytes.length + 2) return;
  if (!fields.some(({ key }) => key === 'content-type' || key === 'content-transfer-encoding') || !readings.mayLook()) return;
  readings.output.defect('boundary-ambiguous');
  if (readings.admits('beyond', beyond)) await readEntity(beyond, { ...other, beyond: null }, readings);
}

/** A header behind an empty line: some readers take it for the part's. */
async function readBehindBlankLines(octets: Buffer, other: EntityPlace, readings: OtherReadings): Promise<void> {
  const blank = /^\s*/.exec(octets.toString('latin1', 0, 1_000))?.[0].length ?? 0;
  if (!looksLikeEntity(octets.subarray(blank))) return;
  readings.output.defect('header-malformed');
  await readEntity(octets.subarray(blank), { ...other, beyond: null }, readings);
}

const otherReading: RoleOf = () => 'other-reading';

const MOST_COMBINATIONS = 6;

/** The body of one entity behind one reading of its header. */
class Body {
  readonly #about: EntityAbout;
  readonly #octets: Buffer;
  readonly #bodyStart: number;
  readonly #place: EntityPlace;
  readonly #readings: OtherReadings;
  readonly #role: PartRole;
  readonly #decoding: BodyDecoding;
  #boundariesTried: string[] = [];

  constructor(header: LooseHeader, fields: readonly LooseField[], bodyStart: number, place: EntityPlace, readings: OtherReadings) {
    this.#about = aboutEntity(header, fields, place.defaultType);
    this.#octets = header.bytes.subarray(bodyStart);
    this.#bodyStart = bodyStart;
    this.#place = place;
    this.#readings = readings;
    this.#role = place.roleOf(this.#about);
    this.#decoding = { unpack: (bytes) => unpack(bytes, 'gzip', readings.output) };
  }

  isStructured(): boolean {
    const { types, codings } = this.#about;
    return types.some(({ type }) => type.startsWith('multipart/')) || codings.some((coding) => coding !== 'identity');
  }

  /** Of a multipart that has been read. */
  hasParts(): boolean {
    return boundariesIn(this.#octets, this.#boundariesTried).length > 0;
  }

  async read(): Promise<void> {
    const { defects, names, clarity, types, codings } = this.#about;
    for (const defect of defects) this.#readings.output.defect(defect);
    for (const name of names.slice(1)) this.#readings.output.text({ area: 'file-name' }, name);
    let count = 0;
    for (const type of types.flatMap((one) => this.#charsetReadings(one))) {
      for (const coding of codings) {
        if (count < MOST_COMBINATIONS) await this.#readAs(type, coding, count === 0 ? this.#role : 'other-reading');
        count++;
      }
    }
    // A body that begins with a delimiter speaks for itself.
    const begins = clarity === 'bare' && this.#octets.toString('latin1', 0, 2) === '--';
    if (clarity === 'unclear' || begins) await this.#readAsMultipart();
    if (clarity === 'unclear') await this.#readByLooks();
  }

  /** Two charsets in one field: programs take the first or the last. */
  #charsetReadings(type: MediaType): readonly MediaType[] {
    const charsets = type.readings('charset');
    if (charsets.length < 2 || isAscii(this.#octets)) return [type];
    return charsets.slice(0, 3).map((charset) => ({ ...type, values: new Map([...type.values, ['charset', charset]]) }));
  }

  async #readAs(type: MediaType, coding: Coding, role: PartRole): Promise<void> {
    if (type.type.startsWith('multipart/')) return this.#readMultipart(type, coding, role);
    const octets = this.#octets;
    const decoded = this.#decode(coding);
    if (decoded === null) return;
    if (type.type.startsWith('message/') && coding !== 'identity') this.#tellEncodedMessage(type);
    const found = { ...this.#inner(type, decoded.bytes), name: this.#about.names[0] ?? decoded.name };
    const key = keyOf(type);
    // Octets that no coding has changed are known by where they are; what was decoded by what it became.
    if (role === 'other-reading') await this.#readings.other(key, found);
    else await this.#readings.usual(key, { ...found, role });
    let others = 0;
    for (const bytes of decoded.others()) {
      await this.#readings.other(key, { ...found, bytes });
      others++;
    }
    if (coding === 'unknown' && others === 0 && !looksLikeWords(octets)) this.#readings.output.blind('unknown');
    if (decoded.bytes !== octets && type.type.startsWith('message/') && HEADER_LINE.test(octets.toString('latin1', 0, 200))) {
      await this.#readings.other(key, { ...found, bytes: octets });
    }
  }

  #tellEncodedMessage({ type }: MediaType): void {
    // RFC 6532 3.7 lets message/global be encoded, RFC 6533 the global delivery status.
    if (!type.startsWith('message/global')) this.#readings.output.defect('multipart-encoded');
  }

  #decode(coding: Coding): DecodedBody | null {
    const decoded = decodeBody(this.#octets, coding, this.#decoding);
    for (const defect of decoded.defects) this.#readings.output.defect(defect);
    return decoded;
  }

  #inner(type: MediaType, bytes: Buffer): Inner {
    return {
      bytes,
      declaredType: type.type === '' ? null : type.type,
      parameters: type.values,
      name: this.#about.names[0] ?? null,
      role: this.#role,
    };
  }

  /** A multipart may not be encoded (RFC 2045 6.4); some programs decode it all the same, others read on. */
  async #readMultipart(type: MediaType, coding: Coding, role: PartRole): Promise<void> {
    const boundaries = boundariesOf(type);
    this.#boundariesTried = [...this.#boundariesTried, ...boundaries];
    const asItStands = this.#octets;
    const decoded = coding === 'identity' ? null : this.#decode(coding);
    if (decoded !== null) this.#readings.output.defect('multipart-encoded');
    const variants = [asItStands, ...(decoded === null ? [] : [decoded.bytes, ...decoded.others()])];
    const withParts = variants.filter((octets, i) => boundariesIn(octets, boundaries).length > 0 && variants.indexOf(octets) === i);
    const used = withParts.length > 0 ? withParts : [decoded?.bytes ?? asItStands];
    for (const [i, octets] of used.entries()) await this.#giveMultipart(type, octets, boundaries, i === 0 ? role : 'other-reading');
  }

  async #giveMultipart(type: MediaType, octets: Buffer, boundaries: readonly string[], role: PartRole): Promise<void> {
    const { standing, outerBoundary } = this.#place;
    if (outerBoundary !== null && boundaries.includes(outerBoundary)) this.#readings.output.defect('boundary-ambiguous');
    const found: FoundMultipart = {
      body: octets,
      subtype: type.type.slice('multipart/'.length),
      boundaries,
      start: type.values.get('start') ?? null,
      role,
    };
    const key = `multipart ${boundaries.join(' ')}`;
    if (standing === 'node') {
      if (role !== 'other-reading' || this.#readings.admits(key, octets)) {
        if (role !== 'other-reading') this.#readings.note(key, octets);
        await readParts(found, this.#readings);
      }
      return;
    }
    const inner = { ...this.#inner(type, octets), parameters: withBoundaries(type, boundaries), role };
    if (role === 'other-reading') await this.#readings.other(key, inner);
    else await this.#readings.usual(key, inner);
    const longer = octets === this.#octets ? this.#longer(boundaries) : null;
    if (longer === null) return;
    this.#readings.output.defect('boundary-ambiguous');
    await this.#readings.other(key, { ...inner, bytes: longer });
  }

  /** Up to its own end behind the delimiter of the multipart around it, where some readers do not stop. */
  #longer(boundaries: readonly string[]): Buffer | null {
    const { beyond, outerBoundary } = this.#place;
    if (beyond === null || beyond.length <= this.#bodyStart + this.#octets.length + 2) return null;
    for (const boundary of boundariesIn(this.#octets, boundaries).slice(0, 1)) {
      const closing = Buffer.from(`\n--${boundary}--`, 'latin1');
      if (boundary === outerBoundary || this.#octets.includes(closing) || !this.#readings.mayLook()) return null;
      const end = beyond.indexOf(closing, this.#bodyStart + this.#octets.length);
      if (end >= 0) return beyond.subarray(this.#bodyStart, end + closing.length);
    }
    return null;
  }

  /** What the header leaves open, the body may show: delimiters. */
  async #readAsMultipart(): Promise<void> {
    const { types } = this.#about;
    // Where the usual reading is a proper multipart, the delimiters left are those of multiparts in it.
    if (this.hasParts() && types.length === 1 && types[0]?.build === 'proper') return;
    const guessed = guessBoundaries(this.#octets).filter((boundary) => !this.#boundariesTried.includes(boundary));
    if (guessed.length > 0) {
      this.#readings.output.defect('boundary-ambiguous');
      const type = { ...(types[0] ?? EMPTY_TYPE), type: 'multipart/mixed' };
      await this.#giveMultipart(type, this.#octets, guessed, 'other-reading');
    }
  }

  /** Or an encoding. */
  async #readByLooks(): Promise<void> {
    if (this.hasParts()) return;
    const type = this.#about.types.find((one) => !one.type.startsWith('multipart/')) ?? EMPTY_TYPE;
    for (const bytes of guessedReadings(this.#octets)) await this.#readings.other(keyOf(type), this.#inner(type, bytes));
  }
}

const EMPTY_TYPE: MediaType = { type: '', values: new Map(), readings: () => [], build: 'malformed', typeBuild: 'malformed' };
const HEADER_LINE = /^[!-9;-~]+[ \t]*:/;

/** The parts of a multipart, each read as an entity of the same node. */
export async function readParts(found: FoundMultipart, readings: OtherReadings): Promise<void> {
  await readMultipart(found, readings, (octets, place) => readEntity(octets, { ...place, standing: 'part' }, readings));
}

/** Text is read by its charset; what else it is, its octets say. */
function keyOf({ type, values }: MediaType): string {
  return /^(?:text\/|$)/.test(type) ? `${type || 'text/plain'} ${values.get('charset')?.toLowerCase() ?? ''}` : '';
}

/** A name that no header can give a parameter: what else may be the boundary. */
const OTHER_BOUNDARY = 'boundary ';

function withBoundaries(type: MediaType, boundaries: readonly string[]): ReadonlyMap<string, string> {
  return new Map([
    ...type.values,
    ...boundaries.map((boundary, i) => [i === 0 ? 'boundary' : `${OTHER_BOUNDARY}${i + 1}`, boundary] as const),
  ]);
}

/** All that a multipart's parameters name as its boundary. */
export function boundariesNamed(parameters: ReadonlyMap<string, string>): readonly string[] {
  return [...parameters].flatMap(([name, value]) => (name === 'boundary' || name.startsWith(OTHER_BOUNDARY) ? [value] : []));
}
