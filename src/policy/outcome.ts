// From what applies to a decision: floors, law, methods, modifiers. Shared by decide and by explain, which also asks what other rules would do.
import { type Decision, type MethodName, type Modifiers, NO_MODIFIERS, SEALING_METHODS } from '../mail/decision.ts';
import type { Purpose } from '../mail/facts.ts';
import { type Protection, stricter } from '../mail/tls.ts';
import type { Engine, RuleReady } from './engine.ts';
import { isOpportunisticPermitted } from './opportunistic.ts';
import type { Settings } from './settings.ts';
import type { Situation } from './situation.ts';
import type { Requirement } from './source.ts';

/** What a release may use where the rule does not say, and where no rule decided. */
export const RELEASE_METHODS: readonly MethodName[] = ['relay', 'portal'];

/** What the originator is told where law stops the message. */
const LAW: Readonly<Record<'<marketing>' | '<fundraising>', string>> = {
  '<marketing>': 'This is marketing, and the recipient has not authorised it or has unsubscribed (45 CFR 164.508).',
  '<fundraising>': 'This asks for gifts, and the recipient has opted out of that (45 CFR 164.514).',
};

/** All that stands before rules are tried. */
export interface Weighed {
  readonly situation: Situation;
  readonly settings: Settings;
  /** Every floor whose condition holds, in order of the policy. */
  readonly floors: readonly Requirement[];
  /** Tags of wishes in the subject. */
  readonly wishTags: readonly string[];
}

/** The word for a purpose that law stops for this recipient, or null (45 CFR 164.508(a)(3), 164.514(f)(2)). */
export function stoppedByLaw({ purposes, facts }: Situation): '<marketing>' | '<fundraising>' | null {
  const { consents } = facts.recipient;
  if (purposes.includes('marketing') && !consents.includes('marketing')) return '<marketing>';
  return purposes.includes('fundraising') && consents.includes('fundraising-opt-out') ? '<fundraising>' : null;
}

/** The decision where law stops the message, or no rule matches. */
export function withoutRule(engine: Engine, weighed: Weighed, word: '<marketing>' | '<fundraising>' | '<no-rule>'): Decision {
  const { floor, floors } = strictest(weighed.settings.protection, weighed.floors);
  const hold = word === '<no-rule>';
  return {
    rule: word,
    policyVersion: engine.version,
    consents: weighed.situation.facts.sender.consentsRevision,
    action: hold ? 'hold' : 'return',
    released: false,
    floor,
    floors,
    methods: hold ? meeting(RELEASE_METHODS, floor) : [],
    otherwise: weighed.settings.otherwise,
    reason: word === '<no-rule>' ? null : LAW[word],
    modifiers: hold ? { ...NO_MODIFIERS, stripTags: weighed.wishTags } : NO_MODIFIERS,
  };
}

/**
 * The decision where a rule decides.
 * @throws Error where the rule is opportunistic and the facts do not permit it: whoever decides holds then.
 */
export function byRule(engine: Engine, weighed: Weighed, { rule, knowsOtherWay }: RuleReady): Decision {
  const { situation, settings } = weighed;
  const { action } = rule;
  const { consents } = situation.facts.recipient;
  if (rule.protection === 'opportunistic' && !isOpportunisticPermitted(situation.facts, engine.neverAboutPatients.has))
    throw new Error('an opportunistic rule without what permits it');
  // The person asked to be reached another way (164.522(b)): only a rule that says so knows which.
  const asksAnotherWay = action.do === 'deliver' && consents.includes('other-way') && !knowsOtherWay;
  const free = rule.protection === 'opportunistic' && !asksAnotherWay;
  const waived = free && consents.includes('plain-mail');
  const { floor, floors } = strictest(
    free ? 'opportunistic' : stricter(rule.protection ?? settings.protection, settings.protection),
    waived ? weighed.floors.filter(({ unlessConsent }) => unlessConsent === 'no') : weighed.floors,
  );
  const { otherwise } = settings;
  const base = {
    rule: rule.id,
    policyVersion: engine.version,
    consents: situation.facts.sender.consentsRevision,
    released: false,
    floor,
    floors,
    otherwise,
    modifiers: modifiersOf(weighed, rule),
  };
  if (action.do === 'return') return { ...base, action: 'return', methods: [], reason: action.words };
  const methods = meeting(action.methods, floor);
  if (action.do === 'hold') return { ...base, action: 'hold', methods, reason: action.words };
  if (asksAnotherWay) return { ...base, rule: '<other-way>', action: 'hold', methods, reason: null };
  return { ...base, action: methods.length === 0 ? otherwise : 'deliver', methods, reason: null };
}

/** Where anything went wrong: held, and nothing may release it but what seals the content. */
export function faulty(version: string): Decision {
  return {
    rule: '<fault>',
    policyVersion: version,
    consents: null,
    action: 'hold',
    released: false,
    floor: 'sealed',
    floors: [],
    methods: meeting(RELEASE_METHODS, 'sealed'),
    otherwise: 'hold',
    reason: null,
    modifiers: NO_MODIFIERS,
  };
}

function strictest(
  least: Protection,
  applying: readonly Requirement[],
): { readonly floor: Protection; readonly floors: readonly string[] } {
  return {
    floor: applying.reduce<Protection>((floor, one) => stricter(floor, one.protection), least),
    floors: applying.map(({ id }) => id),
  };
}

/** The methods that can meet a floor at all, in their order. */
function meeting(methods: readonly MethodName[], floor: Protection): readonly MethodName[] {
  return floor === 'sealed' ? methods.filter((method) => SEALING_METHODS.has(method)) : methods;
}

function modifiersOf({ situation, wishTags }: Weighed, rule: RuleReady['rule']): Modifiers {
  const own = rule.stripTags.length === 0 ? [] : situation.facts.message.subjectTags.filter((tag) => rule.stripTags.includes(tag));
  const goesBack = rule.action.do === 'return';
  return {
    stripTags: own.length === 0 ? wishTags : [...new Set([...wishTags, ...own])],
    addFields: rule.addFields,
    appendText: rule.appendText,
    notify: rule.notify,
    expireAfterMs: rule.expireAfterMs,
    unsubscribe: goesBack ? null : unsubscribeOf(situation.purposes),
  };
}

/** One-click unsubscribe (RFC 8058) revokes the authorisation first: it is the stricter of the two. */
function unsubscribeOf(purposes: readonly Purpose[]): Purpose | null {
  return purposes.includes('marketing') ? 'marketing' : (purposes[0] ?? null);
}
