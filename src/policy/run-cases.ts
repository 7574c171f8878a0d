// Runs the cases of a policy: decides each, and compares with what is expected, thing by thing. Why it came out so is in the trace.
import type { Decision } from '../mail/decision.ts';
import type { MessageFacts } from '../mail/facts.ts';
import type { YamlPath } from '../yaml/positions.ts';
import type { CaseRecipient, PolicyCase } from './case.ts';
import { caseFacts, caseMessage } from './case-facts.ts';
import type { Expected } from './case-shape.ts';
import type { Policy } from './policy.ts';
import type { Settings } from './settings.ts';
import type { Trace } from './trace.ts';

/** Something that came out otherwise; both as plain values. */
export interface Mismatch {
  readonly name: keyof Expected;
  readonly wanted: unknown;
  readonly found: unknown;
  /** Place of what is expected in the cases file. */
  readonly path: YamlPath;
}

export interface RecipientRun {
  readonly recipient: CaseRecipient;
  readonly mismatches: readonly Mismatch[];
  readonly trace: Trace;
}

export interface CaseRun {
  readonly case: PolicyCase;
  readonly recipients: readonly RecipientRun[];
}

/**
 * Decides every case.
 * @param examined by id, of every case with a text or a file: what reading and inspection found
 * @throws Error where one of those is missing
 */
export function runCases(
  policy: Pick<Policy, 'explain' | 'settings' | 'source'>,
  cases: readonly PolicyCase[],
  examined: ReadonlyMap<string, MessageFacts>,
): readonly CaseRun[] {
  return cases.map((one) => {
    const found = examined.get(one.id) ?? null;
    if (one.content !== null && found === null) throw new Error('a case was not examined');
    const message = caseMessage(one, found, policy.source.timezone);
    const recipients = one.recipients.map((recipient): RecipientRun => {
      const trace = policy.explain(caseFacts(one, message, recipient));
      const seen = { trace, decision: trace.decision, settings: policy.settings(one.sender, recipient.address) };
      return { recipient, mismatches: mismatchesOf(recipient, seen), trace };
    });
    return { case: one, recipients };
  });
}

export function hasFailed({ recipients }: CaseRun): boolean {
  return recipients.some(({ mismatches }) => mismatches.length > 0);
}

interface Seen {
  readonly trace: Trace;
  readonly decision: Decision;
  readonly settings: Settings;
}

/** What is compared with each expectation. Lists without an order are sorted. */
const FOUND: { readonly [N in keyof Required<Expected>]: (seen: Seen) => NonNullable<Expected[N]> | null } = {
  level: ({ trace }) => trace.phi.counts,
  rule: ({ decision }) => decision.rule,
  action: ({ decision }) => decision.action,
  methods: ({ decision }) => decision.methods,
  floor: ({ decision }) => decision.floor,
  floors: ({ decision }) => decision.floors,
  otherwise: ({ decision }) => decision.otherwise,
  says: ({ decision }) => decision.reason,
  purpose: ({ trace }) => [...new Set(trace.purposes.flatMap(({ as, verdict }) => (verdict.holds ? [as] : [])))],
  wish: ({ trace }) => trace.wishes.find(({ verdict }) => verdict === 'counts')?.wish ?? 'none',
  strip_tags: ({ decision }) => decision.modifiers.stripTags,
  add_header: ({ decision }) => Object.fromEntries(decision.modifiers.addFields.map(({ name, value }) => [name, value])),
  append_text: ({ decision }) => (decision.modifiers.appendText === null ? 'no' : 'yes'),
  notify: ({ decision }) => decision.modifiers.notify,
  expire: ({ decision }) => decision.modifiers.expireAfterMs,
  unsubscribe: ({ decision }) => decision.modifiers.unsubscribe ?? 'no',
  hold_for: ({ settings }) => settings.holdFor,
  reviewers: ({ settings }) => settings.reviewers,
  release_own: ({ settings }) => settings.releaseOwn,
  language: ({ settings }) => settings.language,
};
const WITHOUT_ORDER: ReadonlySet<keyof Expected> = new Set(['floors', 'purpose', 'strip_tags', 'notify', 'reviewers']);

function mismatchesOf({ expect, expectPaths }: CaseRecipient, seen: Seen): readonly Mismatch[] {
  return (Object.keys(expect) as (keyof Expected)[]).flatMap((name) => {
    const [wanted, found] = [expect[name], FOUND[name](seen)];
    return wanted === undefined || textOf(name, wanted) === textOf(name, found)
      ? []
      : [{ name, wanted, found, path: expectPaths.get(name) ?? [] }];
  });
}

function textOf(name: keyof Expected, value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(WITHOUT_ORDER.has(name) ? value.toSorted() : value);
  if (typeof value === 'object' && value !== null) return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(value);
}

/** A value as a cases file has it. */
export function shownValue(value: unknown): string {
  if (value === null) return 'no';
  if (Array.isArray(value)) return `[${value.map(shownValue).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
