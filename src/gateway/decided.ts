// From what policy decided for a recipient to what its delivery becomes, and the evidence of it. Pure.
import { deliveryIdOf, type DeliveryKind } from '../mail/delivery.ts';
import type { Notify, Recipient } from '../mail/envelope.ts';
import type { Codes, Evidence } from '../mail/evidence.ts';
import { endOfTerm, type HoldTerm } from '../mail/hold-term.ts';
import { MAIL_ERRORS, type MailErrorCode } from '../mail/mail-error.ts';
import { NO_MODIFIERS, type Decision } from '../mail/decision.ts';
import type { Protection } from '../mail/tls.ts';
import type { Settings } from '../policy/settings.ts';
import type { Decided, Hold } from '../store/journal.ts';
import type { DeliveryStatus, ReportKind } from '../store/queue.ts';

/** Who looks after what is held, and how long. */
export type HoldSettings = Pick<Settings, 'reviewers' | 'holdFor'>;

/** The configuration's word: the administrator's, for as long as it says. */
export const CONFIGURED: HoldSettings = { reviewers: [], holdFor: null };

export interface DecidedFor {
  readonly kind: DeliveryKind;
  readonly notify: readonly Notify[] | null;
  /** Machine time, for the report. */
  readonly at: number;
  /** Steady time, for the deadline. */
  readonly now: number;
  readonly settings: HoldSettings;
  /** Where the settings say nothing. */
  readonly holdFor: HoldTerm;
}

export const ADMINISTRATOR = 'administrator';

/** State, hold and report of a delivery by its decision. */
export function becomes(decision: Decision, about: DecidedFor): Pick<Decided, 'state' | 'hold' | 'report'> {
  switch (decision.action) {
    case 'deliver':
      if (decision.methods.length > 0) return { state: 'queued', hold: null, report: null };
      return decision.otherwise === 'hold'
        ? held('delivery.below-floor', decision, about)
        : returned('delivery.below-floor', decision, about);
    case 'hold':
      return held('policy.held', decision, about);
    case 'return':
      return returned('policy.returned', decision, about);
  }
}

function held(code: MailErrorCode, decision: Decision, about: DecidedFor): ReturnType<typeof becomes> {
  const { now, settings, holdFor } = about;
  return { state: 'held', hold: holdOf(code, settings, now, holdFor), report: reportOf('held', code, decision, about) };
}

function returned(code: MailErrorCode, decision: Decision, about: DecidedFor): ReturnType<typeof becomes> {
  return { state: 'returned', hold: null, report: reportOf('failed', code, decision, about) };
}

/** A hold in the hands of the reviewers that policy names, or of the administrator. */
export function holdOf(reason: MailErrorCode, settings: HoldSettings, now: number, holdFor: HoldTerm): Hold {
  return { reason, owner: ownerOf(settings), deadline: endOfTerm(settings.holdFor ?? holdFor, now) };
}

/** Whom the originator may ask of a hold: owners that have addresses. */
export function askOf(owner: string): { readonly ask?: string } {
  return owner.includes('@') ? { ask: owner.split(', ').join(' or ') } : {};
}

function ownerOf({ reviewers }: HoldSettings): string {
  return reviewers.length === 0 ? ADMINISTRATOR : reviewers.join(', ');
}

/** What we made ourselves is reported to nobody; a hold is a delay (RFC 3461 4.1), and told where delays are. */
function reportOf(
  kind: ReportKind,
  code: MailErrorCode,
  { reason }: Decision,
  { at, notify, ...about }: DecidedFor,
): { readonly kind: ReportKind; readonly status: DeliveryStatus } | null {
  if (about.kind !== 'message') return null;
  if (kind === 'held' && notify !== null && !notify.includes('delay')) return null;
  const { reviewers } = about.settings;
  const told = { at, status: MAIL_ERRORS[code].enhanced, code, diagnostic: null, remoteMta: null };
  return {
    kind,
    status: { ...told, ...(reason === null ? {} : { words: reason }), ...(reviewers.length === 0 ? {} : { ask: reviewers.join(' or ') }) },
  };
}

/** What evidence says of a decision. */
export function decisionCodes({ rule, policyVersion, action, floor, floors, methods, otherwise, modifiers }: Decision): Codes {
  return {
    rule,
    policy: policyVersion,
    action,
    floor,
    ...(floors.length === 0 ? {} : { floors: floors.join(' ') }),
    methods: methods.join(' '),
    otherwise,
    ...(modifiers.unsubscribe === null ? {} : { purpose: modifiers.unsubscribe }),
  };
}

/** Evidence of one decision and of what follows from it at once. */
export function decidedEvidence(
  messageId: string,
  n: number,
  at: number,
  decided: Pick<Decided, 'decision' | 'state' | 'hold' | 'report'>,
  { address, answers }: Pick<Recipient, 'address' | 'answers'>,
): readonly Evidence[] {
  const about = { at, messageId, deliveryId: deliveryIdOf(messageId, n) };
  const decision: Evidence = {
    ...about,
    kind: 'delivery.decided',
    codes: { ...decisionCodes(decided.decision), ...(answers === undefined ? {} : { answers }) },
    detail: { recipient: address },
  };
  if (decided.hold !== null) return [decision, heldEvidence(messageId, n, at, decided.hold)];
  if (decided.state !== 'returned') return [decision];
  return [
    decision,
    { ...about, kind: 'delivery.returned', codes: { code: decided.report?.status.code ?? 'policy.returned' }, detail: null },
  ];
}

export function heldEvidence(messageId: string, n: number, at: number, { reason, owner, deadline }: Hold): Evidence {
  const codes = { code: reason, owner, until: deadline };
  return { kind: 'delivery.held', at, messageId, deliveryId: deliveryIdOf(messageId, n), codes, detail: null };
}

const NOTICE = '<notice>';
const CODE = '<code>';
/** Rules of mail of ours that has a way of its own. */
export const OWN_WAYS: readonly string[] = [NOTICE, CODE];

/** A notice that mail waits: nothing in it is to be protected, so it takes the best TLS that it can get (DESIGN.md section 3). */
export function noticeMail(policyVersion: string): Decision {
  return { ...ownMail(policyVersion, 'opportunistic', 'return'), rule: NOTICE };
}

/** A code that is enough to open content: only over the floor that the content itself would have needed. */
export function codeMail(policyVersion: string, floor: Exclude<Protection, 'opportunistic' | 'sealed'>): Decision {
  return { ...ownMail(policyVersion, floor, 'return'), rule: CODE };
}

/** The decision for what the gateway itself sends (reports, notices): the configuration's floor, no rule. */
export function ownMail(policyVersion: string, floor: Protection, otherwise: Decision['otherwise']): Decision {
  return {
    rule: '<own-mail>',
    policyVersion,
    consents: null,
    action: 'deliver',
    released: false,
    floor,
    floors: [],
    methods: ['relay'],
    otherwise,
    reason: null,
    modifiers: NO_MODIFIERS,
  };
}
