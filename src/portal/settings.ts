// What the portal's public side is told at its start, and what it works with. Nothing in here opens anything: no key of content, no database.
import type { Brand } from '../config/portal.ts';
import type { PickupDesk } from '../gateway/pickup/desk.ts';
import type { Content, Presented } from '../mime/present/presented.ts';
import type { ShownAttachment } from '../mime/present/presented.ts';
import type { Language } from '../mail/language.ts';

export interface PortalSettings {
  /** At least one; the first is the default. */
  readonly brands: readonly Brand[];
  /** Time zone of readers whose browser has not said theirs. */
  readonly zone: string;
  readonly uploads: UploadLimits;
  readonly password: { readonly min: number; readonly max: number };
}

export interface UploadLimits {
  /** Of all files of one answer together. */
  readonly bytes: number;
  readonly files: number;
  readonly textBytes: number;
}

export const UPLOAD_LIMITS: UploadLimits = { bytes: 25_000_000, files: 10, textBytes: 200_000 };

/** What reads messages for the portal: children and streams of PRESENT, wired by daemon/. */
export interface Reading {
  present(content: Content): Promise<Presented>;
  previewText(content: Content, part: string): Promise<string | null>;
  /** Decoded octets of one part; null where there is no such part. */
  part(content: Content, part: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** A ZIP file of these parts, streamed. */
  zip(content: Content, attachments: readonly ShownAttachment[]): AsyncIterable<Uint8Array>;
}

export interface PortalDeps {
  readonly desk: PickupDesk;
  readonly reading: Reading;
  readonly settings: PortalSettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Octets of chance. */
  readonly random: (octets: number) => Uint8Array;
  /** Of form seals; 32 octets, new with each process. */
  readonly key: Uint8Array;
  /** Whom a request counts for and is recorded for: the client that a believed proxy names, else the peer. */
  readonly clientOf: (peer: string, forwardedFor: string | undefined) => string;
  readonly networkOf: (client: string) => string;
  /** An exception; gives the id that a person may be told. */
  readonly bug: (where: string, error: unknown) => string;
}

/** Whom a page speaks for. */
export interface Voice {
  readonly brand: Brand;
  readonly language: Language;
}
