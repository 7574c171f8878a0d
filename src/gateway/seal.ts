// seal: the chain's head, signed and kept away from the data folder, at least every second while the log grows (DESIGN.md section 7).
import type { AuditLog, ChainHead } from '../store/audit-log.ts';
import type { Clock } from './clock.ts';

export interface SealDeps {
  readonly audit: Pick<AuditLog, 'head'>;
  /** Signs and writes the head to the key folder, durably. */
  readonly writeHead: (head: ChainHead, at: number) => Promise<void>;
  readonly clock: Clock;
}

/** Gives `seal()`: signs the head where it has moved since the last time. */
export function sealer(deps: SealDeps): () => Promise<void> {
  let sealedSeq = -1;
  return async () => {
    const head = await deps.audit.head();
    if (head.seq === sealedSeq) return;
    await deps.writeHead(head, deps.clock.now());
    sealedSeq = head.seq;
  };
}
