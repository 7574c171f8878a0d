// The contract suite: what every engine must keep, whatever it stores in.
import type { Test } from 'tap';
import { acceptLaws } from './accept.ts';
import { accountLaws } from './accounts.ts';
import { answerLaws } from './answers.ts';
import { attemptLaws } from './attempts.ts';
import { changeLaws } from './changes.ts';
import { claimLaws } from './claim.ts';
import { consentLaws } from './consents.ts';
import { correspondentLaws } from './correspondents.ts';
import { countLaws, domainLaws } from './domains.ts';
import type { OpenFixture } from './fixture.ts';
import { isolationLaws } from './isolation.ts';
import { peopleLaws } from './people.ts';
import { pickupLaws } from './pickups.ts';
import { readingLaws } from './reading.ts';
import { readingsLaws } from './readings.ts';
import { reclaimLaws } from './reclaim.ts';
import { repeatLaws } from './repeats.ts';
import { reportLaws } from './reports.ts';
import { retentionLaws } from './retention.ts';
import { reviewLaws } from './reviews.ts';
import { withdrawalLaws } from './withdrawal.ts';

const LAWS: Readonly<Record<string, (t: Test, open: OpenFixture) => Promise<void>>> = {
  accept: acceptLaws,
  repeats: repeatLaws,
  claim: claimLaws,
  attempts: attemptLaws,
  reclaim: reclaimLaws,
  changes: changeLaws,
  reports: reportLaws,
  isolation: isolationLaws,
  withdrawal: withdrawalLaws,
  accounts: accountLaws,
  domains: domainLaws,
  counts: countLaws,
  consents: consentLaws,
  correspondents: correspondentLaws,
  retention: retentionLaws,
  reading: readingLaws,
  readings: readingsLaws,
  reviews: reviewLaws,
  pickups: pickupLaws,
  answers: answerLaws,
  people: peopleLaws,
};

export async function everyLaw(t: Test, open: OpenFixture): Promise<void> {
  for (const [name, laws] of Object.entries(LAWS)) await t.test(name, (t) => laws(t, open));
}
