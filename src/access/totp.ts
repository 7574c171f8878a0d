// Codes of an authenticator app (RFC 6238): the one wrapper of the library that reckons them. A step before and after is taken, for clocks that are
// off; the step that was used is given back, so that the store lets none count twice.
import { generateSecret, generateURI, verifySync } from 'otplib';

const STEP_SECONDS = 30;

export interface NewTotp {
  /** Base32, for those who type it. */
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
}

/** 160 bits, as RFC 4226 4 R6 recommends. */
export function newTotp(issuer: string, account: string): NewTotp {
  const secret = generateSecret({ length: 20 });
  return { secret, uri: generateURI({ issuer, label: account, secret }) };
}

/** The time step of a right code, or null. @param at milliseconds since the epoch */
export function totpStep(secret: string, typed: string, at: number): number | null {
  const token = typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '');
  if (!/^\d{6}$/.test(token)) return null;
  const verified = verifySync({ secret, token, epoch: Math.floor(at / 1000), epochTolerance: STEP_SECONDS });
  return verified.valid ? Math.floor(at / 1000 / STEP_SECONDS) + verified.delta : null;
}
