// Telephone numbers that the organisation has of people: given by the help desk after it has made sure who it is, so a code to one counts as a code of
// the organisation does. A number is a factor of one person, sealed as those are; evidence has its last two digits, sealed too.
import type { Evidence, EvidenceKind } from '../../mail/evidence.ts';
import { endsOf, isOfPrefix } from '../../mail/phone.ts';
import type { People, Person } from '../../store/people.ts';
import type { Pickup } from '../../store/pickups.ts';
import type { HelpDeskDeps, HelpDeskPerson } from './help-desk.ts';

export interface PhoneDeskDeps extends Pick<HelpDeskDeps, 'pickups' | 'sessions' | 'clock'> {
  readonly people: Pick<People, 'ofAddress' | 'add' | 'enrol' | 'endFactors'>;
  /** How numbers begin that codes may go to; null: there is no gateway. */
  readonly countries: () => readonly string[] | null;
}

export type PhoneChange =
  | { readonly kind: 'done'; readonly person: number; readonly ends: string }
  | { readonly kind: 'no-pickup' | 'no-person' | 'no-phone' | 'several' | 'not-set-up' | 'not-allowed' };

/** @param personId who of those at the address; null where there is only one, or nobody yet */
export async function setPhone(
  deliveryId: string,
  { number, personId }: { readonly number: string; readonly personId: number | null },
  by: HelpDeskPerson,
  deps: PhoneDeskDeps,
): Promise<PhoneChange> {
  const countries = deps.countries();
  if (countries === null) return { kind: 'not-set-up' };
  if (!isOfPrefix(number, countries)) return { kind: 'not-allowed' };
  const pickup = await deps.pickups.find(deliveryId);
  if (pickup === null) return { kind: 'no-pickup' };
  const found = await whose(pickup, personId, by, deps);
  if ('kind' in found) return found;
  const about = { person: found.id, factorKind: 'phone' };
  const evidence = [evidenceOf('factor.enrolled', pickup, { ...about, assurance: 'clinic' }, { by, number }, deps)];
  const secret = { kind: 'phone', number } as const;
  const at = deps.clock.now();
  const factor = await deps.people.enrol({ personId: found.id, assurance: 'clinic', secret, name: null, at, evidence });
  if (factor === 'ended') return { kind: 'no-person' };
  // Whoever holds the phone of before may have come in by it.
  deps.sessions.endPerson(found.id);
  return { kind: 'done', person: found.id, ends: endsOf(number) };
}

export async function removePhone(
  deliveryId: string,
  personId: number | null,
  by: HelpDeskPerson,
  deps: PhoneDeskDeps,
): Promise<PhoneChange> {
  const pickup = await deps.pickups.find(deliveryId);
  if (pickup === null) return { kind: 'no-pickup' };
  const people = (await deps.people.ofAddress(pickup.address)).filter(({ id }) => personId === null || id === personId);
  if (personId !== null && people.length === 0) return { kind: 'no-person' };
  const phones = people.flatMap(({ factors }) =>
    factors.flatMap(({ id, personId: person, secret }) => (secret.kind === 'phone' ? [{ id, person, number: secret.number }] : [])),
  );
  const [phone] = phones;
  if (phone === undefined || phones.length > 1) return { kind: phone === undefined ? 'no-phone' : 'several' };
  const { id: factor, person, number } = phone;
  const evidence = [evidenceOf('factor.removed', pickup, { person, factor, factorKind: 'phone' }, { by, number }, deps)];
  const ended = await deps.people.endFactors({ personId: person, factorId: factor, at: deps.clock.now(), evidence });
  if (ended === 0) return { kind: 'no-phone' };
  deps.sessions.endPerson(person);
  return { kind: 'done', person, ends: endsOf(number) };
}

async function whose(
  pickup: Pickup,
  personId: number | null,
  by: HelpDeskPerson,
  deps: PhoneDeskDeps,
): Promise<Person | { readonly kind: 'no-person' | 'several' }> {
  const people = await deps.people.ofAddress(pickup.address);
  if (personId !== null) return people.find(({ id }) => id === personId) ?? { kind: 'no-person' };
  const [only, second] = people;
  if (second !== undefined) return { kind: 'several' };
  if (only !== undefined) return only;
  const evidence = [evidenceOf('person.added', pickup, {}, { by, number: null }, deps)];
  return deps.people.add({ address: pickup.address, name: null, language: null, at: deps.clock.now(), evidence });
}

function evidenceOf(
  kind: EvidenceKind,
  { messageId, deliveryId }: Pickup,
  codes: Evidence['codes'],
  { by: { who, why }, number }: { readonly by: HelpDeskPerson; readonly number: string | null },
  { clock }: PhoneDeskDeps,
): Evidence {
  const detail = number === null ? { who, why } : { who, why, ends: endsOf(number) };
  return { kind, at: clock.now(), messageId, deliveryId, codes: { by: 'person', ...codes }, detail };
}
