// Tells by its header and reverse-path what comes back on a notice: a report about delivery, an answer that a machine made (RFC 3834), or a person's.
// Many systems say it in ways of their own; what says nothing at all is a person's. Pure.
import { decodeEncodedWords } from './encoded-words.ts';
import { fieldText, type HeaderBlock } from './header-block.ts';
import { parseContentType } from './content-type.ts';
import { NOT_PROTECTED_FIELD } from './passed-on.ts';

/**
 * 'report': about delivery; what it says is in its body (delivery-report.ts). 'away': an automatic answer that stands for its person.
 * 'automatic': made by a machine otherwise (receipts, lists, notices of ours that were sent back).
 */
export type CameBack =
  | { readonly kind: 'person' }
  | { readonly kind: 'report' | 'away' | 'automatic'; readonly sign: AutomaticSign }
  /** More Received fields than a journey has (RFC 5321 6.3). */
  | { readonly kind: 'loop' };

/** What it was told by: stands in evidence. */
export type AutomaticSign =
  | 'passed-on-before'
  | 'report-type'
  | 'failed-recipients'
  | 'mailer-daemon'
  | 'auto-submitted'
  | 'auto-reply-field'
  | 'list'
  | 'precedence'
  | 'subject'
  | 'null-reverse-path';

const MOST_RECEIVED = 50;
/** Of a field that decides nothing but itself, more is not looked at. */
const LONGEST_VALUE = 2_000;

/** Fields that say by being there that a machine answered for its owner. */
const AUTO_REPLY_FIELDS: ReadonlySet<string> = new Set([
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-autoreply-from',
  'x-auto-reply-from',
  'x-mail-autoreply',
  'x-vacation',
  'x-ms-exchange-inbox-rules-loop',
]);
const LIST_FIELDS: ReadonlySet<string> = new Set(['list-id', 'list-unsubscribe', 'list-post', 'list-help']);

/** Local parts and names of those who tell about delivery. */
const DAEMON =
  /^(?:[^<]*<)?"?(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|microsoftexchange[0-9a-f]{6,40})"?@|^"?(?:mail delivery (?:sub)?system|mail administrator)\b/i;

/** How the answers of mail programs for those who are away begin, in the languages in which they ship. The last sign, so all of it must fit. */
const AWAY_SUBJECT =
  /^(?:auto(?:matic)?[ -]?(?:reply|response|answer)\b|auto:|out of (?:the )?office\b|away from (?:the |my )?(?:office|mail)\b|vacation (?:reply|response)\b|on (?:vacation|leave)\b|i(?:'| a)m (?:away|out of)\b|automatische antwort|abwesenheits(?:notiz|agent|assistent)|respuesta autom[aá]tica|fuera de (?:la )?oficina|ausente\b|r[eé]ponse automatique|absence du bureau|risposta automatica|fuori sede|resposta autom[aá]tica|automatisch antwoord|autosvar|automaattinen vastaus|automatyczna odpowied|automatick[aá] odpov)/iu;

/** @param header of the message. Never throws. */
export function cameBack(header: HeaderBlock, reversePath: string): CameBack {
  const valuesOf = (key: string): readonly string[] =>
    header.fields.filter((field) => field.key === key).map((field) => fieldText(header, field).slice(0, LONGEST_VALUE));
  if (valuesOf('received').length > MOST_RECEIVED) return { kind: 'loop' };
  return (
    ownSign(valuesOf) ??
    reportSign(valuesOf) ??
    autoSubmittedSign(valuesOf) ??
    olderSign(header, valuesOf) ??
    lastSign(valuesOf, reversePath)
  );
}

type ValuesOf = (key: string) => readonly string[];

/** What we passed on once comes back: some mailbox sends on all that it gets. */
function ownSign(valuesOf: ValuesOf): CameBack | null {
  return valuesOf(NOT_PROTECTED_FIELD.toLowerCase()).length > 0 ? { kind: 'automatic', sign: 'passed-on-before' } : null;
}

/** Reports first: they too say Auto-Submitted (RFC 3834 section 4 of a DSN's answer to nobody). */
function reportSign(valuesOf: ValuesOf): CameBack | null {
  const contentType = valuesOf('content-type')[0] ?? '';
  const parsed = parseContentType(contentType);
  if (parsed?.type === 'multipart' && parsed.subtype === 'report') {
    const [, type = ''] = /;\s*report-type\s*=\s*"?([A-Za-z-]+)/i.exec(contentType) ?? [];
    const isDelivery = type === '' || /delivery-status$/i.test(type);
    return { kind: isDelivery ? 'report' : 'automatic', sign: 'report-type' };
  }
  if (valuesOf('x-failed-recipients').length > 0) return { kind: 'report', sign: 'failed-recipients' };
  if (valuesOf('from').some((from) => DAEMON.test(decodeEncodedWords(from).text.trim()))) return { kind: 'report', sign: 'mailer-daemon' };
  return null;
}

/** RFC 3834 section 5: any value but `no`; `auto-replied` answers for somebody. Exchange says `auto-generated` of those answers too. */
function autoSubmittedSign(valuesOf: ValuesOf): CameBack | null {
  const [word = ''] = (valuesOf('auto-submitted')[0] ?? '').toLowerCase().split(/[\s;(]/, 1);
  if (word === '' || word === 'no') return null;
  const agent = valuesOf('x-ms-exchange-generated-message-source').some((value) => /rules agent/i.test(value));
  const isAway = word === 'auto-replied' || agent || AWAY_SUBJECT.test(subjectOf(valuesOf));
  return { kind: isAway ? 'away' : 'automatic', sign: 'auto-submitted' };
}

function olderSign(header: HeaderBlock, valuesOf: ValuesOf): CameBack | null {
  if (header.fields.some(({ key }) => AUTO_REPLY_FIELDS.has(key))) return { kind: 'away', sign: 'auto-reply-field' };
  if (header.fields.some(({ key }) => LIST_FIELDS.has(key))) return { kind: 'automatic', sign: 'list' };
  const precedence = valuesOf('precedence').map((value) => value.toLowerCase());
  // vacation(1) and those after it; RFC 3834 section 3.1.8 calls the field what it is.
  if (precedence.some((value) => /^(?:bulk|junk|list|auto[-_]?reply)\b/.test(value))) return { kind: 'away', sign: 'precedence' };
  return null;
}

function lastSign(valuesOf: ValuesOf, reversePath: string): CameBack {
  if (AWAY_SUBJECT.test(subjectOf(valuesOf))) return { kind: 'away', sign: 'subject' };
  return reversePath === '' ? { kind: 'report', sign: 'null-reverse-path' } : { kind: 'person' };
}

function subjectOf(valuesOf: ValuesOf): string {
  return decodeEncodedWords(valuesOf('subject')[0] ?? '').text.trim();
}
