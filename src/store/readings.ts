// Contract: which accepted messages are still to be read, and what reading has seen. Pictures are keyed digests of account and picture.
import type { Decision } from '../mail/decision.ts';
import type { StoredFacts } from '../mail/facts.ts';

/** In how many messages of its account a picture was, and since when. */
export interface Sighting {
  readonly messages: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Readings {
  /** Ids of accepted messages that have not been read and still have their content, oldest first, after the one given. */
  unread(request: { readonly after: string | null; readonly limit: number }): Promise<readonly string[]>;
  /** In the order given; null where a picture was never seen, or not for half a year. */
  sightings(pictures: readonly Uint8Array[]): Promise<readonly (Sighting | null)[]>;
  /** What policy decided from; null where the message has not been read, or its facts are gone. */
  facts(messageId: string): Promise<StoredFacts | null>;
}

/** A message that policy has decided, as it may be decided again. */
export interface DecidedMessage {
  readonly messageId: string;
  /** When it was accepted. */
  readonly at: number;
  readonly facts: StoredFacts;
  /** What stands for each recipient now, by place in the envelope. */
  readonly decisions: readonly { readonly n: number; readonly decision: Decision }[];
}

export interface FactsReader {
  /** In the order in which they came, after the one given. What cannot be opened any more is left out. */
  list(request: { readonly since: number; readonly after: string | null; readonly limit: number }): {
    readonly messages: readonly DecidedMessage[];
    /** Goes into `after` for more; null where there is no more. */
    readonly next: string | null;
  };
}
