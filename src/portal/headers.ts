// What every answer of the portal says about itself: nothing from elsewhere is loaded, nothing frames it, nothing of it is kept (OWASP ASVS 3.4).

/** What an answer is. 'alone': content of a message, which must not run or load anything wherever it is shown. */
export type AnswerKind = 'page' | 'page-with-pdf' | 'alone' | 'pdf' | 'static';

export interface HeaderFacts {
  /** Is the portal reached by HTTPS? Only a sandbox on localhost is not. */
  readonly scheme: 'http' | 'https';
  /** May the framed body of a message load pictures from elsewhere? */
  readonly pictures?: 'own' | 'remote';
}

const NOTHING = `default-src 'none'; base-uri 'none'; form-action 'none'`;

/** CSP level 3: scripts and styles are files of ours; forms go to us alone; nobody frames a page. */
const POLICIES: Readonly<Record<Exclude<AnswerKind, 'alone'>, string>> = {
  page: `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'page-with-pdf': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // The viewer of a browser is its own page with styles of its own; a sandbox would switch it off.
  pdf: `${NOTHING}; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'`,
  static: `${NOTHING}; frame-ancestors 'none'`,
};

/**
 * Content of a message: no script ever, no form, no plug-in, an origin of its own. Links open apart. A style may stand in the text, its addresses
 * lead nowhere.
 */
function alone(pictures: 'own' | 'remote'): string {
  const from = pictures === 'remote' ? 'data: https:' : 'data:';
  return `${NOTHING}; img-src ${from}; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox`;
}

export function securityHeaders(kind: AnswerKind, { scheme, pictures = 'own' }: HeaderFacts): Readonly<Record<string, string>> {
  return {
    'content-security-policy': kind === 'alone' ? alone(pictures) : POLICIES[kind],
    'cache-control': kind === 'static' ? 'public, max-age=31536000, immutable' : 'no-store',
    'x-content-type-options': 'nosniff',
    ...(kind === 'alone' || kind === 'pdf' ? { 'x-frame-options': 'SAMEORIGIN' } : { 'x-frame-options': 'DENY' }),
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': PERMISSIONS,
    ...(scheme === 'https' ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

const PERMISSIONS = [
  'accelerometer',
  'bluetooth',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .concat('publickey-credentials-get=(self)', 'publickey-credentials-create=(self)')
  .join(', ');
