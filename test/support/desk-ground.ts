// A desk on real ground: store, keys, spool and clock of a test, messages that wait in it sealed as the road seals them, and the codes that it mails.
import { passkeys } from '../../src/access/passkey.ts';
import { type HashCost, passwords } from '../../src/access/password.ts';
import { portalSessions, type PortalSessions } from '../../src/access/portal-sessions.ts';
import { codesAsked, portalTries } from '../../src/access/portal-throttle.ts';
import { drawCode } from '../../src/access/one-time-code.ts';
import type { OwnMessage } from '../../src/gateway/accept-own.ts';
import type { DeskClient, PickupDesk, SignedIn } from '../../src/gateway/pickup/desk.ts';
import type { DeskParts } from '../../src/gateway/pickup/desk-parts.ts';
import { pickupDesk } from '../../src/gateway/pickup/pickup-desk.ts';
import type { Decision } from '../../src/mail/decision.ts';
import type { EvidenceKind } from '../../src/mail/evidence.ts';
import { pickupToken } from '../../src/mail/pickup-token.ts';
import { pickupAddress } from '../../src/methods/portal/portal.ts';
import type { NewPickup } from '../../src/store/pickups.ts';
import { type GatewayGround, gatewayGround, NOON, type WrittenEvidence } from './gateway-ground.ts';
import { brand, portalConfig } from './portal-config.ts';
import { acceptUnit, DAY, DECISION, evidence, newPickup, settlement } from './store-units.ts';
import { idOf } from './store-names.ts';
import { writeWhole } from './sealed-content.ts';

export const PAT = 'pat@home.example';
export const CLIENT: DeskClient = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };
export const STRANGER: DeskClient = { address: '198.51.100.9', userAgent: 'Mozilla/5.0 Chrome/150.0' };
/** As cheap as the format allows: what is measured here is not the hash. */
const COST: HashCost = { memoryKib: 8, passes: 1, lanes: 1 };

export interface DeskGround extends GatewayGround {
  readonly desk: PickupDesk;
  readonly sessions: PortalSessions;
  readonly parts: DeskParts;
  /** Mail of ours that the desk handed to the road, with its octets. */
  readonly mails: readonly { readonly own: OwnMessage; readonly text: string; readonly decision: Decision | null }[];
  /** A message waits from now on. Gives its delivery and its link. */
  readonly wait: (wish?: Wish) => Promise<Waiting>;
  /** Digits of the code that was mailed last. */
  readonly lastCode: () => string;
  /** A code that the organisation gives, for one pickup or for the address. */
  readonly clinicCode: (recipient: string, deliveryId: string | null) => Promise<string>;
  /** By a mailed code, at that link. */
  readonly signIn: (link: string, session?: string | null, client?: DeskClient) => Promise<string>;
  readonly records: (kind: EvidenceKind) => readonly WrittenEvidence[];
}

export interface Wish {
  readonly recipient?: string;
  readonly content?: Uint8Array;
  readonly pickup?: Partial<NewPickup>;
  readonly decision?: Partial<Decision>;
}

export interface Waiting {
  readonly deliveryId: string;
  readonly link: string;
}

