// The shape of a DNS message (RFC 1035 4), checked octet by octet before the library reads it: dns-packet trusts counts, record lengths
// and pointer chains. Guarantee: what passes has whole names, whole records, nothing behind them, and costs bounded time.

export const TYPE = { A: 1, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, OPT: 41, TLSA: 52 } as const;
export const CLASS_IN = 1;

export const HEADER_BYTES = 12;
/** Records in all sections together. */
const MAX_RECORDS = 1000;
/** Compression pointers in one name; servers use one or two. */
const MAX_JUMPS = 16;
const MAX_NAME_BYTES = 255;

export interface RecordPlace {
  readonly section: 'answer' | 'authority' | 'additional';
  /** Where TYPE is. */
  readonly typeAt: number;
  readonly type: number;
  readonly class: number;
  readonly ttlSeconds: number;
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** Places of all records of a message with one question, or null where it is malformed. `questionEnd` is where the question ends. */
export function recordPlaces(bytes: Buffer, questionEnd: number): readonly RecordPlace[] | null {
  const counts = [bytes.readUInt16BE(6), bytes.readUInt16BE(8), bytes.readUInt16BE(10)] as const;
  if (counts[0] + counts[1] + counts[2] > MAX_RECORDS) return null;
  const places: RecordPlace[] = [];
  let at = questionEnd;
  for (const [index, section] of (['answer', 'authority', 'additional'] as const).entries()) {
    for (let n = counts[index] ?? 0; n > 0; n--) {
      const place = recordAt(bytes, at, section);
      if (place === null || !isDataWhole(bytes, place)) return null;
      places.push(place);
      at = place.dataEnd;
    }
  }
  return at === bytes.length ? places : null;
}

function recordAt(bytes: Buffer, at: number, section: RecordPlace['section']): RecordPlace | null {
  const typeAt = nameEnd(bytes, at);
  if (typeAt === null || typeAt + 10 > bytes.length) return null;
  const dataStart = typeAt + 10;
  const dataEnd = dataStart + bytes.readUInt16BE(typeAt + 8);
  if (dataEnd > bytes.length) return null;
  const ttl = bytes.readUInt32BE(typeAt + 4);
  // A TTL with the highest bit set counts as 0 (RFC 2181 8).
  const ttlSeconds = ttl > 0x7fffffff ? 0 : ttl;
  return { section, typeAt, type: bytes.readUInt16BE(typeAt), class: bytes.readUInt16BE(typeAt + 2), ttlSeconds, dataStart, dataEnd };
}

/** Does RDLENGTH agree with what the types that are read here hold? */
function isDataWhole(bytes: Buffer, { type, dataStart, dataEnd }: RecordPlace): boolean {
  const length = dataEnd - dataStart;
  switch (type) {
    case TYPE.A:
      return length === 4;
    case TYPE.AAAA:
      return length === 16;
    case TYPE.CNAME:
      return nameEnd(bytes, dataStart) === dataEnd;
    case TYPE.MX:
      return length >= 3 && nameEnd(bytes, dataStart + 2) === dataEnd;
    case TYPE.TXT:
      return areStringsWhole(bytes, dataStart, dataEnd);
    case TYPE.TLSA:
      return length >= 4;
    case TYPE.SOA:
      return length >= 22;
    default:
      return true;
  }
}

function areStringsWhole(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end) at += 1 + (bytes[at] ?? 0);
  return at === end && end > start;
}

/** Where a name that starts at `start` ends in the message, or null where it, or what its pointers lead to, is malformed. */
function nameEnd(bytes: Buffer, start: number): number | null {
  let end: number | null = null;
  let at = start;
  let lowest = start;
  let nameBytes = 1;
  for (let jumps = 0; ;) {
    const length = bytes[at];
    if (length === undefined) return null;
    if (length === 0) return end ?? at + 1;
    if (length < 0x40) {
      nameBytes += length + 1;
      at += length + 1;
      if (nameBytes > MAX_NAME_BYTES) return null;
      continue;
    }
    if (length < 0xc0 || at + 2 > bytes.length || ++jumps > MAX_JUMPS) return null;
    end ??= at + 2;
    at = bytes.readUInt16BE(at) & 0x3fff;
    // Only backwards (RFC 1035 4.1.4), so no loop can exist.
    if (at >= lowest || at < HEADER_BYTES) return null;
    lowest = at;
  }
}
