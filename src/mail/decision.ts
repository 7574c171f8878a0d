// What policy decided for one recipient. Stored with the delivery, and checked against the policy in effect before every attempt.
import type { Protection } from './tls.ts';

/** Delivery methods by name; a new one is a folder in methods/ and a word here. What is named and not set up reaches nobody. */
export const METHOD_NAMES = ['relay', 'smime', 'openpgp', 'pdf', 'portal'] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** Methods that seal the content itself: they meet every floor. */
export const SEALING_METHODS: ReadonlySet<MethodName> = new Set(['smime', 'openpgp', 'pdf', 'portal']);

/** How the message is changed or handled on the way; empty lists and nulls change nothing. */
export interface Modifiers {
  /** Removed from the subject before delivery, as facts spell tags. */
  readonly stripTags: readonly string[];
  /** Added to the header. */
  readonly addFields: readonly { readonly name: string; readonly value: string }[];
  /** A fixed text under the body, or null. */
  readonly appendText: string | null;
  /** Whom to tell that this was decided; addresses of the configuration. */
  readonly notify: readonly string[];
  /** Term of a pickup, or null for the setting. */
  readonly expireAfterMs: number | null;
  /** One-click unsubscribe (RFC 8058) is added: the purpose it revokes, or null. */
  readonly unsubscribe: 'marketing' | 'fundraising' | null;
}

export const NO_MODIFIERS: Modifiers = {
  stripTags: [],
  addFields: [],
  appendText: null,
  notify: [],
  expireAfterMs: null,
  unsubscribe: null,
};

export interface Decision {
  /** The rule that decided, or a word of our own in angle brackets where none did: '<no-rule>', '<fault>', '<undecided>', '<marketing>'. */
  readonly rule: string;
  /** Hash of the policy in effect when it was decided. */
  readonly policyVersion: string;
  /** Revision of the consent registry when it was decided; null where no consent could have changed it. */
  readonly consents: number | null;
  /** 'hold' waits for a reviewer, 'return' goes back to the originator. */
  readonly action: 'deliver' | 'hold' | 'return';
  /** A person has released it from the hold of its rule: then the action is 'deliver'. */
  readonly released: boolean;
  readonly floor: Protection;
  /** Ids of the floors that applied, in order of the policy. */
  readonly floors: readonly string[];
  /** In order of preference; only those that can meet the floor. Kept for a hold too: what a release may use. */
  readonly methods: readonly MethodName[];
  /** What happens where no method reaches the recipient at the floor. */
  readonly otherwise: 'hold' | 'return';
  /** Words of the policy's author for whoever is told of a hold or a return, ours where law stops it, or null. */
  readonly reason: string | null;
  readonly modifiers: Modifiers;
}

/** Before policy has decided, and where it could not: nothing goes out by this. */
export function notDecided(rule: '<undecided>' | '<fault>', policyVersion: string): Decision {
  return {
    rule,
    policyVersion,
    consents: null,
    action: 'hold',
    released: false,
    floor: 'sealed',
    floors: [],
    methods: [],
    otherwise: 'hold',
    reason: null,
    modifiers: NO_MODIFIERS,
  };
}
