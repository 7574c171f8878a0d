// Any policy and any facts, for properties: few words, so that conditions often hold.
import fc from 'fast-check';
import { CONSENT_KINDS, type Facts } from '../../src/mail/facts.ts';
import { LABELS, LEVELS } from '../../src/mail/finding.ts';
import { BLIND_SPOT_KINDS } from '../../src/mail/message.ts';
import { METHOD_NAMES } from '../../src/mail/decision.ts';
import { TLS_FLOORS } from '../../src/mail/tls.ts';
import { factsWith } from './policy-facts.ts';

const ADDRESSES = ['ann@mercy.example', 'info@a.lab.example', 'bob@clinic.example', 'shop@clinic.example'] as const;

export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    address: fc.constantFrom(...ADDRESSES),
    from: fc.constantFrom(...ADDRESSES),
    level: fc.constantFrom(...LEVELS),
    labels: fc.subarray([...LABELS]),
    blindSpots: fc.subarray([...BLIND_SPOT_KINDS], { maxLength: 2 }),
    consents: fc.subarray([...CONSENT_KINDS]),
    encryptedBy: fc.constantFrom(null, 'smime' as const),
    subjectTags: fc.subarray(['[secure]', '[plain]', 'fw:']),
    visibleOutside: fc.nat(20),
    urgent: fc.boolean(),
    attested: fc.boolean(),
    inside: fc.boolean(),
    acceptedAt: fc.integer({ min: 1_795_000_000_000, max: 1_796_000_000_000 }),
  })
  .map(
    ({
      address,
      from,
      level,
      labels,
      blindSpots,
      consents,
      encryptedBy,
      subjectTags,
      visibleOutside,
      urgent,
      attested,
      inside,
      acceptedAt,
    }) =>
      factsWith({
        message: {
          reversePath: from,
          from: [from],
          submitter: { kind: 'account', name: from },
          blindSpots,
          encryptedBy,
          subjectTags,
          visibleOutside,
          urgent,
          acceptedAt,
        },
        phi: { level, labels },
        recipient: { address, consents, inside },
        sender: { attested },
      }),
  );

const atom = fc.constantFrom<Record<string, unknown>>(
  { phi: 'low' },
  { phi: 'medium' },
  { phi: 'high' },
  { phi: { at_most: 'low' } },
  { phi: { labels: ['hiv', 'genetics'] } },
  { to: { list: 'partners' } },
  { to_domain: '*.lab.example' },
  { sender: 'clinic.example' },
  { account: { list: 'never_about_patients' } },
  { blind_spots: 'none' },
  { blind_spots: 'any' },
  { visible_outside: { at_least: 10 } },
  { urgent: 'yes' },
  { inside: 'no' },
  { role_address: 'yes' },
  { consent: 'plain-mail' },
  { consent: 'other-way' },
  { wish: 'more' },
  { wish: 'less' },
  { time: { days: ['mon', 'tue'], from: '22:00', to: '09:00' } },
  { subject: { tag: 'fw:' } },
);

export const anyCondition: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('node') }),
    fc.tuple(atom, atom).map(([a, b]) => ({ ...a, ...b })),
  ),
})).node;

const floor = fc.constantFrom(...TLS_FLOORS);
const methods = fc.subarray([...METHOD_NAMES], { minLength: 1 });
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 });

const anyRule: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({ when: optional(anyCondition), deliver: methods, protection: optional(floor), strip_tag: optional(fc.constant('fw:')) }),
  fc.record({ when: anyCondition, hold: fc.constant('Wait.'), then: optional(methods) }),
  fc.record({ when: anyCondition, return: fc.constant('No.') }),
  fc.record({
    when: anyCondition.map((when) => ({ all: [when, { consent: 'plain-mail' }] })),
    deliver: methods,
    protection: fc.constant('opportunistic'),
  }),
  fc.record({
    when: fc.constant({ account: { list: 'never_about_patients' }, blind_spots: 'none' }),
    deliver: methods,
    protection: fc.constant('opportunistic'),
  }),
);

export interface AnyPolicy {
  readonly require: readonly Readonly<Record<string, unknown>>[];
  readonly [section: string]: unknown;
}

const named = (items: readonly Record<string, unknown>[], prefix: string): readonly Readonly<Record<string, unknown>>[] =>
  items.map((item, i) => ({ id: `${prefix}${i}`, ...Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) }));

/** The data of a policy file without a fault. */
export const anyPolicy: fc.Arbitrary<AnyPolicy> = fc
  .record({
    require: fc.array(
      fc.record({ when: optional(anyCondition), protection: floor, unless_consent: optional(fc.constantFrom('yes', 'no')) }),
      { maxLength: 4 },
    ),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 5 }),
    protection: floor,
    otherwise: fc.constantFrom('hold', 'return'),
    blind: fc.constantFrom(...LEVELS),
    declare: fc.array(fc.record({ when: anyCondition, as: fc.constantFrom('marketing', 'fundraising') }), { maxLength: 1 }),
  })
  .map(({ require, rules, protection, otherwise, blind, declare }) => ({
    version: 1,
    lists: { partners: ['mercy.example', 'bob@clinic.example'], never_about_patients: ['shop@clinic.example'] },
    wishes: { more: { tags: ['[secure]'] }, less: { tags: ['[plain]'], accounts: '*@clinic.example' } },
    settings: [
      { for: 'all', otherwise },
      { for: { sender: 'clinic.example' }, blind_spot_level: blind },
      { for: { recipient: { list: 'partners' } }, protection },
    ],
    declare: named(declare, 'd'),
    require: named(require, 'f'),
    rules: named(rules, 'r'),
  }));
