// What the gateway tells by mail, each in its round: reports to originators, notices to the owners of holds.
import type { AcceptOwnDeps } from '../gateway/accept-own.ts';
import { noticeBounced } from '../gateway/pickup/watch.ts';
import { makeReports, type ReportDeps } from '../gateway/report.ts';
import { createTeller } from '../gateway/tell-reviewers.ts';
import type { Store } from '../store/store.ts';
import { type Round, round } from './rounds.ts';

export interface Telling {
  readonly rounds: readonly Round[];
  /** A report is owed, or something may be held. */
  wake(): void;
}

const REPORT_EVERY_MS = 15_000;
/** What becomes of the recipients of one message within this time goes into one DSN. */
const REPORT_GATHER_MS = 500;
const TELL_EVERY_MS = 60_000;
/** And into one notice. */
const TELL_GATHER_MS = 2_000;

export function telling(
  own: AcceptOwnDeps,
  { queue, reviews, readings, journal, pickups }: Pick<Store, 'queue' | 'reviews' | 'readings' | 'journal' | 'pickups'>,
  failed: (where: string) => (error: unknown) => void,
): Telling {
  const teller = createTeller({ ...own, reviews, readings, journal });
  const noticeFailed: ReportDeps['noticeFailed'] = (deliveryId, said) => noticeBounced(deliveryId, said, 'delivery', { ...own, pickups });
  const reporting = { ...own, queue, noticeFailed };
  const reports = round(REPORT_EVERY_MS, async () => ((await makeReports(reporting)) > 0 ? 'more' : 'done'), failed('reports'));
  const notices = round(
    TELL_EVERY_MS,
    async () => {
      await teller.round();
      return 'done';
    },
    failed('notices'),
  );
  const wake = (): void => {
    reports.wakeAfter(REPORT_GATHER_MS);
    notices.wakeAfter(TELL_GATHER_MS);
  };
  // What a run before left is owed since long.
  reports.wake();
  notices.wakeAfter(TELL_GATHER_MS);
  return { rounds: [reports, notices], wake };
}
