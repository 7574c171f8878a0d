// Who of several people at an address this is: a couple, a front desk, a carer. Whoever has enrolled something is told by that, never by a click.
import { ENROLLED_KINDS, type FactorKind } from '../../mail/pickup.ts';
import type { DeskClient, NotSignedIn, PickupDesk, SignedIn } from './desk.ts';
import { type DeskParts, hasFactor, personEvidence } from './desk-parts.ts';

type Persons = Pick<PickupDesk, 'choosePerson' | 'changePerson'>;

/** At one address. */
const PEOPLE = 30;
const NAME_LENGTH = 100;

export function persons(parts: DeskParts): Persons {
  const { sessions, people, clock } = parts;
  return {
    async choosePerson({ session: token, person: chosen }, client) {
      const session = sessions.find(token, 'person');
      if (session === null) return { kind: 'gone' };
      const all = await people.ofAddress(session.address);
      const person = typeof chosen === 'number' ? (all.find(({ id }) => id === chosen) ?? null) : null;
      const isSame = person !== null && person.id === session.personId;
      if (typeof chosen === 'number' && (person === null || (hasFactor(person) && !isSame))) return refused(chosen, client, parts);
      const name = typeof chosen === 'number' ? null : cleanName(chosen.name);
      if (person === null && (name === null || all.length >= PEOPLE)) return { kind: 'wrong' };
      const at = clock.now();
      const added = [personEvidence('person.added', at, {}, client)];
      const { id } = person ?? (await people.add({ address: session.address, name, language: null, at, evidence: added }));
      // A factor says who its owner is, and of another person at the address that they read there.
      const lowered = !isSame && (session.personId !== null || isEnrolled(session.provedBy));
      return renewed(sessions.renew(token, { personId: id, ...(lowered ? { assurance: 'address' } : {}) }));
    },
    async changePerson({ session: token, name, language }, client) {
      const session = sessions.find(token, 'person');
      if (session === null || session.personId === null) return 'signed-out';
      const cleaned = name === null ? null : cleanName(name);
      const spoken = language !== null && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) ? language : null;
      const { personId } = session;
      const at = clock.now();
      const codes = { person: personId, ...(cleaned === null ? {} : { name: 'given' }), ...(spoken === null ? {} : { language: spoken }) };
      await people.change({
        personId,
        name: cleaned,
        language: spoken,
        at,
        evidence: [personEvidence('person.changed', at, codes, client)],
      });
      return 'done';
    },
  };
}

async function refused(person: number, client: DeskClient, { audit, clock }: DeskParts): Promise<NotSignedIn> {
  await audit.append([personEvidence('pickup.sign-in-failed', clock.now(), { by: 'choice', person }, client)]);
  return { kind: 'wrong' };
}

function renewed(token: string | null): SignedIn | NotSignedIn {
  return token === null ? { kind: 'gone' } : { kind: 'signed-in', session: token };
}

function isEnrolled(kind: FactorKind): boolean {
  return ENROLLED_KINDS.some((one) => one === kind);
}

/** As it is shown to others; null where nothing is left. */
function cleanName(given: string): string | null {
  const name = [
    ...given
      .normalize('NFC')
      .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, NAME_LENGTH)
    .join('');
  return name === '' ? null : name;
}
