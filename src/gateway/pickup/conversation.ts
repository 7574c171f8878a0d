// Who writes with whom about a pickup: the person who reads at the portal, and those of the organisation who wrote to them. Found by the token of a
// return address, which names the delivery and nobody.
import { canonicalAddress } from '../../mail/address.ts';
import { deliveryIdOf } from '../../mail/delivery.ts';
import { isInside } from '../../mail/inside.ts';
import type { PickupReference } from '../../mail/pickup-token.ts';
import { returnAddress } from '../../mail/return-address.ts';
import type { SealingKeys } from '../../keys/keys.ts';
import type { StandIn } from '../../mail/stand-in.ts';
import type { Journal, MessageRecord } from '../../store/journal.ts';
import type { Pickup, Pickups } from '../../store/pickups.ts';

export interface Conversation {
  readonly reference: PickupReference;
  readonly deliveryId: string;
  /** What waited for the person, or what they began a conversation with. */
  readonly message: MessageRecord;
  /** Null where they began it. */
  readonly pickup: Pickup | null;
  /** Address of the person at the portal. */
  readonly person: string;
}

export interface ConversationDeps {
  readonly journal: Pick<Journal, 'readMessage'>;
  readonly pickups: Pick<Pickups, 'find'>;
}

/** Null where nobody knows any more whose it was. */
export async function conversationOf(reference: PickupReference, { journal, pickups }: ConversationDeps): Promise<Conversation | null> {
  const { messageId, n } = reference;
  const deliveryId = deliveryIdOf(messageId, n);
  const message = await journal.readMessage(messageId);
  if (message === null) return null;
  const pickup = await pickups.find(deliveryId);
  if (pickup !== null) return { reference, deliveryId, message, pickup, person: pickup.detail.recipient };
  const { writer } = message.envelope;
  const begun = message.kind === 'answer' && message.about === null && n === 0 && writer !== undefined;
  return begun ? { reference, deliveryId, message, pickup: null, person: writer } : null;
}

/**
 * May this reverse-path write to the person of a conversation? Only who wrote to them, and only from inside; where the person began it,
 * whoever of the organisation looks after it.
 */
export function isPartner(reversePath: string, { message, pickup }: Conversation, organisation: readonly string[]): boolean {
  if (pickup === null) return isInside(reversePath, '', organisation);
  const originator = message.envelope.reversePath;
  return originator !== '' && canonicalAddress(originator) === canonicalAddress(reversePath) && isInside(reversePath, '', organisation);
}

/** Those that stand in a message's header for people at the portal. */
export function standIns(
  { envelope }: Pick<MessageRecord, 'envelope'>,
  keys: Pick<SealingKeys, 'digest'>,
  domain: string | null,
): readonly StandIn[] {
  if (domain === null) return [];
  return envelope.recipients.flatMap(({ address: person, answers }) => {
    const reference = answers === undefined ? null : referenceOf(answers);
    if (reference === null) return [];
    return [{ address: returnAddress((label, ...values) => keys.digest(label, ...values), 'answer', reference, domain), person }];
  });
}

function referenceOf(deliveryId: string): PickupReference | null {
  const [, messageId, n] = /^([0-9A-Z]{26})\/(\d{1,5})$/.exec(deliveryId) ?? [];
  return messageId === undefined ? null : { messageId, n: Number(n) };
}
