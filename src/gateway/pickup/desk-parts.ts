// What the use cases of the desk share: their parts, the pickup behind a link, how it stands, and what evidence of it says.
import type { CodesAsked, Tries } from '../../access/portal-throttle.ts';
import type { Passkeys } from '../../access/passkey.ts';
import type { Passwords } from '../../access/password.ts';
import type { PortalSessions } from '../../access/portal-sessions.ts';
import type { PortalConfig } from '../../config/portal.ts';
import type { SealingKeys } from '../../keys/keys.ts';
import type { Codes, Evidence, EvidenceKind } from '../../mail/evidence.ts';
import type { PickupState } from '../../mail/pickup.ts';
import { pickupToken, readPickupToken } from '../../mail/pickup-token.ts';
import type { Spool } from '../../spool/spool.ts';
import type { AuditLog } from '../../store/audit-log.ts';
import type { Journal } from '../../store/journal.ts';
import type { People, Person } from '../../store/people.ts';
import type { Pickup, Pickups } from '../../store/pickups.ts';
import type { QueueReader } from '../../store/queue.ts';
import type { OwnMessage } from '../accept-own.ts';
import type { Clock } from '../clock.ts';
import type { Answer, Answered, DeskClient, NewMessage } from './desk.ts';
import type { DeskPhone } from './phone-codes.ts';

type Taken = Promise<Exclude<Answered['kind'], 'signed-out'>>;

/** Who writes, as the session has proved it. */
export interface DeskAuthor {
  readonly personId: number | null;
  readonly name: string | null;
  readonly client: DeskClient;
}

/** What a reader writes: answering.ts. */
export interface DeskAnswers {
  answer(by: DeskAuthor & { readonly pickup: Pickup }, answer: Omit<Answer, 'deliveryId'>, body: AsyncIterable<Uint8Array>): Taken;
  begin(by: DeskAuthor & { readonly brand: string; readonly address: string }, message: NewMessage, body: AsyncIterable<Uint8Array>): Taken;
}

export interface DeskParts {
  readonly portal: () => PortalConfig;
  readonly keys: Pick<SealingKeys, 'digest' | 'unwrapDataKey'>;
  readonly clock: Clock;
  readonly pickups: Pick<Pickups, 'find' | 'ofAddress' | 'change' | 'answersTo'>;
  readonly people: People;
  readonly journal: Pick<Journal, 'readMessage' | 'readSealed'>;
  readonly queue: Pick<QueueReader, 'show'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly spool: Pick<Spool, 'sealed'>;
  /** Takes in a message of ours. Gives its id. */
  readonly acceptOwn: (own: OwnMessage) => Promise<string>;
  /** A report is owed now. */
  readonly reportsOwed: () => void;
  readonly policyVersion: () => string;
  readonly sessions: PortalSessions;
  readonly passwords: Passwords;
  readonly passkeys: Passkeys;
  readonly tries: Tries;
  readonly asked: CodesAsked;
  readonly phone: DeskPhone | null;
  readonly answers: DeskAnswers | null;
}

/** The pickup that a link names; null for whatever is no link of ours, or names nothing any more. */
export async function pickupAt(link: string, { keys, pickups }: Pick<DeskParts, 'keys' | 'pickups'>): Promise<Pickup | null> {
  const reference = readPickupToken(keys.digest, 'link', link);
  return reference === null ? null : pickups.find(`${reference.messageId}/${reference.n}`);
}

export function linkOf({ messageId, n }: Pickup, { keys }: Pick<DeskParts, 'keys'>): string {
  return pickupToken(keys.digest, 'link', { messageId, n });
}

/** @param now steady time */
export function standingOf({ overAt, recalledAt, expiresAt, state }: Pickup, now: number): PickupState {
  if (recalledAt !== null) return 'recalled';
  if (overAt === null) return now < expiresAt ? 'open' : 'expired';
  return state === 'returned' || state === 'queued' || state === 'held' || state === 'relayed' ? 'removed' : 'expired';
}

/** Evidence about a person, where no one pickup is meant. */
export function personEvidence(kind: EvidenceKind, at: number, codes: Codes, client: DeskClient): Evidence {
  return { kind, at, messageId: null, deliveryId: null, codes, detail: { client: client.address, userAgent: client.userAgent } };
}

/** What tries at an address are counted under. */
export function targetOf(address: Uint8Array): string {
  return Buffer.from(address).toString('base64url');
}

/** Something that they chose to sign in by. A number that the organisation gave for them is not: they may not know of it. */
export function hasFactor({ factors }: Pick<Person, 'factors'>): boolean {
  return factors.some(({ kind }) => kind !== 'phone');
}
