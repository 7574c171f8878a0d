// Message identifiers of header fields (RFC 5322 3.6.4), as DSNs and repeats need them: printable, bounded.

const MSG_ID = /<[!-;=?-~]{1,250}>/g;
/** Together with the message's own id they go into one field. */
const MOST_REFERENCES = 20;

/** The identifier of a Message-ID field; a value without angle brackets as it is, where it is printable. Null for none. */
export function messageIdIn(value: string): string | null {
  const found = value.match(MSG_ID)?.[0];
  if (found !== undefined) return found;
  return /^[!-;=?-~]{1,250}$/.test(value) ? value : null;
}

/**
 * What a reply to the message has to carry in References, less the message's own id: its References, or else its In-Reply-To
 * where that names one. Of a long thread the first and the newest ids (RFC 5322 3.6.4, RFC 5537 3.4.4). Null for none.
 */
export function referencesIn(references: string | null, inReplyTo: string | null): string | null {
  const known = references?.match(MSG_ID) ?? [];
  const parents = known.length > 0 ? known : (inReplyTo?.match(MSG_ID) ?? []);
  if (parents.length === 0 || (known.length === 0 && parents.length > 1)) return null;
  const kept = parents.length > MOST_REFERENCES ? [...parents.slice(0, 1), ...parents.slice(1 - MOST_REFERENCES)] : parents;
  return kept.join(' ');
}
