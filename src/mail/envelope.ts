// The envelope as the client gave it (RFC 5321 2.3.1) with the parameters of the extensions we advertise.

/** When the originator wants a DSN for a recipient (RFC 3461 4.1). */
export type Notify = 'never' | 'success' | 'failure' | 'delay';

export interface Recipient {
  /** Forward-path without angle brackets. */
  readonly address: string;
  /** NOTIFY, or null where the client said nothing (failure and, at our choice, delay). */
  readonly notify: readonly Notify[] | null;
  /** ORCPT as given, xtext still encoded (`rfc822;ann+2Bx@example.org`), or null. */
  readonly orcpt: string | null;
  /** The pickup (a delivery id) whose answer this recipient was answered on: their address stands in the place of the one that was written. */
  readonly answers?: string;
}

export interface Envelope {
  /** Reverse-path without angle brackets; '' is the null reverse-path. */
  readonly reversePath: string;
  readonly body: '7bit' | '8bitmime';
  /** The client used SMTPUTF8 (RFC 6531). */
  readonly smtpUtf8: boolean;
  /** The client asked for REQUIRETLS (RFC 8689). */
  readonly requireTls: boolean;
  readonly ret: 'full' | 'hdrs' | null;
  /** ENVID as given, xtext still encoded. */
  readonly envid: string | null;
  readonly recipients: readonly Recipient[];
  /** Of what was written at the portal: the address of the person who wrote it. The reverse-path is ours. */
  readonly writer?: string;
}
