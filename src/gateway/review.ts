// review: what a person does to a delivery. Each change names who and why, and nobody releases below a floor: a release decides again.
import { canonicalAddress } from '../mail/address.ts';
import { type Decision, type MethodName, SEALING_METHODS } from '../mail/decision.ts';
import type { Evidence, EvidenceKind } from '../mail/evidence.ts';
import type { StoredFacts } from '../mail/facts.ts';
import { endOfTerm, type HoldTerm } from '../mail/hold-term.ts';
import { MAIL_ERRORS } from '../mail/mail-error.ts';
import type { Accounts } from '../store/accounts.ts';
import type { MessageRecord } from '../store/journal.ts';
import type { ChangeResult, PersonalChange, Queue, QueueEntry, QueueReader } from '../store/queue.ts';
import type { Verdict } from '../store/reviews.ts';
import type { Clock } from './clock.ts';
import { decideAgain, type DecideAgainDeps, released } from './decide-again.ts';
import { askOf } from './decided.ts';
import { isTheirOwn, namesOf } from './reviewer.ts';

export interface ReviewDeps extends DecideAgainDeps {
  readonly queue: Pick<Queue, 'change'>;
  readonly reader: Pick<QueueReader, 'show'>;
  readonly accounts: Pick<Accounts, 'find'>;
  readonly clock: Clock;
  readonly holdFor: () => HoldTerm;
  readonly methodsSetUp: readonly MethodName[];
  /** Something may be due now, or a report is owed. */
  readonly wake: () => void;
}

export interface ReviewRequest {
  readonly deliveryId: string;
  readonly change: PersonalChange['change'];
  /** Name of the person, as the system knows it. */
  readonly who: string;
  readonly why: string;
  /** Who they say they are: an account or an address, where the system user does not tell. */
  readonly as: string | null;
  /** What they say of the content. */
  readonly verdict: Verdict | null;
  /** Of a return: words for the originator. */
  readonly words: string | null;
  /** Of a release: the only method it may take from now on. */
  readonly method: MethodName | null;
}

/** What a change says that is not more than a change. */
export const NO_MORE = { as: null, verdict: null, words: null, method: null } as const;

const KINDS: Readonly<Record<PersonalChange['change'], EvidenceKind>> = {
  hold: 'delivery.held',
  release: 'delivery.released',
  cancel: 'delivery.cancelled',
  return: 'delivery.returned',
  retry: 'delivery.retried',
};

/** The kind of evidence of a change. */
export function evidenceKindOf(change: PersonalChange['change'], method: MethodName | null = null): EvidenceKind {
  return method === null ? KINDS[change] : 'delivery.rerouted';
}

/**
 * 'policy' with the words of the rule where there are any: policy returns such a message now, or lets it go by no method. 'unread': nobody
 * has looked at it yet, not even the gateway. 'own': they wrote it themselves, and policy lets nobody release what they wrote. 'method':
 * policy does not allow that one, or another that is stronger comes first. 'set-up': that method is not set up, but `methods` are.
 */
export type ReviewResult =
  | ChangeResult
  | { readonly not: 'policy'; readonly reason: string | null }
  | { readonly not: 'read' }
  | { readonly not: 'own' }
  | { readonly not: 'method'; readonly methods: readonly MethodName[] }
  | { readonly not: 'set-up'; readonly method: MethodName; readonly methods: readonly MethodName[] };

type Refused = Extract<ReviewResult, object>;

/** What is held, as it stands. */
interface Held {
  readonly message: MessageRecord;
  readonly entry: QueueEntry;
  readonly facts: StoredFacts | null;
}

/** Applies one change; the evidence says who and why, sealed. */
export async function review(request: ReviewRequest, deps: ReviewDeps): Promise<ReviewResult> {
  const { deliveryId, change, who, why, as, method } = request;
  const now = deps.clock.steady();
  const at = deps.clock.now();
  if (method !== null && !deps.methodsSetUp.includes(method)) return { not: 'set-up', method, methods: deps.methodsSetUp };
  const held = change === 'release' || change === 'return' ? await heldOf(deliveryId, deps) : null;
  const again = change === 'release' && held !== null ? await releaseOf(held, request, deps) : null;
  if (again !== null && 'not' in again) return again;
  const evidence: Evidence = {
    kind: evidenceKindOf(change, method),
    at,
    messageId: messageOf(deliveryId),
    deliveryId,
    codes: { by: 'person', ...(again === null ? {} : againCodes(again, method)) },
    detail: { who, why, ...(as === null ? {} : { as }) },
  };
  const result = await deps.queue.change({
    deliveryId,
    change,
    at: now,
    hold: change === 'hold' ? { reason: 'person', owner: who, deadline: endOfTerm(deps.holdFor(), now) } : null,
    decision: again?.decision ?? null,
    report: change === 'return' ? 'failed' : null,
    status: change === 'return' ? returnStatus(at, held, request) : null,
    evidence,
    judgement: judgementOf(held, request, at),
  });
  if (result === 'done') deps.wake();
  return result;
}

