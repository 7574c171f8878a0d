// The dimensions of facts with the values that a policy can tell apart, made from what it asks. Each value is put into real facts, so that
// the policy's own tests say what holds for it.
import { CONSENT_KINDS, type Facts, type MessageFacts } from '../../mail/facts.ts';
import { LABELS, LEVELS } from '../../mail/finding.ts';
import { BLIND_SPOT_KINDS, HEALTH_STANDARDS } from '../../mail/message.ts';
import { REASONS } from '../../mail/reasons.ts';
import { clockOf } from '../clock-time.ts';
import type { PolicySource } from '../source.ts';
import { addressDimensions } from './address-dimensions.ts';
import { attachmentDimension, headerDimension, submitterDimension } from './text-dimensions.ts';
import type { Asked } from './literals.ts';
import { atomsWith, inMessage, inRecipient } from './put.ts';
import type { Dimension, Put } from './space.ts';
import { timesFor } from './time-values.ts';

export function dimensionsOf(asked: Asked, source: PolicySource): readonly Dimension[] {
  return [
    ...addressDimensions(asked, source),
    submitterDimension(asked, source),
    headerDimension(asked),
    attachmentDimension(asked),
    ...countDimensions(asked),
    ...someDimensions(asked),
    ...yesDimensions(),
    standing,
    timeDimension(asked, source),
  ];
}

function phi(change: (now: MessageFacts['phi']) => Partial<MessageFacts['phi']>): Put {
  return inMessage((message) => ({ phi: { ...message.phi, ...change(message.phi) } }));
}

/** The numbers at which a comparison changes its answer. */
function around(edges: readonly number[]): readonly number[] {
  return [...new Set(edges.flatMap((edge) => [edge - 1, edge, edge + 1]))].filter((one) => one >= 0);
}

function countDimensions(asked: Asked): readonly Dimension[] {
  const sizes = atomsWith(asked, 'size', 'size').flatMap(({ value: { over, under } }) => [over ?? 0, under ?? 0]);
  const visible = atomsWith(asked, 'visible outside', 'visible_outside').map(({ value: { atLeast } }) => atLeast);
  const findings = [...asked.keys()]
    .filter((name) => name.startsWith('findings of '))
    .map((name): Dimension => {
      const atoms = atomsWith(asked, name, 'findings').flatMap(({ value }) => value);
      const kind = atoms[0]?.kind ?? 'name';
      return {
        name,
        kind: 'one',
        covers: 'all',
        values: [0, ...around(atoms.map(({ atLeast }) => atLeast))].map((count) =>
          phi(({ counts }) => ({ counts: { ...counts, [kind]: count } })),
        ),
        say: ({ message }) => `findings of ${kind}: ${message.phi.counts[kind] ?? 0}`,
      };
    });
  return [
    ...findings,
    {
      name: 'size',
      kind: 'one',
      covers: 'all',
      values: [4_000, ...around(sizes)].map((sizeBytes) => inMessage(() => ({ sizeBytes }))),
      say: ({ message }) => `size: ${message.sizeBytes} bytes`,
    },
    {
      name: 'visible outside',
      kind: 'one',
      covers: 'all',
      values: [1, 0, ...around(visible)].map((visibleOutside) => inMessage(() => ({ visibleOutside }))),
      say: ({ message }) => `outside addresses that see each other: ${message.visibleOutside}`,
    },
    {
      name: 'PHI',
      kind: 'one',
      covers: 'all',
      values: LEVELS.map((level) => phi(() => ({ level, score: LEVELS.indexOf(level) / LEVELS.length }))),
      say: ({ message }) => `PHI found: ${message.phi.level}`,
    },
    {
      name: 'encryption',
      kind: 'one',
      covers: 'all',
      values: ([null, 'smime', 'openpgp'] as const).map((encryptedBy) => inMessage(() => ({ encryptedBy }))),
      say: ({ message }) => `encrypted before it came: ${message.encryptedBy ?? 'no'}`,
    },
  ];
}

