// Further ways to be trusted than a password, each explicit in the configuration: a client certificate by its SHA-256 fingerprint,
// a network range. Each is bound to the addresses it may use; a shared provider's network must also bring proof of our own tenant.
// First match wins, certificates before networks. Pure.
import { addressOctets } from '../fetch/ip-address.ts';

export interface TrustedSubmitter {
  readonly kind: 'certificate' | 'network';
  /** Stands in evidence and counts. */
  readonly name: string;
  /** Patterns of `matchesAddress`. */
  readonly mayUse: readonly string[];
  readonly reports: string | null;
  readonly likelyRepeats: 'report' | 'suppress';
  /** Header field that mail of this network must carry, with any of these values. */
  readonly tenantProof: { readonly headerName: string; readonly values: readonly string[] } | null;
}

export interface TrustedCertificate extends TrustedSubmitter {
  readonly kind: 'certificate';
  /** SHA-256 of the certificate, hex; colons and case do not matter. */
  readonly sha256: string;
}

export interface TrustedNetwork extends TrustedSubmitter {
  readonly kind: 'network';
  /** CIDR, such as `10.1.0.0/16` or `2001:db8::/32`. */
  readonly ranges: readonly string[];
}

export interface Trust {
  /** True where some client certificate is trusted: only then are clients asked for one. */
  readonly asksForCertificate: 'yes' | 'no';
  byCertificate(sha256: string): TrustedSubmitter | null;
  byNetwork(address: string): TrustedSubmitter | null;
}

export interface NetworkRange {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** @throws Error where a range is not one: the configuration was checked before. */
export function trust(certificates: readonly TrustedCertificate[], networks: readonly TrustedNetwork[]): Trust {
  const pinned = certificates.map((way) => ({ way, sha256: fingerprint(way.sha256) }));
  const ranges = networks.flatMap((way) => way.ranges.map((text) => ({ way, range: rangeOf(text) })));
  return {
    asksForCertificate: certificates.length > 0 ? 'yes' : 'no',
    byCertificate: (sha256) => pinned.find((one) => one.sha256 === fingerprint(sha256))?.way ?? null,
    byNetwork(address) {
      const octets = addressOctets(address);
      return octets === null ? null : (ranges.find(({ range }) => isInRange(octets, range))?.way ?? null);
    },
  };
}

/**
 * A network in CIDR notation (RFC 4632, RFC 4291 2.3). Null where it is none, where bits beyond the prefix are set (someone meant
 * another network), or where it is everybody (`/0`: an open relay).
 */
export function parseNetworkRange(text: string): NetworkRange | null {
  const [, address = '', prefix = ''] = /^([0-9A-Fa-f:.]+)\/(\d{1,3})$/.exec(text) ?? [];
  const octets = addressOctets(address);
  if (octets === null) return null;
  const isV4 = !address.includes(':');
  const length = Number(prefix);
  if (length < 1 || length > (isV4 ? 32 : 128)) return null;
  const bits = length + (isV4 ? 96 : 0);
  const beyond = octets.some((octet, i) => (octet & ~maskAt(bits, i) & 0xff) !== 0);
  return beyond ? null : { octets, bits };
}

function isInRange(octets: Uint8Array, range: NetworkRange): boolean {
  return octets.every((octet, i) => (octet & maskAt(range.bits, i)) === range.octets[i]);
}

/** The bits of the i-th octet that belong to the prefix. */
function maskAt(bits: number, i: number): number {
  const left = Math.min(8, Math.max(0, bits - 8 * i));
  return (0xff00 >> left) & 0xff;
}

function rangeOf(text: string): NetworkRange {
  const range = parseNetworkRange(text);
  if (range === null) throw new Error('a trusted network is not a CIDR range');
  return range;
}

function fingerprint(sha256: string): string {
  return sha256.replaceAll(':', '').toLowerCase();
}
