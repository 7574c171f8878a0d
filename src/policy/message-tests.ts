// Tests of the message: its header, size and attachments, what inspection found, what was declared and wished.
import type { AttachmentFacts, MessageFacts } from '../mail/facts.ts';
import { LEVELS } from '../mail/finding.ts';
import { isWithin } from './clock-time.ts';
import type { ConditionKey, ConditionValue } from './condition.ts';
import { globTest } from './glob.ts';
import type { PARTY_TESTS } from './party-tests.ts';
import { type Test, type TestMakers, yes } from './test-maker.ts';

export const MESSAGE_TESTS: TestMakers<Exclude<ConditionKey, keyof typeof PARTY_TESTS>> = {
  header(value) {
    const tests = value.map(({ name, value: text }) => ({ name, matches: text === null ? null : globTest(text) }));
    return ({ fields }) => {
      const found = fields();
      return tests.some(({ name, matches }) => {
        const values = found.get(name);
        return values !== undefined && (matches === null || values.some(matches));
      });
    };
  },
  subject:
    ({ tag: wanted }) =>
    ({ facts }) =>
      facts.message.subjectTags.some((tag) => wanted.includes(tag)),
  size({ over = -1, under = Infinity }) {
    return ({ facts }) => facts.message.sizeBytes > over && facts.message.sizeBytes < under;
  },
  attachment: testOfAttachments,
  phi: testOfPhi,
  findings:
    (value) =>
    ({ facts }) =>
      value.some(({ kind, atLeast }) => (facts.message.phi.counts[kind] ?? 0) >= atLeast),
  reason({ code }) {
    const wanted: ReadonlySet<string> = new Set(code);
    return ({ facts }) => facts.message.phi.reasons.some((one) => wanted.has(one));
  },
  blind_spots(value) {
    if (value === 'any') return ({ facts }) => facts.message.blindSpots.length > 0;
    if (value === 'none') return ({ facts }) => facts.message.blindSpots.length === 0;
    return ({ facts }) => facts.message.blindSpots.some((kind) => value.includes(kind));
  },
  visible_outside:
    ({ atLeast }) =>
    ({ facts }) =>
      facts.message.visibleOutside >= atLeast,
  automatic: (value) => yes(value, ({ facts }) => facts.message.automatic),
  urgent: (value) => yes(value, ({ facts }) => facts.message.urgent),
  encrypted(value) {
    const wanted = new Set(value);
    return ({ facts: { message } }) =>
      wanted.has(message.encryptedBy === null ? 'no' : 'yes') || (message.encryptedBy !== null && wanted.has(message.encryptedBy));
  },
  time:
    (value, { clock }) =>
    ({ facts }) =>
      isWithin(clock(facts.message.acceptedAt), value),
  purpose:
    (value) =>
    ({ purposes }) =>
      purposes.some((purpose) => value.includes(purpose)),
  wish:
    (value) =>
    ({ wish }) =>
      wish !== null && value.includes(wish),
};

/** Is there such a header field? Also how a wish is asked for. */
export function hasField({ name, value }: ConditionValue<'header'>[number]): (message: MessageFacts) => boolean {
  const matches = value === null ? null : globTest(value);
  return ({ header }) => header.some(([field, text]) => field === name && (matches === null || matches(text.toLowerCase())));
}

function testOfPhi({ atLeast, atMost, found, labels, documents }: ConditionValue<'phi'>): Test {
  const least = atLeast === null ? 0 : LEVELS.indexOf(atLeast);
  const most = atMost === null ? LEVELS.length : LEVELS.indexOf(atMost);
  const really = found === null ? 0 : LEVELS.indexOf(found);
  return (situation) => {
    if (situation.level < least || situation.level > most || situation.found < really) return false;
    const { phi } = situation.facts.message;
    return (
      (labels === null || phi.labels.some((label) => labels.includes(label))) &&
      (documents === null || phi.documents.some((standard) => documents.includes(standard)))
    );
  };
}

function testOfAttachments(wanted: ConditionValue<'attachment'>): Test {
  if (wanted === 'yes') return ({ facts }) => facts.message.attachments.length > 0;
  if (wanted === 'no') return ({ facts }) => facts.message.attachments.length === 0;
  const tests = wanted.map(({ kinds, types, names }) => {
    const [typeTests, nameTests] = [types?.map(globTest) ?? null, names?.map(globTest) ?? null];
    return ({ kind, declaredType, name }: AttachmentFacts): boolean =>
      (kinds === null || kinds.includes(kind)) && matchesSome(typeTests, declaredType) && matchesSome(nameTests, name);
  });
  return ({ facts }) => facts.message.attachments.some((one) => tests.some((test) => test(one)));
}

function matchesSome(tests: readonly ((text: string) => boolean)[] | null, text: string | null): boolean {
  return tests === null || (text !== null && tests.some((test) => test(text.toLowerCase())));
}
