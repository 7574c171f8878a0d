// Whose name it is, from the whole passage and the envelope: what another mention of the same person says, who sends and receives the
// message, and in which block of the text (signature, letterhead, footer) the name stands.
import type { Role } from '../mail/finding.ts';
import { blockAt, type BlockKind } from './blocks.ts';
import { isAtHome } from './correspondents.ts';
import type { Surroundings } from './detector.ts';
import type { Range } from './identifier.ts';
import type { Mention } from './name-mentions.ts';
import type { Passage } from './passage.ts';

/** What is said so clearly stands, whatever the envelope says. */
const SAID = 0.7;

export interface RoleTeller {
  /** @param range where the name stands in the passage */
  of(mention: Mention, range: Range): Role;
}

export function roleTellerOf(passage: Passage, surroundings: Surroundings): RoleTeller {
  const senders = surroundings.senderNames.map(partsOf);
  const recipients = surroundings.recipientNames.map(partsOf);
  // Who writes from home may sign as the patient.
  const signs = (own: readonly string[], range: Range): boolean =>
    passage.area !== 'header' &&
    isLineOfItsOwn(passage.text, range) &&
    surroundings.writers.some((address) => mayBeNamed(lettersOf(address), own) && !isAtHome(address));
  return {
    of({ person, role, weight, parts: own }, range) {
      if (weight >= SAID && role !== 'recipient') return role;
      const said = role !== 'unknown' ? role : person.role;
      if (said === 'provider' || said === 'relative') return said;
      const parts = person.parts.length >= own.length ? person.parts : own;
      if (isAmong(senders, parts) || signs(own, range)) return 'sender';
      if (isAmong(recipients, parts)) return said === 'patient' && person.weight >= SAID ? 'patient' : 'recipient';
      if (said !== 'unknown') return said;
      return roleOfBlock(blockAt(passage.blocks, range.at));
    },
  };
}

/** Of an address before its sign: `hpark`, `denise.kruger`. */
function lettersOf(address: string): readonly string[] {
  return partsOf(address.slice(0, Math.max(0, address.lastIndexOf('@'))));
}

const LEAST_LETTERS = 3;

/** Denise Kruger writes from denise@, kruger@, dkruger@ or denise.kruger@, Beverly from bev@. */
function mayBeNamed(letters: readonly string[], parts: readonly string[]): boolean {
  const [only = '', second] = letters;
  if (second !== undefined) return parts.every((part) => letters.some((one) => part.startsWith(one) || one.startsWith(part)));
  return (
    only.length >= LEAST_LETTERS && parts.some((part, i) => part.startsWith(only) || only === `${parts[i - 1]?.charAt(0) ?? ''}${part}`)
  );
}

const BEFORE = /(?:^|\n)[ \t>–—-]*$/;
/** An initial, degrees: "Amy T., RN". */
const BEHIND = /^(?:,? ?[A-Z][A-Za-z-]{0,5}\.?){0,3},?[ \t\r]*(?:\n|$)/;
/** No more is looked at: a text can be one line. */
const MARGIN = 40;

function isLineOfItsOwn(text: string, { at, end }: Range): boolean {
  // A NUL for what stands further away: neither begins nor ends a line.
  const before = at > MARGIN ? `\0${text.slice(at - MARGIN, at)}` : text.slice(0, at);
  const behind = end + MARGIN < text.length ? `${text.slice(end, end + MARGIN)}\0` : text.slice(end);
  return BEFORE.test(before) && BEHIND.test(behind);
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
