// A pickup: a message that waits at the portal for one recipient. What opens it, how sure we are who reads, and what became of it. Pure.

/**
 * How sure we are who is reading. 'address': a code went to the address, so whoever reads its mail (NIST SP 800-63B-4 3.1.3.1: that confirms
 * an address and is no more). 'clinic': the person had a code that the organisation gave them by another way, or a factor enrolled after that.
 */
export const ASSURANCES = ['address', 'clinic'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** Is what a person has shown enough for what is wanted? */
export function isEnough(shown: Assurance, wanted: Assurance): boolean {
  return ASSURANCES.indexOf(shown) >= ASSURANCES.indexOf(wanted);
}

/** What a person may prove themselves by. The first three are codes, sent or told, each good once; a phone is where one of them goes. */
export const FACTOR_KINDS = ['mailed-code', 'clinic-code', 'phone-code', 'password', 'totp', 'passkey', 'phone'] as const;
export type FactorKind = (typeof FACTOR_KINDS)[number];
export const ENROLLED_KINDS = ['password', 'totp', 'passkey', 'phone'] as const satisfies readonly FactorKind[];
export type EnrolledKind = (typeof ENROLLED_KINDS)[number];

/** How a code gets to a phone. */
export const PHONE_WAYS = ['sms', 'voice'] as const;
export type PhoneWay = (typeof PHONE_WAYS)[number];

/** What opens a pickup, set when it is made and never weakened. */
export interface Opening {
  readonly minimum: Assurance;
  /**
   * May a code travel by mail to this address? 'below-floor': its mail system fell short of the floor that the content would have needed, so a
   * code that is enough to open must not go there (DESIGN.md section 3).
   */
  readonly mailedCode: 'may-travel' | 'below-floor';
}

/** Where a pickup stands, beside the state of its delivery. */
export type PickupState = 'open' | 'recalled' | 'expired' | 'removed';

/** How a notice about a pickup fared. */
export type NoticeState = 'owed' | 'sent' | 'bounced';

/** What a person did with a pickup. Only 'read' and 'downloaded' are readings; 'looked' is a page without content, by whoever had the link. */
export type PickupUse = 'looked' | 'read' | 'downloaded' | 'answered';
