// Walks through the MIME structure (RFC 2046) of a message as it streams by, and notes of every entity where it lies and whether it is
// 7-bit in lines that may be sent. Keeps offsets, never content. Bounded in depth, parts and header size. Never throws.
import { ContentScan } from './content-scan.ts';
import { type EntityHeader, readEntityHeader } from './entity-header.ts';
import { HEADER_LIMITS } from './header-block.ts';
import { asBuffer, CR, LF } from './octets.ts';
import { Utf8Check } from './utf8-check.ts';

export const WALK_LIMITS = { depth: 50, entities: 10_000 } as const;
/** A line that begins with "--" and is longer is no delimiter. */
const LONGEST_DELIMITER_LINE = 1_024;
const LINE_START_HYPHENS = Buffer.from('\n--');
const HYPHEN = 45;

export interface Entity {
  readonly header: EntityHeader;
  readonly parent: Entity | null;
  readonly bodyStart: number;
  /** Without the line end that belongs to the delimiter behind it. Not told of multiparts and messages that hold others. */
  readonly bodyEnd: number;
  /** Of its own body; of a multipart: what stands before, between and behind its parts. */
  readonly eightBit: boolean;
  readonly longLines: boolean;
  /** Of a message without Content-Type only. */
  readonly charset: 'utf-8' | 'unknown';
}

/** What of an entity is followed: parts behind a boundary, the message in it, or nothing. */
export type Inside =
  { readonly kind: 'multipart'; readonly boundary: string } | { readonly kind: 'message' } | { readonly kind: 'nothing' };

/** Asked once of every entity, in the order of `Walked.entities`. @param octets of its header: a view, valid during the call */
export type Opens = (header: EntityHeader, octets: Buffer) => Inside;

const NOTHING: Inside = { kind: 'nothing' };

/** All that may be touched: not what is signed, encrypted or unclear. */
function touchable({ kind, contentType }: EntityHeader): Inside {
  if (kind === 'multipart') return { kind, boundary: contentType.boundary ?? '' };
  return kind === 'message' ? { kind } : NOTHING;
}

export interface Walked {
  /** In the order in which they begin; the first is the message itself. */
  readonly entities: readonly Entity[];
  /** 'over-limits': deeper, larger or in more parts than is followed; what is told of the entities is not complete. */
  readonly end: 'complete' | 'over-limits';
  readonly sizeBytes: number;
}

interface Walking {
  readonly header: EntityHeader;
  /** Place among the entities, and the parent's. */
  readonly index: number;
  readonly parent: number | null;
  readonly depth: number;
  readonly bodyStart: number;
  bodyEnd: number | null;
  readonly scan: ContentScan;
  readonly utf8: Utf8Check | null;
}

export class MimeWalk {
  readonly #opens: Opens;
  readonly #entities: Walking[] = [];
  /** Those without an end yet, outermost first. */
  #unended: Walking[] = [];
  /** Multiparts whose delimiters count, outermost first. */
  #open: { readonly boundary: string; readonly entity: Walking }[] = [];
  /** Whose body the octets belong to. Null: the header of a child of `#parent` is being read. */
  #current: Walking | null = null;
  #parent: Walking | null = null;
  #header: Buffer[] = [];
  #headerStart = 0;
  #headerLength = 0;
  #carry = Buffer.alloc(0);
  /** Place of the first octet of the carry in the message. */
  #offset = 0;
  #atLineStart = true;
  /** Octets of the last line end: they belong to the delimiter where one follows. */
  #lineEnd = 0;
  #lastOctet = 0;
  #end: Walked['end'] = 'complete';

  constructor(opens: Opens = touchable) {
    this.#opens = opens;
  }

  push(piece: Uint8Array): void {
    const data = this.#carry.length === 0 ? asBuffer(piece) : Buffer.concat([this.#carry, piece]);
    let at = 0;
    while (at < data.length) {
      const next = this.#current === null ? this.#readHeaderLine(data, at) : this.#readBody(data, at, this.#current);
      if (next === null) break;
      at = next;
    }
    this.#carry = Buffer.from(data.subarray(at));
    this.#offset += at;
  }

