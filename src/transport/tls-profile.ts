// The TLS that the transport speaks at all, whatever the floor: a named profile.

export interface TlsProfile {
  readonly name: string;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly ciphers: string;
  /** Key exchange groups in order of preference. */
  readonly groups: string;
}

/**
 * NIST SP 800-52r2: TLS 1.2 and 1.3, ephemeral key exchange, authenticated encryption only (section 3.3.1).
 * The hybrid group comes first: recorded mail is worth keeping for whoever will have a quantum computer.
 */
export const NIST_800_52R2: TlsProfile = {
  name: 'nist-800-52r2',
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  groups: 'X25519MLKEM768:P-256:X25519:P-384',
};
