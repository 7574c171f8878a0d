// The commands for the help desk of the portal: what each asks, what it answers.
import { z } from 'zod';
import type { DeliveryState } from '../mail/delivery.ts';
import type { Assurance, EnrolledKind, NoticeState, Opening } from '../mail/pickup.ts';
import type { NoticeKind } from '../store/pickups.ts';
import { target, who, why } from './request-values.ts';

/** One delivery: a code or a person is of one recipient. */
const delivery = z.string().regex(/^[0-9A-Za-z]{1,40}\/\d{1,5}$/);

export const PICKUP_REQUESTS = {
  'pickup.list': z.strictObject({
    open: z.enum(['open', 'all']),
    after: z.string().max(64).nullable(),
    limit: z.int().min(1).max(500),
  }),
  'pickup.show': z.strictObject({ deliveryId: delivery }),
  'pickup.recall': z.strictObject({ target, who, why }),
  'pickup.restore': z.strictObject({ target, who, why }),
  'pickup.resend': z.strictObject({ target, who, why }),
  'pickup.code': z.strictObject({ deliveryId: delivery, who, checked: why }),
  /** A number in E.164; null takes away the one that there is. Whose: null where that is clear. */
  'pickup.phone': z.strictObject({
    deliveryId: delivery,
    number: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/)
      .nullable(),
    person: z.int().min(1).nullable(),
    who,
    checked: why,
  }),
  'pickup.lost': z.strictObject({ deliveryId: delivery, person: z.int().min(1), who, checked: why }),
  'pickup.forget': z.strictObject({ address: z.string().min(3).max(320), who, why }),
} as const;

export interface PickupAnswers {
  'pickup.list': { readonly pickups: readonly PickupReport[]; readonly next: string | null };
  'pickup.show': { readonly pickup: PickupReport; readonly people: readonly PersonReport[] };
  'pickup.recall': PickupsChanged;
  'pickup.restore': PickupsChanged;
  'pickup.resend': PickupsChanged;
  /** The code is said once: nobody can read it again. */
  'pickup.code': { readonly code: string; readonly expiresAt: number };
  'pickup.phone': { readonly person: number; readonly ends: string };
  'pickup.lost': { readonly factors: number; readonly sessions: number; readonly code: string; readonly expiresAt: number };
  'pickup.forget': { readonly ended: number };
}

export interface PickupReport {
  readonly deliveryId: string;
  readonly recipient: string;
  readonly from: string;
  readonly brand: string;
  readonly state: DeliveryState;
  readonly opening: Opening;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly owed: NoticeKind | null;
  readonly notice: NoticeState;
  readonly noticedAt: number | null;
  readonly remindedAt: number | null;
  readonly alarmedAt: number | null;
  readonly bouncedAt: number | null;
  readonly awayAt: number | null;
  readonly opened: number;
  readonly firstOpenedAt: number | null;
  readonly lastOpenedAt: number | null;
  readonly downloadedAt: number | null;
  readonly answers: number;
  readonly recalledAt: number | null;
  readonly overAt: number | null;
}

export interface PersonReport {
  readonly id: number;
  readonly name: string | null;
  readonly lastSeenAt: number;
  readonly factors: readonly {
    readonly kind: EnrolledKind;
    /** Last two digits of a phone's number, else null. */
    readonly ends: string | null;
    readonly assurance: Assurance;
    readonly createdAt: number;
    readonly lastUsedAt: number | null;
  }[];
}

/** Why one was left as it was, in words for the one who asked. */
export interface PickupsChanged {
  readonly changed: readonly string[];
  readonly unchanged: readonly { readonly deliveryId: string; readonly why: string }[];
}
