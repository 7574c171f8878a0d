// A Resolver that asks recursive name servers itself, because Node's does not show the AD bit: UDP with EDNS0, TCP where needed.
// Guarantees: SERVFAIL, silence, referrals and malformed replies are 'failed', never absence; AD counts only where the
// configuration says that the servers validate over a trusted path; servers, retries, time and CNAMEs are bounded.
import { randomInt } from 'node:crypto';
import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import { followChain } from './answer-chain.ts';
import { isQueryName, writeQuery } from './message.ts';
import type { Reply } from './message.ts';
import { querySlots } from './query-slots.ts';
import type { Answer, RecordType, Resolver } from './resolver.ts';
import { exchangeTcp } from './tcp-exchange.ts';
import { exchangeUdp } from './udp-exchange.ts';
import type { Exchanged, NameServer } from './udp-exchange.ts';

export interface DnsClientOptions {
  /** Recursive name servers, in the order to ask; those of the system where absent. At most 4 are used. */
  readonly servers?: readonly NameServer[];
  /** 'yes' only for resolvers that validate DNSSEC and are reached over a path nobody can write into (the same machine, a tunnel). */
  readonly validating: 'yes' | 'no';
  /** For one reply of one server; default 3 s. */
  readonly timeoutMs?: number;
  /** For a query as a whole, over all servers, retries and CNAMEs; default 12 s. */
  readonly totalTimeoutMs?: number;
}

/** Rounds over the servers that were silent. */
const ROUNDS = 2;
const MAX_SERVERS = 4;
/** Nothing is believed for longer. */
const MAX_TTL_SECONDS = 3600;
const RCODE = { noError: 0, noName: 3 } as const;

/** A resolver over the network. */
export function dnsClient(options: DnsClientOptions): Resolver {
  const servers = (options.servers ?? systemNameServers()).slice(0, MAX_SERVERS);
  const slots = querySlots({ underWay: 200, waiting: 5000 });
  const ask = askingFrom(servers, options.timeoutMs ?? 3000);
  const { validating } = options;
  return {
    validating,
    query: async (name, type, signal) => {
      const limit = new AbortController();
      const stop = (): void => limit.abort();
      if (signal?.aborted === true) return { kind: 'failed' };
      signal?.addEventListener('abort', stop);
      const timer = setTimeout(stop, options.totalTimeoutMs ?? 12_000);
      try {
        const answer = await slots.run(() => resolveName(name.toLowerCase(), type, validating, (at) => ask(at, type, limit.signal)));
        return answer ?? { kind: 'failed' };
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}

/** The name servers of /etc/resolv.conf. */
export function systemNameServers(): readonly NameServer[] {
  return getServers().flatMap((text) => {
    if (isIP(text) !== 0) return [{ address: text, port: 53 }];
    const [, address = '', port] = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text) ?? [];
    return isIP(address) === 0 ? [] : [{ address, port: Number(port) }];
  });
}

/** Follows CNAMEs over as many replies as it takes. */
async function resolveName<T extends RecordType>(
  start: string,
  type: T,
  validating: 'yes' | 'no',
  ask: (name: string) => Promise<Reply | null>,
): Promise<Answer<T>> {
  let name = start;
  let links = 0;
  let authenticated = validating === 'yes';
  let ttlSeconds = MAX_TTL_SECONDS;
  for (;;) {
    // Too long for DNS: it cannot exist. Other characters: a name that nobody can mean.
    if (name.length > 253) return { kind: 'no-name', authenticated: false };
    if (!isQueryName(name)) return { kind: 'failed' };
    const reply = await ask(name);
    if (reply === null) return { kind: 'failed' };
    const chain = followChain(reply.answers, name, type, links);
    if (chain.kind === 'malformed') return { kind: 'failed' };
    authenticated &&= reply.authenticated;
    ttlSeconds = Math.min(ttlSeconds, chain.ttlSeconds);
    if (chain.kind === 'records') {
      const answer = { kind: 'records', records: chain.records, ttlSeconds, authenticated } as const;
      return chain.name === start ? answer : { ...answer, canonicalName: chain.name };
    }
    if (reply.rcode === RCODE.noName || chain.name === name || reply.negativeTtlSeconds !== null) {
      const kind = reply.rcode === RCODE.noName ? 'no-name' : 'no-data';
      return { kind, authenticated, ttlSeconds: Math.min(ttlSeconds, reply.negativeTtlSeconds ?? 0) };
    }
    name = chain.name;
    links = chain.links;
  }
}

/** Asks the servers in turn, beginning with the one that answered last; each only as often as it was silent. Null: nobody knows. */
function askingFrom(
  servers: readonly NameServer[],
  timeoutMs: number,
): (name: string, type: RecordType, signal: AbortSignal) => Promise<Reply | null> {
  let first = 0;
  return async (name, type, signal) => {
    const start = first;
    const useless = new Set<number>();
    for (let turn = 0; turn < ROUNDS * servers.length && !signal.aborted; turn++) {
      const index = (start + turn) % servers.length;
      const server = servers[index];
      if (server === undefined || useless.has(index)) continue;
      const exchanged = await exchange(server, name, type, timeoutMs, signal);
      if (exchanged.kind === 'reply' && isAnswer(exchanged.reply)) {
        first = index;
        return exchanged.reply;
      }
      if (exchanged.kind !== 'silent') useless.add(index);
    }
    return null;
  };
}

/** An empty answer of a server that neither recurses nor has authority is a referral: it says nothing about absence. */
function isAnswer({ rcode, conclusive, answers }: Reply): boolean {
  if (rcode === RCODE.noName) return conclusive;
  return rcode === RCODE.noError && (conclusive || answers.length > 0);
}

async function exchange(server: NameServer, name: string, type: RecordType, timeoutMs: number, signal: AbortSignal): Promise<Exchanged> {
  const query = writeQuery(randomInt(0x10000), name, type);
  const exchanged = await exchangeUdp(server, query, timeoutMs, signal);
  return exchanged.kind === 'use-tcp' ? exchangeTcp(server, writeQuery(randomInt(0x10000), name, type), timeoutMs, signal) : exchanged;
}
