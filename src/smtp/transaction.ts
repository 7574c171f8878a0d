// One mail transaction as it grows: reverse-path, recipients and their parameters (RFC 5321 3.3), each checked as it comes.
// Addresses stay as the client wrote them. Pure.
import { canonicalAddress, isAscii, matchesAddress, parseMailbox } from '../mail/address.ts';
import type { Envelope, Recipient } from '../mail/envelope.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { parsePathCommand } from './command-line.ts';
import { mailParameters, rcptParameters } from './mail-parameters.ts';
import type { Checked, MailParameters, Offered } from './mail-parameters.ts';

export interface TransactionLimits {
  readonly messageSizeBytes: number;
  readonly recipientsPerMessage: number;
}

/** A path is at most 256 octets with its brackets (RFC 5321 4.5.3.1.3). */
const MAX_PATH_OCTETS = 254;

export class Transaction {
  readonly #reversePath: string;
  readonly #parameters: MailParameters;
  readonly #recipients = new Map<string, Recipient>();

  private constructor(reversePath: string, parameters: MailParameters) {
    this.#reversePath = reversePath;
    this.#parameters = parameters;
  }

  /** MAIL. `mayUse`: what this submitter may send from. */
  static begin(line: Uint8Array, mayUse: readonly string[], offered: Offered, limits: TransactionLimits): Checked<Transaction> {
    const command = parsePathCommand('MAIL FROM', line);
    if (command === null) return bad('envelope.bad-syntax');
    const checked = mailParameters(command.parameters, offered);
    if (checked.kind === 'bad') return checked;
    const refused = refusalOf(command.path, checked.value.smtpUtf8, 'null path');
    if (refused !== null) return bad(refused);
    if ((checked.value.sizeBytes ?? 0) > limits.messageSizeBytes) return bad('envelope.too-large');
    // The null reverse-path is open to every submitter: mail programs send receipts (RFC 8098) and systems automatic answers with it.
    // It names nobody, and the From field is bound to `mayUse` all the same.
    if (command.path !== '' && !mayUse.some((pattern) => matchesAddress(pattern, command.path))) return bad('envelope.sender-not-allowed');
    return { kind: 'good', value: new Transaction(command.path, checked.value) };
  }

  /** RCPT. The same recipient again replaces the parameters of the first. Null: taken. */
  add(line: Uint8Array, limits: TransactionLimits): MailErrorCode | null {
    const read = this.read(line, limits);
    if (read.kind === 'bad') return read.code;
    this.take(read.value);
    return null;
  }

  /** RCPT as far as it can be judged by itself. */
  read(line: Uint8Array, limits: TransactionLimits): Checked<Recipient> {
    const command = parsePathCommand('RCPT TO', line);
    if (command === null) return bad('envelope.bad-syntax');
    const checked = rcptParameters(command.parameters);
    if (checked.kind === 'bad') return checked;
    const refused = refusalOf(command.path, this.#parameters.smtpUtf8, 'postmaster');
    if (refused !== null) return bad(refused);
    const isNew = !this.#recipients.has(canonicalAddress(command.path));
    if (isNew && this.#recipients.size >= limits.recipientsPerMessage) return bad('envelope.too-many-recipients');
    return { kind: 'good', value: { address: command.path, ...checked.value } };
  }

  take(recipient: Recipient): void {
    this.#recipients.set(canonicalAddress(recipient.address), recipient);
  }

  get recipients(): number {
    return this.#recipients.size;
  }

  envelope(): Envelope {
    const { body, smtpUtf8, requireTls, ret, envid } = this.#parameters;
    return { reversePath: this.#reversePath, body, smtpUtf8, requireTls, ret, envid, recipients: [...this.#recipients.values()] };
  }
}

/** Why a path is refused, or null. `besides`: what is good though it is no mailbox (`<>`; `<postmaster>`, RFC 5321 4.5.1). */
function refusalOf(path: string, smtpUtf8: boolean, besides: 'null path' | 'postmaster'): MailErrorCode | null {
  if (besides === 'null path' ? path === '' : path.toLowerCase() === 'postmaster') return null;
  if (!smtpUtf8 && !isAscii(path)) return 'envelope.needs-smtputf8';
  if (Buffer.byteLength(path) > MAX_PATH_OCTETS || parseMailbox(path) === null) return 'envelope.bad-address';
  return null;
}

function bad(code: MailErrorCode): { readonly kind: 'bad'; readonly code: MailErrorCode } {
  return { kind: 'bad', code };
}
