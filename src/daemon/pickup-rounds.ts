// What the portal needs done in the gateway, each in its round: notices to recipients, codes to originators, alarms and endings.
import type { PortalConfig } from '../config/portal.ts';
import type { AcceptOwnDeps } from '../gateway/accept-own.ts';
import { notifyRecipients } from '../gateway/pickup/notify.ts';
import { tellCodes, type TellCodesDeps } from '../gateway/pickup/tell-codes.ts';
import { watchPickups } from '../gateway/pickup/watch.ts';
import { isEnough } from '../mail/pickup.ts';
import type { Assurance } from '../mail/pickup.ts';
import type { People } from '../store/people.ts';
import type { Store } from '../store/store.ts';
import { type Round, round } from './rounds.ts';

export interface PickupRoundParts {
  readonly own: AcceptOwnDeps;
  readonly store: Pick<Store, 'pickups' | 'people' | 'journal'>;
  readonly portal: () => PortalConfig | null;
  readonly makeCode: TellCodesDeps['makeCode'];
  /** Nothing ends by a clock in doubt. */
  readonly mayEnd: () => boolean;
  /** Some may have ended. */
  readonly ended: () => void;
  readonly failed: (where: string) => (error: unknown) => void;
}

export interface PickupRounds {
  readonly rounds: readonly Round[];
  /** A pickup has begun, or somebody asked for a notice. */
  wake(): void;
}

const TELL_EVERY_MS = 30_000;
const TELL_GATHER_MS = 200;
const WATCH_EVERY_MS = 30_000;
const WATCH_AFTER_START_MS = 3_000;

export function pickupRounds({ own, store, portal, makeCode, mayEnd, ended, failed }: PickupRoundParts): PickupRounds {
  const { pickups, people, journal } = store;
  const languageOf = async (address: Uint8Array): Promise<string | null> => (await people.ofAddress(address))[0]?.language ?? null;
  const telling = { ...own, journal, pickups, portal, makeCode, languageOf };
  const tell = async (): Promise<'more' | 'done'> => ((await notifyRecipients(telling)) + (await tellCodes(telling)) > 0 ? 'more' : 'done');
  const watch = async (): Promise<'more' | 'done'> => {
    const dealtWith = mayEnd() ? await watchPickups({ pickups, portal, clock: own.clock, reportsOwed: own.reportsOwed }) : 0;
    if (dealtWith > 0) ended();
    return dealtWith > 0 ? 'more' : 'done';
  };
  const tells = round(TELL_EVERY_MS, tell, failed('pickup.tell'));
  const watches = round(WATCH_EVERY_MS, watch, failed('pickup.watch'));
  tells.wakeAfter(TELL_GATHER_MS);
  watches.wakeAfter(WATCH_AFTER_START_MS);
  return { rounds: [tells, watches], wake: () => tells.wakeAfter(TELL_GATHER_MS) };
}

/** The best that is enrolled by anybody who reads at an address and opens something now: a phone does where codes can get there. Null for nobody. */
export async function enrolledAt(
  people: Pick<People, 'ofAddress'>,
  address: Uint8Array,
  mayGo: (number: string) => boolean,
): Promise<Assurance | null> {
  const factors = (await people.ofAddress(address)).flatMap((person) => person.factors);
  const all = factors.filter(({ secret }) => secret.kind !== 'phone' || mayGo(secret.number)).map(({ assurance }) => assurance);
  return all.find((assurance) => isEnough(assurance, 'clinic')) ?? all[0] ?? null;
}
