// Whose name it is, from the whole passage and the envelope: what another mention of the same person says, who sends and receives the
// message, and in which block of the text (signature, letterhead, footer) the name stands.
import type { Role } from '../mail/finding.ts';
import { blockAt, type BlockKind } from './blocks.ts';
import type { Surroundings } from './detector.ts';
import type { Mention } from './name-mentions.ts';
import type { Passage } from './passage.ts';

/** What is said so clearly stands, whatever the envelope says. */
const SAID = 0.7;

export interface RoleTeller {
  of(mention: Mention, at: number): Role;
}

export function roleTellerOf(passage: Passage, surroundings: Surroundings): RoleTeller {
  const senders = surroundings.senderNames.map(partsOf);
  const recipients = surroundings.recipientNames.map(partsOf);
  return {
    of({ person, role, weight, parts: own }, at) {
      if (weight >= SAID && role !== 'recipient') return role;
      const said = role !== 'unknown' ? role : person.role;
      if (said === 'provider' || said === 'relative') return said;
      const parts = person.parts.length >= own.length ? person.parts : own;
      if (isAmong(senders, parts)) return 'sender';
      if (isAmong(recipients, parts)) return said === 'patient' && person.weight >= SAID ? 'patient' : 'recipient';
      if (said !== 'unknown') return said;
      return roleOfBlock(blockAt(passage.blocks, at));
    },
  };
}

function roleOfBlock(kind: BlockKind): Role {
  if (kind === 'signature') return 'sender';
  return kind === 'letterhead' || kind === 'footer' ? 'staff' : 'unknown';
}

function partsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{M}']+/u).filter((part) => part !== '');
}

/** All parts of the name are parts of one of the others; an initial is part of what begins with it. */
function isAmong(names: readonly (readonly string[])[], parts: readonly string[]): boolean {
  const [first = ''] = parts;
  if (parts.length === 1 && first.length < 2) return false;
  return names.some((name) => parts.every((part) => (part.length === 1 ? name.some((one) => one.startsWith(part)) : name.includes(part))));
}
