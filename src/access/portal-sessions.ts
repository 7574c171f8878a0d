// Sessions of the portal, in memory of the gateway: opaque tokens of which only digests are kept, idle and absolute limits, all of an address or of
// a person ended at once. Every sign-in begins a new one and ends the one before: whoever planted a token has nothing.
// Guarantee: a sign-in that was being checked while its address was ended does not slip in afterwards.
import { createHash, randomBytes } from 'node:crypto';
import type { Assurance, FactorKind } from '../mail/pickup.ts';

export interface PortalSession {
  /** Keyed digest of the address. */
  readonly address: Uint8Array;
  readonly assurance: Assurance;
  /** Null until it is known who of several people this is. */
  readonly personId: number | null;
  readonly brand: string;
  /** The delivery whose link it came in by, or null. */
  readonly cameFor: string | null;
  /** What was last proved, and when: to change factors it must be recent (ASVS 5.0 7.5.1). */
  readonly provedBy: FactorKind;
  readonly provedAt: number;
}

export interface FoundSession extends PortalSession {
  readonly idleUntil: number;
  readonly endsAt: number;
}

export interface PortalSessions {
  /** A point in the order of endings: taken before anything of a sign-in is looked up. */
  moment(): number;
  /** Gives the token, 256 bits in base64url; null where the address was ended since. `replaces` is over either way. */
  begin(session: PortalSession, since: number, replaces: string | null): string | null;
  /** Another proof or another person in the same session: a new token, the same absolute end. Null where there is none any more. */
  renew(token: string, change: Partial<PortalSession>): string | null;
  /** 'person': it does not idle out for a while. */
  find(token: string, activity: 'person' | 'none'): FoundSession | null;
  end(token: string): void;
  /** Every session of an address; gives how many. Call after its factors have ended on disk. */
  endAddress(address: Uint8Array): number;
  /** Those of a person, but one. */
  endPerson(personId: number, but: string | null): number;
  readonly size: number;
}

export interface PortalSessionRules {
  readonly idleMs: number;
  readonly longestMs: number;
  readonly ofAddress: number;
  readonly all: number;
}

/** 45 CFR 164.312(a)(2)(iii) asks for automatic logoff; a quarter of an hour without a sign of a person. */
export const SESSION_RULES: PortalSessionRules = { idleMs: 15 * 60_000, longestMs: 12 * 3_600_000, ofAddress: 20, all: 20_000 };

/** Endings that are remembered by address. Older ones hold for everybody: such a sign-in is tried again. */
const ENDINGS = 1_000;

/** @param now milliseconds since the epoch, on a clock that nobody sets */
export function portalSessions(now: () => number, rules: PortalSessionRules = SESSION_RULES): PortalSessions {
  const open = new Map<string, FoundSession>();
  const ended = new Map<string, number>();
  let moment = 0;
  let endedForAll = 0;

  const current = (key: string): FoundSession | null => {
    const session = open.get(key);
    if (session === undefined) return null;
    if (now() < Math.min(session.idleUntil, session.endsAt)) return session;
    open.delete(key);
    return null;
  };
  const add = (session: PortalSession, endsAt: number): string => {
    const token = randomBytes(32).toString('base64url');
    const mine = [...open].filter(([, one]) => sameOctets(one.address, session.address));
    // Oldest first: a stranger who signs in over and over ends nobody's but their own address's.
    if (mine.length >= rules.ofAddress && mine[0] !== undefined) open.delete(mine[0][0]);
    const [oldest] = open.keys();
    if (open.size >= rules.all && oldest !== undefined) open.delete(oldest);
    open.set(keyOf(token), { ...session, idleUntil: now() + rules.idleMs, endsAt });
    return token;
  };
  const endWhere = (is: (session: FoundSession, key: string) => boolean): number => {
    const keys = [...open].filter(([key, session]) => is(session, key)).map(([key]) => key);
    for (const key of keys) open.delete(key);
    return keys.length;
  };
  return {
    moment: () => moment,
    begin(session, since, replaces) {
      if (replaces !== null) open.delete(keyOf(replaces));
      const last = ended.get(hexOf(session.address)) ?? endedForAll;
      return last > since ? null : add(session, now() + rules.longestMs);
    },
    renew(token, change) {
      const key = keyOf(token);
      const before = current(key);
      open.delete(key);
      return before === null ? null : add({ ...before, ...change }, before.endsAt);
    },
    find(token, activity) {
      const key = keyOf(token);
      const session = current(key);
      if (session === null || activity === 'none') return session;
      const active = { ...session, idleUntil: now() + rules.idleMs };
      open.set(key, active);
      return active;
    },
    end: (token) => void open.delete(keyOf(token)),
    endAddress(address) {
      moment++;
      ended.set(hexOf(address), moment);
      const oldest = ended.entries().next();
      if (ended.size > ENDINGS && oldest.done !== true) {
        ended.delete(oldest.value[0]);
        endedForAll = Math.max(endedForAll, oldest.value[1]);
      }
      return endWhere((session) => sameOctets(session.address, address));
    },
    endPerson(personId, but) {
      const kept = but === null ? null : keyOf(but);
      return endWhere((session, key) => session.personId === personId && key !== kept);
    },
    get size() {
      return open.size;
    },
  };
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
