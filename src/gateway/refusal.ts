// Why the header of a message is refused. Pure.
import { matchesAddress } from '../mail/address.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { FixedHeader } from '../mime/fix-up.ts';
import type { Submission } from './intake.ts';

/** Why a header is refused, or null (DESIGN.md section 2; From binding of issue 2). */
export function refusalOf(header: FixedHeader, submission: Submission): MailErrorCode | null {
  if (header.defects.some((defect) => defect !== 'no-end')) return 'content.bad-header';
  if (header.loop !== 'none') return 'content.loop';
  if (header.tenantProof === 'missing') return 'session.not-permitted';
  const allowed = (address: string): boolean => submission.mayUse.some((pattern) => matchesAddress(pattern, address));
  if (submission.mayUse.includes('*')) return null;
  const claimed = [...header.from, ...header.sender, ...header.resentFrom];
  if (header.originDefects.length > 0 || !claimed.every(allowed)) return 'content.from-not-allowed';
  return null;
}
