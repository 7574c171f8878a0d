// How many codes may go to telephones: each costs money, and whoever has a link may ask. Counted for each address, whether or not there is a number
// for it, so that the answer tells nobody which; for each number; and for all of them. In memory: a restart begins anew.
// Guarantees: no clock of its own, bounded memory. Pure.

export interface PhoneLimitRules {
  readonly perPersonPerDay: number;
  readonly perHour: number;
}

export interface PhoneLimits {
  /** May somebody at this address ask for one now? It counts where the answer is yes. */
  ask(target: string, at: number): 'ask' | 'no-more';
  /** May one go to this number now? It counts where the answer is yes. */
  send(number: string, at: number): 'send' | 'no-more';
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MAX_KEYS = 20_000;

/** @param rules as they are now */
export function phoneLimits(rules: () => PhoneLimitRules): PhoneLimits {
  const asked = new Map<string, readonly number[]>();
  const sent = new Map<string, readonly number[]>();
  let all: readonly number[] = [];
  /** Those of the last day; the key is not forgotten before others. */
  const recent = (map: Map<string, readonly number[]>, key: string, at: number): readonly number[] =>
    (map.get(key) ?? []).filter((time) => at - time < DAY_MS);
  const count = (map: Map<string, readonly number[]>, key: string, times: readonly number[]): void => {
    map.delete(key);
    map.set(key, times);
    const oldest = map.keys().next();
    if (map.size > MAX_KEYS && oldest.done !== true) map.delete(oldest.value);
  };
  const isFull = (at: number): boolean => {
    all = all.filter((time) => at - time < HOUR_MS);
    return all.length >= rules().perHour;
  };
  return {
    ask(target, at) {
      const times = recent(asked, target, at);
      if (isFull(at) || times.length >= rules().perPersonPerDay) return 'no-more';
      count(asked, target, [...times, at]);
      return 'ask';
    },
    send(number, at) {
      const times = recent(sent, number, at);
      if (isFull(at) || times.length >= rules().perPersonPerDay) return 'no-more';
      count(sent, number, [...times, at]);
      all = [...all, at];
      return 'send';
    },
  };
}
