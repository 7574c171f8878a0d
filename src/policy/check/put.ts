// Values put into facts, and the questions that they are made for.
import type { MessageFacts, RecipientFacts } from '../../mail/facts.ts';
import type { Atom } from '../condition.ts';
import type { PolicySource } from '../source.ts';
import type { Member } from '../values.ts';
import type { Asked } from './literals.ts';
import type { Put } from './space.ts';

export function inMessage(change: (message: MessageFacts) => Partial<MessageFacts>): Put {
  return (facts) => ({ ...facts, message: { ...facts.message, ...change(facts.message) } });
}

export function inRecipient(change: (recipient: RecipientFacts) => Partial<RecipientFacts>): Put {
  return (facts) => ({ ...facts, recipient: { ...facts.recipient, ...change(facts.recipient) } });
}

/** Atoms of one key in a dimension. */
export function atomsWith<K extends Atom['key']>(asked: Asked, dimension: string, key: K): readonly Extract<Atom, { key: K }>[] {
  return (asked.get(dimension) ?? []).filter((atom): atom is Extract<Atom, { key: K }> => atom.key === key);
}

/** Entries as written, of lists too. */
export function entriesOf(members: readonly Member[], { lists }: PolicySource): readonly string[] {
  return members.flatMap((member) => ('list' in member ? (lists.get(member.list)?.entries ?? []).map(({ text }) => text) : [member.entry]));
}
