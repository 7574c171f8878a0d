// A case of a policy, read and checked: a message made up, its recipients, and what must be decided for each.
import type { AttachmentFacts, ConsentKind, MessageFacts, PhiFacts } from '../mail/facts.ts';
import type { BlindSpotKind } from '../mail/message.ts';
import type { YamlPath } from '../yaml/positions.ts';
import type { Expected } from './case-shape.ts';
import type { ClockTime } from './clock-time.ts';

export interface CaseRecipient {
  /** Canonical. */
  readonly address: string;
  /** Place in the file. */
  readonly path: YamlPath;
  readonly inside: boolean;
  readonly seen: { readonly address: boolean; readonly domain: boolean };
  readonly oneSlipFromKnown: boolean;
  readonly consents: readonly ConsentKind[];
  readonly expect: Expected;
  /** Where each of what is expected is written. */
  readonly expectPaths: ReadonlyMap<keyof Expected, YamlPath>;
}

/** Said of the message straight; null where it is found by reading, or as usual. */
export interface StraightFacts {
  readonly attachments: readonly AttachmentFacts[];
  readonly sizeBytes: number | null;
  readonly visibleOutside: number | null;
  readonly phi: PhiFacts;
  readonly blindSpots: readonly BlindSpotKind[];
  readonly automatic: boolean | null;
  readonly urgent: boolean | null;
  readonly encryptedBy: MessageFacts['encryptedBy'];
}

export interface PolicyCase {
  readonly id: string;
  readonly path: YamlPath;
  /** Canonical; '' is the empty sender. */
  readonly sender: string;
  readonly submitter: MessageFacts['submitter'];
  readonly client: string;
  readonly attested: boolean;
  readonly time: ClockTime;
  readonly organisation: readonly string[];
  /** Body that is to be read and inspected, a file that is, or null: facts are given straight. */
  readonly content: { readonly kind: 'text'; readonly text: string } | { readonly kind: 'eml'; readonly file: string } | null;
  /** Header of a message that is no file, names in lower case. */
  readonly header: readonly (readonly [name: string, value: string])[];
  readonly straight: StraightFacts;
  readonly recipients: readonly CaseRecipient[];
}
