// Forms that only a page of ours can have sent (OWASP ASVS 3.5.1): each carries a digest of the session, or before a sign-in of a cookie that only this
// browser has, under a key that lives as long as the process. Beside it the browser's own word about where a request comes from counts.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whose forms they are. */
export type Holder = { readonly kind: 'session' | 'before'; readonly token: string };

/** Name of the field. */
export const SEAL_FIELD = 'seal';

export function formSeal(key: Uint8Array, { kind, token }: Holder): string {
  return createHmac('sha256', key).update(`portal form\0${kind}\0${token}`).digest('base64url');
}

export function isSealOf(key: Uint8Array, holder: Holder, given: unknown): boolean {
  const right = Buffer.from(formSeal(key, holder));
  const shown = Buffer.from(typeof given === 'string' ? given : '');
  return shown.length === right.length && timingSafeEqual(shown, right);
}

export interface Provenance {
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Does the browser say that another site sent this? What says nothing (old browsers; an Origin of `null`, which our own Referrer-Policy makes of it)
 * is left to the seal.
 */
export function isFromElsewhere({ fetchSite, origin }: Provenance, own: string): boolean {
  if (fetchSite !== undefined) return fetchSite !== 'same-origin' || (origin !== undefined && origin !== 'null' && origin !== own);
  return origin !== undefined && origin !== 'null' && origin !== own;
}
