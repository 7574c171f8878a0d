// What originators ask for by a tag of the subject or a header field. Less protection counts only for some accounts, and only with an
// attestation on file; who asks for both gets more.
import type { Facts, MessageFacts } from '../mail/facts.ts';
import type { TextSet } from './members.ts';
import { hasField } from './message-tests.ts';
import type { WishSource } from './source.ts';

export interface WishReader {
  readonly source: WishSource;
  readonly tags: ReadonlySet<string>;
  readonly header: ((message: MessageFacts) => boolean) | null;
  /** Null: everybody may. */
  readonly accounts: TextSet | null;
}

export interface WishHeard {
  readonly wish: 'more' | 'less';
  /** Tags of the subject that belong to it; they are removed before delivery, whether it counts or not. */
  readonly tags: readonly string[];
  /** 'counts', or why it does not. */
  readonly verdict: 'counts' | 'not-this-account' | 'not-attested' | 'more-was-asked-for';
}

export function wishReader(source: WishSource, accounts: TextSet | null): WishReader {
  return { source, tags: new Set(source.tags), header: source.header === null ? null : hasField(source.header), accounts };
}

/** The wishes that a message carries. */
export function wishesHeard(readers: readonly WishReader[], facts: Facts): readonly WishHeard[] {
  const heard: WishHeard[] = [];
  for (const reader of readers) {
    const tags = facts.message.subjectTags.filter((tag) => reader.tags.has(tag));
    if (tags.length === 0 && reader.header?.(facts.message) !== true) continue;
    heard.push({ wish: reader.source.wish, tags, verdict: verdictOf(reader, facts) });
  }
  const more = heard.some(({ wish }) => wish === 'more');
  return more ? heard.map((one) => (one.wish === 'less' ? { ...one, verdict: 'more-was-asked-for' } : one)) : heard;
}

function verdictOf({ accounts }: WishReader, { message, sender }: Facts): WishHeard['verdict'] {
  if (accounts === null) return 'counts';
  if (message.submitter.kind !== 'account' || !accounts.has(message.submitter.name.toLowerCase())) return 'not-this-account';
  return sender.attested ? 'counts' : 'not-attested';
}
