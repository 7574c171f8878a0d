// Decisions do not go stale (DESIGN.md section 2): before an attempt and at a release they are checked against the policy and the consents
// in effect, and made again from the stored facts where either changed.
import { canonicalAddress } from '../mail/address.ts';
import type { Decision } from '../mail/decision.ts';
import type { StoredFacts } from '../mail/facts.ts';
import { isInside } from '../mail/inside.ts';
import type { Policy } from '../policy/policy.ts';
import type { MessageRecord } from '../store/journal.ts';
import type { Readings } from '../store/readings.ts';
import { CONFIGURED, type HoldSettings, OWN_WAYS } from './decided.ts';
import { unexaminable } from './examination.ts';
import { factsFor, messageFactsOf, type OnFile, type SessionFacts, sessionFactsOf } from './facts.ts';
import { backToPortal } from './to-portal.ts';

/** What is asked of a policy on the road. */
export type PolicyInEffect = Pick<Policy, 'version' | 'decide' | 'settings'>;

export interface DecideAgainDeps {
  readonly policy: () => PolicyInEffect;
  /** For what the gateway itself sends. */
  readonly ownMail: () => Decision;
  readonly readings: Pick<Readings, 'facts'>;
  readonly onFile: (session: SessionFacts, recipients: readonly string[]) => Promise<OnFile>;
  /** Revision of the consent registry now. */
  readonly consentsRevision: () => number;
  /** Domains of the organisation, lower case. */
  readonly organisation: () => readonly string[];
}

export interface DecidedAgain {
  readonly decision: Decision;
  readonly settings: HoldSettings;
}

/** Could the decision be another now? What relies on a consent is asked each time: consents end by themselves. */
export function isStale({ policyVersion, consents, floor, modifiers }: Decision, deps: DecideAgainDeps): boolean {
  if (policyVersion !== deps.policy().version) return true;
  return consents !== null && (consents !== deps.consentsRevision() || floor === 'opportunistic' || modifiers.unsubscribe !== null);
}

/** Decides for one recipient by what is in effect now. What a person released from a hold of the same rule stays released. */
export async function decideAgain(
  message: MessageRecord,
  { n, recipient, before }: { readonly n: number; readonly recipient: string; readonly before: Decision },
  deps: DecideAgainDeps,
): Promise<DecidedAgain> {
  const policy = deps.policy();
  if (message.kind !== 'message') return { decision: ownAgain(before, policy.version, deps), settings: CONFIGURED };
  const recipients = message.envelope.recipients.map(({ address }) => address);
  const facts = (await deps.readings.facts(message.id)) ?? factsOfUnread(message, deps.organisation());
  const asked = factsFor(n, facts, await deps.onFile(sessionFactsOf(message), recipients));
  if (asked === null || asked.recipient.address !== canonicalAddress(recipient)) throw new Error('facts of another recipient');
  const decision = backToPortal(policy.decide(asked), message.envelope.recipients[n] ?? {});
  const settings = policy.settings(facts.message.reversePath, asked.recipient.address);
  return { decision: before.released && decision.rule === before.rule ? stillReleased(decision, before) : decision, settings };
}

/** Ours goes as ours does. What has a way of its own, or goes to the portal (to-portal.ts), keeps it: no policy and no configuration changes it. */
function ownAgain(before: Decision, policyVersion: string, { ownMail }: DecideAgainDeps): Decision {
  const keeps = before.methods.includes('portal') || OWN_WAYS.includes(before.rule);
  return keeps ? { ...before, policyVersion } : ownMail();
}

/** A hold that a person has released: it goes out by the methods of its rule, at its floor, never below. */
export function released(decision: Decision): Decision {
  return decision.action === 'hold' ? { ...decision, action: 'deliver', released: true } : decision;
}

/** A release goes on, by those methods only that the person let it go by; where policy leaves none of them it is held again. */
function stillReleased(decision: Decision, before: Decision): Decision {
  if (decision.action === 'return') return decision;
  const methods = decision.methods.filter((method) => before.methods.includes(method));
  if (methods.length === 0) return { ...decision, action: 'hold', released: false };
  return { ...decision, action: 'deliver', released: true, methods };
}

/** Of a message without facts (accepted by an earlier version, or they are past their time): nothing is known of its content. */
function factsOfUnread(message: MessageRecord, organisation: readonly string[]): StoredFacts {
  const { envelope } = message;
  return {
    message: messageFactsOf(sessionFactsOf(message), unexaminable(), organisation),
    recipients: envelope.recipients.map(({ address }) => standingUnknown(address, envelope.reversePath, organisation)),
    reasons: [],
  };
}

/** A recipient of whom nothing is known. */
export function standingUnknown(address: string, reversePath: string, organisation: readonly string[]): StoredFacts['recipients'][number] {
  return {
    address: canonicalAddress(address),
    inside: isInside(address, reversePath, organisation),
    seen: { address: false, domain: false },
    oneSlipFromKnown: false,
  };
}
