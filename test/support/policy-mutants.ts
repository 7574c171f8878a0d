// Mutants of a policy: one small change each, made in the plain values of its document. And facts to tell a mutant from its original by.
import type { Decision } from '../../src/mail/decision.ts';
import { CONSENT_KINDS, type Facts } from '../../src/mail/facts.ts';
import { LABELS, LEVELS } from '../../src/mail/finding.ts';

export interface Mutant {
  /** What was changed, and where. */
  readonly name: string;
  readonly value: unknown;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value with one place of it set, or taken out where `to` is undefined. */
function withChange(value: unknown, path: readonly (string | number)[], to: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    return rest.length === 0 && to === undefined
      ? list.toSpliced(Number(step), 1)
      : list.with(Number(step), withChange(list[Number(step)], rest, to));
  }
  const mapping = isMapping(value) ? value : {};
  const changed = { ...mapping, [step]: withChange(mapping[step], rest, to) };
  return Object.fromEntries(Object.entries(changed).filter(([, one]) => one !== undefined));
}

const WEAKER: Readonly<Record<string, string | undefined>> = {
  sealed: 'tls-authenticated',
  'tls-authenticated': 'tls-verified',
  'tls-verified': 'tls',
};
const DROPPED = [
  'unless_consent',
  'expire',
  'notify',
  'strip_tag',
  'add_header',
  'append_text',
  'then',
  'protection',
  'otherwise',
  'reviewers',
  'hold_for',
] as const;

/** Every mutant of a policy's document. */
export function mutantsOf(document: unknown): readonly Mutant[] {
  const root = isMapping(document) ? document : {};
  const mutants: Mutant[] = [];
  const add = (name: string, path: readonly (string | number)[], to: unknown): void => {
    mutants.push({ name: `${path.join('.')}: ${name}`, value: withChange(document, path, to) });
  };
  for (const section of ['declare', 'settings', 'require', 'rules'] as const) {
    const items: readonly unknown[] = Array.isArray(root[section]) ? root[section] : [];
    for (const [i, item] of items.entries()) {
      const path = [section, i];
      if (!isMapping(item)) continue;
      add('dropped', path, undefined);
      if (section === 'rules' && i + 1 < items.length)
        mutants.push({
          name: `rules.${i}: swapped with the next`,
          value: { ...root, rules: items.with(i, items[i + 1]).with(i + 1, item) },
        });
      for (const key of DROPPED) if (item[key] !== undefined) add('dropped', [...path, key], undefined);
      if (typeof item['protection'] === 'string' && WEAKER[item['protection']] !== undefined)
        add('weakened', [...path, 'protection'], WEAKER[item['protection']]);
      if (item['deliver'] !== undefined) methods(item['deliver'], [...path, 'deliver'], add);
      if (item['when'] !== undefined) {
        add('negated', [...path, 'when'], { not: item['when'] });
        add('always', [...path, 'when'], undefined);
        conditions(item['when'], [...path, 'when'], add);
      }
    }
  }
  const wishes = isMapping(root['wishes']) ? root['wishes'] : {};
  for (const [wish, asks] of Object.entries(wishes)) {
    add('dropped', ['wishes', wish], undefined);
    if (!isMapping(asks)) continue;
    if (asks['header'] !== undefined && asks['tags'] !== undefined)
      for (const key of ['header', 'tags']) add('dropped', ['wishes', wish, key], undefined);
    if (Array.isArray(asks['tags']))
      for (const i of asks['tags'].keys()) if (asks['tags'].length > 1) add('dropped', ['wishes', wish, 'tags', i], undefined);
  }
  const lists = isMapping(root['lists']) ? root['lists'] : {};
  for (const [name, entries] of Object.entries(lists))
    if (Array.isArray(entries)) for (const i of entries.keys()) add('dropped', ['lists', name, i], undefined);
  return mutants;
}

type Add = (name: string, path: readonly (string | number)[], to: unknown) => void;

function methods(value: unknown, path: readonly (string | number)[], add: Add): void {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 1) {
    for (const i of list.keys()) add('a method dropped', path, list.toSpliced(i, 1));
    add('in the other order', path, list.toReversed());
  }
  if (!list.includes('relay')) add('relay added', path, ['relay', ...list]);
}

