// What a decision's modifiers ask of the packing of a message; what asks nothing of it (whom to tell, terms) is not here.
import type { Modifiers } from '../../mail/decision.ts';
import type { Changes, UnsubscribeUris } from '../../mime/modify.ts';
import type { ActiveDelivery } from '../../store/queue.ts';

/** Where this recipient of this message can say that no more such mail is wanted (RFC 8058); null where there is no such place. */
export type UnsubscribeUrl = (delivery: ActiveDelivery) => UnsubscribeUris | null;

/** Null: nothing changes. @throws Error where unsubscribing was decided and there is nowhere to do it: such mail does not go without. */
export function changesOf(delivery: ActiveDelivery, unsubscribeUrl: UnsubscribeUrl): Changes | null {
  const { modifiers } = delivery.decision;
  if (!changesMessage(modifiers)) return null;
  const unsubscribe = modifiers.unsubscribe === null ? null : unsubscribeUrl(delivery);
  if (modifiers.unsubscribe !== null && unsubscribe === null) throw new Error('no place to unsubscribe');
  const { stripTags, addFields, appendText } = modifiers;
  return { stripTags, addFields, appendText, unsubscribe, seed: delivery.message.id };
}

/** A subject that was in another charset may be longer in ours. */
const SUBJECT_GROWTH = 65_536;

/** At most so many octets of header come of it. */
export function headerGrowth(changes: Changes | null): number {
  if (changes === null) return 0;
  const added = changes.addFields.reduce((sum, { name, value }) => sum + name.length + value.length * 8, 0);
  const uris = changes.unsubscribe === null ? 0 : changes.unsubscribe.https.length + changes.unsubscribe.mailto.length;
  return added + uris + (changes.stripTags.length > 0 ? SUBJECT_GROWTH : 0) + 1_024;
}

function changesMessage({ stripTags, addFields, appendText, unsubscribe }: Modifiers): boolean {
  return stripTags.length > 0 || addFields.length > 0 || appendText !== null || unsubscribe !== null;
}
