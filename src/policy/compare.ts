// Two decisions about the same recipient, compared by how well the message is kept: for drafts tried on past mail, or beside the live policy.
import { type Decision, SEALING_METHODS } from '../mail/decision.ts';
import { PROTECTIONS } from '../mail/tls.ts';

export type Comparison = 'same' | 'weaker' | 'stricter' | 'other';

/**
 * How the second differs from the first. 'weaker': the message would go out with less protection, or go out where it was kept back.
 * 'other': as well kept, but another rule's way (other methods of the same strength, another deadline or text).
 */
export function compareDecisions(first: Decision, second: Decision): Comparison {
  const [one, two] = [strengthOf(first), strengthOf(second)];
  if (one !== two) return two < one ? 'weaker' : 'stricter';
  return likenessOf(first) === likenessOf(second) ? 'same' : 'other';
}

const SEALED = PROTECTIONS.length;

/** Returned is more than held, held more than any way out; then the weakest protection that the decision lets it go with. */
function strengthOf({ action, floor, methods, otherwise }: Decision): number {
  if (action === 'return') return SEALED + 2;
  if (action === 'hold') return SEALED + 1;
  if (methods.length === 0) return otherwise === 'return' ? SEALED + 2 : SEALED + 1;
  return methods.every((method) => SEALING_METHODS.has(method)) ? SEALED : PROTECTIONS.indexOf(floor);
}

/** What is carried out, whatever the rule is called. */
function likenessOf({ action, floor, methods, otherwise, reason, modifiers }: Decision): string {
  return JSON.stringify([action, floor, methods, otherwise, reason, modifiers]);
}