/** Each atom dropped, negated, or its threshold moved; each list of alternatives shortened. */
function conditions(value: unknown, path: readonly (string | number)[], add: Add): void {
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) {
      if (value.length > 1) add('dropped', [...path, i], undefined);
      conditions(one, [...path, i], add);
    }
    return;
  }
  if (!isMapping(value)) return;
  for (const [key, one] of Object.entries(value)) {
    const here = [...path, key];
    if (Object.keys(value).length > 1) add('dropped', here, undefined);
    if (key === 'not' || key === 'all' || key === 'any') conditions(one, here, add);
    else {
      const rest = withChange(value, [key], undefined);
      add('negated', path, { all: [...(isMapping(rest) && Object.keys(rest).length > 0 ? [rest] : []), { not: { [key]: one } }] });
      thresholds(one, here, add);
    }
  }
}

function thresholds(value: unknown, path: readonly (string | number)[], add: Add): void {
  if (typeof value === 'number') {
    add('one more', path, value + 1);
    if (value > 1) add('one less', path, value - 1);
  }
  const at = LEVELS.findIndex((level) => level === value);
  if (at > 1) add('a level lower', path, LEVELS[at - 1]);
  if (at > 0 && at < 3) add('a level higher', path, LEVELS[at + 1]);
  if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) {
      if (value.length > 1) add('dropped', [...path, i], undefined);
      thresholds(one, [...path, i], add);
    }
  } else if (isMapping(value)) for (const [key, one] of Object.entries(value)) thresholds(one, [...path, key], add);
}

/** Facts one change away from given ones. */
export function neighboursOf({ message, recipient, sender }: Facts): readonly Facts[] {
  const { phi } = message;
  const domain = recipient.address.slice(recipient.address.lastIndexOf('@') + 1);
  return [
    ...LEVELS.map((level) => ({ message: { ...message, phi: { ...phi, level } }, recipient, sender })),
    ...LABELS.map((label) => ({ message: { ...message, phi: { ...phi, labels: [label] } }, recipient, sender })),
    ...[0, 1, 2, 4, 5, 9, 10, 19, 20].map((visibleOutside) => ({ message: { ...message, visibleOutside }, recipient, sender })),
    ...[[], ['other-patients-address']].map((reasons) => ({ message: { ...message, phi: { ...phi, reasons } }, recipient, sender })),
    ...[{}, { mrn: 20 }, { mrn: 19 }, { ssn: 5 }, { ssn: 4 }, { 'birth-date': 20 }, { 'birth-date': 19 }].map((counts) => ({
      message: { ...message, phi: { ...phi, counts } },
      recipient,
      sender,
    })),
    ...[[], ['[secure]'], ['#secure']].map((subjectTags) => ({ message: { ...message, subjectTags }, recipient, sender })),
    ...[true, false].map((oneSlipFromKnown) => ({ message, recipient: { ...recipient, oneSlipFromKnown }, sender })),
    ...[true, false].map((inside) => ({ message, recipient: { ...recipient, inside }, sender })),
    ...[true, false].map((seen) => ({ message, recipient: { ...recipient, seen: { address: seen, domain: seen } }, sender })),
    ...[[], ...CONSENT_KINDS.map((kind) => [kind])].map((consents) => ({ message, recipient: { ...recipient, consents }, sender })),
    ...['ann', 'billing'].map((local) => ({ message, recipient: { ...recipient, address: `${local}@${domain}` }, sender })),
    ...(['smime', null] as const).map((encryptedBy) => ({ message: { ...message, encryptedBy }, recipient, sender })),
  ];
}

/** What a decision is, but for the policy that made it. */
export function told({ policyVersion, ...decision }: Decision): string {
  return JSON.stringify({ ...decision, policyVersion: policyVersion.length });
}

/** Facts that take a piece of the message of another, or both headers. */
export function crossesOf({ message, recipient, sender }: Facts, others: readonly Facts[]): readonly Facts[] {
  return others.flatMap(({ message: { header, from, submitter, client, attachments } }) =>
    [{ header: [...message.header, ...header] }, { from }, { submitter, client }, { attachments }].map((change) => ({
      message: { ...message, ...change },
      recipient,
      sender,
    })),
  );
}
