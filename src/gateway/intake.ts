// The door of the road: what a surface hands over, and what it gets back. The SMTP surface, DSNs and later the API come in here.
import type { Envelope } from '../mail/envelope.ts';
import type { Reply } from '../mail/reply.ts';
import type { Submitter } from '../store/journal.ts';

/** How the message came to us, for the Received field and evidence (RFC 5321 4.4, RFC 3848, RFC 8314). */
export interface Client {
  /** IP address of the client. */
  readonly address: string;
  /** EHLO argument as given, already known to be printable. */
  readonly helo: string;
  /** Protocol word of the Received field. */
  readonly protocol: 'ESMTP' | 'ESMTPS' | 'ESMTPA' | 'ESMTPSA' | 'UTF8SMTP' | 'UTF8SMTPS' | 'UTF8SMTPA' | 'UTF8SMTPSA' | 'SMTP';
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  /** Name of the listener in the configuration. */
  readonly listener: string;
}

/** Proof of our own tenant that mail from a shared provider must carry; the field is removed from what is kept. */
export interface TenantProof {
  readonly headerName: string;
  /** Any of these values proves it (two while a secret is rotated). */
  readonly values: readonly string[];
}

export interface Submission {
  readonly submitter: Submitter;
  /** Patterns of `matchesAddress`: reverse-paths and From addresses this submitter may use. */
  readonly mayUse: readonly string[];
  readonly tenantProof: TenantProof | null;
  /** Where DSNs go instead of the reverse-path, or null. */
  readonly reports: string | null;
  /** What to do with a likely repeat under another Message-ID. */
  readonly likelyRepeats: 'report' | 'suppress';
  readonly client: Client;
  readonly envelope: Envelope;
}

/** One message on its way in. Calls follow one another; `end` or `abort` is the last. */
export interface Intake {
  /** A piece of the content, dot-unstuffed, CRLF line endings already checked by the surface. Resolves when the next may come. */
  write(piece: Uint8Array): Promise<void>;
  /** The final dot was seen. Never rejects: every end is a reply, within the time set for it. 250 says our id. */
  end(): Promise<Reply>;
  /** The client went away, or the surface refuses the content. Nothing stays behind. */
  abort(): Promise<void>;
}

export interface Accept {
  /** @throws MailError store.disk-full and others: said at once in reply to DATA. */
  open(submission: Submission): Promise<Intake>;
}
