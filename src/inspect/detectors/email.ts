// Addresses of mail, 45 CFR 164.514(b)(2)(i)(F). Who writes, who reads and what a company shows everybody are told apart from the rest.
import type { Role } from '../../mail/finding.ts';
import type { Candidate, Detector, Surroundings } from '../detector.ts';
import type { Passage } from '../passage.ts';
import { whose } from '../whose.ts';

/** Signs that may stand in the local part beside letters and digits (RFC 5322 3.2.3). */
const LOCAL_SIGNS: ReadonlySet<string> = new Set("!#$%&'*+/=?^_`{|}~.-");
const LONGEST_LOCAL_PART = 64;
const AFTER = /^[A-Z\d](?:[A-Z\d-]{0,62}\.){1,6}[A-Z]{2,24}\b/i;
const ODD_START = /^[^A-Z\d]+/i;
const BEHIND_SIGN = /^.*[=/&?{|}]/;
const EVERYBODYS =
  /^(?:info|support|help|helpdesk|contact|admin|administrator|office|sales|billing|service|services|customerservice|noreply|no-reply|donotreply|do-not-reply|newsletter|news|mail|mailer-daemon|postmaster|webmaster|abuse|privacy|security|press|media|jobs|careers|hr|feedback|subscribe|unsubscribe|notifications?|alerts?|list|lists|team|hello|enquiries|inquiries|marketing|orders|root|hostmaster|majordomo|owner|bounce|reply|register|registration|appointments|scheduling|reception|frontdesk)$|-(?:request|list|users|devel|dev|announce|owner|admin|talk|discuss|bounces?)$|(?:^|[._-])no-?reply/i;
/** Where people, not offices, have their mail. */
const PRIVATE =
  /(?:^|\.)(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|aol|icloud|me|mac|protonmail|proton|comcast|verizon|sbcglobal|att|cox|bellsouth|gmx|zoho|fastmail|mail|email)\.(?:com|net|org|me|[a-z]{2}|co\.[a-z]{2})$/i;

export const emailDetector: Detector = {
  name: 'email',
  samples: {
    hits: [
      'Contact: ann.poe@example.org',
      'mailto:ann_poe77@gmail.com',
      'email=ann.poe@yahoo.com&x=1',
      '<contact email="ann@example.net"/>',
      'write to (ann+clinic@example.com).',
      "o'hara@example.ie is hers",
      'Name\tE-mail\nAnn\tann@example.org',
      'Her address: ANN.POE@EXAMPLE.ORG',
    ],
    misses: ['meet @ noon', 'user@localhost', '@ann on Twitter', 'a@b', 'price @ 3.50', 'git@github:path', 'x @ y.com', 'foo@.com'],
  },
  detect(passage, surroundings, add) {
    const { text } = passage;
    let word = 0;
    for (let sign = nextSign(text, 0); sign >= 0; sign = nextSign(text, sign + 1)) {
      const from = sign + (text.charAt(sign) === '%' ? 3 : 1);
      const after = isLetterOrDigit(text.charCodeAt(from)) ? AFTER.exec(text.slice(from, from + 130))?.[0] : undefined;
      if (after === undefined) continue;
      const local = localPart(text.slice(localStart(text, sign), sign));
      if (local === '') continue;
      const at = sign - local.length;
      while (word + 1 < passage.words.count && (passage.words.starts[word + 1] ?? 0) <= at) word++;
      add(candidateOf(passage, surroundings, { at, word, local, domain: after, end: from + after.length }));
    }
  },
};

/** `@`, or as it stands in an address of the web (RFC 3986 2.1). */
function nextSign(text: string, from: number): number {
  const plain = text.indexOf('@', from);
  // Looked for only where an address of the web can be: the text has few per cent signs.
  const within = plain < 0 ? text.length : plain;
  const escaped = text.slice(from, within).indexOf('%40');
  return escaped >= 0 ? from + escaped : plain;
}

function localStart(text: string, sign: number): number {
  let at = sign;
  while (at > 0 && sign - at < LONGEST_LOCAL_PART && isLocal(text, at - 1)) at--;
  return at;
}

function isLocal(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return isLetterOrDigit(code) || LOCAL_SIGNS.has(text.charAt(at));
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Signs of addresses that more often part one from what stands before it. */
function localPart(found: string): string {
  return found.replace(BEHIND_SIGN, '').replace(ODD_START, '');
}

interface Address {
  readonly at: number;
  readonly word: number;
  readonly local: string;
  readonly domain: string;
  readonly end: number;
}

function candidateOf(passage: Passage, surroundings: Surroundings, address: Address): Candidate {
  const { at, local, domain } = address;
  const value = `${local}@${domain}`.toLowerCase();
  const confidence = PRIVATE.test(domain) ? 0.9 : 0.7;
  const role = roleFor(passage, surroundings, address, value);
  const length = address.end - at;
  return { axis: 'who', kind: 'email', at, length, confidence, role, reason: 'address', value, labels: [] };
}

function roleFor(passage: Passage, { sender, recipients }: Surroundings, { word, local, domain }: Address, value: string): Role {
  if (EVERYBODYS.test(local)) return 'public';
  if (value === sender) return 'sender';
  if (recipients.includes(value)) return 'recipient';
  const own = sender.slice(sender.indexOf('@') + 1);
  if (own !== '' && domain.toLowerCase() === own && !PRIVATE.test(domain)) return 'staff';
  return whose(passage, word);
}
