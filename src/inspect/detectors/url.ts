// Addresses of the web that lead to one person's page, 45 CFR 164.514(b)(2)(i)(N): a patient's record, a profile, a result. Other links are
// of everybody and are not told at all: a newsletter has hundreds.
import type { Detector } from '../detector.ts';
import { blockAt } from '../blocks.ts';
import type { Role } from '../../mail/finding.ts';
import { whose } from '../whose.ts';
import type { Words } from '../words.ts';
import { AMPERSAND, FULL_STOP, QUESTION, SLASH, SPACE, isDigit, isLetter } from '../sign-codes.ts';

const SHORTEST = 4;
const LONGEST = 400;
const SCHEME_END = '://';
/** Signs that no address of the web has as they are (RFC 3986 2), and what often stands behind one. */
const ENDS: ReadonlySet<string> = new Set('<>"\'|\\^`{}');
const BEHIND: ReadonlySet<string> = new Set('.,;:!?)]');
const OWN_PAGE =
  /[/?&;=_-](?:patients?|members?|subscribers?|mrn|charts?|records?|results?|profiles?|users?|accounts?|encounters?|visits?|appointments?|person|people)(?:[_-]?(?:id|no|number))?[/=]([\w.@%+-]{2,80})/i;
const PORTAL = /^:\/\/(?:[\w-]+\.){0,4}(?:my-?chart|patient-?portal|my-?health|followmyhealth|patientgateway|healow|athenahealth)/i;
const CARRIES = /[?&](?:ssn|dob|mrn|name|email|phone|first_?name|last_?name|patient|member|token)=([^&\s]{2,80})/i;
const PLAIN_WORD =
  /^(?:index|login|signin|new|list|all|search|help|settings|edit|home|default|register|register_now|unsubscribe|about|faq|portal|view|me)(?:\.\w{2,5})?$/i;

export const urlDetector: Detector = {
  name: 'url',
  samples: {
    hits: [
      'https://portal.example.org/patients/4412345',
      'see https://example.org/records/MRN-1025901',
      'https://mychart.example.org/inbox?msg=99a8b1',
      'https://example.org/profile?user=annpoe77&email=ann@example.org',
      'http://lab.example.org/results/88a7-4412',
      'https://example.com/user?id=12345&email=ann@example.com',
      'https://example.org/form?ssn=219099999',
      'https://example.org/member/88123',
    ],
    misses: [
      'https://example.org/',
      'https://example.org/blog/ten-tips',
      'http://www.example.org/results/index.html',
      'https://example.org/about/people/',
      'https://example.org/patients',
      'https://shop.example.org/order/4412345',
      'http://lists.example.org/mailman/listinfo/users',
      'https://example.org/patients/login',
    ],
  },
  detect(passage, _surroundings, add) {
    const { text, words, blocks } = passage;
    let word = 0;
    for (let sign = text.indexOf(SCHEME_END); sign >= 0; sign = text.indexOf(SCHEME_END, sign + 3)) {
      const end = endOf(words, sign + SCHEME_END.length);
      if (end < 0) continue;
      const rest = text.slice(sign, end);
      const at = text.startsWith('http', sign - 4) ? sign - 4 : text.startsWith('https', sign - 5) ? sign - 5 : sign;
      const confidence = personal(rest);
      if (confidence === 0) continue;
      while (word + 1 < words.count && (words.starts[word + 1] ?? 0) <= at) word++;
      const role: Role = blockAt(blocks, at) === 'footer' ? 'public' : whose(passage, word);
      const length = sign + rest.length - at;
      add({ axis: 'who', kind: 'url', at, length, confidence, role, reason: 'own-page', value: rest.toLowerCase(), labels: [] });
    }
  },
};

/** Where an address ends of which this is the first sign behind the scheme; -1 where it is too short, or says nothing of whose page it is. */
function endOf({ text, codes }: Words, from: number): number {
  const limit = Math.min(text.length, from + LONGEST);
  let end = from;
  let tells = false;
  for (; end < limit; end++) {
    const code = codes[end] ?? 0;
    if (isLetter(code)) continue;
    if (isDigit(code) || code === QUESTION || code === AMPERSAND) tells = true;
    else if (code === SPACE || (code !== SLASH && code !== FULL_STOP && isEnd(text.charAt(end)))) break;
  }
  if (!tells || end - from < SHORTEST) return -1;
  while (BEHIND.has(text.charAt(end - 1))) end--;
  return end;
}

/** Neither letter nor digit. */
function isEnd(sign: string): boolean {
  return ENDS.has(sign) || /\s/.test(sign);
}

/** How sure it is that the address leads to one person's page. */
function personal(rest: string): number {
  const query = CARRIES.exec(rest)?.[1];
  if (query !== undefined) return 0.7;
  const own = OWN_PAGE.exec(rest)?.[1];
  if (own !== undefined && !PLAIN_WORD.test(own) && /\d/.test(own)) return 0.6;
  return PORTAL.test(rest) && /[/?=]\w{0,40}\d/.test(rest.slice(3)) ? 0.5 : 0;
}
