// The open sessions of each account, so that disabling one ends them at once, and so that one account cannot take every connection.

export interface SessionPlace {
  /** The session is over. Twice does no harm. */
  leave(): void;
}

export interface Sessions {
  /** `end` closes the session from our side. Null where the account has as many as it may. */
  enter(account: string, atMost: number, end: () => void): SessionPlace | null;
  /** Ends every session of an account; gives how many there were. Call after a disabled account or a new password is on disk. */
  end(account: string): number;
}

export function sessions(): Sessions {
  const open = new Map<string, Set<() => void>>();
  return {
    enter(account, atMost, end) {
      const places = open.get(account) ?? new Set();
      if (places.size >= atMost) return null;
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
      const places = [...(open.get(account) ?? [])];
      for (const place of places) place();
      return places.length;
    },
  };
}
