// From the outcome of an attempt to what the delivery becomes. Pure: the one place that knows when mail waits, is held, goes back or expires.
import { deliveryIdOf } from '../mail/delivery.ts';
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import { MAIL_ERRORS, type MailErrorCode } from '../mail/mail-error.ts';
import type { Outcome } from '../mail/outcome.ts';
import { printable, type Reply } from '../mail/reply.ts';
import type { TlsEvidence } from '../mail/tls.ts';
import type { ActiveDelivery, DeliveryStatus, ReportKind, Settlement } from '../store/queue.ts';
import { becomes, heldEvidence, holdOf, type HoldSettings } from './decided.ts';
import type { ConfiguredRoute } from './route.ts';
import { retryDelayMs, type RetrySchedule } from './retry-schedule.ts';

export interface SettlementRules {
  readonly mode: 'live' | 'sandbox';
  readonly retry: RetrySchedule;
  readonly holdFor: HoldTerm;
  readonly delayReportAfterMs: number;
  /** After so long with one method the next is taken. */
  readonly nextMethodAfterMs: number;
}

export interface SettlementFacts {
  /** Machine time, for evidence. */
  readonly at: number;
  /** Steady time, for due times and deadlines. */
  readonly now: number;
  /** 0 to 1, for jitter. */
  readonly chance: number;
  /** Name of the next hop that answered last, or null. */
  readonly remoteMta: string | null;
  /** The route of the attempt, or null where the way was by MX. */
  readonly route: Pick<ConfiguredRoute, 'name' | 'onward'> | null;
  /** Who looks after what is held, by the policy in effect. */
  readonly holds: HoldSettings;
}

/** The settlement of one delivery. Legal by construction: only steps out of `active`. */
export function settlementOf(delivery: ActiveDelivery, outcome: Outcome, rules: SettlementRules, facts: SettlementFacts): Settlement {
  switch (outcome.kind) {
    case 'relayed':
      return relayed(delivery, outcome, rules, facts);
    case 'failed':
      return returned(delivery, outcome.code, outcome.reply, outcome.tls, facts);
    case 'deferred':
      return deferred(delivery, outcome, rules, facts);
    case 'not-reached':
      return notReached(delivery, outcome, rules, facts);
  }
}

function relayed(
  delivery: ActiveDelivery,
  outcome: Outcome & { kind: 'relayed' },
  rules: SettlementRules,
  facts: SettlementFacts,
): Settlement {
  const report: ReportKind | null = outcome.dsn === 'not-offered' && (delivery.notify?.includes('success') ?? false) ? 'relayed' : null;
  const kind = rules.mode === 'sandbox' ? 'delivery.sandboxed' : 'delivery.relayed';
  return {
    ...common(delivery, facts),
    after: { state: 'relayed' },
    report,
    status: {
      at: facts.at,
      status: outcome.reply.enhanced ?? '2.0.0',
      code: 'relayed',
      diagnostic: diagnostic(outcome.reply),
      remoteMta: facts.remoteMta,
    },
    evidence: [
      evidence(delivery, kind, facts, { ...tlsCodes(outcome.tls), reply: outcome.reply.code, ...duplicate(delivery) }, outcome.reply),
    ],
  };
}

function returned(
  delivery: ActiveDelivery,
  code: MailErrorCode,
  reply: Reply | null,
  tls: TlsEvidence | null,
  facts: SettlementFacts,
): Settlement {
  return {
    ...common(delivery, facts),
    after: { state: 'returned' },
    report: 'failed',
    status: statusOf(code, reply, facts),
    evidence: [evidence(delivery, 'delivery.returned', facts, { code, ...replyCodes(reply), ...tlsCodes(tls) }, reply)],
  };
}

function deferred(
  delivery: ActiveDelivery,
  outcome: Outcome & { kind: 'deferred' },
  rules: SettlementRules,
  facts: SettlementFacts,
): Settlement {
  const { code, reply, tls } = outcome;
  if (facts.now >= delivery.expiresAt) {
    return {
      ...common(delivery, facts),
      after: { state: 'expired' },
      report: 'failed',
      status: { ...statusOf('delivery.expired', null, facts), diagnostic: reply === null ? null : diagnostic(reply) },
      evidence: [evidence(delivery, 'delivery.expired', facts, { code: 'delivery.expired', last: code, ...replyCodes(reply) }, reply)],
    };
  }
  if (hasNextMethod(delivery) && facts.now - (delivery.methodSince ?? facts.now) >= rules.nextMethodAfterMs)
    return nextMethod(delivery, outcome, facts);
  const dueAt = Math.min(delivery.expiresAt, facts.now + retryDelayMs(rules.retry, facts.now - delivery.message.acceptedAt, facts.chance));
  return {
    ...common(delivery, facts),
    after: { state: 'deferred', dueAt },
    outcome: outcome.afterDot === 'yes' ? 'unknown' : 'known',
    report: delayReport(delivery, rules, facts),
    status: statusOf(code, reply, facts),
    evidence: [
      evidence(
        delivery,
        'delivery.deferred',
        facts,
        { code, scope: outcome.scope, ...replyCodes(reply), ...tlsCodes(tls), ...afterDot(outcome) },
        reply,
      ),
    ],
  };
}

