// xtext (RFC 3461 section 4): how ENVID and ORCPT carry other characters through SMTP.

/** The decoded text, or null where it is not xtext or decodes to something other than printable US-ASCII. */
export function decodeXtext(xtext: string): string | null {
  if (!/^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(xtext)) return null;
  const text = xtext.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /^[ -~]*$/.test(text) ? text : null;
}
