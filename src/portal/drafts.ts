// What somebody was writing when their session ended: kept for half an hour in memory, for the same browser and the same message, then forgotten.
export interface Drafts {
  /** Gives its name, for a cookie. */
  keep(draft: { readonly about: string; readonly text: string }): string;
  /** Null where there is none of that name about that message. Taken once. */
  take(name: string, about: string): string | null;
}

const KEEP_MS = 1_800_000;
const MOST = 200;

export function drafts(now: () => number, random: (octets: number) => Uint8Array): Drafts {
  const kept = new Map<string, { readonly about: string; readonly text: string; readonly until: number }>();
  const tidy = (): void => {
    for (const [name, { until }] of kept) if (until <= now() || kept.size > MOST) kept.delete(name);
  };
  return {
    keep(draft) {
      const name = Buffer.from(random(16)).toString('base64url');
      kept.set(name, { ...draft, until: now() + KEEP_MS });
      tidy();
      return name;
    },
    take(name, about) {
      tidy();
      const draft = kept.get(name);
      if (draft?.about !== about) return null;
      kept.delete(name);
      return draft.text;
    },
  };
}
