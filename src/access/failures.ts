// Counts failures under a key and says when it must wait. Waiting times double while nothing succeeds.
// Guarantees: bounded memory (the keys quiet for longest are forgotten first); no clock of its own. Pure.

export interface FailureRules {
  /** Failures within the window, after which the key must wait. */
  readonly allowed: number;
  readonly windowMs: number;
  /** Waits start at the window and double up to this. */
  readonly longestWaitMs: number;
  readonly maxKeys: number;
}

interface Entry {
  readonly failures: number;
  /** When the window of these failures began. */
  readonly since: number;
  /** Attempts begun and not ended. */
  readonly pending: number;
  readonly waits: number;
  readonly waitUntil: number;
}

const FRESH: Entry = { failures: 0, since: 0, pending: 0, waits: 0, waitUntil: 0 };

export class Failures {
  readonly #rules: FailureRules;
  readonly #entries = new Map<string, Entry>();

  constructor(rules: FailureRules) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** 'busy': attempts already under way could use up what is left. */
  state(key: string, at: number): 'open' | 'busy' | 'waiting' {
    const entry = this.#current(key, at);
    if (at < entry.waitUntil) return 'waiting';
    return entry.failures + entry.pending >= this.#rules.allowed ? 'busy' : 'open';
  }

  /** How long the key waits yet; 0 where it does not. */
  waitMs(key: string, at: number): number {
    return Math.max(0, this.#current(key, at).waitUntil - at);
  }

  begin(key: string, at: number): void {
    const entry = this.#current(key, at);
    this.#keep(key, { ...entry, pending: entry.pending + 1 });
  }

  /** 'unknown': the attempt came to nothing, neither right nor wrong. */
  end(key: string, at: number, result: 'failed' | 'unknown'): void {
    const entry = this.#current(key, at);
    const pending = Math.max(0, entry.pending - 1);
    if (result === 'unknown') this.#keep(key, { ...entry, pending });
    else this.#keep(key, this.#failed({ ...entry, pending }, at));
  }

  /** Success: what failed before under this key is forgotten. */
  forget(key: string): void {
    const pending = (this.#entries.get(key)?.pending ?? 1) - 1;
    if (pending > 0) this.#entries.set(key, { ...FRESH, pending });
    else this.#entries.delete(key);
  }

  #failed(entry: Entry, at: number): Entry {
    const failures = entry.failures + 1;
    const since = entry.failures === 0 ? at : entry.since;
    if (failures < this.#rules.allowed) return { ...entry, failures, since };
    const wait = Math.min(this.#rules.windowMs * 2 ** entry.waits, this.#rules.longestWaitMs);
    return { ...entry, failures: 0, since: at, waits: Math.min(entry.waits + 1, 30), waitUntil: at + wait };
  }

  /** The entry as it stands now: a window that passed is over, and long after the last wait all is forgotten. */
  #current(key: string, at: number): Entry {
    const entry = this.#entries.get(key);
    if (entry === undefined) return FRESH;
    if (at - Math.max(entry.since, entry.waitUntil) > this.#rules.longestWaitMs + this.#rules.windowMs)
      return { ...FRESH, pending: entry.pending };
    return at - entry.since > this.#rules.windowMs ? { ...entry, failures: 0 } : entry;
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.delete(key);
    if (entry.pending > 0 || entry.failures > 0 || entry.waits > 0) this.#entries.set(key, entry);
    if (this.#entries.size > this.#rules.maxKeys) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
  }
}
