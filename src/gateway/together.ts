// Which deliveries of one message may share a wire: one packing and one transaction serve them all.
import type { ActiveDelivery } from '../store/queue.ts';

/**
 * Equal for deliveries that are sent alike: the same message, decided alike as far as the way and the packing go. Who can unsubscribe gets a
 * wire of their own: its URL says who (RFC 8058).
 */
export function togetherKey({ message, n, decision, methodIndex, outcomeUnknown }: ActiveDelivery): string {
  const { stripTags, addFields, appendText, unsubscribe } = decision.modifiers;
  return JSON.stringify([
    message.id,
    decision.policyVersion,
    decision.action,
    decision.floor,
    decision.methods,
    methodIndex,
    outcomeUnknown,
    stripTags,
    addFields,
    appendText,
    unsubscribe === null ? null : n,
  ]);
}
