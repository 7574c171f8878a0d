// The recipient domains that sandbox mode plays, each with one fault or virtue, and what Postern is expected to do about it.
// For people (`postern demo`, docs/sandbox.md) and for the servers, the zone and the policies made from it.

/** What the mail server of a domain shows in its handshake. */
export type Shows =
  | 'good-certificate'
  | 'no-tls'
  | 'expired-certificate'
  | 'wrong-name'
  | 'self-signed'
  /** Self-signed; the TLSA record in the zone is its own. */
  | 'dane'
  /** Chain and name are good; the TLSA record in the zone is of another key. */
  | 'dane-mismatch';

/** How it behaves in the dialogue. */
export type Behaves = 'takes' | 'slowly' | 'greylists' | 'full';

export interface SandboxDomain {
  readonly domain: string;
  /** Null: there is none. */
  readonly server: { readonly host: string; readonly address: string; readonly shows: Shows; readonly behaves: Behaves } | null;
  /** Without a server: a null MX (RFC 7505), or no such name. */
  readonly zone: 'mx' | 'null-mx' | 'no-such-name';
  /** MTA-STS policy of mode enforce that names the host (RFC 8461). */
  readonly sts: 'enforce' | null;
  /** One line each, for people. */
  readonly plays: string;
  readonly expect: string;
}

const server = (n: number, domain: string, shows: Shows, behaves: Behaves): NonNullable<SandboxDomain['server']> => ({
  host: `mx.${domain}`,
  address: `127.0.1.${n}`,
  shows,
  behaves,
});

/** Every other domain is played by the first. The port is the same everywhere and chosen at the start. */
export const SANDBOX_DOMAINS: readonly SandboxDomain[] = [
  {
    domain: 'good.test',
    server: server(1, 'good.test', 'good-certificate', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'TLS 1.3, certificate in order',
    expect: 'delivered',
  },
  {
    domain: 'no-tls.test',
    server: server(2, 'no-tls.test', 'no-tls', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'no STARTTLS',
    expect: 'portal: below the TLS floor',
  },
  {
    domain: 'expired.test',
    server: server(3, 'expired.test', 'expired-certificate', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'certificate expired',
    expect: 'portal: below the TLS floor',
  },
  {
    domain: 'wrong-name.test',
    server: server(4, 'wrong-name.test', 'wrong-name', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'certificate of another name',
    expect: 'portal: below the TLS floor',
  },
  {
    domain: 'self-signed.test',
    server: server(5, 'self-signed.test', 'self-signed', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'self-signed certificate',
    expect: 'portal: below the TLS floor',
  },
  {
    domain: 'slow.test',
    server: server(6, 'slow.test', 'good-certificate', 'slowly'),
    zone: 'mx',
    sts: null,
    plays: 'answers after seconds',
    expect: 'delivered, a little later',
  },
  {
    domain: 'greylist.test',
    server: server(7, 'greylist.test', 'good-certificate', 'greylists'),
    zone: 'mx',
    sts: null,
    plays: '451 at first, then takes it',
    expect: 'deferred, then delivered',
  },
  {
    domain: 'full.test',
    server: server(8, 'full.test', 'good-certificate', 'full'),
    zone: 'mx',
    sts: null,
    plays: 'mailbox full: 552, later@ 452',
    expect: 'returned; later@ deferred',
  },
  {
    domain: 'dane.test',
    server: server(9, 'dane.test', 'dane', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'DANE, matching TLSA record',
    expect: 'delivered (DANE)',
  },
  {
    domain: 'dane-bad.test',
    server: server(10, 'dane-bad.test', 'dane-mismatch', 'takes'),
    zone: 'mx',
    sts: null,
    plays: 'DANE, TLSA record of another key',
    expect: 'portal: DANE does not match',
  },
  {
    domain: 'mta-sts.test',
    server: server(11, 'mta-sts.test', 'good-certificate', 'takes'),
    zone: 'mx',
    sts: 'enforce',
    plays: 'MTA-STS, all in order',
    expect: 'delivered (MTA-STS)',
  },
  {
    domain: 'mta-sts-bad.test',
    server: server(12, 'mta-sts-bad.test', 'wrong-name', 'takes'),
    zone: 'mx',
    sts: 'enforce',
    plays: 'MTA-STS, wrong certificate',
    expect: 'portal: MTA-STS is not met',
  },
  {
    domain: 'null-mx.test',
    server: null,
    zone: 'null-mx',
    sts: null,
    plays: 'takes no mail at all (null MX)',
    expect: 'returned with a DSN',
  },
  {
    domain: 'no-such.test',
    server: null,
    zone: 'no-such-name',
    sts: null,
    plays: 'domain does not exist',
    expect: 'returned with a DSN',
  },
];

/** The server that plays every domain not listed. */
export const ELSEWHERE_HOST = 'mx.good.test';

/** Local part that meets a full mailbox with 452 instead of 552. */
export const FULL_FOR_NOW = 'later';
