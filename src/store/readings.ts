// Contract: which accepted messages are still to be read, and what reading has seen. Pictures are keyed digests of account and picture.
import type { Evidence } from '../mail/evidence.ts';

/** In how many messages of its account a picture was, and since when. */
export interface Sighting {
  readonly messages: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface Readings {
  /** Ids of accepted messages that have not been read and still have their content, oldest first. */
  unread(request: { readonly limit: number }): Promise<readonly string[]>;
  /** In the order given; null where a picture was never seen, or not for half a year. */
  sightings(pictures: readonly Uint8Array[]): Promise<readonly (Sighting | null)[]>;
  /** The message has been read: its pictures are counted. Nothing happens where it had been read already. */
  record(unit: {
    readonly messageId: string;
    readonly at: number;
    readonly pictures: readonly Uint8Array[];
    readonly evidence: readonly Evidence[];
  }): Promise<void>;
}
