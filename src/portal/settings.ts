// What the portal's public side is told at its start, and what it works with. Nothing in here opens anything: no key of content, no database.
import type { Brand } from '../config/portal.ts';
import type { PickupDesk } from '../gateway/pickup/desk.ts';
import type { Presenter } from './presented.ts';

export interface PortalSettings {
  /** At least one; the first is the default. */
  readonly brands: readonly Brand[];
  /** The machine's time zone: of readers whose browser and organisation have not said one. */
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

export interface PortalDeps {
  readonly desk: PickupDesk;
  readonly presenter: Pick<Presenter, 'present' | 'previewText'>;
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
