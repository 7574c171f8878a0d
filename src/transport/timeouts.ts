// How long each step of the dialogue may take. Names are those of the configuration.

export interface Timeouts {
  readonly connectMs: number;
  /** The 220 greeting. */
  readonly greetingMs: number;
  /** EHLO, STARTTLS and its handshake, AUTH, MAIL, RCPT: each reply. */
  readonly commandMs: number;
  /** The reply to DATA. */
  readonly dataStartMs: number;
  /** Each block of content that the connection is slow to take. */
  readonly dataBlockMs: number;
  /** The reply to the final dot. */
  readonly dataEndMs: number;
}

const MINUTE_MS = 60_000;

/** The minimums of RFC 5321 4.5.3.2; it sets none for connecting. */
export const RFC_5321_TIMEOUTS: Timeouts = {
  connectMs: 30_000,
  greetingMs: 5 * MINUTE_MS,
  commandMs: 5 * MINUTE_MS,
  dataStartMs: 2 * MINUTE_MS,
  dataBlockMs: 3 * MINUTE_MS,
  dataEndMs: 10 * MINUTE_MS,
};
