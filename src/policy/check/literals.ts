// The literals of a policy: what its conditions ask of each dimension of the facts. A condition becomes a formula of them, with what wishes,
// declared purposes and blind spots mean written out.
import type { ConsentKind, Purpose } from '../../mail/facts.ts';
import { type Level, LEVELS } from '../../mail/finding.ts';
import { BLIND_SPOT_KINDS } from '../../mail/message.ts';
import { TLS_FLOORS, type TlsFloor } from '../../mail/tls.ts';
import { bookOf } from '../book.ts';
import { clockOf } from '../clock-time.ts';
import { compile } from '../compiled.ts';
import type { Atom, Condition } from '../condition.ts';
import type { Policy } from '../policy.ts';
import { allOf, anyOf, type Formula, not } from './formula.ts';
import type { Literal } from './space.ts';

/** What a policy asks, by dimension: what the values of a dimension are made from. */
export type Asked = ReadonlyMap<string, readonly Atom[]>;

export interface Literals {
  readonly literals: readonly Literal[];
  readonly asked: Asked;
  readonly formulaOf: (condition: Condition) => Formula;
  readonly purpose: (purpose: Purpose) => Formula;
  readonly levelAtLeast: (level: Level) => Formula;
  readonly consent: (kind: ConsentKind) => Formula;
  readonly atom: (atom: Atom) => Formula;
  /** Is the setting of protection for the recipient at least this? */
  readonly settingAtLeast: (floor: TlsFloor) => Formula;
  readonly nullSender: Formula;
}

/** Dimension of each key that is one question to one dimension; the others are taken apart below. */
const DIMENSION = {
  sender: 'sender',
  from: 'from',
  from_domain: 'from',
  account: 'submitter',
  submitter: 'submitter',
  network: 'client',
  recipient: 'recipient',
  to: 'recipient',
  to_domain: 'recipient',
  role_address: 'recipient',
  inside: 'inside',
  first_mail: 'standing',
  one_slip: 'standing',
  header: 'header',
  subject: 'tags',
  size: 'size',
  attachment: 'attachments',
  reason: 'reasons',
  blind_spots: 'blind spots',
  visible_outside: 'visible outside',
  automatic: 'automatic',
  urgent: 'urgent',
  encrypted: 'encryption',
  time: 'time',
  consent: 'consents',
  attested: 'attestation',
} as const;

