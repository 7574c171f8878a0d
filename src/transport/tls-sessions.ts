// TLS sessions to resume, by pool key: a new connection to the same next hop costs no full handshake. Only sessions whose certificate was
// good are kept, with the facts of the handshake that they came from, and not for long.
import type { SavedTls, TlsFacts } from './tls-open.ts';

const MAX_SESSIONS = 1_000;
const MAX_AGE_MS = 3_600_000;

export class TlsSessions {
  readonly #saved = new Map<string, SavedTls>();

  put(key: string, session: Buffer, facts: TlsFacts): void {
    if (!['chain-and-name', 'dane-ee', 'dane-ta'].includes(facts.certificate)) return;
    this.#saved.delete(key);
    this.#saved.set(key, { session, facts, savedAt: performance.now() });
    const oldest = this.#saved.size > MAX_SESSIONS ? this.#saved.keys().next().value : undefined;
    if (oldest !== undefined) this.#saved.delete(oldest);
  }

  /** A certificate that has ended since then is looked at anew; with DANE-EE its dates do not count (RFC 7672 3.1.1). */
  get(key: string): SavedTls | null {
    const saved = this.#saved.get(key);
    if (saved === undefined) return null;
    const { facts, savedAt } = saved;
    const ended = facts.certificate !== 'dane-ee' && facts.notAfter <= Date.now();
    if (!ended && performance.now() - savedAt < MAX_AGE_MS) return saved;
    this.#saved.delete(key);
    return null;
  }
}
