// Signing in at the portal: a code, a password (with the app's code where one is enrolled), or a passkey. A code that went to a phone proves the
// person whose phone it is. Each try is counted, right or wrong; each
// sign-in is a new session; how sure we are who it is comes from what was proved, never from what was asked for.
import { digitsOf, findCode } from '../../access/one-time-code.ts';
import { PASSWORD_LENGTH } from '../../access/portal-password.ts';
import type { PortalSession } from '../../access/portal-sessions.ts';
import { totpStep } from '../../access/totp.ts';
import { brandNamed, DEFAULT_BRAND } from '../../config/portal.ts';
import type { Codes } from '../../mail/evidence.ts';
import { type Assurance, type FactorKind, isEnough } from '../../mail/pickup.ts';
import type { Code, CodeKind, Factor, Person } from '../../store/people.ts';
import type { Pickup } from '../../store/pickups.ts';
import type { DeskClient, NotSignedIn, PickupDesk, SignedIn } from './desk.ts';
import { type DeskParts, hasFactor, personEvidence, pickupAt, standingOf, targetOf } from './desk-parts.ts';
import { phoneTarget } from './phone-codes.ts';
import { pickupEvidence } from './reports.ts';

type Outcome = SignedIn | NotSignedIn;
type SigningIn = Pick<PickupDesk, 'enterCode' | 'enterPassword' | 'passkeyOptions' | 'enterPasskey'>;

/** What strangers tried is not held against whoever asked for the code; to them it is worth nothing any more. */
const TRIES_OF_CODE: Readonly<Record<CodeKind, number>> = { 'mailed-code': 100, 'phone-code': 100, 'clinic-code': 1_000 };
/** Each costs a hash, and each try costs all of them: how long one takes does not tell how many share the address. */
const PASSWORDS_AT_ADDRESS = 10;
const WRONG: Outcome = { kind: 'wrong' };

export function signingIn(parts: DeskParts): SigningIn {
  return {
    enterCode: ({ link, code, session }, client) =>
      atLink(link, client, parts, (pickup, attempt) => byCode(pickup, code, { ...attempt, session, client }, parts)),
    enterPassword: ({ link, password, totp, session }, client) =>
      atLink(link, client, parts, (pickup, attempt) => byPassword(pickup, { password, totp }, { ...attempt, session, client }, parts)),
    passkeyOptions: async (brand) => {
      const { organisation, url } = brandNamed(parts.portal(), brand);
      return parts.passkeys.toSignIn({ name: organisation, origin: url });
    },
    enterPasskey: (asked, client) => byPasskey(asked, client, parts),
  };
}

interface Attempt {
  readonly since: number;
  readonly session: string | null;
  readonly client: DeskClient;
}

/** `counts`: how the try is counted. */
interface Tried {
  readonly outcome: Outcome;
  readonly counts: 'failed' | 'succeeded' | 'abandoned';
}

async function atLink(
  link: string,
  client: DeskClient,
  parts: DeskParts,
  work: (pickup: Pickup, attempt: { readonly since: number }) => Promise<Tried>,
): Promise<Outcome> {
  const since = parts.sessions.moment();
  const pickup = await pickupAt(link, parts);
  if (pickup === null || standingOf(pickup, parts.clock.steady()) !== 'open') return { kind: 'gone' };
  return counted(targetOf(pickup.address), client, parts, () => work(pickup, { since }));
}

async function counted(target: string, { address }: DeskClient, { tries, clock }: DeskParts, work: () => Promise<Tried>): Promise<Outcome> {
  const forMs = tries.begin(target, address, clock.steady());
  if (forMs > 0) return { kind: 'wait', forMs: Math.ceil(forMs) };
  let counts: Tried['counts'] = 'abandoned';
  try {
    const tried = await work();
    counts = tried.counts;
    return tried.outcome;
  } finally {
    tries[counts](target, address, clock.steady());
  }
}

