// Tells the postmaster that what a person wrote at the portal came back after it had been handed over. By ids only: no name, no word of it.
import { compose } from './compose.ts';
import type { DsnVoice } from './dsn.ts';
import { wrapWords } from './text-lines.ts';

export interface AnswerBouncedFacts {
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  /** Address of From. */
  readonly postmaster: string;
  readonly to: readonly string[];
  readonly voice: DsnVoice;
  /** The delivery that was answered. */
  readonly deliveryId: string;
  /** Enhanced status, or null. */
  readonly status: string | null;
}

/** The bytes of a notice. The caller sends it from `<>`. */
export function composeAnswerBounced({ id, at, hostname, postmaster, to, voice, deliveryId, status }: AnswerBouncedFacts): Uint8Array {
  const because = status === null ? '' : ` (${status})`;
  const text = [
    `Somebody answered at the portal, and the answer came back from a mail server behind ours${because}. Whoever wrote it believes that it arrived.`,
    'Find out why the addressee could not be reached, and let them know. It is about this delivery:',
  ];
  const lines = [
    ...text.flatMap((one) => [...wrapWords(one, ''), '']),
    `  postern pickup show ${deliveryId}`,
    '',
    `Mail server ${hostname}`,
    '',
  ];
  return compose({
    messageId: `${id}@${hostname}`,
    at,
    from: { name: voice.name, address: postmaster },
    to: to.map((address) => ({ name: null, address })),
    subject: `An answer from the portal came back: ${deliveryId}`,
    inReplyTo: null,
    references: null,
    autoSubmitted: 'auto-generated',
    contentType: 'multipart/mixed',
    parts: [{ contentType: 'text/plain; charset=utf-8', description: null, disposition: 'inline', content: lines.join('\r\n') }],
  });
}
