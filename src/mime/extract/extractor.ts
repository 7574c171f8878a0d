// The seam of extractors: the octets of one part in, its text and what else was found out. Siblings, one file per family.
import type { BlindSpotKind, DefectCode, HealthDocument, Mark, PartKind, PartRole, Place } from '../../mail/message.ts';

/** One part or file, decoded from its transfer encoding. */
export interface Source {
  /** Told by content. */
  readonly kind: PartKind;
  /** Valid until `extract` has ended. */
  readonly bytes: Buffer;
  /** Media type that the message or container declares, in lower case without parameters, or null. */
  readonly declaredType: string | null;
  /** Parameters of the media type by lower-case name, decoded: `charset`, `format` ... */
  readonly parameters: ReadonlyMap<string, string>;
  readonly name: string | null;
  readonly role: PartRole;
}

/** A part or file found inside another. */
export interface Inner {
  readonly bytes: Buffer;
  readonly declaredType: string | null;
  readonly parameters: ReadonlyMap<string, string>;
  readonly name: string | null;
  readonly role: PartRole;
}

/**
 * Where an extractor puts what it finds. Each call but `defect` and `blind` may throw LimitReached: the extractor lets it through, and what
 * was found until then stays.
 */
export interface Output {
  /** Text as it stands in the part; disguises are taken off here. Empty text is dropped. Marks: in order, `at` within `text`. */
  text(place: Place, text: string, marks?: readonly Mark[]): void;
  /** Reads what lies inside, whatever it is, before it resolves. Never rejects for what the inner part holds. */
  inner(found: Inner): Promise<void>;
  /**
   * Accounts for octets about to be unpacked, decompressed or otherwise grown. Gives what may still be made in one piece: pass it as the
   * limit of the decoder. `unpacked(0)` only asks.
   */
  unpacked(sizeBytes: number): number;
  /** Part of what is being read cannot be. Each kind once per part. */
  blind(kind: BlindSpotKind): void;
  defect(code: DefectCode): void;
  document(found: Omit<HealthDocument, 'part'>): void;
}

export interface Extractor {
  readonly kinds: readonly PartKind[];
  /**
   * Never hangs or grows without bound on hostile octets. What it cannot read it tells as a blind spot; an error it lets through costs its
   * part a blind spot 'broken'.
   */
  extract(source: Source, output: Output): void | Promise<void>;
}

/** A limit of ReadLimits is met: what is left of the part cannot be read. */
export class LimitReached extends Error {
  readonly kind: 'too-large' | 'too-deep';

  constructor(kind: 'too-large' | 'too-deep') {
    super(kind);
    this.name = 'LimitReached';
    this.kind = kind;
  }
}
