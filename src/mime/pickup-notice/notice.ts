// The notice that a message waits at the portal (DESIGN.md section 3): who wrote where it may be told, until when, how to open it, how to check
// that it is genuine. Nothing of the message is in it, and no address of the recipient but in To.
import type { Brand } from '../../config/portal.ts';
import type { Language } from '../../mail/language.ts';
import type { Assurance } from '../../mail/pickup.ts';
import { compose } from '../compose.ts';
import { asHtml, asPlainText, dayInWords, type NoticeText } from './render.ts';
import { filled, NOTICE_WORDS } from './words.ts';

export interface PickupNoticeFacts {
  /** Our id of this notice. */
  readonly id: string;
  readonly at: number;
  /** Our own name. */
  readonly hostname: string;
  readonly kind: 'first' | 'reminder' | 'again' | 'lost-factor';
  readonly to: string;
  /** Where an answer to it goes, or null for nowhere. */
  readonly replyTo: string | null;
  readonly brand: Pick<Brand, 'url' | 'from' | 'organisation' | 'help' | 'accent' | 'texts' | 'zone'>;
  readonly language: Language;
  /** Who wrote, or null where that is not told. */
  readonly from: string | null;
  readonly expiresAt: number;
  readonly link: string;
  readonly opensBy: Assurance;
}

/** The bytes of a notice: 7-bit, plain text and HTML (RFC 2046 5.1.4), Auto-Submitted (RFC 3834 5). */
export function composePickupNotice(facts: PickupNoticeFacts): Uint8Array {
  const { id, at, hostname, kind, to, replyTo, brand, language } = facts;
  const text = textOf(facts);
  return compose({
    messageId: `${id}@${hostname}`,
    at,
    from: { name: brand.organisation, address: brand.from },
    to: [{ name: null, address: to }],
    replyTo: replyTo === null ? null : { name: brand.organisation, address: replyTo },
    subject: filled(NOTICE_WORDS[language].subjects[kind], { organisation: brand.organisation }),
    inReplyTo: null,
    references: null,
    autoSubmitted: 'auto-generated',
    further: [['Content-Language', language]],
    contentType: 'multipart/alternative',
    parts: [
      { contentType: 'text/plain; charset=utf-8', description: null, content: asPlainText(text) },
      { contentType: 'text/html; charset=utf-8', description: null, content: asHtml(text) },
    ],
  });
}

function textOf({ kind, brand, language, from, expiresAt, link, opensBy, replyTo }: PickupNoticeFacts): NoticeText {
  const words = NOTICE_WORDS[language];
  const { organisation, help, url, accent } = brand;
  const values = {
    organisation,
    help,
    from: from ?? organisation,
    date: dayInWords(expiresAt, language, brand.zone),
    host: new URL(url).host,
  };
  const why = { first: [], reminder: [words.reminder], again: [words.again], 'lost-factor': [words.lostFactor] }[kind];
  const waits = [from === null ? words.fromNobody : words.from, ...(kind === 'lost-factor' ? [] : why), words.until];
  const paragraphs = kind === 'lost-factor' ? why : waits;
  return {
    language,
    title: words.titles[kind],
    paragraphs: paragraphs.map((text) => filled(text, values)),
    action: { label: words.open, url: link },
    more: [
      opensBy === 'clinic' ? words.byClinic : words.byMail,
      words.genuineTitle,
      words.genuine,
      words.call,
      replyTo === null ? words.noAnswers : words.answerThere,
      ...(brand.texts.notice === null ? [] : [brand.texts.notice]),
    ].map((text) => filled(text, values)),
    accent,
  };
}
