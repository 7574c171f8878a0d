// The help desk of the portal, joined: pickups, people and their codes, sessions.
import { CODE_LIVES_MS, drawCode } from '../access/one-time-code.ts';
import type { PortalSessions } from '../access/portal-sessions.ts';
import type { Clock } from '../gateway/clock.ts';
import type { HelpDeskDeps } from '../gateway/pickup/help-desk.ts';
import type { PhoneDeskDeps } from '../gateway/pickup/phone-desk.ts';
import type { SealingKeys } from '../keys/keys.ts';
import { pickupAddress } from '../methods/portal/portal.ts';
import type { Store } from '../store/store.ts';

export interface HelpDeskParts extends Pick<HelpDeskDeps, 'clock' | 'wake'>, Pick<PhoneDeskDeps, 'countries'> {
  readonly store: Pick<Store, 'pickups' | 'people'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  /** Of the running gateway; where none runs there are none. */
  readonly sessions: Pick<PortalSessions, 'endPerson' | 'endAddress'>;
}

export function helpDeskOf({ store, keys, clock, sessions, wake, countries }: HelpDeskParts): HelpDeskDeps & PhoneDeskDeps {
  const digest: SealingKeys['digest'] = (label, ...values) => keys.digest(label, ...values);
  return {
    pickups: store.pickups,
    people: store.people,
    sessions: { endPerson: (personId) => sessions.endPerson(personId, null), endAddress: (address) => sessions.endAddress(address) },
    makeCode: (about) => clinicCode(about, digest, clock),
    addressDigest: (address) => pickupAddress(digest, address),
    clock,
    wake,
    countries,
  };
}

function clinicCode(
  about: Parameters<HelpDeskDeps['makeCode']>[0],
  digest: SealingKeys['digest'],
  clock: Pick<Clock, 'steady'>,
): ReturnType<HelpDeskDeps['makeCode']> {
  const { shown, ...drawn } = drawCode(digest);
  const createdAt = clock.steady();
  const kind = 'clinic-code';
  return { code: shown, kept: { ...about, ...drawn, kind, factorId: null, createdAt, expiresAt: createdAt + CODE_LIVES_MS[kind] } };
}
