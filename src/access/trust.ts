// Further ways to be trusted than a password, each explicit in the configuration: a client certificate by its SHA-256 fingerprint,
// a network range. Each is bound to the addresses it may use; a shared provider's network must also bring proof of our own tenant.
// First match wins, certificates before networks. Pure.
import { addressOctets } from '../fetch/ip-address.ts';
import { isInRange, parseNetworkRange } from '../fetch/network-range.ts';
import type { NetworkRange } from '../fetch/network-range.ts';

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

function rangeOf(text: string): NetworkRange {
  const range = parseNetworkRange(text);
  if (range === null) throw new Error('a trusted network is not a CIDR range');
  return range;
}

function fingerprint(sha256: string): string {
  return sha256.replaceAll(':', '').toLowerCase();
}