export async function deskGround(t: Parameters<typeof gatewayGround>[0], change: Partial<DeskParts> = {}): Promise<DeskGround> {
  const ground = await gatewayGround(t);
  const { keys, store, clock, spool } = ground;
  const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => keys.digest(label, ...values);
  const mails: DeskGround['mails'][number][] = [];
  const sessions = portalSessions(clock.steady);
  const config = portalConfig({ brands: [brand(), brand({ name: 'lake', domains: ['lake.test'], url: 'https://messages.lake.test' })] });
  const acceptOwn = async (own: OwnMessage): Promise<string> => {
    const id = idOf(9_000 + mails.length);
    const voice = { name: 'Mail', language: 'en' } as never;
    const octets = own.compose({ id, at: clock.now(), hostname: 'mx.clinic.test', postmaster: 'postmaster@clinic.test', voice });
    const pieces: Uint8Array[] = [];
    for await (const piece of octets instanceof Uint8Array ? [octets] : octets) pieces.push(piece);
    const to = own.to[0] ?? '';
    const decision = own.decide?.(to) ?? null;
    mails.push({ own, text: Buffer.concat(pieces).toString(), decision });
    const about = { message: { kind: 'notice' as const }, recipients: [to], at: clock.now() };
    await store.journal.accept(
      acceptUnit({ number: 9_000 + mails.length - 1, ...about, delivery: () => ({ decision: decision ?? DECISION }) }),
    );
    return id;
  };
  const parts: DeskParts = {
    portal: () => config,
    keys,
    clock,
    pickups: store.pickups,
    people: store.people,
    journal: store.journal,
    queue: ground.reader,
    audit: store.audit,
    spool,
    acceptOwn,
    reportsOwed: () => undefined,
    policyVersion: () => 'p1',
    sessions,
    passwords: passwords(COST, { running: 1, waiting: 100 }),
    passkeys: passkeys(clock.steady),
    tries: portalTries(),
    asked: codesAsked(),
    phone: null,
    answers: null,
    ...change,
  };
  const desk = pickupDesk(parts);
  let number = 0;
  const lastCode = (): string => /\d{4}-\d{4}/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '';
  return {
    ...ground,
    desk,
    sessions,
    parts,
    mails,
    lastCode,
    async wait({ recipient = PAT, content = Buffer.from('Subject: Result\r\n\r\nIt is normal.\r\n'), pickup = {}, decision = {} } = {}) {
      const id = idOf(++number);
      const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.steady());
      const { place, sealed } = await writeWhole(spool.writer(id, key), content);
      const record = { place, sizeBytes: content.length, wrappedKey, periodId, digest: keys.digest('content'), needs: 'nothing' } as const;
      const decided = { ...DECISION, methods: ['portal' as const], ...decision };
      const unit = acceptUnit({
        number,
        recipients: [recipient],
        state: 'active',
        at: clock.now(),
        message: { content: record },
        delivery: () => ({ decision: decided }),
      });
      const result = await store.journal.accept({ ...unit, sealed });
      if (result.kind !== 'accepted' || result.active[0] === undefined) throw new Error(`not accepted: ${result.kind}`);
      const { lease } = result.active[0];
      const waiting = newPickup({
        address: pickupAddress(digest, recipient),
        expiresAt: clock.steady() + 30 * DAY,
        detail: { recipient, from: 'jane.roe@clinic.test', language: 'en' },
        ...pickup,
      });
      const after = { state: 'waiting', pickup: waiting } as const;
      const written = [evidence('delivery.waiting', id, lease.deliveryId)];
      const lost = await store.queue.settle(
        [settlement(lease, { at: clock.now(), decision: decided, after, status: null, evidence: written })],
        null,
      );
      if (lost.length > 0) throw new Error('not settled');
      return { deliveryId: lease.deliveryId, link: pickupToken(digest, 'link', { messageId: id, n: 0 }) };
    },
    async clinicCode(recipient, deliveryId) {
      const { shown, salt, digest: of } = drawCode(digest);
      const times = { createdAt: clock.steady(), expiresAt: clock.steady() + DAY };
      const address = pickupAddress(digest, recipient);
      await store.people.addCode({
        address,
        deliveryId,
        kind: 'clinic-code',
        factorId: null,
        salt,
        digest: of,
        ...times,
        endsOthers: 'none',
        evidence: [evidence('pickup.code-made', null)],
      });
      return shown;
    },
    async signIn(link, session = null, client = CLIENT) {
      const sent = await desk.sendCode(link, 'mail', client);
      if (sent !== 'sent') throw new Error(`no code: ${sent}`);
      return tokenOf(await desk.enterCode({ link, code: lastCode(), session }, client));
    },
    records: (kind) => ground.evidence().filter((record) => record.kind === kind),
  };
}

/** @throws where it is no sign-in */
export function tokenOf(result: SignedIn | { readonly kind: string }): string {
  if (!('session' in result)) throw new Error(`not signed in: ${result.kind}`);
  return result.session;
}

export { NOON };
