// What comes back about pickups, and what is written at the portal, joined: the door in front of the road, who may receive, answers.
import type { Config } from '../config/config.ts';
import { brandNamed, DEFAULT_BRAND } from '../config/portal.ts';
import type { AcceptOwnDeps } from '../gateway/accept-own.ts';
import type { Accept } from '../gateway/intake.ts';
import { type Answering, answering, type AnsweringDeps } from '../gateway/pickup/answering.ts';
import { type Door, mayReceive, type ReturnDoorDeps } from '../gateway/pickup/return-door.ts';
import { type ReturnDeps, returnedAllowance } from '../gateway/pickup/return-intake.ts';
import { returningAccept } from '../gateway/pickup/returning.ts';
import type { MayReceive } from '../smtp/options.ts';
import type { Spool } from '../spool/spool.ts';
import type { Store } from '../store/store.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { Deciding } from './deciding.ts';

export interface ReturnParts {
  readonly config: () => Config;
  readonly own: AcceptOwnDeps;
  readonly store: Pick<Store, 'journal' | 'pickups' | 'audit'>;
  readonly spool: Spool;
  readonly keys: KeyFolder;
  readonly deciding: Pick<Deciding, 'organisation'>;
  readonly mayAccept: () => boolean;
}

export interface Returns {
  /** The road with return addresses in front of it. */
  readonly before: (road: Accept) => Accept;
  /** Null where there are no return addresses: nothing has to be asked. */
  readonly mayReceive: (door: Door) => MayReceive | null;
  /** Null where there are no return addresses: nothing could be answered from anywhere. */
  readonly answering: Answering | null;
}

export function returnsOf({ config, own, store, spool, keys, deciding, mayAccept }: ReturnParts): Returns {
  const portal = (): Config['portal'] => config().portal;
  const brand = (name: string | null) => {
    const now = portal();
    return now === null ? null : brandNamed(now, name ?? DEFAULT_BRAND);
  };
  const deps: ReturnDeps & ReturnDoorDeps & AnsweringDeps = {
    ...own,
    journal: store.journal,
    pickups: store.pickups,
    audit: store.audit,
    spool,
    keys,
    mayAccept,
    returnDomain: () => portal()?.returns?.domain ?? null,
    organisation: deciding.organisation,
    voice: (name) => {
      const { organisation, language } = brand(name) ?? { organisation: config().hostname, language: 'en' };
      return { organisation, language };
    },
    returned: returnedAllowance(),
    answers: () => portal()?.answers ?? 'none',
    start: (name) => brand(name)?.start ?? [],
    messageSizeBytes: () => config().limits.messageSizeBytes,
  };
  return {
    before: (road) => returningAccept(road, deps),
    mayReceive: (door) => (deps.returnDomain() === null ? null : mayReceive(door, deps)),
    answering: deps.returnDomain() === null ? null : answering(deps),
  };
}