async function byCode(pickup: Pickup, typed: string, attempt: Attempt, parts: DeskParts): Promise<Tried> {
  const { keys, people, clock, asked } = parts;
  const { address, deliveryId } = pickup;
  const codes = await people.codes({ address, deliveryId, at: clock.steady() });
  const isAsker = [targetOf(address), phoneTarget(address)].some((one) => asked.asked(one, attempt.client.address, clock.steady()));
  const open = codes.filter(({ kind, failures }) => failures < TRIES_OF_CODE[kind] || isAsker);
  const matching = findCode(keys.digest, digitsOf(typed), open);
  const phone = await phoneOf(matching, parts);
  // A phone that was lost meanwhile proves nobody.
  const found = matching === null || (matching.factorId !== null && phone === null) ? null : matching;
  const at = clock.now();
  if (found === null) {
    const written = [pickupEvidence('pickup.sign-in-failed', pickup, at, { by: 'code' }, attempt.client)];
    await people.tried({ kind: 'wrong', codeIds: codes.map(({ id }) => id), at: clock.steady(), evidence: written });
    return { outcome: WRONG, counts: 'failed' };
  }
  const before = sameAddress(attempt.session, address, parts);
  const person = phone?.personId ?? before?.personId ?? (await whoAlone(pickup, attempt.client, parts));
  const kept = phone === null || before?.personId === phone.personId ? before : null;
  const assurance = stronger(phone?.assurance ?? assuranceOf(found), kept?.assurance ?? 'address');
  const factor = phone === null ? {} : { factor: phone.id };
  const codesOf: Codes = { by: found.kind, assurance, ...(person === null ? {} : { person }), ...factor };
  const written = [pickupEvidence('pickup.signed-in', pickup, at, codesOf, attempt.client)];
  const spent = await people.tried({ kind: 'right', codeId: found.id, at: clock.steady(), evidence: written });
  if (spent === 'spent-before') {
    await parts.audit.append([pickupEvidence('pickup.sign-in-failed', pickup, at, { by: found.kind, spent: true }, attempt.client)]);
    return { outcome: WRONG, counts: 'failed' };
  }
  const owned = phone === null ? 'counted' : await people.used({ factorId: phone.id, secret: phone.secret, at });
  if (owned === 'used-before') return { outcome: WRONG, counts: 'abandoned' };
  return begun(pickup, { assurance, personId: person, provedBy: found.kind }, attempt, parts);
}

/** The phone that a code went to, while it is enrolled. */
async function phoneOf(code: Code | null, { people }: DeskParts): Promise<Factor | null> {
  if (code === null || code.factorId === null) return null;
  const factors = (await people.ofAddress(code.address)).flatMap((person) => person.factors);
  return factors.find(({ id, kind }) => id === code.factorId && kind === 'phone') ?? null;
}

/** What the organisation told says who it is; a mail says who reads the address. */
function assuranceOf({ kind }: Code): Assurance {
  return kind === 'mailed-code' ? 'address' : 'clinic';
}

function stronger(a: Assurance, b: Assurance): Assurance {
  return isEnough(a, b) ? a : b;
}

/**
 * Nobody reads here yet: then whoever comes is the first. One person without a factor of their own: they. Null where there are several, or where the
 * one has something better to show: a code to the address must not take over their name in the evidence.
 */
async function whoAlone({ address }: Pickup, client: DeskClient, { people, clock }: DeskParts): Promise<number | null> {
  const all = await people.ofAddress(address);
  const [only] = all;
  if (only !== undefined) return all.length === 1 && !hasFactor(only) ? only.id : null;
  const at = clock.now();
  const added = await people.add({ address, name: null, language: null, at, evidence: [personEvidence('person.added', at, {}, client)] });
  return added.id;
}

async function byPassword(
  pickup: Pickup,
  { password, totp }: { readonly password: string; readonly totp: string | null },
  attempt: Attempt,
  parts: DeskParts,
): Promise<Tried> {
  const { people, clock, audit } = parts;
  const candidates = (await people.ofAddress(pickup.address)).filter(({ factors }) => factors.some(({ kind }) => kind === 'password'));
  const person = await whose(password, candidates, parts);
  const failed = async (codes: Codes): Promise<Tried> => {
    await audit.append([pickupEvidence('pickup.sign-in-failed', pickup, clock.now(), { by: 'password', ...codes }, attempt.client)]);
    return { outcome: WRONG, counts: 'failed' };
  };
  const factor = factorOf(person, 'password');
  if (person === null || factor === null) return failed({});
  const app = factorOf(person, 'totp');
  if (app !== null && totp === null) return { outcome: { kind: 'totp' }, counts: 'abandoned' };
  if (app?.secret.kind === 'totp') {
    const lastStep = totpStep(app.secret.secret, totp ?? '', clock.now());
    const secret = lastStep === null ? null : { ...app.secret, lastStep };
    if (secret === null || (await people.used({ factorId: app.id, secret, at: clock.now() })) === 'used-before')
      return failed({ person: person.id, factor: app.id });
  }
  if ((await people.used({ factorId: factor.id, secret: factor.secret, at: clock.now() })) === 'used-before')
    return failed({ person: person.id });
  const { assurance } = factor;
  const codes = { by: app === null ? 'password' : 'password-and-totp', assurance, person: person.id, factor: factor.id };
  await audit.append([pickupEvidence('pickup.signed-in', pickup, clock.now(), codes, attempt.client)]);
  return begun(pickup, { assurance, personId: person.id, provedBy: app === null ? 'password' : 'totp' }, attempt, parts);
}

