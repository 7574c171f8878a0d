// What lies in secret files, apart from the Config: never printed, never logged, never in evidence.

export interface Secrets {
  /** Certificate chain and key of the listeners: they change together. */
  readonly tls: CertificateAndKey | null;
  /** By the name in Route.credentials. */
  readonly nextHops: ReadonlyMap<string, NextHopCredentials>;
  /** By the name of the trusted network: any of the values proves our own tenant. */
  readonly tenantProofs: ReadonlyMap<string, readonly string[]>;
  /** The Authorization field for the gateway to telephones (RFC 9110 11.6.2); null: none. */
  readonly smsAuthorization: string | null;
  /** PEM (PKCS #8 or PKCS #1), by `selector._domainkey.domain`. */
  readonly dkimKeys: ReadonlyMap<string, string>;
}

export interface CertificateAndKey {
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface NextHopCredentials {
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly certificate: CertificateAndKey | null;
}

/** Key of Secrets.dkimKeys (RFC 6376 3.6.2.1). */
export function dkimKeyName(key: { readonly domain: string; readonly selector: string }): string {
  return `${key.selector}._domainkey.${key.domain}`;
}
