// DNS of the sandbox: a resolver in this process. Only the DANE domains are signed, and every other name leads to the good server.
// Nothing is ever asked of a real name server.
import { canonicalDomain } from '../mail/address.ts';
import type { Tlsa } from '../mail/next-hop.ts';
import type { Answer, Records, RecordType, Resolver } from '../dns/resolver.ts';
import { ELSEWHERE_HOST, SANDBOX_DOMAINS } from './domains.ts';
import type { SandboxDomain } from './domains.ts';
import { stsId } from './sts.ts';

const TTL_SECONDS = 60;

/** What a name has, by type. A type without records is a type without data. */
type Types = { readonly [T in RecordType]?: readonly Records[T][] };
type Names = ReadonlyMap<string, Types>;

/** @param tlsa the TLSA record of each host with DANE, as the zone publishes it. */
export function sandboxResolver(port: number, tlsa: ReadonlyMap<string, Tlsa>): Resolver {
  const names = new Map(SANDBOX_DOMAINS.flatMap((played) => namesOf(played, port, tlsa)));
  return {
    validating: 'yes',
    query: (name, type) => Promise.resolve(answer(names, name.toLowerCase().replace(/\.$/, ''), type)),
  };
}

function answer<T extends RecordType>(names: Names, name: string, type: T): Answer<T> {
  const authenticated = isSigned(name);
  const found = names.get(name);
  if (found === undefined) return elsewhere(name, type, authenticated);
  const records = found[type];
  if (records === undefined || records.length === 0) return { kind: 'no-data', authenticated };
  return { kind: 'records', records, ttlSeconds: TTL_SECONDS, authenticated };
}

/** A name that no domain of the table owns: below one of ours or with an underscore it does not exist, else the good server plays it. */
function elsewhere<T extends RecordType>(name: string, type: T, authenticated: boolean): Answer<T> {
  const ours = SANDBOX_DOMAINS.some(({ domain }) => name === domain || name.endsWith(`.${domain}`));
  if (ours || canonicalDomain(name) === null) return { kind: 'no-name', authenticated };
  const played: Types = { MX: [{ preference: 10, exchange: ELSEWHERE_HOST }] };
  const records = played[type];
  if (records === undefined) return { kind: 'no-data', authenticated: false };
  return { kind: 'records', records, ttlSeconds: TTL_SECONDS, authenticated: false };
}

function namesOf(played: SandboxDomain, port: number, tlsa: ReadonlyMap<string, Tlsa>): readonly (readonly [string, Types])[] {
  const { domain, server, zone, sts } = played;
  if (zone === 'null-mx') return [[domain, { MX: [{ preference: 0, exchange: '.' }] }]];
  if (server === null) return [];
  const names: [string, Types][] = [
    [domain, { MX: [{ preference: 10, exchange: server.host }] }],
    [server.host, { A: [server.address] }],
  ];
  const record = tlsa.get(server.host);
  if (record !== undefined) names.push([`_${port}._tcp.${server.host}`, { TLSA: [record] }]);
  if (sts !== null) names.push([`_mta-sts.${domain}`, { TXT: [`v=STSv1; id=${stsId(domain)};`] }]);
  return names;
}

/** The DANE domains are signed, with everything below them. */
function isSigned(name: string): boolean {
  return SANDBOX_DOMAINS.some(({ domain, server }) => {
    const signed = server?.shows === 'dane' || server?.shows === 'dane-mismatch';
    return signed && (name === domain || name.endsWith(`.${domain}`));
  });
}
