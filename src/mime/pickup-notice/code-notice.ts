// To whom wrote: their message waits at the portal, and these are the codes that they tell the recipients by another way. Goes only over the floor of
// our own mail, to an address of the organisation.
import type { Brand } from '../../config/portal.ts';
import type { Language } from '../../mail/language.ts';
import { compose } from '../compose.ts';
import { messageIdIn } from '../message-ids.ts';
import { printable } from '../text-lines.ts';
import { asPlainText, dayInWords } from './render.ts';
import { filled, NOTICE_WORDS } from './words.ts';

export interface CodeNoticeFacts {
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  /** Address of From: ours, not what patients see. */
  readonly postmaster: string;
  readonly to: string;
  readonly brand: Pick<Brand, 'organisation' | 'help' | 'accent' | 'zone'>;
  readonly language: Language;
  /** When the message was handed in. */
  readonly sentAt: number;
  /** Its Message-ID with angle brackets, or null: it files beside what was sent. */
  readonly headerMessageId: string | null;
  readonly codes: readonly { readonly recipient: string; readonly code: string }[];
  readonly goodUntil: number;
}

/** The bytes of it: plain text only, Auto-Submitted (RFC 3834 5). */
export function composeCodeNotice(facts: CodeNoticeFacts): Uint8Array {
  const { id, at, hostname, postmaster, to, brand, language, sentAt, codes, goodUntil } = facts;
  const original = facts.headerMessageId === null ? null : messageIdIn(facts.headerMessageId);
  const { subjects, code: words } = NOTICE_WORDS[language];
  const content = asPlainText({
    language,
    title: words.title,
    paragraphs: [
      filled(words.what, { date: dayInWords(sentAt, language, brand.zone) }),
      words.how,
      ...codes.map(({ recipient, code }) => filled(words.line, { recipient: printable(recipient), code })),
      filled(words.until, { date: dayInWords(goodUntil, language, brand.zone) }),
    ],
    action: null,
    more: [filled(words.questions, { help: brand.help })],
    accent: brand.accent,
  });
  return compose({
    messageId: `${id}@${hostname}`,
    at,
    from: { name: brand.organisation, address: postmaster },
    to: [{ name: null, address: to }],
    subject: subjects.code,
    inReplyTo: original,
    references: original,
    autoSubmitted: 'auto-generated',
    further: [['Content-Language', language]],
    contentType: 'multipart/mixed',
    parts: [{ contentType: 'text/plain; charset=utf-8', description: null, content }],
  });
}