function someDimensions(asked: Asked): readonly Dimension[] {
  const some = <T extends string>(
    name: string,
    values: readonly T[],
    put: (value: T) => Put,
    of: (facts: Facts) => readonly string[],
  ): Dimension => ({
    name,
    kind: 'some',
    covers: 'all',
    values: values.map(put),
    say: (facts) => `${name}: ${of(facts).length === 0 ? 'none' : of(facts).join(', ')}`,
  });
  const tags = [...new Set(atomsWith(asked, 'tags', 'subject').flatMap(({ value: { tag } }) => tag))];
  return [
    some(
      'tags',
      tags,
      (tag) => inMessage(({ subjectTags }) => ({ subjectTags: [...subjectTags, tag] })),
      ({ message }) => message.subjectTags,
    ),
    some(
      'labels',
      LABELS,
      (one) => phi(({ labels }) => ({ labels: [...labels, one] })),
      ({ message }) => message.phi.labels,
    ),
    some(
      'documents',
      HEALTH_STANDARDS,
      (one) => phi(({ documents }) => ({ documents: [...documents, one] })),
      ({ message }) => message.phi.documents,
    ),
    some(
      'reasons',
      Object.keys(REASONS),
      (one) => phi(({ reasons }) => ({ reasons: [...reasons, one] })),
      ({ message }) => message.phi.reasons,
    ),
    some(
      'blind spots',
      BLIND_SPOT_KINDS,
      (one) => inMessage(({ blindSpots }) => ({ blindSpots: [...blindSpots, one] })),
      ({ message }) => message.blindSpots,
    ),
    some(
      'consents',
      CONSENT_KINDS,
      (one) => inRecipient(({ consents }) => ({ consents: [...consents, one] })),
      ({ recipient }) => recipient.consents,
    ),
  ];
}

function yesDimensions(): readonly Dimension[] {
  const either = (name: string, put: (value: boolean) => Put, of: (facts: Facts) => boolean): Dimension => ({
    name,
    kind: 'one',
    covers: 'all',
    values: [put(false), put(true)],
    say: (facts) => `${name}: ${of(facts) ? 'yes' : 'no'}`,
  });
  return [
    either(
      'inside',
      (inside) => inRecipient(() => ({ inside })),
      ({ recipient }) => recipient.inside,
    ),
    either(
      'automatic',
      (automatic) => inMessage(() => ({ automatic })),
      ({ message }) => message.automatic,
    ),
    either(
      'urgent',
      (urgent) => inMessage(() => ({ urgent })),
      ({ message }) => message.urgent,
    ),
    either(
      'attestation',
      (attested) => (facts) => ({ ...facts, sender: { ...facts.sender, attested } }),
      ({ sender }) => sender.attested,
    ),
  ];
}

/** Who got mail before is known with the domain, and is no slip of the finger. */
const STANDINGS = [
  { seen: { address: true, domain: true }, oneSlipFromKnown: false, words: 'had mail before' },
  { seen: { address: false, domain: true }, oneSlipFromKnown: false, words: 'first mail to the address' },
  { seen: { address: false, domain: true }, oneSlipFromKnown: true, words: 'first mail to the address, one slip from a known one' },
  { seen: { address: false, domain: false }, oneSlipFromKnown: false, words: 'first mail to the domain' },
  { seen: { address: false, domain: false }, oneSlipFromKnown: true, words: 'first mail to the domain, one slip from a known address' },
] as const;

const standing: Dimension = {
  name: 'standing',
  kind: 'one',
  covers: 'all',
  values: STANDINGS.map(({ seen, oneSlipFromKnown }) => inRecipient(() => ({ seen, oneSlipFromKnown }))),
  say: ({ recipient: { seen, oneSlipFromKnown } }) =>
    `recipient: ${STANDINGS.find((one) => one.seen.address === seen.address && one.seen.domain === seen.domain && one.oneSlipFromKnown === oneSlipFromKnown)?.words ?? ''}`,
};

function timeDimension(asked: Asked, { timezone }: PolicySource): Dimension {
  const clock = clockOf(timezone);
  const times = timesFor(
    atomsWith(asked, 'time', 'time').flatMap(({ value: { from, to } }) => [from, to]),
    clock,
  );
  return {
    name: 'time',
    kind: 'one',
    covers: times === null ? 'part' : 'all',
    values: (times ?? [0]).map((acceptedAt) => inMessage(() => ({ acceptedAt }))),
    say({ message }) {
      const { day, minute } = clock(message.acceptedAt);
      return `accepted: ${day} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')} (${timezone})`;
    },
  };
}
