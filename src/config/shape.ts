// The shape of postern.yaml: all sections in the order of the reference.
import type { Fields, Read } from './field.ts';
import { delivery, routing } from './sections/delivery.ts';
import { inspection } from './sections/inspection.ts';
import { policy } from './sections/policy.ts';
import { portal } from './sections/portal.ts';
import { reading } from './sections/reading.ts';
import { listening, operation, service } from './sections/service.ts';
import { submission } from './sections/submission.ts';
import { unsubscribing } from './sections/unsubscribe.ts';

export const SHAPE = {
  ...service,
  ...listening,
  ...submission,
  ...reading,
  ...inspection,
  ...policy,
  ...delivery,
  ...routing,
  ...unsubscribing,
  ...portal,
  ...operation,
} as const satisfies Fields;

/** The file as read: defaults applied, durations and sizes as numbers, names still those of the file. */
export type RawConfig = Read<typeof SHAPE>;
