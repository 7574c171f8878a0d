// Seals personal columns and evidence detail under the detail period keys. It can be rebuilt in a worker thread from plain bytes.
import { createSecretKey } from 'node:crypto';
import { MailError } from '../mail/mail-error.ts';
import type { ColumnSealer } from '../mail/column-sealer.ts';
import { PeriodCipher, periodIdOf } from './period-cipher.ts';

/** Key material as it travels to a thread of this process, by structured clone. Never written anywhere. */
export interface SealerMaterial {
  readonly periods: readonly { readonly periodId: number; readonly startsAt: number; readonly endsAt: number; readonly key: Uint8Array }[];
  /** Periods whose key was destroyed: what they sealed opens as null. */
  readonly destroyed: readonly number[];
}

export interface RenewableSealer extends ColumnSealer {
  /** Takes newer material: a period that was added or destroyed. */
  renew(material: SealerMaterial): void;
}

interface Cell {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly cipher: PeriodCipher;
}

/**
 * A sealer over the periods of `material`. It seals under the period of `now`; where none covers it, under the latest that has begun,
 * else the first: what people are owed must be kept even where nobody renewed the material for a quarter.
 * @param now milliseconds since the epoch
 */
export function sealerFrom(material: SealerMaterial, now: () => number): RenewableSealer {
  let cells = cellsOf(material);
  let destroyed = new Set(material.destroyed);
  let current: Cell | null = null;
  const cipherAt = (at: number): PeriodCipher => {
    if (current === null || at < current.startsAt || at >= current.endsAt) current = cellFor([...cells.values()], at);
    return current.cipher;
  };
  return {
    seal: (plain, context) => cipherAt(now()).seal(plain, context),
    open(sealed, context) {
      const periodId = periodIdOf(sealed);
      const cell = cells.get(periodId);
      if (cell !== undefined) return cell.cipher.open(sealed, context);
      if (destroyed.has(periodId)) return null;
      throw new MailError('content.unreadable');
    },
    renew(newer) {
      cells = cellsOf(newer);
      destroyed = new Set(newer.destroyed);
      current = null;
    },
  };
}

function cellsOf(material: SealerMaterial): ReadonlyMap<number, Cell> {
  return new Map(
    material.periods.map(({ periodId, startsAt, endsAt, key }) => [
      periodId,
      { startsAt, endsAt, cipher: new PeriodCipher(periodId, createSecretKey(key), 'detail') },
    ]),
  );
}

function cellFor(cells: readonly Cell[], at: number): Cell {
  const byStart = cells.toSorted((a, b) => a.startsAt - b.startsAt);
  const cell = byStart.findLast((each) => each.startsAt <= at) ?? byStart[0];
  if (cell === undefined) throw new MailError('store.unavailable', { cause: new Error('no detail period key') });
  return cell;
}