/** Here the decision says what happens where no method is left. */
const ASKS_OTHERWISE: readonly MailErrorCode[] = ['delivery.below-floor', 'delivery.no-unsubscribe', 'delivery.no-way-to-open'];

function notReached(
  delivery: ActiveDelivery,
  outcome: Outcome & { kind: 'not-reached' },
  rules: SettlementRules,
  facts: SettlementFacts,
): Settlement {
  const { code, tls } = outcome;
  if (hasNextMethod(delivery)) return nextMethod(delivery, { ...outcome, reply: null }, facts);
  if (!ASKS_OTHERWISE.includes(code)) return returned(delivery, code, null, tls, facts);
  if (delivery.decision.otherwise === 'hold') {
    const hold = holdOf(code, facts.holds, facts.now, rules.holdFor);
    return {
      ...common(delivery, facts),
      after: { state: 'held', hold },
      report: wants(delivery, 'delay') ? 'held' : null,
      status: heldStatus(code, facts),
      evidence: [evidence(delivery, 'delivery.held', facts, { code, owner: hold.owner, ...tlsCodes(tls) }, null)],
    };
  }
  // Waiting does not set it up.
  if (code !== 'delivery.below-floor') return returned(delivery, code, null, tls, facts);
  const waited = facts.now - (delivery.methodSince ?? facts.now);
  if (waited >= rules.nextMethodAfterMs || facts.now >= delivery.expiresAt) return returned(delivery, code, null, tls, facts);
  return deferred(delivery, { kind: 'deferred', code, scope: 'message', reply: null, tls, afterDot: 'no' }, rules, facts);
}

/** What was found on the way that is left stands in the evidence: it is why the message goes another. */
function nextMethod(
  delivery: ActiveDelivery,
  { code, reply, tls }: Pick<Outcome & { kind: 'deferred' }, 'code' | 'reply' | 'tls'>,
  facts: SettlementFacts,
): Settlement {
  const methodIndex = delivery.methodIndex + 1;
  const method = delivery.decision.methods[methodIndex] ?? '';
  return {
    ...common(delivery, facts),
    after: { state: 'queued', dueAt: facts.now },
    methodIndex,
    methodSince: null,
    report: null,
    status: null,
    evidence: [evidence(delivery, 'delivery.deferred', facts, { code, next: method, ...replyCodes(reply), ...tlsCodes(tls) }, reply)],
  };
}

/** A delivery that cannot go on because its content cannot be read or a step of ours failed: held, alarmed, never sent weaker. */
export function heldForFault(
  delivery: ActiveDelivery,
  code: MailErrorCode,
  kind: EvidenceKind,
  rules: SettlementRules,
  facts: SettlementFacts,
): Settlement {
  const hold = holdOf(code, facts.holds, facts.now, rules.holdFor);
  return {
    ...common(delivery, facts),
    after: { state: 'held', hold },
    report: wants(delivery, 'delay') ? 'held' : null,
    status: heldStatus(code, facts),
    evidence: [
      evidence(delivery, kind, facts, { code }, null),
      evidence(delivery, 'delivery.held', facts, { code, owner: hold.owner }, null),
    ],
  };
}

/** Policy as it is now holds or returns what was about to be tried. */
export function stoppedByPolicy(
  delivery: ActiveDelivery,
  decided: readonly Evidence[],
  settings: HoldSettings,
  times: { readonly at: number; readonly now: number; readonly holdFor: HoldTerm },
): Settlement {
  const { message, n, decision, notify } = delivery;
  const { state, hold, report } = becomes(decision, { kind: message.kind, notify, settings, ...times });
  const about = { at: times.at, messageId: message.id, deliveryId: deliveryIdOf(message.id, n) };
  const after: Settlement['after'] =
    hold !== null ? { state: 'held', hold } : state === 'returned' ? { state } : { state: 'queued', dueAt: times.now };
  const evidence: readonly Evidence[] =
    hold !== null
      ? [heldEvidence(message.id, n, times.at, hold)]
      : state === 'returned'
        ? [{ ...about, kind: 'delivery.returned', codes: { code: 'policy.returned' }, detail: null }]
        : [];
  return {
    lease: delivery.lease,
    at: times.now,
    decision,
    methodIndex: 0,
    methodSince: null,
    outcome: 'known',
    after,
    report: report?.kind ?? null,
    status: report?.status ?? null,
    evidence: [...decided, ...evidence],
  };
}

