// A policy as formulas: when each rule decides, when each floor applies, what law stops; and the space that they are about.
import type { Facts } from '../../mail/facts.ts';
import { type Protection, PROTECTIONS } from '../../mail/tls.ts';
import { NEVER_ABOUT_PATIENTS } from '../opportunistic.ts';
import type { Policy } from '../policy.ts';
import type { Requirement, Rule } from '../source.ts';
import { dimensionsOf } from './dimensions.ts';
import { allOf, anyOf, type Formula, not } from './formula.ts';
import { type Literals, literalsOf } from './literals.ts';
import { type Space, spaceOf } from './space.ts';

export interface Ways {
  readonly space: Space;
  readonly rules: readonly { readonly rule: Rule; readonly when: Formula }[];
  readonly floors: readonly { readonly requirement: Requirement; readonly when: Formula }[];
  /** PHI at medium or above, with blind spots as they count. */
  readonly isPhi: Formula;
  readonly plainMail: Formula;
  /** May an opportunistic rule be one? */
  readonly mayBeOpportunistic: Formula;
  readonly formulaOf: Literals['formulaOf'];
  /** The first formula, and that no earlier rule matches, law does not stop it and facts are such as there can be. */
  readonly reaching: (at: number, first: readonly Formula[]) => readonly Formula[];
  /** Whether the setting of protection is weaker than this. */
  readonly settingBelow: (floor: Protection) => Formula;
}

export function waysOf(policy: Policy): Ways {
  const { source } = policy;
  const literals = literalsOf(policy);
  const rules = source.rules.map((rule) => ({ rule, when: literals.formulaOf(rule.when) }));
  const floors = source.require.map((requirement) => ({ requirement, when: literals.formulaOf(requirement.when) }));
  const lawStops = anyOf(
    allOf(literals.purpose('marketing'), not(literals.consent('marketing'))),
    allOf(literals.purpose('fundraising'), literals.consent('fundraising-opt-out')),
  );
  // Mail without a sender is made by a machine (RFC 3834 2).
  const canBe = anyOf(not(literals.nullSender), literals.atom({ key: 'automatic', value: 'yes' }));
  const settings = new Map(PROTECTIONS.flatMap((one) => (one === 'opportunistic' ? [] : [[one, literals.settingAtLeast(one)] as const])));
  const never = source.lists.has(NEVER_ABOUT_PATIENTS)
    ? allOf(
        literals.atom({ key: 'account', value: [{ list: NEVER_ABOUT_PATIENTS }] }),
        not(literals.atom({ key: 'blind_spots', value: 'any' })),
      )
    : anyOf();
  const isPhi = literals.levelAtLeast('medium');
  const plainMail = literals.consent('plain-mail');
  return {
    space: spaceOf(plainFacts(), dimensionsOf(literals.asked, source), literals.literals),
    rules,
    floors,
    isPhi,
    plainMail,
    mayBeOpportunistic: anyOf(plainMail, never),
    formulaOf: literals.formulaOf,
    reaching: (at, first) => [...first, canBe, not(lawStops), ...rules.slice(0, at).map(({ when }) => not(when))],
    settingBelow: (floor) => not(settings.get(floor === 'opportunistic' ? 'tls' : floor) ?? allOf()),
  };
}

/** A message about which nothing is special. */
function plainFacts(): Facts {
  return {
    message: {
      reversePath: 'someone@sender.example',
      from: [],
      submitter: { kind: 'account', name: 'other' },
      client: '192.0.2.200',
      header: [],
      subjectTags: [],
      sizeBytes: 4_000,
      attachments: [],
      phi: { level: 'none', score: 0, counts: {}, labels: [], documents: [], reasons: [] },
      blindSpots: [],
      visibleOutside: 1,
      automatic: false,
      urgent: false,
      encryptedBy: null,
      acceptedAt: Date.UTC(2026, 0, 13, 15),
    },
    recipient: {
      address: 'someone@elsewhere.example',
      inside: false,
      seen: { address: true, domain: true },
      oneSlipFromKnown: false,
      consents: [],
    },
    sender: { attested: false, consentsRevision: 0 },
  };
}
