// A real DNS server for tests, on UDP and TCP of one loopback port. The zone is a table; a name or a type of it can be made to
// misbehave. Answers carry the AD bit as a validating resolver would set it: only when asked for, only where the table says signed.
// Guarantees: every query is recorded; replies too large for UDP are truncated; `await using` closes all sockets.
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import packet from 'dns-packet';
import type { Answer, DecodedPacket, Question } from 'dns-packet';
import type { Tlsa } from '../../src/mail/next-hop.ts';

/** What a name, or one type of it, does instead of answering. */
export type Misbehaviour =
  | 'servfail'
  | 'refused'
  | 'silent'
  | 'wrong-id'
  | 'wrong-question'
  | 'garbage'
  /** TC over UDP, the whole answer over TCP. */
  | 'truncate'
  /** A well-formed answer that a server gives which neither recurses nor is authoritative. */
  | 'lame';

export interface NameRecords {
  readonly MX?: readonly (readonly [preference: number, exchange: string])[] | Misbehaviour;
  readonly A?: readonly string[] | Misbehaviour;
  readonly AAAA?: readonly string[] | Misbehaviour;
  /** One entry per record; an array inside is one record of several character strings. */
  readonly TXT?: readonly (string | readonly string[])[] | Misbehaviour;
  readonly TLSA?: readonly Tlsa[] | Misbehaviour;
  readonly CNAME?: readonly [string] | Misbehaviour;
  /** Misbehaviour for every type. */
  readonly all?: Misbehaviour;
  /** Default 300. */
  readonly ttlSeconds?: number;
  /** Whether answers about this name are signed (AD); default: as the server's `signed`. */
  readonly signed?: 'yes' | 'no';
}
export type Zone = Readonly<Record<string, NameRecords>>;

export interface DnsServerOptions {
  /** Keys are lower case, without a final dot. Names above a key exist too (empty non-terminals). */
  readonly zone: Zone;
  /** Default 'no'. */
  readonly signed?: 'yes' | 'no';
  /** SOA minimum in negative answers; default 60. */
  readonly negativeTtlSeconds?: number;
  /** Takes the bytes of a query and gives the bytes to send instead, or null for the table's answer. */
  readonly raw?: (query: Buffer, transport: 'udp' | 'tcp') => readonly Uint8Array[] | null;
}

export interface SeenQuery {
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
  readonly id: number;
  readonly sourcePort: number;
  readonly adRequested: boolean;
}

export class DnsServer implements AsyncDisposable {
  readonly address = '127.0.0.1';
  readonly port: number;
  /** In the order of arrival. */
  readonly queries: SeenQuery[] = [];
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly #connections = new Set<Socket>();
  readonly #options: DnsServerOptions;
  readonly #zone: Map<string, NameRecords>;

