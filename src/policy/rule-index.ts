// Which rules can match at all: each rule whose condition needs an exact value (a recipient, a list, a tag, a consent) is found by that
// value, so that a decision tries few of many rules. Order is kept.
import type { MessageFacts } from '../mail/facts.ts';
import type { Book } from './book.ts';
import type { Atom, Condition } from './condition.ts';
import type { RuleReady } from './engine.ts';
import { domainPart, type Situation } from './situation.ts';
import type { Member } from './values.ts';

/** The first rule that matches, or null. */
export type FirstMatch = (situation: Situation) => RuleReady | null;

type Party = 'recipient' | 'sender' | 'from' | 'account';

/** A list that is asked once for each decision. */
interface ListAsked {
  readonly key: string;
  readonly holds: (situation: Situation) => boolean;
}

/** Below so many rules they are tried one by one. */
const FEW = 16;

export function firstMatchOf(rules: readonly RuleReady[], book: Book): FirstMatch {
  if (rules.length < FEW) return (situation) => rules.find(({ when }) => when.test(situation)) ?? null;
  const always: number[] = [];
  const byKey = new Map<string, number[]>();
  const lists = new Map<string, ListAsked>();
  for (const [i, { rule }] of rules.entries()) {
    const keys = keysOf(rule.when);
    if (keys === null) always.push(i);
    for (const key of new Set(keys)) {
      const those = byKey.get(key);
      if (those === undefined) byKey.set(key, [i]);
      else those.push(i);
      if (isOfList(key) && !lists.has(key)) lists.set(key, listAsked(key, book));
    }
  }
  const asked = [...lists.values()];
  return (situation) => {
    const found: (readonly number[])[] = [];
    const take = (key: string): void => {
      const those = byKey.get(key);
      if (those !== undefined) found.push(those);
    };
    for (const key of keysPresent(situation)) take(key);
    for (const { key, holds } of asked) if (holds(situation)) take(key);
    const [only = []] = found;
    const sorted = found.length <= 1 ? only : found.flat().sort((one, other) => one - other);
    return firstOf(rules, always, sorted, situation);
  };
}

/** Both in order of the policy. */
function firstOf(rules: readonly RuleReady[], always: readonly number[], found: readonly number[], situation: Situation): RuleReady | null {
  const end = rules.length;
  let a = 0;
  let f = 0;
  for (;;) {
    const one = always[a] ?? end;
    const other = found[f] ?? end;
    const next = one < other ? one : other;
    if (one < other) a += 1;
    else f += 1;
    const ready = rules[next];
    if (ready === undefined) return null;
    if (ready.when.test(situation)) return ready;
  }
}

/** Keys of which one is present whenever the condition holds; null where there are no such keys. */
function keysOf(condition: Condition): readonly string[] | null {
  switch (condition.node) {
    case 'atom':
      return keysOfAtom(condition.atom);
    case 'not':
      return null;
    case 'any': {
      const each = condition.of.map(keysOf);
      return each.includes(null) ? null : each.flatMap((keys) => keys ?? []);
    }
    case 'all':
      return condition.of.map(keysOf).reduce((best, keys) => (better(keys, best) ? keys : best), null);
  }
}

/** Keys that are seldom present are better than those of a list, and any are better than none. */
function better(keys: readonly string[] | null, than: readonly string[] | null): boolean {
  if (keys === null || than === null) return keys !== null;
  const common = (those: readonly string[]): boolean => those.some(isOfList);
  return common(than) && !common(keys);
}

