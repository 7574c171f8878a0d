// Passkeys (WebAuthn 3): the one wrapper of the library that checks them. The person is verified by their device each time, a challenge is good
// once and for five minutes, and what an authenticator sent is never believed before it is verified.
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { FactorSecret } from '../store/people.ts';

export type PasskeySecret = Extract<FactorSecret, { readonly kind: 'passkey' }>;

/** Whose page it is: the public origin of the brand. */
export interface RelyingParty {
  readonly name: string;
  /** `https://portal.clinic.example` */
  readonly origin: string;
}

export interface Challenge {
  readonly challengeId: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PasskeyOwner {
  /** Not the address: authenticators keep it, and may show it to others. */
  readonly handle: Uint8Array;
  readonly name: string;
  readonly enrolled: readonly PasskeySecret[];
}

export interface Passkeys {
  /** @param session the challenge is good in this one only */
  toEnrol(party: RelyingParty, owner: PasskeyOwner, session: string): Promise<Challenge>;
  toSignIn(party: RelyingParty): Promise<Challenge>;
  /** Null: not right, not for that session, late, or used before. */
  enrolled(challengeId: string, response: unknown, session: string, label: string): Promise<PasskeySecret | null>;
  /** The credential that was named, before anything is known of it; null: no response at all. */
  credentialOf(response: unknown): string | null;
  /** The secret as it is after this use, or null. `secret` null: nobody has such a credential. */
  signedIn(challengeId: string, response: unknown, secret: PasskeySecret | null): Promise<PasskeySecret | null>;
}

const CHALLENGE_MS = 5 * 60_000;
const MAX_CHALLENGES = 10_000;
/** ES256, RS256, EdDSA: RFC 9053. */
const ALGORITHMS = [-8, -7, -257];

const text = z.string().max(16_384);
const transports = z.array(z.string().max(32)).max(10).optional();
const base = { id: text, rawId: text, type: z.literal('public-key') } as const;
const enrolment = z.object({ ...base, response: z.object({ clientDataJSON: text, attestationObject: text, transports }) });
const assertion = z.object({
  ...base,
  response: z.object({ clientDataJSON: text, authenticatorData: text, signature: text, userHandle: text.optional().nullable() }),
});

interface Pending {
  readonly challenge: string;
  readonly party: RelyingParty;
  readonly session: string | null;
  readonly until: number;
}

/** @param now milliseconds on a clock that nobody sets */
export function passkeys(now: () => number): Passkeys {
  const pending = new Map<string, Pending>();
  const keep = (party: RelyingParty, session: string | null, challenge: string): string => {
    const challengeId = randomBytes(16).toString('base64url');
    pending.set(challengeId, { challenge, party, session, until: now() + CHALLENGE_MS });
    const oldest = pending.keys().next();
    if (pending.size > MAX_CHALLENGES && oldest.done !== true) pending.delete(oldest.value);
    return challengeId;
  };
  /** Good once, right or wrong. */
  const take = (challengeId: string, session: string | null): Pending | null => {
    const found = pending.get(challengeId);
    pending.delete(challengeId);
    return found !== undefined && found.until > now() && found.session === session ? found : null;
  };
  return {
    async toEnrol(party, { handle, name, enrolled }, session) {
      const options = await generateRegistrationOptions({
        rpName: party.name,
        rpID: hostOf(party),
        userName: name,
        userID: Uint8Array.from(handle),
        timeout: CHALLENGE_MS,
        attestationType: 'none',
        excludeCredentials: enrolled.map(({ credentialId: id }) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
      return { challengeId: keep(party, session, options.challenge), options: { ...options } };
    },
    async toSignIn(party) {
      const options = await generateAuthenticationOptions({ rpID: hostOf(party), timeout: CHALLENGE_MS, userVerification: 'required' });
      return { challengeId: keep(party, null, options.challenge), options: { ...options } };
    },
    async enrolled(challengeId, response, session, label) {
      const found = take(challengeId, session);
      const parsed = enrolment.safeParse(response);
      if (found === null || !parsed.success) return null;
      const verified = await orNull(() => verifyEnrolment(parsed.data, found));
      if (verified?.verified !== true) return null;
      const { id, publicKey, counter, transports: ways } = verified.registrationInfo.credential;
      const key = Buffer.from(publicKey).toString('base64url');
      return { kind: 'passkey', credentialId: id, publicKey: key, counter, transports: ways ?? [], label };
    },
    credentialOf: (response) => assertion.safeParse(response).data?.id ?? null,
    async signedIn(challengeId, response, secret) {
      const found = take(challengeId, null);
      const parsed = assertion.safeParse(response);
      if (found === null || !parsed.success || secret === null || secret.credentialId !== parsed.data.id) return null;
      const verified = await orNull(() => verifyAssertion(parsed.data, found, secret));
      return verified?.verified === true ? { ...secret, counter: verified.authenticationInfo.newCounter } : null;
    },
  };
}

function verifyEnrolment(
  { id, rawId, type, response }: z.output<typeof enrolment>,
  { challenge, party }: Pending,
): ReturnType<typeof verifyRegistrationResponse> {
  return verifyRegistrationResponse({
    response: {
      id,
      rawId,
      type,
      response: { ...withoutUndefined(response), transports: response.transports ?? [] },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: hostOf(party),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

function withoutUndefined({ clientDataJSON, attestationObject }: z.output<typeof enrolment>['response']): {
  readonly clientDataJSON: string;
  readonly attestationObject: string;
} {
  return { clientDataJSON, attestationObject };
}

function verifyAssertion(
  { id, rawId, type, response }: z.output<typeof assertion>,
  { challenge, party }: Pending,
  secret: PasskeySecret,
): ReturnType<typeof verifyAuthenticationResponse> {
  const { clientDataJSON, authenticatorData, signature } = response;
  return verifyAuthenticationResponse({
    response: { id, rawId, type, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: party.origin,
    expectedRPID: hostOf(party),
    requireUserVerification: true,
    credential: {
      id: secret.credentialId,
      publicKey: Uint8Array.from(Buffer.from(secret.publicKey, 'base64url')),
      counter: secret.counter,
    },
  });
}

/** RP ID: the host, without its port (WebAuthn 3 section 5.1.2). */
function hostOf({ origin }: RelyingParty): string {
  return new URL(origin).hostname;
}

/** The library throws for what is not right; what was sent is the caller's, so the text stays here. */
async function orNull<T>(verify: () => Promise<T>): Promise<T | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}
