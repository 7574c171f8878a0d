// What a person may sign in by later: a password, an app, passkeys. Each counts as much as the session that it was enrolled in, and changing any
// takes a recent proof and ends the person's other sessions (ASVS 5.0 7.5.1, 7.4.3).
import { passwordFault } from '../../access/portal-password.ts';
import type { FoundSession } from '../../access/portal-sessions.ts';
import { newTotp, totpStep } from '../../access/totp.ts';
import { brandNamed } from '../../config/portal.ts';
import { isEnough } from '../../mail/pickup.ts';
import type { FactorSecret, Person } from '../../store/people.ts';
import type { DeskClient, Enrolled, PickupDesk } from './desk.ts';
import { type DeskParts, personEvidence } from './desk-parts.ts';

type Enrolment = Pick<PickupDesk, 'enrolPassword' | 'newTotp' | 'enrolTotp' | 'newPasskey' | 'enrolPasskey' | 'removeFactor'>;

/** A proof is recent for so long. */
const RECENT_MS = 10 * 60_000;
const FACTORS = 12;
/** A secret that is shown waits so long for its first code. */
const PENDING_MS = 10 * 60_000;
const PENDING = 1_000;
const LABEL_LENGTH = 60;

interface Standing {
  readonly token: string;
  readonly session: FoundSession;
  readonly person: Person;
}

export function enrolment(parts: DeskParts): Enrolment {
  const pending = new Map<string, { readonly secret: string; readonly until: number }>();
  const { clock, passwords, passkeys, sessions, people } = parts;
  return {
    async enrolPassword({ session: token, password }, client) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return standing;
      const fault = passwordFault(password, await knownOf(standing, parts));
      if (fault !== null) return { kind: 'refused', why: fault };
      return enrol(standing, { kind: 'password', hash: await passwords.hash(password) }, null, client, parts);
    },
    async newTotp(token) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return null;
      const { organisation } = brandNamed(parts.portal(), standing.session.brand);
      const made = newTotp(organisation, standing.person.name ?? organisation);
      pending.delete(token);
      pending.set(token, { secret: made.secret, until: clock.steady() + PENDING_MS });
      const oldest = pending.keys().next();
      if (pending.size > PENDING && oldest.done !== true) pending.delete(oldest.value);
      return made;
    },
    async enrolTotp({ session: token, code }, client) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return standing;
      const shown = pending.get(token);
      const lastStep = shown === undefined || shown.until < clock.steady() ? null : totpStep(shown.secret, code, clock.now());
      if (shown === undefined || lastStep === null) return { kind: 'refused', why: 'wrong' };
      pending.delete(token);
      return enrol(standing, { kind: 'totp', secret: shown.secret, lastStep }, null, client, parts);
    },
    async newPasskey(token, brand) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return null;
      const { person } = standing;
      const { organisation, url } = brandNamed(parts.portal(), brand);
      const owner = {
        handle: parts.keys.digest('passkey-owner', String(person.id)),
        name: person.name ?? organisation,
        enrolled: person.factors.flatMap(({ secret }) => (secret.kind === 'passkey' ? [secret] : [])),
      };
      return passkeys.toEnrol({ name: organisation, origin: url }, owner, token);
    },
    async enrolPasskey({ session: token, challengeId, response, label }, client) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return standing;
      const secret = await passkeys.enrolled(challengeId, response, token, cleanLabel(label));
      if (secret === null) return { kind: 'refused', why: 'wrong' };
      return enrol(standing, secret, parts.keys.digest('passkey', secret.credentialId), client, parts);
    },
    async removeFactor({ session: token, factorId }, client) {
      const standing = await standingAt(token, parts);
      if ('kind' in standing) return standing.kind;
      const { person, session } = standing;
      const factor = person.factors.find(({ id }) => id === factorId);
      // A code by mail must not take away what proves more, such as the number that the organisation gave.
      if (factor !== undefined && !isEnough(session.assurance, factor.assurance)) return 'prove-again';
      const at = clock.now();
      const evidence = [personEvidence('factor.removed', at, { person: person.id, factor: factorId, by: 'person' }, client)];
      if ((await people.endFactors({ personId: person.id, factorId, at, evidence })) === 0) return 'not-found';
      sessions.endPerson(person.id, token);
      return 'done';
    },
  };
}

/** Who may change something: a person who is known, and has proved it lately. */
async function standingAt(
  token: string,
  { sessions, people, clock }: DeskParts,
): Promise<Standing | { readonly kind: 'signed-out' | 'prove-again' }> {
  const session = sessions.find(token, 'person');
  const person = session?.personId == null ? null : await people.find(session.personId);
  if (session === null || person === null) return { kind: 'signed-out' };
  return clock.steady() - session.provedAt > RECENT_MS ? { kind: 'prove-again' } : { token, session, person };
}

async function enrol(
  { token, session, person }: Standing,
  secret: FactorSecret,
  name: Uint8Array | null,
  client: DeskClient,
  { people, clock, sessions }: DeskParts,
): Promise<Enrolled> {
  const replaces = secret.kind !== 'passkey' && person.factors.some(({ kind }) => kind === secret.kind);
  if (!replaces && person.factors.length >= FACTORS) return { kind: 'refused', why: 'too-many' };
  const at = clock.now();
  const { assurance } = session;
  // Ended while this was made: what would be enrolled now would outlive a lost factor.
  if (sessions.find(token, 'none') === null) return { kind: 'signed-out' };
  const evidence = [personEvidence('factor.enrolled', at, { person: person.id, factorKind: secret.kind, assurance }, client)];
  const factor = await people.enrol({ personId: person.id, assurance, secret, name, at, evidence });
  if (factor === 'ended') return { kind: 'signed-out' };
  sessions.endPerson(person.id, token);
  return { kind: 'enrolled' };
}

/** What whoever guesses would put in first. */
async function knownOf({ session, person }: Standing, { pickups, portal }: DeskParts): Promise<readonly string[]> {
  const [newest] = await pickups.ofAddress(session.address, 1);
  const { organisation, url } = brandNamed(portal(), session.brand);
  return [organisation, new URL(url).hostname, newest?.detail.recipient ?? '', person.name ?? ''];
}

function cleanLabel(label: string): string {
  return [
    ...label
      .normalize('NFC')
      .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, LABEL_LENGTH)
    .join('');
}
