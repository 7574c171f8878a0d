// Messages that an examining thread was lost with, and how often: the latest of them, so that years of hostile mail take no memory.

export interface Losses {
  readonly of: (messageId: string) => number;
  readonly count: (messageId: string) => void;
  readonly forgive: (messageId: string) => void;
}

/** @param most so many messages are remembered; one that is forgotten costs what it cost before, and no more */
export function lossesOf(most: number): Losses {
  const counts = new Map<string, number>();
  return {
    of: (messageId) => counts.get(messageId) ?? 0,
    count(messageId) {
      const before = counts.get(messageId) ?? 0;
      counts.delete(messageId);
      counts.set(messageId, before + 1);
      const [oldest] = counts.keys();
      if (counts.size > most && oldest !== undefined) counts.delete(oldest);
    },
    forgive: (messageId) => void counts.delete(messageId),
  };
}
