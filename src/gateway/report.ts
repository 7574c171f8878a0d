// report: DSNs to the originator (RFC 3464), in by the same commit as any message. A report stays owed until the DSN that settles it is
// durable, so that a crash in between makes it later, never silent and never two.
import type { Decision } from '../mail/decision.ts';
import type { Evidence } from '../mail/evidence.ts';
import { createHmac } from 'node:crypto';
import { composeDsn } from '../mime/dsn.ts';
import type { OwedReport, Queue } from '../store/queue.ts';
import { type AcceptDeps, isStorageFailure } from './accept-deps.ts';
import { acceptUnitOf, handOver } from './accept-unit.ts';
import { type Admission, expandRecipients } from './admission.ts';
import type { Submission } from './intake.ts';
import { CONFIGURED } from './decided.ts';
import { messageIdOf } from './message-id.ts';

export interface ReportDeps extends Omit<AcceptDeps, 'limits' | 'mayAccept' | 'board' | 'processor' | 'audit'> {
  readonly ownMail: () => Decision;
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
  const to = reportAddress(owed);
  const wanted = to === null ? [] : owed.deliveries.filter((delivery) => isWanted(delivery, owed));
  const withheld = owed.deliveries.filter((delivery) => !wanted.includes(delivery));
  if (withheld.length > 0) {
    const at = deps.clock.now();
    const evidence = withheld.map(({ deliveryId, kind }): Evidence => ({
      kind: 'report.withheld',
      at,
      messageId: owed.message.id,
      deliveryId,
      codes: { report: kind, because: to === null ? 'null-reverse-path' : 'notify' },
      detail: null,
    }));
    await deps.queue.withholdReports(
      withheld.map(({ deliveryId, kind }) => ({ deliveryId, kind })),
      evidence,
    );
  }
  if (to !== null && wanted.length > 0) await accept({ ...owed, deliveries: wanted }, to, deps);
}

/** A DSN that fails goes to the postmaster, never back: its record says so. */
function reportAddress(owed: OwedReport): string | null {
  return owed.message.reportTo;
}

/**
 * NOTIFY as RFC 3461 4.1 has it: failure unless it says otherwise, success only when asked. A DSN goes out with NEVER, which is for the
 * servers after us: that it failed is told to the postmaster all the same.
 */
function isWanted(delivery: OwedReport['deliveries'][number], { message }: OwedReport): boolean {
  const { notify, kind } = delivery;
  if (message.kind === 'dsn') return kind === 'failed';
  if (notify === null) return kind !== 'relayed' && kind !== 'expanded';
  if (kind === 'failed') return notify.includes('failure');
  if (kind === 'delayed' || kind === 'held') return notify.includes('delay');
  return notify.includes('success') || kind === 'expanded';
}

async function accept(owed: OwedReport, to: string, deps: ReportDeps): Promise<void> {
  const { clock, keys, spool, random, events, settings, ownMail, journal } = deps;
  const at = clock.now();
  const id = messageIdOf(at, random(10));
  const { hostname, postmaster, expireAfterMs, holdForMs, voice } = settings();
  const bytes = composeDsn({ id, at, hostname, postmaster: postmaster[0] ?? `postmaster@${hostname}`, to, voice, owed });
  const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.steady());
  const writer = spool.writer(id, key);
  await writer.write(bytes);
  const stored = await writer.finish();
  const toPostmaster = postmaster.includes(to) || owed.message.kind !== 'message';
  const submission = reportSubmission(to, owed);
  const expanded = expandRecipients(submission.envelope.recipients, hostname, postmaster);
  const admission: Admission = {
    id,
    kind: 'dsn',
    about: owed.message.id,
    at,
    now: clock.steady(),
    submission,
    content: {
      place: stored.place,
      sizeBytes: stored.sizeBytes,
      wrappedKey,
      periodId,
      digest: createHmac('sha256', keys.digest('content')).update(bytes).digest(),
      needs: 'nothing',
    },
    facts: { headerMessageId: `<${id}@${hostname}>`, messageIdFrom: 'gateway', references: null, likeness: new Uint8Array(32) },
    reportTo: toPostmaster ? null : (postmaster[0] ?? null),
    expanded,
    decided: expanded.map(() => ({ decision: ownMail(), settings: CONFIGURED })),
    reading: null,
    evidence: [],
    expireAfterMs,
    holdForMs,
    hold: null,
  };
  const settles = owed.deliveries.map(({ deliveryId, kind }) => ({ deliveryId, kind }));
  const { unit, reserved } = acceptUnitOf(admission, stored.sealed, null, deps, 'report', settles);
  try {
    handOver(await journal.accept(unit), unit, reserved, deps);
  } catch (error) {
    reserved.forEach((destination) => deps.dispatcher.release(destination));
    if (stored.place === 'file' && !isStorageFailure(error)) await spool.remove(id);
    throw error;
  }
  events.reported({ messageId: id, about: owed.message.id, kind: owed.deliveries[0]?.kind ?? 'failed' });
}

function reportSubmission(to: string, owed: OwedReport): Submission {
  return {
    submitter: { kind: 'gateway', name: 'reports' },
    mayUse: [],
    tenantProof: null,
    reports: null,
    likelyRepeats: 'report',
    client: { address: '', helo: '', protocol: 'ESMTP', tls: null, listener: 'reports' },
    envelope: {
      reversePath: '',
      body: '7bit',
      smtpUtf8: owed.message.envelope.smtpUtf8,
      // RFC 8689 5: a DSN for a message sent with REQUIRETLS carries no content here, so it needs no REQUIRETLS of its own.
      requireTls: false,
      ret: null,
      envid: null,
      recipients: [{ address: to, notify: ['never'], orcpt: null }],
    },
  };
}
