// Slows down guessing at the portal. Wrong tries count for a target and a network together, so that a stranger who has the link cannot lock out the
// person whose it is; a looser count per network stops one who tries many targets. Codes that are asked for are counted alike.
// Guarantees: no clock of its own, bounded memory, the same answer whatever there is at the target. Pure.
import { addressGroup } from './address-group.ts';
import { Failures } from './failures.ts';

export interface Tries {
  /** 0: the try has begun, and must be ended by one of the three below. More: so long it must wait. */
  begin(target: string, address: string, at: number): number;
  failed(target: string, address: string, at: number): void;
  succeeded(target: string, address: string, at: number): void;
  /** Nothing was found out. */
  abandoned(target: string, address: string, at: number): void;
}

const WINDOW_MS = 15 * 60_000;
const LONGEST_WAIT_MS = 24 * 3_600_000;
const MAX_KEYS = 20_000;
/** NIST SP 800-63B-4 3.2.2 lets there be a hundred in a row; doubling waits leave fewer than twenty a day of five and five. */
const OF_PAIR = 5;
/** Behind one network there may be a whole hospital: its wait does not grow. */
const OF_NETWORK = 60;
/** While as many tries are under way as may fail, the next one comes back in a moment. */
const BUSY_MS = 1_000;

export function portalTries(): Tries {
  const pairs = new Failures({ allowed: OF_PAIR, windowMs: WINDOW_MS, longestWaitMs: LONGEST_WAIT_MS, maxKeys: MAX_KEYS });
  const networks = new Failures({ allowed: OF_NETWORK, windowMs: WINDOW_MS, longestWaitMs: WINDOW_MS, maxKeys: MAX_KEYS });
  const pair = (target: string, address: string): string => `${addressGroup(address)} ${target}`;
  return {
    begin(target, address, at) {
      const [one, all] = [pair(target, address), addressGroup(address)];
      const waitMs = Math.max(pairs.waitMs(one, at), networks.waitMs(all, at));
      if (waitMs > 0) return waitMs;
      if (pairs.state(one, at) !== 'open' || networks.state(all, at) !== 'open') return BUSY_MS;
      pairs.begin(one, at);
      networks.begin(all, at);
      return 0;
    },
    failed(target, address, at) {
      pairs.end(pair(target, address), at, 'failed');
      networks.end(addressGroup(address), at, 'failed');
    },
    succeeded(target, address, at) {
      pairs.forget(pair(target, address));
      // One good sign-in does not wash away tries at other targets.
      networks.end(addressGroup(address), at, 'unknown');
    },
    abandoned(target, address, at) {
      pairs.end(pair(target, address), at, 'unknown');
      networks.end(addressGroup(address), at, 'unknown');
    },
  };
}

export interface CodesAsked {
  /** May one be made now? It counts as asked for either way. */
  ask(target: string, address: string, at: number): 'make' | 'wait';
  /** None was made after all: whoever asked need not wait for it. */
  notMade(target: string): void;
  /** Was one asked for from that network in the last minutes? Then what strangers tried does not count against it. */
  asked(target: string, address: string, at: number): boolean;
}

/** A newer one in less than this helps nobody; while it is waited for, the one before is still good. */
const BETWEEN_MS = 60_000;
const ASKED_WITHIN_MS = 10 * 60_000;
const ASKS_OF_NETWORK = 6;

/** A stranger can have a code sent as seldom as the person can, and no stranger can keep the person from having one. */
export function codesAsked(): CodesAsked {
  const networks = new Failures({ allowed: ASKS_OF_NETWORK, windowMs: 3_600_000, longestWaitMs: LONGEST_WAIT_MS, maxKeys: MAX_KEYS });
  const lastMade = new Map<string, number>();
  const askers = new Map<string, number>();
  const keep = (map: Map<string, number>, key: string, at: number): void => {
    map.delete(key);
    map.set(key, at);
    const oldest = map.keys().next();
    if (map.size > MAX_KEYS && oldest.done !== true) map.delete(oldest.value);
  };
  return {
    ask(target, address, at) {
      const pair = `${addressGroup(address)} ${target}`;
      if (networks.state(pair, at) !== 'open') return 'wait';
      keep(askers, pair, at);
      if (at - (lastMade.get(target) ?? -BETWEEN_MS) < BETWEEN_MS) return 'wait';
      keep(lastMade, target, at);
      networks.begin(pair, at);
      networks.end(pair, at, 'failed');
      return 'make';
    },
    notMade: (target) => void lastMade.delete(target),
    asked: (target, address, at) => at - (askers.get(`${addressGroup(address)} ${target}`) ?? -ASKED_WITHIN_MS) < ASKED_WITHIN_MS,
  };
}
