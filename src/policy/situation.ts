// What conditions look at: the facts of one decision, and what follows from them before any rule is tried.
import type { Facts, MessageFacts, Purpose } from '../mail/facts.ts';
import { type Level, LEVELS } from '../mail/finding.ts';
import { type ClientAddress, clientAddress } from './members.ts';

export interface Situation {
  readonly facts: Facts;
  readonly senderDomain: string;
  readonly recipientDomain: string;
  /** The client's address, or null. */
  readonly client: ClientAddress | null;
  /** Values of header fields by name, all in lower case. */
  readonly fields: () => ReadonlyMap<string, readonly string[]>;
  /** Level of PHI by what was found, as a position in LEVELS. */
  readonly found: number;
  /** The same, or what blind spots count as where that is more. */
  readonly level: number;
  readonly purposes: readonly Purpose[];
  readonly wish: 'more' | 'less' | null;
}

/** @throws Error where the facts are not sound: whoever decides holds then. */
export function situationOf(facts: Facts, blindSpotLevel: Level, wish: Situation['wish']): Situation {
  const { message, recipient } = facts;
  const found = LEVELS.indexOf(message.phi.level);
  const counted = countedBlindSpots(facts) > 0 ? LEVELS.indexOf(blindSpotLevel) : 0;
  return {
    facts,
    senderDomain: domainPart(message.reversePath),
    recipientDomain: domainPart(recipient.address),
    client: message.client === null ? null : clientAddress(message.client),
    fields: fieldsOf(message),
    found,
    level: Math.max(found, counted),
    purposes: [],
    wish,
  };
}

/** Blind spots that count as PHI. Where the whole message was encrypted by its sender, that is what was meant to be. */
export function countedBlindSpots({ message }: Facts): number {
  if (message.encryptedBy === null) return message.blindSpots.length;
  return message.blindSpots.filter((kind) => kind !== 'encrypted').length;
}

export function domainPart(canonicalAddress: string): string {
  return canonicalAddress.slice(canonicalAddress.lastIndexOf('@') + 1);
}

/** Read when a condition first asks. */
function fieldsOf({ header }: MessageFacts): Situation['fields'] {
  let read: Map<string, string[]> | null = null;
  return () => {
    if (read !== null) return read;
    read = new Map();
    for (const [name, value] of header) {
      const before = read.get(name);
      if (before === undefined) read.set(name, [value.toLowerCase()]);
      else before.push(value.toLowerCase());
    }
    return read;
  };
}
