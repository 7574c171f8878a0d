// xtext (RFC 3461 4): how ENVID, ORCPT and AUTH carry any characters in a command line. Pure.

const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;

/** The text that xtext stands for, one character per octet; null where it is not xtext. */
export function decodeXtext(xtext: string): string | null {
  if (!XTEXT.test(xtext)) return null;
  return xtext.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** True where the decoded text is printable US-ASCII, as ENVID and ORCPT must be (RFC 3461 4.2, 4.4). */
export function isPrintableXtext(xtext: string): boolean {
  const text = decodeXtext(xtext);
  return text !== null && /^[ -~]+$/.test(text);
}