function keysOfAtom(atom: Atom): readonly string[] | null {
  switch (atom.key) {
    case 'recipient':
    case 'to':
      return keysOfMembers('recipient', atom.value);
    case 'to_domain':
      return keysOfDomains('recipient', atom.value);
    case 'sender':
      return keysOfMembers('sender', atom.value);
    case 'from':
      return keysOfMembers('from', atom.value);
    case 'from_domain':
      return keysOfDomains('from', atom.value);
    case 'account':
      return keysOfMembers('account', atom.value);
    case 'subject':
      return atom.value.tag.map((tag) => `tag ${tag}`);
    case 'header':
      return atom.value.map(({ name }) => `field ${name}`);
    case 'consent':
      return atom.value.map((kind) => `consent ${kind}`);
    case 'findings':
      return atom.value.map(({ kind }) => `finding ${kind}`);
    case 'purpose':
      return atom.value.map((purpose) => `purpose ${purpose}`);
    case 'wish':
      return atom.value.map((wish) => `wish ${wish}`);
    case 'phi':
      return atom.value.labels?.map((label) => `label ${label}`) ?? null;
    case 'network':
    case 'submitter':
    case 'inside':
    case 'size':
    case 'attachment':
    case 'reason':
    case 'blind_spots':
    case 'visible_outside':
    case 'first_mail':
    case 'one_slip':
    case 'role_address':
    case 'automatic':
    case 'urgent':
    case 'encrypted':
    case 'time':
    case 'attested':
      return null;
  }
}

/** An exact address or domain, `*@domain`, `*.domain`; anything else has no key. */
function keysOfMembers(party: Party, members: readonly Member[]): readonly string[] | null {
  const keys = members.map((member): string | null => {
    if ('list' in member) return `list ${party} ${member.list}`;
    const name = member.entry.toLowerCase().replace(/^\*@/, '');
    if (party === 'account') return name.includes('*') ? null : `account ${name}`;
    return /^(?:\*\.)?[a-z0-9._@-]+$/.test(name) ? `${party} ${name}` : null;
  });
  return keys.includes(null) ? null : keys.filter((key) => key !== null);
}

/** A list of domains is another set than the same list of addresses. */
function keysOfDomains(party: Party, members: readonly Member[]): readonly string[] | null {
  return members.some((member) => 'list' in member) ? null : keysOfMembers(party, members);
}

function isOfList(key: string): boolean {
  return key.startsWith('list ');
}

function* keysPresent(situation: Situation): Generator<string> {
  const { facts, purposes, wish } = situation;
  const { message, recipient } = facts;
  yield* keysOfAddress('recipient', recipient.address);
  yield* keysOfAddress('sender', message.reversePath);
  for (const address of message.from) yield* keysOfAddress('from', address);
  if (message.submitter.kind === 'account') yield `account ${message.submitter.name.toLowerCase()}`;
  yield* keysOfMessage(message);
  for (const kind of recipient.consents) yield `consent ${kind}`;
  for (const purpose of purposes) yield `purpose ${purpose}`;
  if (wish !== null) yield `wish ${wish}`;
}

function* keysOfMessage({ subjectTags, header, phi }: MessageFacts): Generator<string> {
  for (const tag of new Set(subjectTags)) yield `tag ${tag}`;
  for (const name of new Set(header.map(([field]) => field))) yield `field ${name}`;
  for (const kind in phi.counts) yield `finding ${kind}`;
  for (const label of phi.labels) yield `label ${label}`;
}

/** The address, its domain, and every domain above it. */
function* keysOfAddress(party: Party, address: string): Generator<string> {
  const domain = domainPart(address);
  yield `${party} ${address}`;
  yield `${party} ${domain}`;
  for (let dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) yield `${party} *${domain.slice(dot)}`;
}

function listAsked(key: string, book: Book): ListAsked {
  const [, party = '', list = ''] = key.split(' ');
  const of = [{ list }];
  if (party === 'account') {
    const set = book.accounts(of, []);
    return {
      key,
      holds: ({ facts: { message } }) => message.submitter.kind === 'account' && set.has(message.submitter.name.toLowerCase()),
    };
  }
  const set = book.addresses(of, []);
  if (party === 'from')
    return { key, holds: ({ facts }) => facts.message.from.some((address) => set.rank(address, domainPart(address)) > 0) };
  if (party === 'sender') return { key, holds: ({ facts, senderDomain }) => set.rank(facts.message.reversePath, senderDomain) > 0 };
  return { key, holds: ({ facts, recipientDomain }) => set.rank(facts.recipient.address, recipientDomain) > 0 };
}
