// report: DSNs to the originator (RFC 3464), in by the same commit as any message. A report stays owed until the DSN that settles it is
// durable, so that a crash in between makes it later, never silent and never two.
import type { Evidence } from '../mail/evidence.ts';
import { composeDsn } from '../mime/dsn.ts';
import type { DeliveryStatus, OwedReport, Queue, ReportKind } from '../store/queue.ts';
import { acceptOwn, type AcceptOwnDeps } from './accept-own.ts';

export interface ReportDeps extends AcceptOwnDeps {
  /** A notice about this pickup (a delivery id) could not be delivered. */
  readonly noticeFailed: (deliveryId: string, status: DeliveryStatus) => Promise<unknown>;
  readonly queue: Pick<Queue, 'owedReports' | 'withholdReports'>;
}

const AT_ONCE = 50;

/**
 * Makes the reports that are owed, oldest first. Gives how many messages it dealt with; call again while that is more than none.
 * One that cannot be made stays owed and keeps no other from being made.
 */
export async function makeReports(deps: ReportDeps): Promise<number> {
  const owed = await deps.queue.owedReports({ limit: AT_ONCE });
  let made = 0;
  for (const report of owed) {
    try {
      await makeReport(report, deps);
      made++;
    } catch (error) {
      deps.events.bug({ where: 'reports', error });
    }
  }
  return made;
}

async function makeReport(owed: OwedReport, deps: ReportDeps): Promise<void> {
  const { message } = owed;
  const [failed] = owed.deliveries;
  if (message.kind === 'notice' && message.reportTo !== null && message.about?.includes('/') === true && failed?.kind === 'failed') {
    await deps.noticeFailed(message.about, failed.status);
    return withhold(owed, owed.deliveries, 'pickup', deps);
  }
  const to = reportAddress(owed);
  const wanted = to === null ? [] : owed.deliveries.filter((delivery) => isWanted(delivery, owed));
  const withheld = owed.deliveries.filter((delivery) => !wanted.includes(delivery));
  if (withheld.length > 0) await withhold(owed, withheld, to === null ? 'null-reverse-path' : 'notify', deps);
  if (to !== null && wanted.length > 0) await accept({ ...owed, deliveries: wanted }, to, deps);
}

/** None is silent: why nobody is told is evidence. `pickup`: the originator of what waits is told instead (pickup/watch.ts). */
async function withhold(
  { message }: OwedReport,
  withheld: OwedReport['deliveries'],
  because: 'null-reverse-path' | 'notify' | 'pickup',
  deps: ReportDeps,
): Promise<void> {
  const at = deps.clock.now();
  const evidence = withheld.map(({ deliveryId, kind }): Evidence => ({
    kind: 'report.withheld',
    at,
    messageId: message.id,
    deliveryId,
    codes: { report: kind, because },
    detail: null,
  }));
  await deps.queue.withholdReports(
    withheld.map(({ deliveryId, kind }) => ({ deliveryId, kind })),
    evidence,
  );
}

/** A DSN that fails goes to the postmaster, never back: its record says so. */
function reportAddress(owed: OwedReport): string | null {
  return owed.message.reportTo;
}

const GOOD_NEWS: readonly ReportKind[] = ['relayed', 'expanded', 'picked-up'];

/**
 * NOTIFY as RFC 3461 4.1 has it: failure unless it says otherwise, success only when asked. What is ours goes out with NEVER, which is for
 * the servers after us: that it failed is told to the postmaster all the same.
 */
function isWanted(delivery: OwedReport['deliveries'][number], { message }: OwedReport): boolean {
  const { notify, kind } = delivery;
  if (message.kind !== 'message') return kind === 'failed';
  if (notify === null) return !GOOD_NEWS.includes(kind);
  if (kind === 'failed') return notify.includes('failure');
  if (kind === 'delayed' || kind === 'held' || kind === 'unopened') return notify.includes('delay');
  return notify.includes('success') || kind === 'expanded';
}

async function accept(owed: OwedReport, to: string, deps: ReportDeps): Promise<void> {
  const { postmaster } = deps.settings();
  const id = await acceptOwn(
    {
      kind: 'dsn',
      about: owed.message.id,
      to: [to],
      smtpUtf8: owed.message.envelope.smtpUtf8,
      failing: postmaster.includes(to) || owed.message.kind !== 'message' ? 'to-nobody' : 'to-postmaster',
      compose: (from) => composeDsn({ ...from, to, owed }),
      settlesReports: owed.deliveries.map(({ deliveryId, kind }) => ({ deliveryId, kind })),
      evidence: () => [],
    },
    deps,
  );
  deps.events.reported({ messageId: id, about: owed.message.id, kind: owed.deliveries[0]?.kind ?? 'failed' });
}