/** As many hashes, whoever there is at the address and whoever it is. */
async function whose(password: string, candidates: readonly Person[], { passwords }: DeskParts): Promise<Person | null> {
  // Longer ones are nobody's: it takes as long to say so.
  const tried = [...password].length > PASSWORD_LENGTH.most ? '' : password;
  let found: Person | null = null;
  for (let i = 0; i < PASSWORDS_AT_ADDRESS; i++) {
    const person = candidates[i] ?? null;
    const secret = factorOf(person, 'password')?.secret;
    const match = await passwords.verify(tried, secret?.kind === 'password' ? secret.hash : null);
    if (match === 'match') found ??= person;
  }
  return found;
}

function factorOf(person: Person | null, kind: Factor['kind']): Factor | null {
  return person?.factors.find((factor) => factor.kind === kind) ?? null;
}

async function byPasskey(
  { challengeId, response, session }: { readonly challengeId: string; readonly response: unknown; readonly session: string | null },
  client: DeskClient,
  parts: DeskParts,
): Promise<Outcome> {
  const { keys, people, passkeys, clock, audit, sessions } = parts;
  const since = sessions.moment();
  return counted('passkey', client, parts, async () => {
    const credentialId = passkeys.credentialOf(response);
    const found = await people.byPasskey(keys.digest('passkey', credentialId ?? ''));
    const known = found?.factor.secret.kind === 'passkey' ? found.factor.secret : null;
    const secret = await passkeys.signedIn(challengeId, response, known);
    const used = found === null || secret === null ? null : await people.used({ factorId: found.factor.id, secret, at: clock.now() });
    if (found === null || used !== 'counted') {
      const codes = { by: 'passkey', ...(found === null ? {} : { person: found.person.id, factor: found.factor.id }) };
      await audit.append([personEvidence('pickup.sign-in-failed', clock.now(), codes, client)]);
      return { outcome: WRONG, counts: 'failed' };
    }
    const { person, factor } = found;
    const codes = { by: 'passkey', assurance: factor.assurance, person: person.id, factor: factor.id };
    await audit.append([personEvidence('pickup.signed-in', clock.now(), codes, client)]);
    const [newest] = await parts.pickups.ofAddress(person.address, 1);
    const proved = { assurance: factor.assurance, personId: person.id, provedBy: 'passkey' } as const;
    const place = { address: person.address, brand: newest?.brand ?? DEFAULT_BRAND, deliveryId: null };
    return begun(place, proved, { since, session, client }, parts);
  });
}

function begun(
  { address, brand, deliveryId }: { readonly address: Uint8Array; readonly brand: string; readonly deliveryId: string | null },
  proved: { readonly assurance: Assurance; readonly personId: number | null; readonly provedBy: FactorKind },
  { since, session }: Attempt,
  { sessions, clock }: DeskParts,
): Tried {
  const token = sessions.begin({ address, brand, cameFor: deliveryId, ...proved, provedAt: clock.steady() }, since, session);
  // Everything of the address has ended meanwhile: what was proved no longer counts.
  return token === null ? { outcome: WRONG, counts: 'abandoned' } : { outcome: { kind: 'signed-in', session: token }, counts: 'succeeded' };
}

function sameAddress(session: string | null, address: Uint8Array, { sessions }: DeskParts): PortalSession | null {
  const found = session === null ? null : sessions.find(session, 'none');
  return found !== null && Buffer.compare(found.address, address) === 0 ? found : null;
}
