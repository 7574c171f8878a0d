// What strangers cause (failed logins, refused recipients and messages, scans) is counted per kind, code, address and minute, not one
// record each: neither many addresses nor many names tried can fill the log (DESIGN.md section 7).
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';

export interface Refusal {
  readonly kind: Extract<EvidenceKind, 'login.refused' | 'message.refused'>;
  readonly code: string;
  readonly address: string;
  /** Login name tried, or null. Evidence says only how many there were: a name typed may be a password. */
  readonly name: string | null;
}

const ADDRESSES = 1_000;
/** Names that one address is known to have tried; where a record says so many, there may have been more. */
const NAMES = 100;
const OTHERS = '(others)';

interface Count {
  readonly kind: Refusal['kind'];
  readonly code: string;
  readonly address: string;
  readonly names: Set<string>;
  count: number;
}

export class RefusalCounts {
  #counts = new Map<string, Count>();

  add({ kind, code, address, name }: Refusal): void {
    const key = JSON.stringify([kind, code, address]);
    const isRoom = this.#counts.has(key) || this.#counts.size < ADDRESSES;
    const count = isRoom ? this.#at(key, { kind, code, address }) : this.#at(kind, { kind, code: 'several', address: OTHERS });
    count.count++;
    if (isRoom && name !== null && count.names.size < NAMES) count.names.add(name);
  }

  /** The evidence of the minute that ended, and a new minute. */
  take(at: number): readonly Evidence[] {
    const counts = this.#counts;
    this.#counts = new Map();
    return [...counts.values()].map(({ kind, code, address, names, count }) => ({
      kind,
      at,
      messageId: null,
      deliveryId: null,
      codes: { code, count, ...(names.size === 0 ? {} : { names: names.size }) },
      detail: { address },
    }));
  }

  #at(key: string, of: Pick<Count, 'kind' | 'code' | 'address'>): Count {
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const begun: Count = { ...of, names: new Set(), count: 0 };
    this.#counts.set(key, begun);
    return begun;
  }
}