  finish(): Walked {
    const rest = this.#carry;
    if (!this.#atLineStart || !this.#delimiter(rest, 0)) {
      if (this.#current === null) {
        this.#header.push(rest);
        this.#beginBody(this.#offset + rest.length);
      } else {
        this.#take(rest, this.#current);
      }
    }
    const sizeBytes = this.#offset + rest.length;
    // Where the last delimiter is missing, the last line end is taken for its own, as readers do.
    const end = this.#open.length > 0 && this.#atLineStart ? sizeBytes - this.#lineEnd : sizeBytes;
    const entities: Entity[] = [];
    for (const { header, parent, bodyStart, bodyEnd, scan, utf8 } of this.#entities) {
      entities.push({
        header,
        parent: parent === null ? null : (entities[parent] ?? null),
        bodyStart,
        bodyEnd: Math.max(bodyStart, bodyEnd ?? end),
        eightBit: scan.eightBit,
        longLines: scan.longLines,
        charset: utf8?.finish() ?? 'unknown',
      });
    }
    return { entities, end: this.#end, sizeBytes };
  }

  /** Takes one line of a header. Gives where to go on, or null where more octets are needed. */
  #readHeaderLine(data: Buffer, at: number): number | null {
    const lf = data.indexOf(LF, at);
    const end = lf < 0 ? data.length : lf + 1;
    if (this.#headerLength + end - at > HEADER_LIMITS.sizeBytes) {
      this.#giveUp(this.#offset + at);
      return at;
    }
    if (lf < 0) return null;
    const line = data.subarray(at, end);
    if (this.#delimiter(line, at)) return end;
    this.#headerLength += line.length;
    this.#header.push(Buffer.from(line));
    this.#noteLineEnd(line);
    if (line.length === 1 || (line.length === 2 && line[0] === CR)) this.#beginBody(this.#offset + end);
    return end;
  }

  /** Takes body octets up to the next line that could be a delimiter, or that line. Gives where to go on, or null as above. */
  #readBody(data: Buffer, at: number, entity: Walking): number | null {
    if (this.#open.length === 0) return this.#takeTo(data, at, data.length, entity);
    if (this.#atLineStart && data[at] === HYPHEN) {
      if (at + 1 === data.length) return null;
      if (data[at + 1] === HYPHEN) return this.#readHyphenLine(data, at, entity);
    }
    const found = data.indexOf(LINE_START_HYPHENS, at);
    if (found >= 0) return this.#takeTo(data, at, found + 1, entity);
    // A hyphen that begins the last line may be the first of a delimiter.
    const last = data.length - 1;
    return this.#takeTo(data, at, last > at && data[last] === HYPHEN && data[last - 1] === LF ? last : data.length, entity);
  }

  #readHyphenLine(data: Buffer, at: number, entity: Walking): number | null {
    const lf = data.indexOf(LF, at);
    if (lf < 0 && data.length - at <= LONGEST_DELIMITER_LINE) return null;
    const end = lf < 0 ? data.length : lf + 1;
    if (this.#delimiter(data.subarray(at, end), at)) return end;
    return this.#takeTo(data, at, end, entity);
  }

  #takeTo(data: Buffer, at: number, end: number, entity: Walking): number {
    this.#take(data.subarray(at, end), entity);
    return end;
  }

  #take(octets: Buffer, { scan, utf8 }: Walking): void {
    if (octets.length === 0) return;
    scan.update(octets);
    utf8?.update(octets);
    this.#noteLineEnd(octets);
  }

  #noteLineEnd(octets: Buffer): void {
    const last = octets.at(-1) ?? 0;
    this.#atLineStart = last === LF;
    if (last === LF) this.#lineEnd = (octets.length > 1 ? octets.at(-2) : this.#lastOctet) === CR ? 2 : 1;
    this.#lastOctet = last;
  }

  /** Where the line is a delimiter of an open multipart, innermost first (RFC 2046 5.1.1): ends and begins entities. */
  #delimiter(line: Buffer, at: number): boolean {
    if (line[0] !== HYPHEN || line[1] !== HYPHEN || line.length > LONGEST_DELIMITER_LINE) return false;
    const text = line.toString('latin1', 2).replace(/[ \t\r\n]+$/, '');
    const level = this.#open.findLastIndex(({ boundary }) => text === boundary || text === `${boundary}--`);
    const found = this.#open[level];
    if (found === undefined) return false;
    const closes = text !== found.boundary;
    const start = this.#offset + at;
    if (this.#current === null) this.#beginBody(start);
    while (this.#unended.length > 0 && this.#unended.at(-1) !== found.entity) {
      const ended = this.#unended.pop();
      if (ended !== undefined) ended.bodyEnd = start - this.#lineEnd;
    }
    this.#open = this.#open.slice(0, closes ? level : level + 1);
    this.#noteLineEnd(line);
    if (closes) this.#current = found.entity;
    else this.#beginHeader(found.entity, start + line.length);
    return true;
  }

  #beginHeader(parent: Walking, start: number): void {
    this.#current = null;
    this.#parent = parent;
    this.#header = [];
    this.#headerStart = start;
    this.#headerLength = 0;
  }

  #beginBody(bodyStart: number): void {
    const parent = this.#parent;
    const around = parent?.header.kind === 'multipart' ? parent.header.contentType : null;
    const octets = Buffer.concat(this.#header);
    const header = readEntityHeader(octets, this.#headerStart, around);
    const inside = this.#opens(header, octets);
    const entity: Walking = {
      header,
      index: this.#entities.length,
      parent: parent?.index ?? null,
      depth: (parent?.depth ?? 0) + 1,
      bodyStart,
      bodyEnd: null,
      scan: new ContentScan(),
      utf8: around === null && !header.hasContentType ? new Utf8Check() : null,
    };
    this.#header = [];
    this.#entities.push(entity);
    this.#unended.push(entity);
    this.#current = entity;
    if (entity.depth >= WALK_LIMITS.depth || this.#entities.length >= WALK_LIMITS.entities) return this.#giveUp(bodyStart);
    if (inside.kind === 'multipart') this.#open.push({ boundary: inside.boundary, entity });
    if (inside.kind === 'message') this.#beginHeader(entity, bodyStart);
  }

  /** Over a limit: the rest is looked at, but not for its structure. */
  #giveUp(bodyStart: number): void {
    this.#end = 'over-limits';
    this.#open = [];
    if (this.#current !== null) return;
    const unread = Buffer.concat(this.#header);
    this.#header = [];
    this.#beginBody(bodyStart);
    if (this.#current !== null) this.#take(unread, this.#current);
  }
}
