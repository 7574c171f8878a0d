// What strangers cause (failed logins, refused recipients, scans) is counted per address and minute, not one record each: a flood
// cannot fill the log (DESIGN.md section 7).
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';

export interface Refusal {
  readonly kind: Extract<EvidenceKind, 'login.refused' | 'message.refused'>;
  readonly code: string;
  readonly address: string;
  /** Login name tried, or null. */
  readonly name: string | null;
}

const ADDRESSES = 1_000;
const OTHERS = '(others)';

export class RefusalCounts {
  #counts = new Map<string, { refusal: Refusal; count: number }>();

  add(refusal: Refusal): void {
    const key = JSON.stringify([refusal.kind, refusal.code, refusal.address, refusal.name]);
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.#counts.size < ADDRESSES) this.#counts.set(key, { refusal, count: 1 });
    else this.#addOthers(refusal);
  }

  /** The evidence of the minute that ended, and a new minute. */
  take(at: number): readonly Evidence[] {
    const counts = this.#counts;
    this.#counts = new Map();
    return [...counts.values()].map(({ refusal, count }) => ({
      kind: refusal.kind,
      at,
      messageId: null,
      deliveryId: null,
      codes: { code: refusal.code, count },
      detail: { address: refusal.address, ...(refusal.name === null ? {} : { name: refusal.name }) },
    }));
  }

  #addOthers(refusal: Refusal): void {
    const key = JSON.stringify([refusal.kind, OTHERS]);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { refusal: { ...refusal, code: 'several', address: OTHERS, name: null }, count: 1 });
    else known.count++;
  }
}
