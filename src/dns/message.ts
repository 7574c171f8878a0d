// DNS messages: the query as sent (EDNS0, AD requested) and the reply as read. Guarantee: a reply counts only with our id and our
// question, octet by octet; everything else is 'not-ours' or 'malformed', never an answer and never an exception.
import packet from 'dns-packet';
import type { Answer } from 'dns-packet';
import { CLASS_IN, HEADER_BYTES, recordPlaces, TYPE } from './message-shape.ts';
import type { RecordPlace } from './message-shape.ts';
import type { RecordType } from './resolver.ts';

/** UDP payload size offered: not fragmented on the way (DNS flag day 2020). */
const UDP_PAYLOAD_BYTES = 1232;
/** A private-use type (RFC 6895 3.1): the library takes its data as octets. */
const OPAQUE_TYPE = 65280;
const READ_TYPES: readonly number[] = [TYPE.A, TYPE.AAAA, TYPE.CNAME, TYPE.MX, TYPE.TLSA, TYPE.TXT];

export interface Query {
  readonly id: number;
  readonly bytes: Buffer;
  /** Where the question ends in `bytes`. */
  readonly questionEnd: number;
}

export interface Reply {
  /** With the upper bits from EDNS (RFC 6891 6.1.3). */
  readonly rcode: number;
  readonly authenticated: boolean;
  /** The server recursed for us or has authority: an empty answer is absence, not a referral. */
  readonly conclusive: boolean;
  /** Answer section, of the types read here and class IN. */
  readonly answers: readonly Answer[];
  /** How long absence may be remembered (RFC 2308 5), or null. */
  readonly negativeTtlSeconds: number | null;
}

/** Is this a name that can be asked for: labels of letters, digits, "-" and "_", within the limits of RFC 1035 2.3.4? */
export function isQueryName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_-]{1,63}$/.test(label));
}

/** A query. AD in it asks for AD in the reply without asking for the signatures (RFC 6840 5.7). */
export function writeQuery(id: number, name: string, type: RecordType): Query {
  const bytes = packet.encode({
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    questions: [{ type, name }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: UDP_PAYLOAD_BYTES,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  // The OPT record without options takes 11 octets at the end.
  return { id, bytes, questionEnd: bytes.length - 11 };
}

/** Reads what came back for a query. */
export function readReply(bytes: Buffer, query: Query): Reply | 'not-ours' | 'truncated' | 'malformed' {
  const { questionEnd } = query;
  if (bytes.length < questionEnd || bytes.readUInt16BE(0) !== query.id) return 'not-ours';
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0xf800) !== 0x8000 || bytes.readUInt16BE(4) !== 1) return 'not-ours';
  if (!hasSameQuestion(bytes, query)) return 'not-ours';
  if ((flags & packet.TRUNCATED_RESPONSE) !== 0) return 'truncated';
  const places = recordPlaces(bytes, questionEnd);
  if (places === null) return 'malformed';
  const answers = decodeAnswers(bytes, places);
  if (answers === null) return 'malformed';
  const opt = places.find(({ section, type }) => section === 'additional' && type === TYPE.OPT);
  return {
    rcode: (flags & 0xf) | (opt === undefined ? 0 : bytes.readUInt8(opt.typeAt + 4) << 4),
    authenticated: (flags & packet.AUTHENTIC_DATA) !== 0,
    conclusive: (flags & (packet.RECURSION_AVAILABLE | packet.AUTHORITATIVE_ANSWER)) !== 0,
    answers,
    negativeTtlSeconds: negativeTtl(bytes, places),
  };
}

/** Servers may change the case of letters; we send lower case. */
function hasSameQuestion(bytes: Buffer, { bytes: sent, questionEnd }: Query): boolean {
  const nameEnd = questionEnd - 4;
  return (
    bytes.toString('latin1', HEADER_BYTES, nameEnd).toLowerCase() === sent.toString('latin1', HEADER_BYTES, nameEnd) &&
    bytes.subarray(nameEnd, questionEnd).equals(sent.subarray(nameEnd, questionEnd))
  );
}

/** The library sees the answer section only, and records it would read by trust as octets. */
function decodeAnswers(bytes: Buffer, places: readonly RecordPlace[]): readonly Answer[] | null {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(0, 8);
  for (const place of places) {
    if (place.section !== 'answer') break;
    if (place.class !== CLASS_IN || !READ_TYPES.includes(place.type)) copy.writeUInt16BE(OPAQUE_TYPE, place.typeAt);
    copy.writeUInt32BE(place.ttlSeconds, place.typeAt + 4);
  }
  try {
    return packet.decode(copy).answers ?? null;
  } catch {
    return null;
  }
}

function negativeTtl(bytes: Buffer, places: readonly RecordPlace[]): number | null {
  const soa = places.find(({ section, type }) => section === 'authority' && type === TYPE.SOA);
  return soa === undefined ? null : Math.min(soa.ttlSeconds, bytes.readUInt32BE(soa.dataEnd - 4));
}
