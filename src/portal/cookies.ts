// The portal's cookies. All carry `__Host-` (RFC 6265 and its revision, 4.1.3.2): set by this host, for this host alone, over HTTPS, for every path. None outlives
// the browser but the language.

/** 'session': what a sign-in gave. 'before': holds the forms of somebody who has not signed in. 'link': where to sign in again. */
export type CookieName = 'session' | 'before' | 'link' | 'draft' | 'language' | 'zone';

/** The zone is written by a script of ours; no script sees the others. */
const READ_BY_SCRIPTS: readonly CookieName[] = ['zone'];
const YEAR_SECONDS = 31_536_000;

/** In a sandbox on http://localhost no prefix can be had: browsers want HTTPS for it. */
export function cookieName(name: CookieName, scheme: 'http' | 'https'): string {
  return scheme === 'https' ? `__Host-${name}` : name;
}

export interface CookieOptions {
  readonly path: '/';
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'lax';
  readonly maxAge?: number;
}

export function cookieOptions(name: CookieName, scheme: 'http' | 'https'): CookieOptions {
  return {
    path: '/',
    secure: scheme === 'https',
    httpOnly: !READ_BY_SCRIPTS.includes(name),
    // Strict would hide the session from whoever comes by the link of a notice.
    sameSite: 'lax',
    ...(name === 'language' ? { maxAge: YEAR_SECONDS } : {}),
  };
}

/** What may stand in each; anything else counts as no cookie. */
const SHAPES: Readonly<Record<CookieName, RegExp>> = {
  session: /^[A-Za-z0-9_-]{16,128}$/,
  before: /^[A-Za-z0-9_-]{22}$/,
  link: /^[0-9a-z-]{10,64}$/,
  draft: /^[A-Za-z0-9_-]{22}$/,
  language: /^[a-z]{2,3}$/,
  zone: /^[A-Za-z0-9_+\-/]{1,40}$/,
};

export function cookieValue(
  cookies: Readonly<Record<string, string | undefined>>,
  name: CookieName,
  scheme: 'http' | 'https',
): string | null {
  const value = Object.hasOwn(cookies, cookieName(name, scheme)) ? cookies[cookieName(name, scheme)] : undefined;
  return value !== undefined && SHAPES[name].test(value) ? value : null;
}
