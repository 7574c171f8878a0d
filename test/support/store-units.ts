// Units of work for tests of the store: whole and valid, each test changes what it is about.
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import type { Decision } from '../../src/mail/decision.ts';
import type { Codes, Evidence, EvidenceKind } from '../../src/mail/evidence.ts';
import type { StoredFacts } from '../../src/mail/facts.ts';
import type { AcceptUnit, DecideUnit, MessageRecord, NewDelivery, Reading } from '../../src/store/journal.ts';
import type { NewPickup } from '../../src/store/pickups.ts';
import type { DeliveryStatus, Lease, Settlement } from '../../src/store/queue.ts';
import { digestOf, idOf } from './store-names.ts';

export const DECISION: Decision = {
  rule: 'default',
  policyVersion: 'p1',
  consents: null,
  floor: 'tls-verified',
  methods: ['relay'],
  otherwise: 'hold',
  action: 'deliver',
  released: false,
  floors: [],
  reason: null,
  modifiers: NO_MODIFIERS,
};

/** The time at which test messages come in. */
export const T0 = 1_800_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function evidence(kind: EvidenceKind, messageId: string | null, deliveryId: string | null = null, codes: Codes = {}): Evidence {
  return { kind, at: T0, messageId, deliveryId, codes, detail: { from: 'ann@hospital.example' } };
}

export interface MessageWish {
  /** Number that the id is made of. */
  readonly number: number;
  readonly recipients?: readonly string[];
  readonly state?: NewDelivery['state'];
  readonly at?: number;
  /** Domains are destinations. */
  readonly delivery?: (n: number, address: string) => Partial<NewDelivery>;
  readonly message?: Partial<MessageRecord>;
}

/** An accept unit. Repeat digests are made of number and recipient, so that two numbers never repeat one another. */
export function acceptUnit(wish: MessageWish, change: Partial<AcceptUnit> = {}): AcceptUnit {
  const id = idOf(wish.number);
  const at = wish.at ?? T0;
  const addresses = wish.recipients ?? ['bob@partner.example'];
  const message: MessageRecord = {
    id,
    kind: 'message',
    acceptedAt: at,
    submitter: { kind: 'account', name: 'ehr' },
    client: '192.0.2.7',
    reportTo: 'ann@hospital.example',
    envelope: {
      reversePath: 'ann@hospital.example',
      body: '8bitmime',
      smtpUtf8: false,
      requireTls: false,
      ret: 'hdrs',
      envid: 'QQ314159',
      recipients: addresses.map((address) => ({ address, notify: null, orcpt: null })),
    },
    headerMessageId: `<${wish.number}@hospital.example>`,
    references: null,
    content: {
      place: 'row',
      sizeBytes: 2_000,
      wrappedKey: Buffer.alloc(60, 1),
      periodId: 7,
      digest: digestOf(`content ${wish.number}`),
      needs: 'nothing',
    },
    about: null,
    ...wish.message,
  };
  return {
    message,
    sealed: Buffer.alloc(2_050, wish.number),
    deliveries: addresses.map((address, n) => ({
      n,
      recipient: address,
      notify: null,
      orcpt: null,
      destination: digestOf(address.slice(address.indexOf('@') + 1)),
      decision: DECISION,
      state: wish.state ?? 'queued',
      hold: wish.state === 'held' ? { reason: 'policy', owner: 'gateway', deadline: at + HOUR } : null,
      expiresAt: at + 24 * HOUR,
      repeatDigest: digestOf(`repeat ${wish.number} ${address}`),
      likelyDigest: null,
      report: null,
      ...wish.delivery?.(n, address),
    })),
    lease: { owner: 'gateway-1', until: at + MINUTE },
    repeatUntil: at + 24 * HOUR,
    likelyRepeats: 'report',
    evidence: [
      evidence('message.accepted', id, null, { recipients: addresses.length }),
      ...addresses.map((_, n) => evidence('delivery.decided', id, `${id}/${n}`, { rule: 'default' })),
    ],
    reading: null,
    settlesReports: [],
    tellsOf: [],
    noticesOf: [],
    ticket: null,
    ...change,
  };
}

/** What was read of a message to one recipient. */
export function reading(change: Partial<Reading> = {}): Reading {
  return { facts: storedFacts(), pictures: [], correspondents: [], ...change };
}

export function storedFacts(recipients: readonly string[] = ['bob@partner.example']): StoredFacts {
  return {
    message: {
      reversePath: 'ann@hospital.example',
      from: ['ann@hospital.example'],
      submitter: { kind: 'account', name: 'ehr' },
      client: '192.0.2.7',
      header: [],
      subjectTags: [],
      sizeBytes: 2_000,
      attachments: [],
      phi: { level: 'medium', score: 0.6, counts: { name: 1 }, labels: [], documents: [], reasons: ['name-and-health'] },
      blindSpots: [],
      visibleOutside: 1,
      automatic: false,
      urgent: false,
      encryptedBy: null,
      acceptedAt: T0,
    },
    recipients: recipients.map((address) => ({
      address,
      inside: false,
      seen: { address: false, domain: false },
      oneSlipFromKnown: false,
    })),
    reasons: [],
  };
}

/** A decision that lets the one delivery of a message go. */
export function decideUnit(number: number, change: Partial<DecideUnit> = {}): DecideUnit {
  const id = idOf(number);
  return {
    messageId: id,
    at: T0,
    deliveries: [{ n: 0, decision: DECISION, state: 'queued', hold: null, report: null }],
    reading: reading(),
    evidence: [evidence('message.read', id), evidence('delivery.decided', id, `${id}/0`)],
    ...change,
  };
}

export function status(at: number, code: string = 'delivery.refused'): DeliveryStatus {
  return { at, status: code === 'relayed' ? '2.0.0' : '5.1.1', code, diagnostic: '550 5.1.1', remoteMta: 'mx.partner.example' };
}

/** A pickup of bob, unless changed: thirty days, a reminder after three, the originator told after seven. */
export function newPickup(change: Partial<NewPickup> = {}): NewPickup {
  return {
    address: digestOf('pickup bob@partner.example'),
    brand: 'default',
    opening: { minimum: 'address', mailedCode: 'may-travel' },
    tells: null,
    expiresAt: T0 + 30 * DAY,
    remindAt: T0 + 3 * DAY,
    alarmAt: T0 + 7 * DAY,
    detail: { recipient: 'bob@partner.example', from: 'ann@hospital.example', language: 'en' },
    ...change,
  };
}

/** A settlement that ends the delivery as relayed, unless changed. */
export function settlement(lease: Lease, change: Partial<Settlement> = {}): Settlement {
  const messageId = lease.deliveryId.slice(0, 26);
  return {
    lease,
    at: T0 + 10,
    after: { state: 'relayed' },
    decision: DECISION,
    methodIndex: 0,
    methodSince: T0,
    outcome: 'known',
    report: null,
    status: status(T0 + 10, 'relayed'),
    evidence: [evidence('delivery.relayed', messageId, lease.deliveryId)],
    ...change,
  };
}