export function literalsOf(policy: Policy): Literals {
  const { source } = policy;
  const ground = { book: bookOf(source.lists, []), clock: clockOf(source.timezone) };
  const literals: Literal[] = [];
  const asked = new Map<string, Atom[]>();
  const known = new Map<string, Formula>();
  const literal = (key: string, dimension: string, test: Literal['test']): Formula => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made: Formula = { is: 'literal', literal: literals.length };
    literals.push({ dimension, test });
    known.set(key, made);
    return made;
  };
  const question = (atom: Atom, dimension: string): Formula => {
    asked.set(dimension, [...(asked.get(dimension) ?? []), atom]);
    return literal(JSON.stringify(atom), dimension, compile({ node: 'atom', atom, path: [] }, ground).test);
  };
  const consent = (kind: ConsentKind): Formula => question({ key: 'consent', value: [kind] }, 'consents');
  const levelAtLeast = (level: Level): Formula => {
    const at = LEVELS.indexOf(level);
    const counts = literal(
      `blind:${level}`,
      'sender',
      ({ facts }) => LEVELS.indexOf(policy.settings(facts.message.reversePath, '').blindSpotLevel) >= at,
    );
    const spots = question({ key: 'blind_spots', value: BLIND_SPOT_KINDS.filter((kind) => kind !== 'encrypted') }, 'blind spots');
    const closed = question({ key: 'blind_spots', value: ['encrypted'] }, 'blind spots');
    const meant = question({ key: 'encrypted', value: ['yes'] }, 'encryption');
    return anyOf(
      literal(`found:${level}`, 'PHI', ({ found }) => found >= at),
      allOf(counts, anyOf(spots, allOf(closed, not(meant)))),
    );
  };
  const wish = wishesOf(policy, (atom) => question(atom, DIMENSION[atom.key]));
  const purpose = (as: Purpose): Formula => anyOf(...source.declare.filter((one) => one.as === as).map(({ when }) => formulaOf(when)));
  const ofPhi = ({ value: { atLeast, atMost, found, labels, documents } }: Extract<Atom, { key: 'phi' }>): Formula => {
    const parts = { atLeast: null, atMost: null, found: null, labels: null, documents: null };
    const above = LEVELS[LEVELS.indexOf(atMost ?? 'high') + 1];
    return allOf(
      ...(atLeast === null ? [] : [levelAtLeast(atLeast)]),
      ...(above === undefined ? [] : [not(levelAtLeast(above))]),
      ...(found === null ? [] : [literal(`found:${found}`, 'PHI', (situation) => situation.found >= LEVELS.indexOf(found))]),
      ...(labels === null ? [] : [anyOf(...labels.map((one) => question({ key: 'phi', value: { ...parts, labels: [one] } }, 'labels')))]),
      ...(documents === null
        ? []
        : [anyOf(...documents.map((one) => question({ key: 'phi', value: { ...parts, documents: [one] } }, 'documents')))]),
    );
  };
  const ofAtom = (atom: Atom): Formula => {
    if (atom.key === 'phi') return ofPhi(atom);
    if (atom.key === 'purpose') return anyOf(...atom.value.map(purpose));
    if (atom.key === 'wish') return anyOf(...atom.value.map((one) => wish[one]));
    if (atom.key === 'findings')
      return anyOf(...atom.value.map((one) => question({ key: 'findings', value: [one] }, `findings of ${one.kind}`)));
    // A literal of a dimension with several values holds where it does for one of them.
    if (atom.key === 'blind_spots' && atom.value === 'none') return not(question({ key: 'blind_spots', value: 'any' }, 'blind spots'));
    if (atom.key === 'attachment' && atom.value === 'no') return not(question({ key: 'attachment', value: 'yes' }, 'attachments'));
    return question(atom, DIMENSION[atom.key]);
  };
  const formulaOf = (condition: Condition): Formula => {
    if (condition.node === 'atom') return ofAtom(condition.atom);
    if (condition.node === 'not') return not(formulaOf(condition.of));
    return (condition.node === 'all' ? allOf : anyOf)(...condition.of.map(formulaOf));
  };
  return {
    literals,
    asked,
    formulaOf,
    purpose,
    levelAtLeast,
    consent,
    atom: ofAtom,
    settingAtLeast: (floor) =>
      literal(
        `floor:${floor}`,
        'recipient',
        ({ facts }) => TLS_FLOORS.indexOf(policy.settings('', facts.recipient.address).protection) >= TLS_FLOORS.indexOf(floor),
      ),
    nullSender: literal('null-sender', 'sender', ({ facts }) => facts.message.reversePath === ''),
  };
}

type Simple = Extract<Atom, { key: keyof typeof DIMENSION }>;

/** What a message must have for a wish to count (see wishes.ts). */
function wishesOf({ source }: Policy, question: (atom: Simple) => Formula): Readonly<Record<'more' | 'less', Formula>> {
  const heard = (wish: 'more' | 'less'): Formula => {
    const one = source.wishes.find((each) => each.wish === wish);
    if (one === undefined) return anyOf();
    return anyOf(
      ...(one.tags.length === 0 ? [] : [question({ key: 'subject', value: { tag: [...one.tags] } })]),
      ...(one.header === null ? [] : [question({ key: 'header', value: [one.header] })]),
    );
  };
  const more = heard('more');
  const less = source.wishes.find(({ wish }) => wish === 'less');
  if (less === undefined) return { more, less: anyOf() };
  const may =
    less.accounts === null
      ? allOf()
      : allOf(question({ key: 'account', value: less.accounts }), question({ key: 'attested', value: 'yes' }));
  return { more, less: allOf(not(more), heard('less'), may) };
}
