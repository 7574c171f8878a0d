// The facts that the content itself tells policy: header fields, tags of the subject, attachments, who sees whom. Pure.
import { canonicalAddress, domainOf } from './address.ts';
import { clientEncryption } from './client-encryption.ts';
import { type AttachmentFacts, HIDDEN_FIELDS, type MessageFacts, type PhiFacts } from './facts.ts';
import type { InspectionReport } from './finding.ts';
import { ANSWER, TAG, WORD_TAG } from './tag-syntax.ts';
import type { Message, PartKind } from './message.ts';

/** The part of a message's facts that is read from its content. */
export type ContentFacts = Pick<
  MessageFacts,
  'from' | 'header' | 'subjectTags' | 'attachments' | 'automatic' | 'urgent' | 'encryptedBy'
> & {
  /** Addresses in To and Cc (RFC 5322 3.6.3), canonical, each once. */
  readonly visible: readonly string[];
};

const MOST_FIELDS = 200;
const LONGEST_VALUE = 400;
const LONGEST_FIELD = 64 * 1024;
const MOST_ADDRESSES = 5_000;
const MOST_ATTACHMENTS = 200;
const LONGEST_NAME = 255;
const ADDRESS = /[^\s<>()[\],;:"@]{1,64}@[^\s<>()[\],;:"@]{1,255}/g;

export function contentFacts(message: Message): ContentFacts {
  const fields = fieldsOf(message);
  const valuesOf = (name: string): readonly string[] => fields.filter(([field]) => field === name).map(([, value]) => value);
  return {
    from: addressesIn(valuesOf('from')),
    visible: addressesIn([...valuesOf('to'), ...valuesOf('cc')]),
    header: fields
      .filter(([name]) => !HIDDEN_FIELDS.has(name))
      .slice(0, MOST_FIELDS)
      .map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)]),
    subjectTags: [...new Set(valuesOf('subject').flatMap(tagsOf))],
    attachments: message.parts.flatMap(attachmentOf).slice(0, MOST_ATTACHMENTS),
    automatic: isAutomatic(valuesOf),
    urgent: isUrgent(valuesOf),
    encryptedBy: clientEncryption(message),
  };
}

/** What a report says to policy. */
export function phiFacts({ level, score, findings, labels, documents, reasons }: InspectionReport): PhiFacts {
  const values = new Map<(typeof findings)[number]['kind'], Set<string>>();
  for (const { kind, digest } of findings) values.set(kind, (values.get(kind) ?? new Set()).add(digest));
  return {
    level,
    score,
    counts: Object.fromEntries([...values].map(([kind, digests]) => [kind, digests.size])),
    labels,
    documents: [...new Set(documents.map(({ standard }) => standard))],
    reasons: [...new Set(reasons.map(({ code }) => code))].slice(0, 50),
  };
}

/** Of the message itself, not of one inside it. */
function fieldsOf({ spans }: Message): readonly (readonly [name: string, value: string])[] {
  return spans.flatMap(({ part, place: { area, field }, text }) =>
    part === '' && area === 'header' && field !== undefined ? [[field, text.slice(0, LONGEST_FIELD)] as const] : [],
  );
}

function addressesIn(values: readonly string[]): readonly string[] {
  const found = writtenAddresses(values).map(canonicalAddress);
  return [...new Set(found.filter((address) => domainOf(address) !== ''))].slice(0, MOST_ADDRESSES);
}

/** As they are written in address fields (RFC 5322 3.6.2, 3.6.3). */
export function writtenAddresses(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.match(ADDRESS) ?? []);
}

/** Answers and forwards keep the tag of what they answer. */
const FIRST = new RegExp(`^\\s*(?:${ANSWER}\\s*)*(${TAG}|(?!${ANSWER})${WORD_TAG})`, 'iu');
const LAST = new RegExp(`(${TAG})\\s*$`, 'u');
/** At each end: what stands before the text must not hide a tag behind it. */
const MOST_TAGS = 8;
const LONGEST_SUBJECT = 1_000;

/** The tags at either end of a subject, in lower case: `[secure]`, `(secure)`, `{secure}`, `#secure`, `secure:` (the last only in front). */
export function tagsOf(subject: string): readonly string[] {
  const first: string[] = [];
  let at = 0;
  const front = subject.slice(0, LONGEST_SUBJECT);
  for (let found = FIRST.exec(front); found !== null && first.length < MOST_TAGS; found = FIRST.exec(front.slice(at))) {
    first.push((found[1] ?? '').toLowerCase());
    at += found[0].length;
  }
  const last: string[] = [];
  let rest = subject.slice(at).slice(-LONGEST_SUBJECT);
  for (let found = LAST.exec(rest); found !== null && last.length < MOST_TAGS; found = LAST.exec(rest)) {
    last.push((found[1] ?? '').toLowerCase());
    rest = rest.slice(0, found.index);
  }
  return [...first, ...last];
}

/** What was signed or encrypted as a whole is a file to every program that cannot open it (RFC 8551 3.2). */
const SIGNED_OR_LOCKED: ReadonlySet<PartKind> = new Set(['smime-signed', 'smime-encrypted', 'pgp-signed', 'pgp-encrypted']);

function attachmentOf({ kind, declaredType, name, role }: Message['parts'][number]): readonly AttachmentFacts[] {
  if (role !== 'attachment' && role !== 'member' && (role === 'other-reading' || !SIGNED_OR_LOCKED.has(kind))) return [];
  return [{ kind, declaredType, name: name === null ? null : name.toLowerCase().slice(-LONGEST_NAME) }];
}

type ValuesOf = (name: string) => readonly string[];

/** Made by a machine, or sent to many (RFC 3834 2, RFC 2919, RFC 2369). */
function isAutomatic(valuesOf: ValuesOf): boolean {
  if (valuesOf('auto-submitted').some((value) => !/^\s*no\b/i.test(value))) return true;
  if (valuesOf('list-id').length > 0 || valuesOf('list-unsubscribe').length > 0) return true;
  return valuesOf('precedence').some((value) => /^\s*(?:bulk|list|junk)\s*$/i.test(value));
}

/** RFC 2156 5.3.6 Priority, RFC 2156 5.3.4 Importance, and the X-Priority that mail programs write. */
function isUrgent(valuesOf: ValuesOf): boolean {
  return (
    valuesOf('importance').some((value) => /^\s*high\b/i.test(value)) ||
    valuesOf('priority').some((value) => /^\s*urgent\b/i.test(value)) ||
    valuesOf('x-priority').some((value) => /^\s*[12]\b/.test(value))
  );
}
