// A policy in effect: what decides, explains, and says what it is.
import type { Decision } from '../mail/decision.ts';
import type { Facts } from '../mail/facts.ts';
import type { SettingOrigin, Settings } from './settings.ts';
import type { PolicySource } from './source.ts';
import type { Trace } from './trace.ts';

export interface Policy {
  /** 16 hexadecimal digits of the SHA-256 of source, list files, base settings and methods set up: it changes whenever a decision could. */
  readonly version: string;
  readonly source: PolicySource;
  /** Never throws: a fault holds. */
  readonly decide: (facts: Facts) => Decision;
  /** Never throws. Its decision is the one of `decide`. */
  readonly explain: (facts: Facts) => Trace;
  /** Settings for a sender and a recipient, both canonical. */
  readonly settings: (sender: string, recipient: string) => Settings;
  /** The same, each with where it comes from. */
  readonly settingOrigins: (sender: string, recipient: string) => readonly SettingOrigin[];
}
