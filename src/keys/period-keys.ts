// The period keys of one purpose: files in <keys>/periods, each wrapped under the master key, read at the start and created when due.
// A destroyed period leaves a marker without a key, so that its number is never used again and "destroyed" is told from "lost".
import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KeyFolderRefused } from './key-failure.ts';
import { formatKeyFile } from './key-file.ts';
import { createFile, destroyFile, readFile, syncFolder } from './guarded-files.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import { boundsOf } from './period-bounds.ts';
import { PeriodCipher } from './period-cipher.ts';
import type { Purpose } from './keys.ts';

export interface PeriodKey {
  readonly periodId: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly key: KeyObject;
  readonly cipher: PeriodCipher;
}

export interface PeriodFolder {
  /** <keys>/periods */
  readonly folder: string;
  readonly purpose: Purpose;
  readonly wrapping: KeyObject;
  /** Id of the master key. */
  readonly keyId: string;
  readonly contentDays: number;
}

const NAME = /^(content|detail)-(\d{10})\.(key|destroyed)$/;
const FIELDS = ['master', 'purpose', 'period', 'start', 'end'];
const KEY_BYTES = 32;
const LAST_ID = 0xffff_ffff;

const fileName = (purpose: Purpose, periodId: number, ending: 'key' | 'destroyed'): string =>
  `${purpose}-${String(periodId).padStart(10, '0')}.${ending}`;

export class PeriodKeys {
  readonly #place: PeriodFolder;
  readonly #live = new Map<number, PeriodKey>();
  readonly #destroyed = new Set<number>();
  #current: PeriodKey | null = null;
  #lastId: number;

  /** Reads what is there; changes nothing. @throws KeyFolderRefused naming the damaged file */
  constructor(place: PeriodFolder) {
    this.#place = place;
    const names = readdirSync(place.folder)
      .map((name) => NAME.exec(name))
      .filter((match) => match?.[1] === place.purpose);
    for (const match of names) if (match?.[3] === 'destroyed') this.#destroyed.add(Number(match[2]));
    for (const match of names) {
      const periodId = Number(match?.[2]);
      if (match?.[3] === 'key' && !this.#destroyed.has(periodId)) this.#read(periodId);
    }
    this.#lastId = Math.max(0, ...this.#live.keys(), ...this.#destroyed);
  }

  live(): readonly PeriodKey[] {
    return [...this.#live.values()].toSorted((a, b) => a.startsAt - b.startsAt || a.periodId - b.periodId);
  }

  destroyed(): readonly number[] {
    return [...this.#destroyed].toSorted((a, b) => a - b);
  }

  find(periodId: number): PeriodKey | null {
    return this.#live.get(periodId) ?? null;
  }

  /** The period that covers `at`, or null. Of two the newer. */
  covering(at: number): PeriodKey | null {
    if (this.#current !== null && this.#current.startsAt <= at && at < this.#current.endsAt) return this.#current;
    const found = this.live().findLast((each) => each.startsAt <= at && at < each.endsAt) ?? null;
    if (found !== null) this.#current = found;
    return found;
  }

  /** Creates the period of `at`, durably. */
  create(at: number): PeriodKey {
    const { folder, purpose, wrapping, keyId, contentDays } = this.#place;
    const bounds = boundsOf(purpose, at, contentDays);
    // A number is spent even where the attempt fails: its file may be there all the same.
    const periodId = ++this.#lastId;
    if (periodId > LAST_ID) throw new RangeError('no period ids left');
    const bytes = randomBytes(KEY_BYTES);
    const fields = [
      ['master', keyId],
      ['purpose', purpose],
      ['period', String(periodId)],
      ['start', new Date(bounds.startsAt).toISOString()],
      ['end', new Date(bounds.endsAt).toISOString()],
    ] as const;
    createFile(folder, fileName(purpose, periodId, 'key'), wrapKey(wrapping, 'postern-period-key', fields, bytes));
    const created = this.#keep(periodId, bounds, bytes);
    this.#current = created;
    return created;
  }

  /** The marker is durable before the key goes: a crash between the two is finished by `finishDestroying`. */
  destroy(periodId: number): void {
    const period = this.#live.get(periodId);
    if (period === undefined) {
      if (this.#destroyed.has(periodId)) return;
      throw new RangeError(`no ${this.#place.purpose} period ${periodId}`);
    }
    const { folder, purpose } = this.#place;
    const marker = formatKeyFile('postern-destroyed-period', [
      ['purpose', purpose],
      ['period', String(periodId)],
      ['start', new Date(period.startsAt).toISOString()],
      ['end', new Date(period.endsAt).toISOString()],
    ]);
    if (!existsSync(join(folder, fileName(purpose, periodId, 'destroyed'))))
      createFile(folder, fileName(purpose, periodId, 'destroyed'), marker);
    else syncFolder(folder);
    this.#live.delete(periodId);
    this.#destroyed.add(periodId);
    if (this.#current === period) this.#current = null;
    destroyFile(folder, fileName(purpose, periodId, 'key'));
  }

  /** Destroys keys whose marker is there already. */
  finishDestroying(): void {
    const { folder, purpose } = this.#place;
    for (const periodId of this.#destroyed) {
      const name = fileName(purpose, periodId, 'key');
      if (existsSync(join(folder, name))) destroyFile(folder, name);
    }
  }

  #read(periodId: number): void {
    const { folder, purpose, wrapping, keyId } = this.#place;
    const path = join(folder, fileName(purpose, periodId, 'key'));
    const opened = unwrapKey(wrapping, 'postern-period-key', FIELDS, KEY_BYTES, readFile(path) ?? '');
    const [master, ofPurpose, number, start = '', end = ''] = opened?.values ?? [];
    const bounds = { startsAt: Date.parse(start), endsAt: Date.parse(end) };
    if (opened === null || master !== keyId || ofPurpose !== purpose || number !== String(periodId) || !(bounds.startsAt < bounds.endsAt)) {
      throw new KeyFolderRefused(
        'keys.damaged',
        `${path} is damaged, or of another key folder. Put back the file from a backup of this key folder; moved away instead, all that it sealed stays unreadable.`,
      );
    }
    this.#keep(periodId, bounds, opened.key);
  }

  #keep(periodId: number, bounds: { readonly startsAt: number; readonly endsAt: number }, bytes: Buffer): PeriodKey {
    const key = createSecretKey(bytes);
    bytes.fill(0);
    const period = { periodId, ...bounds, key, cipher: new PeriodCipher(periodId, key, this.#place.purpose) };
    this.#live.set(periodId, period);
    return period;
  }
}
