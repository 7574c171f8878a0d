// Contexts of TLS, made once and kept: parsing a bundle of trust anchors for every connection would cost more than its handshake.
import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsProfile } from './tls-profile.ts';

/** Shown in the handshake, before the verdict: it names us and proves our key, and is of no use to whoever sees it. */
export interface ClientCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** The trust anchors of the options, or exactly those given (DANE-TA; none for DANE-EE). PEM. */
export type Anchors = 'configured' | readonly string[];

const MAX_CONTEXTS = 256;

export class TlsContexts {
  readonly #profile: TlsProfile;
  readonly #trustAnchors: readonly string[];
  readonly #contexts = new Map<string, SecureContext>();

  constructor(profile: TlsProfile, trustAnchors: readonly string[]) {
    this.#profile = profile;
    this.#trustAnchors = trustAnchors;
  }

  get(anchors: Anchors, client: ClientCertificate | null): SecureContext {
    const key = `${anchors === 'configured' ? anchors : anchors.join('')}|${client?.certificatePem ?? ''}|${client?.keyPem ?? ''}`;
    const kept = this.#contexts.get(key);
    if (kept !== undefined) return kept;
    const context = this.#create(anchors, client);
    const oldest = this.#contexts.size >= MAX_CONTEXTS ? this.#contexts.keys().next().value : undefined;
    if (oldest !== undefined) this.#contexts.delete(oldest);
    this.#contexts.set(key, context);
    return context;
  }

  #create(anchors: Anchors, client: ClientCertificate | null): SecureContext {
    return createSecureContext({
      minVersion: this.#profile.minVersion,
      ciphers: this.#profile.ciphers,
      ecdhCurve: this.#profile.groups,
      ca: anchors === 'configured' ? [...this.#trustAnchors] : [...anchors],
      // A verdict is about the handshake it came from: no second one within a TLS 1.2 connection.
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      // A TLSA record of usage 2 may name an intermediate certificate (RFC 7672 3.1.2).
      allowPartialTrustChain: anchors !== 'configured',
      ...(client === null ? {} : { cert: client.certificatePem, key: client.keyPem }),
    });
  }
}