  constructor(udp: UdpSocket, tcp: Server, options: DnsServerOptions) {
    this.#udp = udp;
    this.#tcp = tcp;
    this.#options = options;
    this.#zone = new Map(Object.entries(options.zone));
    this.port = (tcp.address() as AddressInfo).port;
    udp.on('message', (bytes, from) => this.#onDatagram(bytes, from));
    tcp.on('connection', (socket) => this.#onConnection(socket));
  }

  /** Changes the table while the server runs; null removes the name. */
  set(name: string, records: NameRecords | null): void {
    if (records === null) this.#zone.delete(name);
    else this.#zone.set(name, records);
  }

  /** How often a name was asked for, of one type or of any. */
  asked(name: string, type?: string): number {
    return this.queries.filter((query) => query.name === name && (type === undefined || query.type === type)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    const closed = [once(this.#udp, 'close'), once(this.#tcp, 'close')];
    this.#udp.close();
    this.#tcp.close();
    await Promise.all(closed);
  }

  #onDatagram(bytes: Buffer, from: RemoteInfo): void {
    for (const reply of this.#replies(bytes, 'udp', from.port)) this.#udp.send(reply, from.port, from.address);
  }

  #onConnection(socket: Socket): void {
    this.#connections.add(socket);
    socket.on('close', () => this.#connections.delete(socket));
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (piece) => {
      received = Buffer.concat([received, piece]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        for (const reply of this.#replies(received.subarray(2, end), 'tcp', socket.remotePort ?? 0)) {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([length, reply]));
        }
        received = received.subarray(end);
      }
    });
  }

  #replies(bytes: Buffer, transport: 'udp' | 'tcp', sourcePort: number): readonly Uint8Array[] {
    const query = packet.decode(bytes);
    const question = query.questions?.[0];
    if (question === undefined) return [];
    this.queries.push({
      name: question.name.toLowerCase(),
      type: question.type,
      transport,
      id: query.id ?? 0,
      sourcePort,
      adRequested: query.flag_ad,
    });
    const raw = this.#options.raw?.(Buffer.from(bytes), transport) ?? null;
    if (raw !== null) return raw;
    const reply = this.#answer(query, question, transport);
    return reply === null ? [] : [reply];
  }

  #answer(query: DecodedPacket, question: Question, transport: 'udp' | 'tcp'): Buffer | null {
    const found = this.#lookUp(question.name.toLowerCase(), question.type);
    if (found.misbehaviour === 'silent') return null;
    if (found.misbehaviour === 'garbage') return Buffer.from('this is no DNS message, is it?');
    const signed = found.signed && query.flag_ad;
    const base = packet.RECURSION_DESIRED | (found.misbehaviour === 'lame' ? 0 : packet.RECURSION_AVAILABLE | packet.AUTHORITATIVE_ANSWER);
    const flags = base | (signed ? packet.AUTHENTIC_DATA : 0) | found.rcode;
    const id = ((query.id ?? 0) + (found.misbehaviour === 'wrong-id' ? 1 : 0)) & 0xffff;
    const questions = found.misbehaviour === 'wrong-question' ? [{ ...question, name: `not-${question.name}` }] : [question];
    const opt = query.additionals?.find((record) => record.type === 'OPT');
    const additionals: Answer[] =
      opt === undefined
        ? []
        : [{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }];
    const reply = packet.encode({
      type: 'response',
      id,
      flags,
      questions,
      answers: found.answers,
      authorities: found.authorities,
      additionals,
    });
    const limit = opt?.type === 'OPT' ? opt.udpPayloadSize : 512;
    if (transport === 'tcp' || (reply.length <= limit && found.misbehaviour !== 'truncate')) return reply;
    return packet.encode({ type: 'response', id, flags: flags | packet.TRUNCATED_RESPONSE, questions, answers: [], additionals });
  }

  #lookUp(
    asked: string,
    type: string,
  ): { answers: Answer[]; authorities: Answer[]; rcode: number; signed: boolean; misbehaviour: Misbehaviour | null } {
    const answers: Answer[] = [];
    let name = asked;
    let signed = true;
    for (let links = 0; links <= 20; links++) {
      const records = this.#zone.get(name);
      signed &&= (records?.signed ?? this.#options.signed ?? 'no') === 'yes';
      const misbehaviour = records === undefined ? null : misbehaviourOf(records, type);
      if (misbehaviour !== null && misbehaviour !== 'truncate') {
        const rcode = misbehaviour === 'servfail' ? 2 : misbehaviour === 'refused' ? 5 : 0;
        return { answers: [], authorities: [], rcode, signed: false, misbehaviour };
      }
      const own = records === undefined ? [] : answersOf(name, type, records);
      answers.push(...own);
      const alias = records?.CNAME;
      if (own.length > 0 || type === 'CNAME' || alias === undefined || typeof alias === 'string') {
        const rcode = records === undefined && !this.#isAboveAName(name) ? 3 : 0;
        return { answers, authorities: own.length > 0 ? [] : [this.#soa()], rcode, signed, misbehaviour };
      }
      answers.push({ type: 'CNAME', name, ttl: records?.ttlSeconds ?? 300, data: alias[0] });
      name = alias[0].toLowerCase();
    }
    return { answers, authorities: [], rcode: 0, signed, misbehaviour: null };
  }

  #isAboveAName(name: string): boolean {
    return [...this.#zone.keys()].some((key) => key.endsWith(`.${name}`));
  }

  #soa(): Answer {
    const minimum = this.#options.negativeTtlSeconds ?? 60;
    return {
      type: 'SOA',
      name: 'test',
      ttl: 3600,
      data: { mname: 'ns.test', rname: 'hostmaster.test', serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
    };
  }
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  for (let attempt = 0; ; attempt++) {
    const tcp = createServer();
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const udp = createSocket('udp4');
    try {
      udp.bind((tcp.address() as AddressInfo).port, '127.0.0.1');
      await once(udp, 'listening');
      return new DnsServer(udp, tcp, options);
    } catch (error) {
      // The port that is free for TCP is taken for UDP: another one.
      udp.close();
      tcp.close();
      if (attempt === 20) throw error;
    }
  }
}

function misbehaviourOf(records: NameRecords, type: string): Misbehaviour | null {
  const own = records[type as 'A'];
  return typeof own === 'string' ? own : (records.all ?? null);
}

function answersOf(name: string, type: string, records: NameRecords): Answer[] {
  const ttl = records.ttlSeconds ?? 300;
  switch (type) {
    case 'A':
    case 'AAAA':
      return listed(records[type]).map((data) => ({ type, name, ttl, data }));
    case 'CNAME':
      return listed(records.CNAME).map((data) => ({ type, name, ttl, data }));
    case 'MX':
      return listed(records.MX).map(([preference, exchange]) => ({ type, name, ttl, data: { preference, exchange } }));
    case 'TXT':
      return listed(records.TXT).map((data) => ({ type, name, ttl, data: typeof data === 'string' ? data : [...data] }));
    case 'TLSA':
      return listed(records.TLSA).map(({ usage, selector, matchingType, data }) => ({
        type,
        name,
        ttl,
        data: { usage, selector, matchingType, certificate: Buffer.from(data) },
      }));
    default:
      return [];
  }
}

function listed<T>(value: readonly T[] | Misbehaviour | undefined): readonly T[] {
  return value === undefined || typeof value === 'string' ? [] : value;
}
