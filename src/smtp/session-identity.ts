// Who a session speaks for, as it becomes known: the account after AUTH, else the trusted way it came by, else a stranger where those are served.
import type { Socket } from 'node:net';
import type { SessionPlace } from '../access/sessions.ts';
import type { Trust } from '../access/trust.ts';
import type { Submitter } from '../store/journal.ts';
import { trustedIdentity } from './identity.ts';
import type { Identity } from './identity.ts';

export interface IdentitySources {
  readonly trust: () => Trust;
  /** Whether client certificates must chain to a configured CA. */
  readonly clientChain: () => 'required' | 'any';
  /** Who everybody else is, or null where strangers are not served. */
  readonly stranger: Identity | null;
}

export class SessionIdentity {
  readonly #sources: IdentitySources;
  #account: { readonly identity: Identity; readonly place: SessionPlace } | null = null;
  /** Found once in clear, once more under TLS (a certificate shows only there), and again whenever a reload changed who is trusted. */
  #trusted: { readonly secure: boolean; readonly trust: Trust; readonly identity: Identity | null } | null = null;

  constructor(sources: IdentitySources) {
    this.#sources = sources;
  }

  get authenticated(): 'yes' | 'no' {
    return this.#account === null ? 'no' : 'yes';
  }

  /** As far as known, for events. */
  get submitter(): Submitter | null {
    return (this.#account?.identity ?? this.#trusted?.identity)?.submitter ?? null;
  }

  loggedIn(identity: Identity, place: SessionPlace): void {
    this.#account = { identity, place };
  }

  current(client: { readonly _socket: Socket; readonly secure: boolean; readonly remoteAddress: string }): Identity | null {
    if (this.#account !== null) return this.#account.identity;
    const trust = this.#sources.trust();
    if (this.#trusted?.secure !== client.secure || this.#trusted.trust !== trust) {
      const identity = trustedIdentity(trust, client._socket, client.remoteAddress, { chain: this.#sources.clientChain() });
      this.#trusted = { secure: client.secure, trust, identity };
    }
    return this.#trusted.identity ?? this.#sources.stranger;
  }

  leave(): void {
    this.#account?.place.leave();
  }
}
