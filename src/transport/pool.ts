// Kept sessions. One is used again only for the same next hop, floor, ground of trust and credentials (DESIGN.md section 3), while it is
// young, and never for two messages at once.
import type { NextHop } from '../mail/next-hop.ts';
import type { Protection } from '../mail/tls.ts';
import type { Session } from './session.ts';

export interface KeepLimits {
  readonly idleMs: number;
  /** Messages over one connection. */
  readonly messages: number;
  readonly ageMs: number;
  /** Idle connections in all. */
  readonly connections: number;
}

export const KEEP_LIMITS: KeepLimits = { idleMs: 30_000, messages: 1_000, ageMs: 300_000, connections: 256 };

export interface Kept {
  readonly session: Session;
  /** Transactions begun over it. */
  readonly messages: number;
  readonly reset: 'first' | 'no';
}

const QUIT_WAIT_MS = 2_000;

/**
 * Everything that the verdict on a connection depends on, so that an equal key means an equal verdict. Addresses are not in it: they
 * change their order; `take` looks at them.
 */
export function poolKey(hop: NextHop, floor: Protection): string {
  const { host, port, tls, referenceNames, authenticity, published, reach, credentials } = hop;
  const tlsa =
    hop.tlsa?.map((record) => [record.usage, record.selector, record.matchingType, Buffer.from(record.data).toString('base64')]) ?? null;
  return JSON.stringify([host, port, tls, referenceNames, authenticity, tlsa, published, reach, credentials, floor]);
}

export class Pool {
  readonly #limits: KeepLimits;
  readonly #idle = new Map<string, Kept[]>();
  readonly #quits = new Set<Promise<void>>();
  #count = 0;
  #state: 'open' | 'closed' = 'open';

  constructor(limits: KeepLimits) {
    this.#limits = limits;
  }

  /** The session used last, if one to one of these addresses is kept. It is the caller's until given back. */
  take(key: string, addresses: readonly string[]): Kept | null {
    const idle = this.#idle.get(key) ?? [];
    for (let i = idle.length - 1; i >= 0; i--) {
      const kept = idle[i];
      if (kept === undefined || !addresses.includes(kept.session.connection.address)) continue;
      this.#remove(key, kept);
      if (kept.session.connection.unpark() === 'usable') return kept;
      kept.session.connection.cut('delivery.connection-lost');
    }
    return null;
  }

  /** Gives a session back after a message. It is kept or ended. */
  give(key: string, kept: Kept): void {
    const { connection, openedAt } = kept.session;
    const worn = kept.messages >= this.#limits.messages || performance.now() - openedAt >= this.#limits.ageMs;
    if (this.#state === 'closed' || worn) return this.#quit(kept);
    if (this.#count >= this.#limits.connections) this.#evict();
    const idle = this.#idle.get(key);
    if (idle === undefined) this.#idle.set(key, [kept]);
    else idle.push(kept);
    this.#count++;
    connection.park(this.#limits.idleMs, () => this.#remove(key, kept));
  }

  /** Ends all sessions with QUIT; those still in use end when they are given back. */
  async close(): Promise<void> {
    this.#state = 'closed';
    for (const [key, idle] of [...this.#idle]) {
      for (const kept of [...idle]) {
        this.#remove(key, kept);
        kept.session.connection.unpark();
        this.#quit(kept);
      }
    }
    await Promise.all(this.#quits);
  }

  #evict(): void {
    for (const [key, [oldest]] of this.#idle) {
      if (oldest === undefined) continue;
      this.#remove(key, oldest);
      oldest.session.connection.unpark();
      return this.#quit(oldest);
    }
  }

  #remove(key: string, kept: Kept): void {
    const idle = this.#idle.get(key);
    const at = idle?.indexOf(kept) ?? -1;
    if (idle === undefined || at < 0) return;
    idle.splice(at, 1);
    this.#count--;
    if (idle.length === 0) this.#idle.delete(key);
  }

  #quit({ session }: Kept): void {
    const quit = session.connection.quit(QUIT_WAIT_MS).finally(() => this.#quits.delete(quit));
    this.#quits.add(quit);
  }
}
