// The sealing keys of an opened key folder at work: data keys under content periods, columns under detail periods, keyed digests.
import { randomFillSync } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MailError } from '../mail/mail-error.ts';
import type { SealerMaterial } from './column-sealer.ts';
import { digests } from './digests.ts';
import { checkFolder, UNFINISHED } from './guarded-files.ts';
import { keyCheckOf } from './key-check.ts';
import { storageError } from './key-failure.ts';
import type { Purpose, SealingKeys } from './keys.ts';
import type { MasterKey } from './master-key.ts';
import { PeriodKeys } from './period-keys.ts';
import type { PeriodKey } from './period-keys.ts';

export interface OpenKeys extends SealingKeys {
  /** 16 hexadecimal digits that tell this master key from others. */
  readonly keyId: string;
  /** For `writeKeyCheck`, before the first thing is sealed. */
  readonly keyCheck: string;
  /**
   * To be called at a start, before serving, and daily: clears up what a crash left and creates the periods of now and next, so that
   * no message waits for one. 'changed': columns have new material, give it to the sealers (`renew`).
   * @throws MailError store.disk-full, store.unavailable
   */
  prepare(at: number): 'changed' | 'unchanged';
  /** What a thread needs to rebuild the column sealer (`sealerFrom`). */
  sealerMaterial(): SealerMaterial;
  /** The same data key under another content period: for what must live longer than its own. @throws MailError content.unreadable */
  rewrapDataKey(messageId: string, wrappedKey: Uint8Array, periodId: number, toPeriodId: number): Uint8Array;
}

const DATA_KEY_BYTES = 32;

/** @throws KeyFolderRefused where a period key in `keyFolder` is damaged or exposed */
export function openSealingKeys(keyFolder: string, master: MasterKey, contentDays: number): OpenKeys {
  const folder = join(keyFolder, 'periods');
  checkFolder(folder);
  const periodsOf = (purpose: Purpose): PeriodKeys =>
    new PeriodKeys({ folder, purpose, wrapping: master.wrapping, keyId: master.keyId, contentDays });
  const periods: Readonly<Record<Purpose, PeriodKeys>> = { content: periodsOf('content'), detail: periodsOf('detail') };
  const contentPeriod = (periodId: number): PeriodKey => {
    const period = periods.content.find(periodId);
    if (period === null) throw new MailError('content.unreadable', { cause: new Error(`no content period ${periodId}`) });
    return period;
  };
  const unwrap = (messageId: string, wrappedKey: Uint8Array, periodId: number): Uint8Array => {
    const key = contentPeriod(periodId).cipher.open(wrappedKey, dataKeyContext(messageId));
    if (key.length !== DATA_KEY_BYTES) throw new MailError('content.unreadable');
    return key;
  };
  return {
    keyId: master.keyId,
    keyCheck: keyCheckOf(master),
    digest: digests(master.digesting),
    newDataKey(messageId, at) {
      const period = periods.content.covering(at) ?? keeping(() => periods.content.create(at));
      const key = Buffer.allocUnsafeSlow(DATA_KEY_BYTES);
      randomFillSync(key);
      return { key, wrappedKey: period.cipher.seal(key, dataKeyContext(messageId)), periodId: period.periodId };
    },
    unwrapDataKey: unwrap,
    rewrapDataKey: (messageId, wrappedKey, periodId, toPeriodId) =>
      contentPeriod(toPeriodId).cipher.seal(unwrap(messageId, wrappedKey, periodId), dataKeyContext(messageId)),
    destroyPeriod(purpose, periodId) {
      keeping(() => periods[purpose].destroy(periodId));
    },
    periods: (purpose) => periods[purpose].live().map(({ periodId, endsAt }) => ({ periodId, endsAt })),
    sealerMaterial: () => ({
      periods: periods.detail.live().map(({ periodId, startsAt, endsAt, key }) => ({ periodId, startsAt, endsAt, key: key.export() })),
      destroyed: periods.detail.destroyed(),
    }),
    prepare(at) {
      return keeping(() => {
        for (const each of [keyFolder, folder]) removeUnfinished(each);
        const before = periods.detail.live().length;
        for (const each of Object.values(periods)) {
          each.finishDestroying();
          const now = each.covering(at) ?? each.create(at);
          if (each.covering(now.endsAt) === null) each.create(now.endsAt);
        }
        return periods.detail.live().length === before ? 'unchanged' : 'changed';
      });
    },
  };
}

function dataKeyContext(messageId: string): string {
  return `data key ${messageId}`;
}

function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(UNFINISHED)) unlinkSync(join(folder, name));
}

function keeping<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storageError(cause);
  }
}
