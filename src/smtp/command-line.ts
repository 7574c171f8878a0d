// Takes EHLO, MAIL and RCPT lines apart: name, path and parameters (RFC 5321 4.1.2). smtp-server decodes both before anybody can look; evidence,
// DSNs and the next hop need what the client wrote, so the line is read here and only here. Pure.
import { isUtf8 } from 'node:buffer';

export interface PathCommand {
  /** Without angle brackets and source route; '' for `<>`. */
  readonly path: string;
  /** In upper case, with the value as written or null. In the order given. */
  readonly parameters: readonly (readonly [keyword: string, value: string | null])[];
}

// A space after the colon is a common fault of clients and does no harm.
const LINE = /^(MAIL FROM|RCPT TO): ?<((?:"(?:[^"\\]|\\.)*"|[^"<>\s])*)>(?: +(\S.*?))? *$/i;
// "@one.example,@two.example:" in front of the mailbox. RFC 5321 (appendix C, F.2): must be accepted, should be ignored.
const SOURCE_ROUTE = /^@[A-Za-z0-9.-]+(?:,@[A-Za-z0-9.-]+)*:/;
// RFC 5321 4.1.1.1, 4.5.3.1.2; clients also send bare machine names.
const GREETING = /^(?:EHLO|HELO) +([^\p{Cc}\s]{1,255}) *$/iu;
const KEYWORD = /^[A-Za-z0-9][A-Za-z0-9-]*$/;

/** Null where the line is not what the grammar says, or is not UTF-8. */
export function parsePathCommand(verb: 'MAIL FROM' | 'RCPT TO', line: Uint8Array): PathCommand | null {
  const text = utf8(line);
  const [, given, path, rest] = (text === null ? null : LINE.exec(text)) ?? [];
  if (path === undefined || given?.toUpperCase() !== verb) return null;
  const parameters = (rest ?? '').split(/ +/).filter(Boolean).map(parameter);
  if (!parameters.every((one) => one !== null)) return null;
  return { path: path.replace(SOURCE_ROUTE, ''), parameters };
}

/** The name a client gives itself with EHLO or HELO, of any characters that can be seen; null where there is none. */
export function parseGreeting(line: Uint8Array): string | null {
  return GREETING.exec(Buffer.from(line).toString())?.[1] ?? null;
}

function parameter(text: string): readonly [string, string | null] | null {
  const equals = text.indexOf('=');
  const keyword = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? null : text.slice(equals + 1);
  // RFC 5321 4.1.2: a value has no "=", and an "=" has a value.
  if (!KEYWORD.test(keyword) || value === '' || value?.includes('=') === true) return null;
  return [keyword.toUpperCase(), value];
}

/** Null where the octets are not UTF-8 (RFC 6531 3.2) or hold a control character. */
function utf8(line: Uint8Array): string | null {
  if (!isUtf8(line)) return null;
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');
  return /\p{Cc}/u.test(text) ? null : text;
}
