// Which return addresses take mail, and from whom: only those that were issued and whose pickup is known still, each for its one use.
import { domainOf } from '../../mail/address.ts';
import type { MailErrorCode } from '../../mail/mail-error.ts';
import { readReturnAddress, type ReturnAddress } from '../../mail/return-address.ts';
import type { SealingKeys } from '../../keys/keys.ts';
import { type Conversation, type ConversationDeps, conversationOf, isPartner } from './conversation.ts';

export interface ReturnDoorDeps extends ConversationDeps {
  /** Of return addresses; null: there are none. */
  readonly returnDomain: () => string | null;
  readonly keys: Pick<SealingKeys, 'digest'>;
  /** Domains of the organisation, lower case. */
  readonly organisation: () => readonly string[];
}

/** What asks: the listener for what comes back takes return addresses only. */
export type Door = 'submission' | 'return';

export interface Asked {
  readonly address: string;
  readonly reversePath: string;
  /** Taken in this transaction before. */
  readonly earlier: readonly string[];
  readonly who: 'known' | 'stranger';
}

/** Why a recipient is not taken, or null. */
export function mayReceive(door: Door, deps: ReturnDoorDeps): (asked: Asked) => Promise<MailErrorCode | null> {
  return async ({ address, reversePath, earlier, who }) => {
    const read = returnAddressIn(address, deps);
    const alone = (one: string): boolean => standsAlone(one, reversePath, deps);
    if (read === null && door === 'return') return 'envelope.no-such-address';
    const mixed = earlier.some(alone) || (earlier.length > 0 && alone(address));
    // RFC 5321 4.5.3.1.10: the client sends it again for the others.
    if (read?.kind !== 'pickup')
      return read?.kind === 'unknown' ? 'envelope.no-such-address' : mixed ? 'envelope.too-many-recipients' : null;
    const conversation = await conversationOf(read.reference, deps);
    if (conversation === null || (read.use === 'notice' && conversation.pickup === null)) return 'envelope.no-such-address';
    if (mixed) return 'envelope.too-many-recipients';
    if (alone(address)) return null;
    const may = who === 'known' && (door === 'submission' || isPartner(reversePath, conversation, deps.organisation()));
    return may ? null : 'envelope.not-from-you';
  };
}

/** Null for an address of any other domain. */
export function returnAddressIn(
  address: string,
  { returnDomain, keys }: Pick<ReturnDoorDeps, 'returnDomain' | 'keys'>,
): ReturnAddress | null {
  const domain = returnDomain();
  if (domain === null || domainOf(address) !== domain) return null;
  return readReturnAddress((label, ...values) => keys.digest(label, ...values), address, domain);
}

/** What is not passed along the road but dealt with here: all that comes to notices and the postmaster, and what machines send to answers. */
export function standsAlone(address: string, reversePath: string, deps: Pick<ReturnDoorDeps, 'returnDomain' | 'keys'>): boolean {
  const read = returnAddressIn(address, deps);
  if (read?.kind === 'postmaster') return true;
  return read?.kind === 'pickup' && (read.use === 'notice' || reversePath === '');
}

/** Whom a return address is of, or null. */
export async function whoseReturn(
  address: string,
  deps: ReturnDoorDeps,
): Promise<{ readonly use: 'notice' | 'answer'; readonly conversation: Conversation } | 'postmaster' | null> {
  const read = returnAddressIn(address, deps);
  if (read?.kind === 'postmaster') return 'postmaster';
  const conversation = read?.kind === 'pickup' ? await conversationOf(read.reference, deps) : null;
  return read?.kind !== 'pickup' || conversation === null ? null : { use: read.use, conversation };
}
