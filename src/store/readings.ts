// Contract: which accepted messages are still to be read, and what reading has seen. Pictures are keyed digests of account and picture.
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
