// A claimed delivery for unit tables, with whatever the case wants different.
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import type { ActiveDelivery } from '../../src/store/queue.ts';
import type { MessageRecord } from '../../src/store/journal.ts';

export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

export function messageRecord(changes: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: '01JD9Z0000000000000000TEST',
    kind: 'message',
    acceptedAt: NOW,
    submitter: { kind: 'account', name: 'ehr' },
    client: '192.0.2.7',
    reportTo: 'doctor@clinic.test',
    envelope: {
      reversePath: 'doctor@clinic.test',
      body: '7bit',
      smtpUtf8: false,
      requireTls: false,
      ret: null,
      envid: null,
      recipients: [{ address: 'patient@example.test', notify: null, orcpt: null }],
    },
    headerMessageId: '<a@clinic.test>',
    references: null,
    content: { place: 'row', sizeBytes: 100, wrappedKey: new Uint8Array(60), periodId: 1, digest: new Uint8Array(32), needs: 'nothing' },
    about: null,
    ...changes,
  };
}

export function activeDelivery(changes: Partial<ActiveDelivery> = {}): ActiveDelivery {
  return {
    lease: { deliveryId: '01JD9Z0000000000000000TEST/0', owner: 'test', token: 1 },
    message: messageRecord(),
    n: 0,
    recipient: 'patient@example.test',
    notify: null,
    orcpt: null,
    destination: new Uint8Array(32),
    decision: {
      rule: 'configured-default',
      policyVersion: 'v',
      consents: null,
      floor: 'tls-verified',
      methods: ['relay'],
      otherwise: 'hold',
      action: 'deliver',
      released: false,
      floors: [],
      reason: null,
      modifiers: NO_MODIFIERS,
    },
    methodIndex: 0,
    attempts: 0,
    outcomeUnknown: false,
    methodSince: null,
    expiresAt: NOW + 86_400_000,
    delayReported: false,
    ...changes,
  };
}
