// Slows down guessing. Failures count for a login name and a client address together, so that a stranger who tries an EHR's name
// cannot lock out the EHR; a looser count per address stops one who tries many names.
// Guarantees: no clock of its own, bounded memory, the same answer whether the account exists or not. Pure.
import { addressGroup } from './address-group.ts';
import { Failures } from './failures.ts';

export interface ThrottleSettings {
  /** Failures of one name from one address within the window, after which that pair must wait. */
  readonly failuresAllowed: number;
  readonly windowMs: number;
}

export type LoginGate = 'open' | 'busy' | 'waiting';

export interface Throttle {
  /** 'open': the attempt has begun and must be ended with one of the three below. */
  begin(name: string, address: string, at: number): LoginGate;
  failed(name: string, address: string, at: number): void;
  succeeded(name: string, address: string, at: number): void;
  /** Nothing was found out: no hash was made. */
  abandoned(name: string, address: string, at: number): void;
}

/** So many names may fail from one address for each failure of one name. */
const ADDRESS_FACTOR = 10;
const LONGEST_WAIT_MS = 24 * 3_600_000;
const MAX_KEYS = 20_000;

export function loginThrottle({ failuresAllowed, windowMs }: ThrottleSettings): Throttle {
  const pairs = new Failures({ allowed: failuresAllowed, windowMs, longestWaitMs: Math.max(windowMs, LONGEST_WAIT_MS), maxKeys: MAX_KEYS });
  // Behind one address there may be a whole clinic: its wait does not grow.
  const addresses = new Failures({ allowed: failuresAllowed * ADDRESS_FACTOR, windowMs, longestWaitMs: windowMs, maxKeys: MAX_KEYS });
  const pair = (name: string, address: string): string => `${addressGroup(address)} ${name}`;
  return {
    begin(name, address, at) {
      const states = [pairs.state(pair(name, address), at), addresses.state(addressGroup(address), at)];
      if (states.includes('waiting')) return 'waiting';
      if (states.includes('busy')) return 'busy';
      pairs.begin(pair(name, address), at);
      addresses.begin(addressGroup(address), at);
      return 'open';
    },
    failed(name, address, at) {
      pairs.end(pair(name, address), at, 'failed');
      addresses.end(addressGroup(address), at, 'failed');
    },
    succeeded(name, address, at) {
      pairs.forget(pair(name, address));
      // One good login does not wash away failures with other names.
      addresses.end(addressGroup(address), at, 'unknown');
    },
    abandoned(name, address, at) {
      pairs.end(pair(name, address), at, 'unknown');
      addresses.end(addressGroup(address), at, 'unknown');
    },
  };
}
