// The open sessions of each account, so that disabling one ends them at once, and so that one account cannot take every connection.
// Guarantee: a login that was being checked while its account was disabled does not slip in afterwards.

export interface SessionPlace {
  /** The session is over. Twice does no harm. */
  leave(): void;
}

export interface NewSession {
  readonly account: string;
  /** So many sessions for this account. */
  readonly atMost: number;
  /** `moment()` from before the account was looked up. */
  readonly since: number;
  /** Closes the session from our side. */
  readonly end: () => void;
}

export interface Sessions {
  /** A point in the order of endings. */
  moment(): number;
  /** 'full': as many as there may be. 'ended': the account's sessions were ended since. */
  enter(session: NewSession): SessionPlace | 'full' | 'ended';
  /** Ends every session of an account; gives how many there were. Call after a disabled account or a new password is on disk. */
  end(account: string): number;
}

export function sessions(): Sessions {
  const open = new Map<string, Set<() => void>>();
  /** Account to the moment it was last ended: as many as there are accounts, at most. */
  const ended = new Map<string, number>();
  let moment = 0;
  return {
    moment: () => moment,
    enter({ account, atMost, since, end }) {
      if ((ended.get(account) ?? 0) > since) return 'ended';
      const places = open.get(account) ?? new Set();
      if (places.size >= atMost) return 'full';
      // A function of its own for each session: the same `end` may enter twice.
      const place = (): void => end();
      places.add(place);
      open.set(account, places);
      return {
        leave() {
          places.delete(place);
          if (places.size === 0 && open.get(account) === places) open.delete(account);
        },
      };
    },
    end(account) {
      moment++;
      ended.set(account, moment);
      const places = [...(open.get(account) ?? [])];
      for (const place of places) place();
      return places.length;
    },
  };
}
