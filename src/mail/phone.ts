// Telephone numbers as the international plan writes them (ITU-T E.164), and what may be shown of one. Pure.

/** At most fifteen digits, country code first, which never begins with 0 (E.164 6.1, 6.2.1); shorter ones than these are of no one person. */
const E164 = /^\+[1-9]\d{6,14}$/;
/** A country code, or more of a number's beginning. */
const PREFIX = /^\+[1-9]\d{0,6}$/;

/** As people type it, `+1 (555) 010-0100`, to E.164. Null where it is no such number: one without its country code could be anywhere. */
export function readPhone(typed: string): string | null {
  const number = typed.trim().replace(/[\s().\-\u2010-\u2015]/g, '');
  return E164.test(number) ? number : null;
}

export function isPhonePrefix(given: string): boolean {
  return PREFIX.test(given);
}

/** Is it in one of the places that codes may be sent to? */
export function isOfPrefix(number: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => number.startsWith(prefix));
}

/** All that is shown of a number: enough for its owner to know it by. */
export function endsOf(number: string): string {
  return number.slice(-2);
}
