// What belongs to a conversation at the portal goes back there and nowhere else: never in clear to somebody for whom it was protected before. Pure.
import type { Decision } from '../mail/decision.ts';
import type { Recipient } from '../mail/envelope.ts';

/** For the originator's answer to somebody who answered at the portal. What policy holds or returns it holds or returns all the same. */
export function backToPortal(decision: Decision, { answers }: Pick<Recipient, 'answers'>): Decision {
  return answers === undefined ? decision : atPortal(decision);
}

/** By the portal only, which meets every floor. The floor stays as it is: a code that opens it may go by mail where that is met. */
export function atPortal(decision: Decision): Decision {
  return { ...decision, methods: ['portal'] };
}
