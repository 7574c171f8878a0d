// Date-times of header fields.

/** RFC 5322 3.3, in UTC. */
export function headerDate(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}
