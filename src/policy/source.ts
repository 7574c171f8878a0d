// A policy as it is written, read and checked: what the checker, the case runner and explain look at. Each piece knows its place in the file.
import type { MethodName } from '../mail/decision.ts';
import type { Purpose } from '../mail/facts.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import type { Level } from '../mail/finding.ts';
import type { Protection, TlsFloor } from '../mail/tls.ts';
import type { YamlPath } from '../yaml/positions.ts';
import type { Condition } from './condition.ts';
import type { Member } from './values.ts';

/** What the configuration says where the policy says nothing, and what it has set up. */
export interface BaseSettings {
  readonly protection: TlsFloor;
  readonly otherwise: 'hold' | 'return';
  /** Delivery methods that are set up: they change what becomes of a decision, so they are part of its version. */
  readonly methodsSetUp: readonly MethodName[];
}

export interface ListSource {
  readonly name: string;
  readonly path: YamlPath;
  /** Name of the file, or null where the entries stand in the policy. */
  readonly file: string | null;
  readonly entries: readonly { readonly text: string; readonly place: number }[];
}

export interface Declaration {
  readonly id: string;
  readonly path: YamlPath;
  readonly when: Condition;
  readonly as: Purpose;
}

export interface WishSource {
  readonly wish: 'more' | 'less';
  readonly path: YamlPath;
  readonly tags: readonly string[];
  readonly header: { readonly name: string; readonly value: string | null } | null;
  /** Only these accounts, with an attestation; null for everybody. */
  readonly accounts: readonly Member[] | null;
}

/** Values of settings; null where nothing is written. */
export interface SettingValues {
  /** Null: as the configuration says. */
  readonly holdFor: HoldTerm | null;
  readonly reviewers: readonly string[] | null;
  readonly protection: TlsFloor | null;
  readonly otherwise: 'hold' | 'return' | null;
  readonly releaseOwn: 'yes' | 'no' | null;
  readonly language: string | null;
  readonly blindSpotLevel: Level | null;
}

export interface SettingsEntry {
  readonly path: YamlPath;
  readonly side: 'all' | 'sender' | 'recipient';
  /** Empty for all. */
  readonly of: readonly Member[];
  readonly values: SettingValues;
}

export interface Requirement {
  readonly id: string;
  readonly path: YamlPath;
  readonly when: Condition;
  readonly protection: TlsFloor;
  readonly unlessConsent: 'yes' | 'no';
}

export type RuleAction =
  | { readonly do: 'deliver'; readonly methods: readonly MethodName[] }
  | { readonly do: 'hold'; readonly words: string; /** What a release may use. */ readonly methods: readonly MethodName[] }
  | { readonly do: 'return'; readonly words: string };

export interface Rule {
  readonly id: string;
  readonly path: YamlPath;
  readonly when: Condition;
  readonly action: RuleAction;
  readonly protection: Protection | null;
  readonly expireAfterMs: number | null;
  readonly notify: readonly string[];
  readonly stripTags: readonly string[];
  readonly addFields: readonly { readonly name: string; readonly value: string }[];
  readonly appendText: string | null;
}

export interface PolicySource {
  readonly timezone: string;
  readonly lists: ReadonlyMap<string, ListSource>;
  readonly declare: readonly Declaration[];
  /** At most one of each. */
  readonly wishes: readonly WishSource[];
  readonly settings: readonly SettingsEntry[];
  readonly require: readonly Requirement[];
  readonly rules: readonly Rule[];
  readonly base: BaseSettings;
}
