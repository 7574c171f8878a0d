// The help desk's part of pickups: taken back and given again, told of anew, a code for who cannot get in, factors ended that somebody has lost, and
// a recipient forgotten. Each says who did it and why, or how they checked the person; nothing here opens anything.
import type { Evidence, EvidenceKind } from '../../mail/evidence.ts';
import type { NewCode, People, Person } from '../../store/people.ts';
import type { Pickup, PickupEvent, Pickups } from '../../store/pickups.ts';
import type { Clock } from '../clock.ts';

export interface HelpDeskDeps {
  readonly pickups: Pick<Pickups, 'find' | 'ofAddress' | 'change' | 'removeAddress'>;
  readonly people: Pick<People, 'ofAddress' | 'endFactors' | 'endCodes' | 'addCode'>;
  /** Sessions of the portal; give how many there were. */
  readonly sessions: { endPerson(personId: number): number; endAddress(address: Uint8Array): number };
  /** A new code in the form that people read, and as it is kept. */
  readonly makeCode: (about: Pick<NewCode, 'address' | 'deliveryId'>) => { readonly code: string; readonly kept: NewCode };
  readonly addressDigest: (address: string) => Uint8Array;
  readonly clock: Clock;
  /** A notice or a report may be owed now. */
  readonly wake: () => void;
}

/** Who acts, and why; of a code or an end of factors: how the person was checked. */
export interface HelpDeskPerson {
  readonly who: string;
  readonly why: string;
}

/** `opened` and `over` are why a pickup cannot be taken back or told of any more, `as-it-is` that it stands so already. */
export type HelpDeskResult = 'done' | 'not-found' | 'opened' | 'over' | 'as-it-is';

const ACTS = {
  recall: { event: { what: 'recalled' }, kind: 'pickup.recalled' },
  restore: { event: { what: 'restored' }, kind: 'pickup.restored' },
  resend: { event: { what: 'notice-owed', notice: 'again' }, kind: 'pickup.resent' },
} as const satisfies Record<string, { readonly event: PickupEvent; readonly kind: EvidenceKind }>;

export type HelpDeskAct = keyof typeof ACTS;

/** Takes back, gives again, or tells the recipient once more. What has been read cannot be taken back. */
export async function actOn(deliveryId: string, act: HelpDeskAct, by: HelpDeskPerson, deps: HelpDeskDeps): Promise<HelpDeskResult> {
  const pickup = await deps.pickups.find(deliveryId);
  if (pickup === null) return 'not-found';
  const { event, kind } = ACTS[act];
  const evidence = [evidenceOf(kind, pickup, by, deps)];
  const changed = await deps.pickups.change({ deliveryId, at: deps.clock.steady(), event, report: null, evidence });
  if (changed.kind === 'done') deps.wake();
  return changed.kind === 'not-legal' ? whyNot(await deps.pickups.find(deliveryId), act) : changed.kind;
}

function whyNot(pickup: Pickup | null, act: HelpDeskAct): HelpDeskResult {
  if (pickup === null) return 'not-found';
  if (pickup.overAt !== null) return 'over';
  return act === 'recall' && pickup.recalledAt === null ? 'opened' : 'as-it-is';
}

/** A code for one pickup, good once, to be told in person or by telephone. */
export async function giveCode(
  deliveryId: string,
  by: HelpDeskPerson,
  deps: HelpDeskDeps,
): Promise<{ readonly code: string; readonly expiresAt: number } | 'not-found' | 'over'> {
  const pickup = await deps.pickups.find(deliveryId);
  if (pickup === null) return 'not-found';
  // Past its term nothing opens any more, also before the round that ends it.
  if (pickup.overAt !== null || deps.clock.steady() >= pickup.expiresAt) return 'over';
  const { code, kept } = deps.makeCode({ address: pickup.address, deliveryId });
  const evidence = [evidenceOf('pickup.code-made', pickup, by, deps)];
  await deps.people.addCode({ ...kept, endsOthers: 'same-kind', evidence });
  return { code, expiresAt: kept.expiresAt };
}

/** Who has read at the address of a pickup. */
export async function peopleAt(deliveryId: string, { pickups, people }: HelpDeskDeps): Promise<readonly Person[] | null> {
  const pickup = await pickups.find(deliveryId);
  return pickup === null ? null : people.ofAddress(pickup.address);
}

export interface FactorsEnded {
  readonly factors: number;
  readonly sessions: number;
}

/** Somebody has lost what they sign in with: all of it ends, codes under way and their sessions too, and the address is told. */
export async function endFactors(
  deliveryId: string,
  personId: number,
  by: HelpDeskPerson,
  deps: HelpDeskDeps,
): Promise<FactorsEnded | 'not-found'> {
  const pickup = await deps.pickups.find(deliveryId);
  const person = pickup === null ? undefined : (await deps.people.ofAddress(pickup.address)).find(({ id }) => id === personId);
  if (pickup === null || person === undefined) return 'not-found';
  const removed = evidenceOf('factor.removed', pickup, by, deps, { person: personId, factors: person.factors.length });
  const factors = await deps.people.endFactors({ personId, factorId: null, at: deps.clock.now(), evidence: [removed] });
  await deps.people.endCodes({ address: pickup.address, at: deps.clock.now() });
  const sessions = deps.sessions.endPerson(personId);
  const event = { what: 'notice-owed', notice: 'lost-factor' } as const;
  // Where nothing of theirs waits any more there is nothing that a notice could lead to.
  await deps.pickups.change({ deliveryId, at: deps.clock.steady(), event, report: null, evidence: [] });
  deps.wake();
  return { factors, sessions };
}

/** A recipient goes: what waits for them is over, and who they are is shredded. Gives how many pickups ended. */
export async function forget(address: string, by: HelpDeskPerson, deps: HelpDeskDeps): Promise<number> {
  const digest = deps.addressDigest(address);
  const evidence: Evidence = {
    kind: 'person.ended',
    at: deps.clock.now(),
    messageId: null,
    deliveryId: null,
    codes: { by: 'person', all: true },
    detail: { who: by.who, why: by.why, address },
  };
  deps.sessions.endAddress(digest);
  const ended = await deps.pickups.removeAddress({ address: digest, at: deps.clock.steady(), evidence: [evidence] });
  // One that was opened meanwhile saw the address as it still was.
  deps.sessions.endAddress(digest);
  deps.wake();
  return ended;
}

function evidenceOf(
  kind: EvidenceKind,
  { messageId, deliveryId }: Pickup,
  { who, why }: HelpDeskPerson,
  { clock }: HelpDeskDeps,
  codes: Evidence['codes'] = {},
): Evidence {
  return { kind, at: clock.now(), messageId, deliveryId, codes: { by: 'person', ...codes }, detail: { who, why } };
}
