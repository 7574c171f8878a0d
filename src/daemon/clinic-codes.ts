// The codes that the organisation gives by way of the originator: drawn, kept as a keyed digest, good once and for one pickup.
import { CODE_LIVES_MS, drawCode } from '../access/one-time-code.ts';
import type { Clock } from '../gateway/clock.ts';
import { pickupEvidence } from '../gateway/pickup/reports.ts';
import type { TellCodesDeps } from '../gateway/pickup/tell-codes.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { People } from '../store/people.ts';

export interface ClinicCodeParts {
  readonly people: Pick<People, 'addCode'>;
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly clock: Clock;
}

/** No longer than the message waits. One that is made anew takes the place of the one before. */
export function clinicCodes({ people, keys, clock }: ClinicCodeParts): TellCodesDeps['makeCode'] {
  return async (pickup) => {
    const { shown, salt, digest } = drawCode((label, ...values) => keys.digest(label, ...values));
    const now = clock.steady();
    const expiresAt = Math.min(now + CODE_LIVES_MS['clinic-code'], pickup.expiresAt);
    await people.addCode({
      address: pickup.address,
      deliveryId: pickup.deliveryId,
      kind: 'clinic-code',
      factorId: null,
      salt,
      digest,
      createdAt: now,
      expiresAt,
      endsOthers: 'same-kind',
      evidence: [pickupEvidence('pickup.code-made', pickup, clock.now(), { by: 'gateway', tells: 'originator', until: expiresAt }, null)],
    });
    return { code: shown, expiresAt };
  };
}
