// What policy decided for one recipient. Stored with the delivery, so that it can be decided again from the facts.
import type { TlsFloor } from './tls.ts';

/** Delivery methods by name; a new one is a folder in methods/ and a word here. */
export type MethodName = 'relay';

export interface Decision {
  /** The rule that decided. */
  readonly rule: string;
  /** Hash of the policy in effect when it was decided. */
  readonly policyVersion: string;
  readonly floor: TlsFloor;
  /** In order of preference. */
  readonly methods: readonly MethodName[];
  /** What happens where no method reaches the recipient at the floor. */
  readonly otherwise: 'hold' | 'return';
}
