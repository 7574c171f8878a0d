// Other numbers that are one person's, 45 CFR 164.514(b)(2)(i)(R): prescriptions, claims, cases, subjects of studies, specimens.
import type { Detector } from '../detector.ts';
import type { Tag } from '../id-labels.ts';
import { identifier, inAddress, looksIssued, roleOf, taggedAs } from '../identifier.ts';

const SURE: Readonly<Partial<Record<Tag, number>>> = { rx: 0.8, claim: 0.7, subject: 0.65, specimen: 0.65, case: 0.35, worker: 0.35 };
/** Of a court: `2022-CV-1907`, `5:23-mc-07835`. */
const OF_COURT = /(?:^|[-:])(?:cv|cr|mc|mj|civ|crim|fam|ap|bk|cf|dr)(?:-|$)/i;
const TAGS: readonly Tag[] = ['rx', 'claim', 'subject', 'specimen', 'case', 'worker'];

export const otherIdDetector: Detector = {
  name: 'other-id',
  samples: {
    hits: [
      'Rx# 7712345',
      'prescription number RX-78901234',
      'Claim No. 2024-0099123',
      'prior authorization 88123456',
      'Study subject ID: S-10045',
      'Participant #10022',
      'specimen number S24-10934',
      'Case number: 4512345',
      'Referral # R-778812',
      'EMP-12995 called in',
      'Name\tClaim #\nAnn Poe\tC9981234',
    ],
    misses: [
      'Case 3',
      'docket 2022-FAM-1907',
      'claims rose 4.5% to 12000',
      'subject: 5 tips',
      'sample 12 of 40',
      'study of 20000 people',
      'reference number 998123',
      'participants 12',
      'bug 451234',
    ],
  },
  detect(passage, _surroundings, add) {
    for (const [one, value] of taggedAs(passage, TAGS)) {
      if (!looksIssued(value, one.needs === 'alone' ? 5 : 4) || value.length < 5 || inAddress(passage, one)) continue;
      if (one.tag === 'case' && (OF_COURT.test(value) || passage.text.charAt(one.end) === ':')) continue;
      const confidence = one.strength * (SURE[one.tag] ?? 0.5);
      add(identifier(passage, 'other-id', one, { confidence, role: roleOf(passage, one), reason: one.tag }));
    }
  },
};