/** The lease given back unused: the gateway is stopping, or nothing was tried. */
export function givenBack(delivery: ActiveDelivery, facts: SettlementFacts): Settlement {
  return { ...common(delivery, facts), after: { state: 'queued', dueAt: facts.now }, report: null, status: null, evidence: [] };
}

function common(delivery: ActiveDelivery, facts: SettlementFacts): Omit<Settlement, 'after' | 'report' | 'status' | 'evidence'> {
  return {
    lease: delivery.lease,
    at: facts.now,
    decision: delivery.decision,
    methodIndex: delivery.methodIndex,
    methodSince: delivery.methodSince ?? facts.now,
    outcome: 'known',
  };
}

function hasNextMethod(delivery: ActiveDelivery): boolean {
  return delivery.methodIndex + 1 < delivery.decision.methods.length;
}

function wants(delivery: ActiveDelivery, notify: 'delay'): boolean {
  return delivery.message.kind === 'message' && (delivery.notify === null || delivery.notify.includes(notify));
}

function delayReport(delivery: ActiveDelivery, rules: SettlementRules, facts: SettlementFacts): ReportKind | null {
  const late = facts.now - delivery.message.acceptedAt >= rules.delayReportAfterMs;
  return late && !delivery.delayReported && wants(delivery, 'delay') ? 'delayed' : null;
}

function statusOf(code: MailErrorCode, reply: Reply | null, facts: SettlementFacts): DeliveryStatus {
  const status = reply?.enhanced ?? MAIL_ERRORS[code].enhanced;
  return { at: facts.at, status, code, diagnostic: reply === null ? null : diagnostic(reply), remoteMta: facts.remoteMta };
}

/** The originator hears whom to ask. */
function heldStatus(code: MailErrorCode, facts: SettlementFacts): DeliveryStatus {
  const { reviewers } = facts.holds;
  const status = statusOf(code, null, facts);
  return reviewers.length === 0 ? status : { ...status, ask: reviewers.join(' or ') };
}

function diagnostic(reply: Reply): string {
  return reply.enhanced === null ? String(reply.code) : `${reply.code} ${reply.enhanced}`;
}

function evidence(
  delivery: ActiveDelivery,
  kind: EvidenceKind,
  facts: SettlementFacts,
  codes: Evidence['codes'],
  reply: Reply | null,
): Evidence {
  const detail = {
    ...(facts.remoteMta === null ? {} : { nextHop: facts.remoteMta }),
    ...(reply === null ? {} : { reply: printable(reply.text) }),
  };
  return {
    kind,
    at: facts.at,
    messageId: delivery.message.id,
    deliveryId: deliveryIdOf(delivery.message.id, delivery.n),
    codes: { method: delivery.decision.methods[delivery.methodIndex] ?? '', ...codes, ...routeCodes(facts.route, codes) },
    detail: Object.keys(detail).length === 0 ? null : detail,
  };
}

/** Which route was taken; where the floor counts as met beyond it, also who promised that (DESIGN.md section 3). */
function routeCodes(route: SettlementFacts['route'], { reach }: Evidence['codes']): Evidence['codes'] {
  if (route === null) return {};
  const { name, onward } = route;
  if (onward === 'unknown' || reach !== 'onward-enforced') return { route: name };
  return { route: name, promisedBy: onward.promisedBy, promisedSince: onward.since };
}

function tlsCodes(tls: TlsEvidence | null): Evidence['codes'] {
  if (tls === null) return {};
  const { level, protocol, cipher, group, certificate, authenticity, leafSha256, reach } = tls;
  return {
    tls: level,
    certificate,
    authenticity,
    reach,
    ...(protocol === null ? {} : { protocol }),
    ...(cipher === null ? {} : { cipher }),
    ...(group === null ? {} : { group }),
    ...(leafSha256 === null ? {} : { leafSha256 }),
  };
}

function replyCodes(reply: Reply | null): Evidence['codes'] {
  return reply === null ? {} : { reply: reply.code, ...(reply.enhanced === null ? {} : { status: reply.enhanced }) };
}

function duplicate(delivery: ActiveDelivery): Evidence['codes'] {
  return delivery.outcomeUnknown ? { possibleDuplicate: true } : {};
}

function afterDot(outcome: Outcome & { kind: 'deferred' }): Evidence['codes'] {
  return outcome.afterDot === 'yes' ? { afterDot: true } : {};
}
