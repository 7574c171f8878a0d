// What a surface hands to the gateway, for tests of its use cases.
import type { Submission } from '../../src/gateway/intake.ts';
import type { Recipient } from '../../src/mail/envelope.ts';

export function recipient(address: string, change: Partial<Recipient> = {}): Recipient {
  return { address, notify: null, orcpt: null, ...change };
}

export function submission(change: Partial<Submission> = {}): Submission {
  return {
    submitter: { kind: 'account', name: 'ehr' },
    mayUse: ['*@clinic.example'],
    tenantProof: null,
    reports: null,
    likelyRepeats: 'report',
    client: {
      address: '192.0.2.33',
      helo: 'ehr.clinic.example',
      protocol: 'ESMTPSA',
      tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
      listener: 'submissions',
    },
    envelope: envelope([recipient('jane@partner.example')]),
    ...change,
  };
}

export function envelope(recipients: readonly Recipient[], change: Partial<Submission['envelope']> = {}): Submission['envelope'] {
  return {
    reversePath: 'ann@clinic.example',
    body: '7bit',
    smtpUtf8: false,
    requireTls: false,
    ret: null,
    envid: null,
    recipients,
    ...change,
  };
}
