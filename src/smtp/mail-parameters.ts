// Parameters of MAIL and RCPT (RFC 1870, 3461, 4954, 6152, 6531, 8689): known ones are checked, others refused. Pure.
import type { Envelope, Notify, Recipient } from '../mail/envelope.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import type { PathCommand } from './command-line.ts';
import { decodeXtext, isPrintableXtext } from './xtext.ts';

export type MailParameters = Pick<Envelope, 'body' | 'smtpUtf8' | 'requireTls' | 'ret' | 'envid'> & {
  /** SIZE as declared, or null. */
  readonly sizeBytes: number | null;
};
export type RcptParameters = Pick<Recipient, 'notify' | 'orcpt'>;

/** The value, or the code to refuse with. */
export type Checked<T> = { readonly kind: 'good'; readonly value: T } | { readonly kind: 'bad'; readonly code: MailErrorCode };

/** What EHLO offers in this state of the session: only that may be used. */
export interface Offered {
  readonly requireTls: 'yes' | 'no';
  readonly auth: 'yes' | 'no';
}

type Check = (value: string | null) => boolean;

const NOTIFY_WORDS: readonly string[] = ['success', 'failure', 'delay'] satisfies Notify[];
const MAX_ENVID = 100;
const MAX_ORCPT = 500;

const flag: Check = (value) => value === null;
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    value !== null && words.includes(value.toUpperCase());

const MAIL_CHECKS: Readonly<Record<string, Check>> = {
  SIZE: (value) => value !== null && /^\d{1,20}$/.test(value),
  BODY: oneOf('7BIT', '8BITMIME'),
  SMTPUTF8: flag,
  REQUIRETLS: flag,
  RET: oneOf('FULL', 'HDRS'),
  ENVID: (value) => value !== null && value.length <= MAX_ENVID && isPrintableXtext(value),
  // RFC 4954 5: whom a relay trusts for it. Checked and left out: who submitted is what we know ourselves.
  AUTH: (value) => value === '<>' || (value !== null && decodeXtext(value) !== null),
};

const RCPT_CHECKS: Readonly<Record<string, Check>> = { NOTIFY: (value) => notifyOf(value) !== null, ORCPT: isOrcpt };

export function mailParameters(given: PathCommand['parameters'], offered: Offered): Checked<MailParameters> {
  const off = [...(offered.requireTls === 'no' ? ['REQUIRETLS'] : []), ...(offered.auth === 'no' ? ['AUTH'] : [])];
  const checked = checkAll(given, MAIL_CHECKS, off);
  if (checked.kind === 'bad') return checked;
  const value = checked.value;
  const size = value.get('SIZE') ?? null;
  return {
    kind: 'good',
    value: {
      body: value.get('BODY')?.toUpperCase() === '8BITMIME' ? '8bitmime' : '7bit',
      smtpUtf8: value.has('SMTPUTF8'),
      requireTls: value.has('REQUIRETLS'),
      ret: value.has('RET') ? (value.get('RET')?.toUpperCase() === 'FULL' ? 'full' : 'hdrs') : null,
      envid: value.get('ENVID') ?? null,
      sizeBytes: size === null ? null : Number(size),
    },
  };
}

export function rcptParameters(given: PathCommand['parameters']): Checked<RcptParameters> {
  const checked = checkAll(given, RCPT_CHECKS, []);
  if (checked.kind === 'bad') return checked;
  const notify = checked.value.has('NOTIFY') ? notifyOf(checked.value.get('NOTIFY') ?? null) : null;
  return { kind: 'good', value: { notify, orcpt: checked.value.get('ORCPT') ?? null } };
}

function checkAll(
  given: PathCommand['parameters'],
  checks: Readonly<Record<string, Check>>,
  off: readonly string[],
): Checked<Map<string, string | null>> {
  const values = new Map<string, string | null>();
  for (const [keyword, value] of given) {
    const check = Object.hasOwn(checks, keyword) && !off.includes(keyword) ? checks[keyword] : undefined;
    if (check === undefined) return { kind: 'bad', code: 'envelope.unknown-parameter' };
    // RFC 3461 4: a parameter stands once.
    if (values.has(keyword) || !check(value)) return { kind: 'bad', code: 'envelope.bad-parameter' };
    values.set(keyword, value);
  }
  return { kind: 'good', value: values };
}

/** RFC 3461 4.1: NEVER alone, or some of the others. */
function notifyOf(value: string | null): readonly Notify[] | null {
  const words = value?.toLowerCase().split(',') ?? [];
  if (words.length === 1 && words[0] === 'never') return ['never'];
  const known = words.filter((word): word is Notify => NOTIFY_WORDS.includes(word));
  return known.length === words.length && known.length > 0 ? [...new Set(known)] : null;
}

/** RFC 3461 4.2: address type, semicolon, xtext; with `utf-8` (RFC 6533 3) the address may hold UTF-8 itself. */
function isOrcpt(value: string | null): boolean {
  const [, type = '', address = ''] = /^([A-Za-z0-9!#$%&'*/?^_`{|}~.-]+);(.+)$/su.exec(value ?? '') ?? [];
  if (type === '' || Buffer.byteLength(value ?? '') > MAX_ORCPT) return false;
  if (type.toLowerCase() !== 'utf-8') return isPrintableXtext(address);
  return /^(?:[!-*,-<>-~]|\+[0-9A-F]{2}|(?![\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}])[\u0080-\u{10FFFF}])+$/u.test(address);
}
