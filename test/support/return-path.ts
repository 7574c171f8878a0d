// A message that waits at the portal, over the real store, with its content, and all that the return path works with.
import type { AnsweringDeps } from '../../src/gateway/pickup/answering.ts';
import type { ReturnDoorDeps } from '../../src/gateway/pickup/return-door.ts';
import { type ReturnDeps, returnedAllowance } from '../../src/gateway/pickup/return-intake.ts';
import type { Intake, Submission } from '../../src/gateway/intake.ts';
import type { Reply } from '../../src/mail/reply.ts';
import { type ReturnUse, returnAddress } from '../../src/mail/return-address.ts';
import type { MessageRecord } from '../../src/store/journal.ts';
import type { Pickup } from '../../src/store/pickups.ts';
import { type GatewayGround, NOON } from './gateway-ground.ts';
import { acceptingOwn } from './own-mail.ts';
import { newMessageId, writeWhole } from './sealed-content.ts';
import { acceptUnit, DAY, newPickup, settlement } from './store-units.ts';

export const RETURN = 'return.clinic.example';
export const ANN = 'ann@clinic.example';
export const PAT = 'pat@home.example';

export const ORIGINAL = [
  `From: Dr. Ann Berg <${ANN}>`,
  `To: Pat Roe <${PAT}>, Bob <bob@clinic.example>`,
  'Cc: eve@partner.example',
  'Subject: Your results',
  'Message-ID: <1@clinic.example>',
  '',
  'They are fine.',
  '',
].join('\r\n');

export interface Wish {
  readonly content?: string;
  readonly recipients?: readonly string[];
  readonly message?: Partial<MessageRecord>;
}

let number = 100;

/** The first recipient's pickup waits. */
export async function waitingPickup({ store, spool, keys, clock }: GatewayGround, wish: Wish = {}): Promise<Pickup> {
  const id = newMessageId();
  const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.at);
  const plain = Buffer.from(wish.content ?? ORIGINAL);
  const { place, sealed } = await writeWhole(spool.writer(id, key), plain);
  const content = { place, sizeBytes: plain.length, wrappedKey, periodId, digest: Buffer.alloc(32), needs: 'nothing' } as const;
  const recipients = wish.recipients ?? [PAT, 'bob@clinic.example', 'eve@partner.example', 'hidden@partner.example'];
  const unit = acceptUnit({ number: ++number, recipients, state: 'active', at: NOON, message: { id, content } });
  const envelope = { ...unit.message.envelope, reversePath: ANN };
  const message = { ...unit.message, reportTo: ANN, headerMessageId: '<1@clinic.example>', envelope, ...wish.message };
  const result = await store.journal.accept({ ...unit, message, sealed });
  const lease = result.kind === 'accepted' ? result.active[0]?.lease : undefined;
  if (lease === undefined) throw new Error('nothing was claimed');
  const detail = { recipient: recipients[0] ?? '', from: ANN, language: 'en' };
  const pickup = newPickup({ expiresAt: NOON + 30 * DAY, detail });
  await store.queue.settle([settlement(lease, { at: NOON, after: { state: 'waiting', pickup }, status: null, evidence: [] })], null);
  return await pickupNow({ store }, lease.deliveryId);
}

export async function pickupNow({ store }: Pick<GatewayGround, 'store'>, deliveryId: string): Promise<Pickup> {
  const pickup = await store.pickups.find(deliveryId);
  if (pickup === null) throw new Error('no pickup');
  return pickup;
}

export async function openedPickup(ground: GatewayGround, wish: Wish = {}): Promise<Pickup> {
  const { deliveryId } = await waitingPickup(ground, wish);
  await ground.store.pickups.change({ deliveryId, at: NOON, event: { what: 'opened' }, report: null, evidence: [] });
  return pickupNow(ground, deliveryId);
}

export function addressOf({ keys }: GatewayGround, use: ReturnUse, { messageId, n }: Pick<Pickup, 'messageId' | 'n'>): string {
  return returnAddress((label, ...values) => keys.digest(label, ...values), use, { messageId, n }, RETURN);
}

export function returnDeps(
  t: { teardown(handler: () => Promise<void>): void },
  ground: GatewayGround,
): ReturnDeps & ReturnDoorDeps & AnsweringDeps & { readonly owed: string[] } {
  const { store, spool, keys } = ground;
  const owed: string[] = [];
  return {
    ...acceptingOwn(t, ground),
    journal: store.journal,
    pickups: store.pickups,
    audit: store.audit,
    spool,
    keys,
    returnDomain: () => RETURN,
    organisation: () => ['clinic.example'],
    voice: () => ({ organisation: 'Riverside Clinic', language: 'en' }),
    mayAccept: () => true,
    returned: returnedAllowance(),
    reportsOwed: () => void owed.push('report'),
    answers: () => 'all',
    start: () => ['frontdesk@clinic.example'],
    messageSizeBytes: () => 1_000_000,
    owed,
  };
}

export function submissionTo(address: string, reversePath: string, submitter: Submission['submitter']): Submission {
  return {
    submitter,
    mayUse: ['*'],
    tenantProof: null,
    reports: null,
    likelyRepeats: 'report',
    client: { address: '192.0.2.9', helo: 'mx.home.example', protocol: 'ESMTPS', tls: null, listener: 'return' },
    envelope: {
      reversePath,
      body: '8bitmime',
      smtpUtf8: false,
      requireTls: false,
      ret: null,
      envid: null,
      recipients: [{ address, notify: null, orcpt: null }],
    },
  };
}

/** In small pieces, as from the wire. */
export async function handIn(intake: Intake, content: Uint8Array): Promise<Reply> {
  for (let at = 0; at < content.length; at += 37) await intake.write(content.subarray(at, at + 37));
  return intake.end();
}
