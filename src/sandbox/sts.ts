// MTA-STS policies of the sandbox (RFC 8461), handed out in this process in place of the HTTPS client.
import { createHash } from 'node:crypto';
import { parseStsPolicy } from '../dns/sts-policy.ts';
import type { FetchedStsPolicy, StsFetcher } from '../dns/sts-fetch.ts';
import { SANDBOX_DOMAINS } from './domains.ts';

/** In place of the fetcher of dns/: a domain without a policy is answered as with status 404. */
export const fetchSandboxPolicy: StsFetcher = (domain) => Promise.resolve(fetched(domain));

function fetched(domain: string): FetchedStsPolicy {
  const text = stsPolicy(domain);
  if (text === null) return { kind: 'failed', reason: 'bad-status' };
  const policy = parseStsPolicy(text);
  return policy === null ? { kind: 'failed', reason: 'bad-policy' } : { kind: 'policy', policy, text };
}

/** The policy of a domain, or null where it has none (RFC 8461 3.2). */
export function stsPolicy(domain: string): string | null {
  const played = SANDBOX_DOMAINS.find((one) => one.domain === domain);
  if (played === undefined || played.sts === null || played.server === null) return null;
  return ['version: STSv1', `mode: ${played.sts}`, `mx: ${played.server.host}`, 'max_age: 86400', ''].join('\r\n');
}

/** The id changes with the policy (RFC 8461 3.1). */
export function stsId(domain: string): string {
  return createHash('sha256')
    .update(stsPolicy(domain) ?? '')
    .digest('hex')
    .slice(0, 16);
}
