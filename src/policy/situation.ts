// What conditions look at: the facts of one decision, and what follows from them before any rule is tried.
import type { Facts, Purpose } from '../mail/facts.ts';
import { type Level, LEVELS } from '../mail/finding.ts';
import { addressOctets } from '../fetch/ip-address.ts';

export interface Situation {
  readonly facts: Facts;
  readonly senderDomain: string;
  readonly recipientDomain: string;
  /** The client's address, or null. */
  readonly client: Uint8Array | null;
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
    client: message.client === null ? null : addressOctets(message.client),
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
