// How kinds of text look at their beginning: markup, data, calendars, cards, a message or a mailbox as a file.
import type { PartKind } from '../../mail/message.ts';

/** MIME Sniffing 7.1: what browsers take for HTML, and what mail programs write first. */
const HTML_START =
  /^<(?:!doctype\s+html|(?:html|head|body|title|meta|style|script|table|tr|td|div|span|p|br|hr|font|center|a|b|i|u|img|h[1-6]|ul|ol|iframe|base|blockquote|pre|strong|em|form|input|link)(?=[\s>/]))/i;

/**
 * @param head without byte order mark and leading white space
 * @param tail without trailing white space: what has neither declaration nor namespace shows by closing what it opened
 */
export function markupKind(head: string, tail: string): PartKind | null {
  if (!head.startsWith('<')) return null;
  const start = afterProlog(head);
  const root = rootAt(head, start);
  const kind = root === null ? null : rootKind(root);
  if (kind !== null) return kind;
  const prolog = head.slice(0, Math.min(start, 9_000));
  if (/<!doctype\s+html/i.test(prolog) || HTML_START.test(head.slice(start, start + 200))) return 'html';
  if (/^<\?xml\s/i.test(head) || /<!doctype\s/i.test(prolog)) return 'xml';
  return root !== null && (root.attributes.has('xmlns') || tail.endsWith(`${root.local}>`)) ? 'xml' : null;
}

interface Root {
  readonly local: string;
  /** Of the element itself, '' for none. */
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
}

function rootKind({ local, namespace, attributes }: Root): PartKind | null {
  if (local === 'ClinicalDocument' || namespace === 'urn:hl7-org:v3') return 'cda';
  if (namespace === 'http://hl7.org/fhir') return 'fhir-xml';
  const standard = `${attributes.get('TransactionDomain') ?? ''} ${attributes.get('ECLVersion') ?? ''} ${namespace}`;
  if (local === 'Message' && /SCRIPT|ncpdp/i.test(standard)) return 'ncpdp';
  return namespace === 'http://www.w3.org/1999/xhtml' || /^html$/i.test(local) ? 'html' : null;
}

/** Behind declaration, comments, processing instructions, document type and white space; in linear time. */
function afterProlog(head: string): number {
  const blank = /\s*/y;
  for (let at = 0; at < head.length;) {
    blank.lastIndex = at;
    at += blank.exec(head)?.[0].length ?? 0;
    const next = afterPiece(head, at);
    if (next === at) return at;
    at = next;
  }
  return head.length;
}

function afterPiece(head: string, at: number): number {
  const behind = (end: string): number => {
    const found = head.indexOf(end, at + 2);
    return found < 0 ? head.length : found + end.length;
  };
  if (head.startsWith('<!--', at)) return behind('-->');
  if (head.startsWith('<?', at)) return behind('?>');
  if (!/^<!doctype/i.test(head.slice(at, at + 9))) return at;
  const subset = head.slice(at, behind('>')).indexOf('[');
  return subset < 0 ? behind('>') : behind(']>');
}

function rootAt(head: string, at: number): Root | null {
  const [, prefix, local] = /^<(?:([A-Za-z_][\w.-]{0,60}):)?([A-Za-z_][\w.-]{0,100})(?=[\s/>])/.exec(head.slice(at, at + 200)) ?? [];
  if (local === undefined) return null;
  const tag = head.slice(at, at + 8_000);
  const attributes = new Map<string, string>();
  for (const [, name = '', one, two] of tag
    .slice(0, tagLength(tag))
    .matchAll(/([\w:.-]{1,100})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(name, one ?? two ?? '');
  }
  const uri = attributes.get(prefix === undefined ? 'xmlns' : `xmlns:${prefix}`) ?? '';
  return { local, namespace: uri, attributes: prefix === undefined ? attributes : new Map([...attributes, ['xmlns', uri]]) };
}

/** A `>` may stand in a value. */
function tagLength(tag: string): number {
  let quote = '';
  for (let i = 0; i < tag.length; i++) {
    const character = tag[i] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return i;
  }
  return tag.length;
}

/** RFC 8259, or a resource or value on each line. A bracket begins many a sentence: both ends are looked at. */
export function jsonKind(head: string, tail: string): PartKind | null {
  if (!/^(?:\{\s*(?:"|\})|\[\s*(?:[[{"\]]|-?\d[\d.eE+-]*\s*[,\]]|(?:true|false|null)\s*[,\]]))/.test(head.slice(0, 2_000))) return null;
  const resource = /"resourceType"\s{0,20}:\s{0,20}"[A-Z][A-Za-z]{1,60}"/;
  if (resource.test(head) || resource.test(tail)) return 'fhir-json';
  return /[}\]]$/.test(tail.trimEnd()) ? 'json' : null;
}

export function isCalendar(head: string): boolean {
  return /^BEGIN:VCALENDAR[ \t]*\r?\n/i.test(head);
}

export function isCard(head: string): boolean {
  return /^BEGIN:VCARD[ \t]*\r?\n/i.test(head);
}

export function isRichText(head: string): boolean {
  return /^\{\\(?:rt|urtf)/.test(head);
}

/** Cells between the same separator in most lines (RFC 4180, and what spreadsheets of other countries write). */
export function isDelimited(head: string): boolean {
  const lines = head
    .slice(0, 16_384)
    .split(/\r\n|\r|\n/, 20)
    .filter((line) => line.trim() !== '');
  return [',', ';', '\t', '|'].some((separator) => {
    const having = lines.filter((line) => line.includes(separator)).length;
    return lines[0]?.includes(separator) === true && having * 2 > lines.length;
  });
}

const FIELDS =
  /^(?:from|to|cc|bcc|subject|date|sender|reply-to|received|return-path|delivered-to|message-id|in-reply-to|references|mime-version|content-(?:type|transfer-encoding|disposition|language|id)|dkim-signature|arc-[a-z-]{3,40}|authentication-results|x-[a-z0-9-]{2,60}|list-[a-z]{2,20}|thread-(?:topic|index)|user-agent|envelope-to|importance|resent-[a-z-]{2,20})$/i;

export type Messageness = 'no' | 'message' | 'mime';

/** How much the beginning is the header of a message (RFC 5322): 'mime' where it also says how to read its body. */
export function messageness(head: string): Messageness {
  const names: string[] = [];
  let known = 0;
  for (const line of head.slice(0, 32_768).split(/\r\n|\r|\n/, 200)) {
    if (line === '') break;
    if (/^[ \t]/.test(line)) continue;
    const name = /^([!-9;-~]{1,76})[ \t]{0,5}:/.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) return 'no';
    names.push(name);
    if (FIELDS.test(name)) known++;
  }
  const strong = ['from', 'received', 'return-path', 'message-id', 'mime-version', 'date', 'delivered-to'].some((name) =>
    names.includes(name),
  );
  if (known < 2 || !strong || known * 3 < names.length) return 'no';
  return names.some((name) => name === 'mime-version' || name === 'content-type') ? 'mime' : 'message';
}

/** The separator of mboxrd and its kin (RFC 4155 appendix A), then a header. */
export function isMailbox(head: string): boolean {
  const [line] = /^From [^\r\n]{1,300}\d{4}[^\r\n]{0,40}\r?\n/.exec(head) ?? [];
  return line !== undefined && messageness(head.slice(line.length)) !== 'no';
}