/** Null where the queue itself will say that it is not held. */
async function heldOf(deliveryId: string, deps: ReviewDeps): Promise<Held | null> {
  const shown = await deps.reader.show(messageOf(deliveryId));
  const entry = shown?.entries.find((one) => one.deliveryId === deliveryId);
  if (shown === null || entry?.state !== 'held') return null;
  return { message: shown.message, entry, facts: await deps.readings.facts(shown.message.id) };
}

interface Again {
  readonly decision: Decision;
  readonly own: 'yes' | 'no';
}

/** The decision by which a released delivery goes out: made now, at its floor. */
async function releaseOf(held: Held, request: ReviewRequest, deps: ReviewDeps): Promise<Again | Refused> {
  const { message, entry, facts } = held;
  if (entry.decision.rule === '<undecided>' && facts === null) return { not: 'read' };
  const own = await isOwn(held, request, deps);
  const settings = deps.policy().settings(canonicalAddress(message.envelope.reversePath), canonicalAddress(entry.recipient));
  if (own && settings.releaseOwn === 'no') return { not: 'own' };
  const n = Number(request.deliveryId.slice(request.deliveryId.lastIndexOf('/') + 1));
  // What a person released before is looked at anew: they may choose otherwise now.
  const before = { ...entry.decision, released: false };
  const again = await decideAgain(message, { n, recipient: entry.recipient, before }, deps);
  const decision = released(again.decision);
  if (decision.action === 'return' || decision.methods.length === 0) return { not: 'policy', reason: decision.reason };
  const { method } = request;
  if (method === null) return { decision, own: own ? 'yes' : 'no' };
  if (!mayReroute(decision, method)) return { not: 'method', methods: decision.methods.filter((one) => mayReroute(decision, one)) };
  return { decision: { ...decision, methods: [method], released: true }, own: own ? 'yes' : 'no' };
}

/** One of the methods that policy allows, and never one that leaves the content open where the first of them seals it. */
function mayReroute({ methods }: Decision, method: MethodName): boolean {
  const [first] = methods;
  return methods.includes(method) && (SEALING_METHODS.has(method) || (first !== undefined && !SEALING_METHODS.has(first)));
}

async function isOwn({ message, facts }: Held, { who, as }: ReviewRequest, { accounts }: ReviewDeps): Promise<boolean> {
  const { submitter, envelope } = message;
  const names = namesOf(who, as);
  const theirs = await Promise.all(names.map((name) => accounts.find(name)));
  const by = submitter.kind === 'account' ? await accounts.find(submitter.name) : null;
  const sent = { submitter, reversePath: envelope.reversePath, from: facts?.message.from ?? [], mayUse: by?.mayUse ?? [] };
  return isTheirOwn(
    names,
    sent,
    theirs.flatMap((account) => account?.mayUse ?? []),
  );
}

function againCodes({ decision, own }: Again, method: MethodName | null): Evidence['codes'] {
  const { floor, policyVersion } = decision;
  return { floor, policy: policyVersion, ...(method === null ? {} : { method }), ...(own === 'yes' ? { own: true } : {}) };
}

function returnStatus(at: number, held: Held | null, { words }: ReviewRequest): PersonalChange['status'] {
  const code = 'delivery.returned-by-person';
  const told = { at, status: MAIL_ERRORS[code].enhanced, code, diagnostic: null, remoteMta: null };
  return { ...told, ...(words === null ? {} : { words }), ...askOf(held?.entry.hold?.owner ?? '') };
}

function judgementOf(held: Held | null, { verdict, deliveryId, who }: ReviewRequest, at: number): PersonalChange['judgement'] {
  if (verdict === null || held === null) return null;
  const { facts } = held;
  const reasons = facts?.reasons ?? [];
  const codes = {
    verdict,
    level: facts?.message.phi.level ?? 'not-read',
    reasons: [...new Set(reasons.map(({ code }) => code))].join(' '),
  };
  const evidence: Evidence = { kind: 'review.judged', at, messageId: messageOf(deliveryId), deliveryId, codes, detail: { who } };
  return { verdict, reasons, evidence };
}

function messageOf(deliveryId: string): string {
  return deliveryId.slice(0, deliveryId.lastIndexOf('/'));
}
