// What the gateway itself writes (DSNs, notices) comes in by the same commit as any message, with what it settles and whom it tells of.
import { createHmac } from 'node:crypto';
import type { Decision } from '../mail/decision.ts';
import type { Evidence } from '../mail/evidence.ts';
import type { AcceptUnit, Journal } from '../store/journal.ts';
import { type AcceptDeps, isStorageFailure } from './accept-deps.ts';
import { acceptUnitOf, handOver } from './accept-unit.ts';
import { type Admission, expandRecipients } from './admission.ts';
import { CONFIGURED } from './decided.ts';
import type { Submission } from './intake.ts';
import { messageIdOf } from './message-id.ts';

export interface AcceptOwnDeps extends Omit<AcceptDeps, 'limits' | 'mayAccept' | 'board' | 'processor' | 'audit' | 'journal'> {
  readonly ownMail: () => Decision;
  readonly journal: Pick<Journal, 'accept'>;
}

/** Who it is from, where that depends on the configuration. */
export interface OwnSender {
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  /** Address of From. */
  readonly postmaster: string;
  readonly voice: ReturnType<AcceptDeps['settings']>['voice'];
}

export interface OwnMessage extends Pick<AcceptUnit, 'settlesReports' | 'tellsOf'> {
  readonly kind: 'dsn' | 'notice';
  /** The message that it is about, or null where there are several. */
  readonly about: string | null;
  readonly to: readonly string[];
  readonly smtpUtf8: boolean;
  /** Whom it is told to where it fails: the postmaster, or nobody. */
  readonly failing: 'to-postmaster' | 'to-nobody';
  readonly compose: (from: OwnSender) => Uint8Array;
  /** Beside that it was accepted. */
  readonly evidence: (id: string, at: number) => readonly Evidence[];
}

/** Takes in one message of ours, from `<>`. Gives its id. */
export async function acceptOwn(own: OwnMessage, deps: AcceptOwnDeps): Promise<string> {
  const { clock, keys, spool, random, settings, ownMail, journal } = deps;
  const at = clock.now();
  const id = messageIdOf(at, random(10));
  const { hostname, postmaster, expireAfterMs, holdFor, voice } = settings();
  const bytes = own.compose({ id, at, hostname, postmaster: postmaster[0] ?? `postmaster@${hostname}`, voice });
  const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.steady());
  const writer = spool.writer(id, key);
  await writer.write(bytes);
  const stored = await writer.finish();
  const submission = ownSubmission(own);
  const expanded = expandRecipients(submission.envelope.recipients, hostname, postmaster);
  const admission: Admission = {
    id,
    kind: own.kind,
    about: own.about,
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
    reportTo: own.failing === 'to-nobody' ? null : (postmaster[0] ?? null),
    expanded,
    decided: expanded.map(() => ({ decision: ownMail(), settings: CONFIGURED })),
    reading: null,
    evidence: own.evidence(id, at),
    expireAfterMs,
    holdFor,
    hold: null,
  };
  const { settlesReports, tellsOf } = own;
  const { unit, reserved } = acceptUnitOf(admission, stored.sealed, null, deps, { likelyRepeats: 'report', settlesReports, tellsOf });
  try {
    handOver(await journal.accept(unit), unit, reserved, deps);
  } catch (error) {
    reserved.forEach((destination) => deps.dispatcher.release(destination));
    if (stored.place === 'file' && !isStorageFailure(error)) await spool.remove(id);
    throw error;
  }
  return id;
}

function ownSubmission({ kind, to, smtpUtf8 }: OwnMessage): Submission {
  const name = kind === 'dsn' ? 'reports' : 'notices';
  return {
    submitter: { kind: 'gateway', name },
    mayUse: [],
    tenantProof: null,
    reports: null,
    likelyRepeats: 'report',
    client: { address: '', helo: '', protocol: 'ESMTP', tls: null, listener: name },
    envelope: {
      reversePath: '',
      body: '7bit',
      smtpUtf8,
      // RFC 8689 5: a DSN for a message sent with REQUIRETLS carries no content here, so it needs no REQUIRETLS of its own.
      requireTls: false,
      ret: null,
      envid: null,
      recipients: to.map((address) => ({ address, notify: ['never'], orcpt: null })),
    },
  };
}
