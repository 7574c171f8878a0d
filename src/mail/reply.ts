// An SMTP reply: ours to a client, or a next hop's to us (RFC 5321 4.2, RFC 3463).

export interface Reply {
  readonly code: number;
  /** Enhanced status such as `5.7.1`, or null where a next hop gave none. */
  readonly enhanced: string | null;
  /** One line, or several joined by "\n". A next hop's text is untrusted: use `printable` before keeping it. */
  readonly text: string;
}

/** Remote text as evidence may keep it: at most 500 printable US-ASCII characters (DESIGN.md section 7). */
export function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 500);
}

/** The wire form of a reply, one write (RFC 5321 4.2.1). */
export function formatReply(reply: Reply): string {
  const lines = reply.text.split('\n');
  const status = reply.enhanced === null ? '' : `${reply.enhanced} `;
  return lines.map((line, i) => `${reply.code}${i === lines.length - 1 ? ' ' : '-'}${status}${line}\r\n`).join('');
}
