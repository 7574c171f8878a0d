// What the gateway itself writes (DSNs, notices, answers from the portal) comes in by the same commit as any message, with what it settles and
// whom it tells of.
import { createHmac } from 'node:crypto';
import type { Decision } from '../mail/decision.ts';
import type { DeliveryKind } from '../mail/delivery.ts';
import type { Envelope } from '../mail/envelope.ts';
import type { Evidence } from '../mail/evidence.ts';
import { ContentScan } from '../mime/content-scan.ts';
import type { SealingWriter } from '../spool/spool.ts';
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

type OwnPath = Pick<Envelope, 'reversePath' | 'writer'>;

export interface OwnMessage extends Partial<Pick<AcceptUnit, 'settlesReports' | 'tellsOf' | 'noticesOf'>> {
  readonly kind: Exclude<DeliveryKind, 'message'>;
  /** The message that it is about, or null where there are several; of an answer the delivery that it answers. */
  readonly about: string | null;
  /** `<>` where it is not said. */
  readonly from?: OwnPath | ((id: string) => OwnPath);
  readonly to: readonly string[];
  /** How it goes to one of them, where not as all that is ours. */
  readonly decide?: (recipient: string) => Decision;
  /** Where not as all mail. */
  readonly expireAfterMs?: number;
  /** Message-IDs that it refers to. */
  readonly references?: string | null;
  readonly smtpUtf8: boolean;
  /** Whom it is told to where it fails: the postmaster, or nobody. */
  readonly failing: 'to-postmaster' | 'to-nobody';
  /** Lines of 7-bit text, or pieces of whatever octets in lines that end with CRLF. What fails there is thrown by `acceptOwn`. */
  readonly compose: (from: OwnSender) => Uint8Array | AsyncIterable<Uint8Array>;
  /** What it is known by where it is sent twice; asked when all of it has been read. Left out: nobody sends it twice. */
  readonly repeatOf?: () => Uint8Array;
  /** Beside that it was accepted. */
  readonly evidence: (id: string, at: number) => readonly Evidence[];
}

/** Takes in one message of ours. Gives its id; of one that repeats another, the id that it would have had. */
export async function acceptOwn(own: OwnMessage, deps: AcceptOwnDeps): Promise<string> {
  const { clock, keys, spool, random, settings, ownMail, journal } = deps;
  const at = clock.now();
  const id = messageIdOf(at, random(10));
  const { hostname, postmaster, expireAfterMs, holdFor, voice } = settings();
  const composed = own.compose({ id, at, hostname, postmaster: postmaster[0] ?? `postmaster@${hostname}`, voice });
  const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.steady());
  const { stored, digest, needs } = await keep(composed, spool.writer(id, key), keys.digest('content'));
  const submission = ownSubmission(own, id);
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
      digest,
      needs,
    },
    facts: {
      headerMessageId: `<${id}@${hostname}>`,
      messageIdFrom: 'gateway',
      references: own.references ?? null,
      likeness: new Uint8Array(32),
    },
    reportTo: own.failing === 'to-nobody' ? null : (postmaster[0] ?? null),
    expanded,
    decided: expanded.map(({ recipient }) => ({ decision: own.decide?.(recipient.address) ?? ownMail(), settings: CONFIGURED })),
    reading: null,
    evidence: own.evidence(id, at),
    expireAfterMs: own.expireAfterMs ?? expireAfterMs,
    holdFor,
    hold: null,
    repeatOf: own.repeatOf?.() ?? null,
  };
  const { settlesReports = [], tellsOf = [], noticesOf = [] } = own;
  const settles = { likelyRepeats: 'report', settlesReports, tellsOf, noticesOf } as const;
  const { unit, reserved } = acceptUnitOf(admission, stored.sealed, null, deps, settles);
  try {
    const result = await journal.accept(unit);
    handOver(result, unit, reserved, deps);
    if (result.kind === 'repeated' && stored.place === 'file') await spool.remove(id);
  } catch (error) {
    reserved.forEach((destination) => deps.dispatcher.release(destination));
    if (stored.place === 'file' && !isStorageFailure(error)) await spool.remove(id);
    throw error;
  }
  return id;
}

/** Seals it piece by piece: what is large is never held whole. */
async function keep(
  composed: ReturnType<OwnMessage['compose']>,
  writer: SealingWriter,
  digestKey: Uint8Array,
): Promise<{ stored: Awaited<ReturnType<SealingWriter['finish']>>; digest: Uint8Array; needs: ContentScan['needs'] }> {
  const hmac = createHmac('sha256', digestKey);
  const scan = new ContentScan();
  try {
    for await (const piece of composed instanceof Uint8Array ? [composed] : composed) {
      hmac.update(piece);
      scan.update(piece);
      await writer.write(piece);
    }
    return { stored: await writer.finish(), digest: hmac.digest(), needs: scan.needs };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

const NAMES = { dsn: 'reports', notice: 'notices', answer: 'portal' } as const satisfies Record<OwnMessage['kind'], string>;

function ownSubmission({ kind, from, to, smtpUtf8 }: OwnMessage, id: string): Submission {
  const name = NAMES[kind];
  const path: OwnPath = { reversePath: '', ...(typeof from === 'function' ? from(id) : from) };
  // RFC 3461 4.1: whoever knows DSNs sends none where NEVER is asked. What can come back to us is wanted, and no more of the message than its header.
  const comesBack = path.reversePath !== '';
  return {
    submitter: { kind: 'gateway', name },
    mayUse: [],
    tenantProof: null,
    reports: null,
    likelyRepeats: 'report',
    client: { address: '', helo: '', protocol: 'ESMTP', tls: null, listener: name },
    envelope: {
      ...path,
      body: '7bit',
      smtpUtf8,
      // RFC 8689 5: a DSN for a message sent with REQUIRETLS carries no content here, so it needs no REQUIRETLS of its own.
      requireTls: false,
      ret: comesBack ? 'hdrs' : null,
      envid: null,
      recipients: to.map((address) => ({ address, notify: [comesBack ? 'failure' : 'never'], orcpt: null })),
    },
  };
}
