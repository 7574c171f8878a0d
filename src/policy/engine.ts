// A policy made ready to decide: every condition compiled, every list a set.
import type { Compiled } from './compiled.ts';
import type { TextSet } from './members.ts';
import type { SettingsBook } from './settings.ts';
import type { Declaration, Requirement, Rule } from './source.ts';
import type { Situation } from './situation.ts';
import type { WishReader } from './wishes.ts';

export interface RuleReady {
  readonly rule: Rule;
  readonly when: Compiled;
  /** Its condition names the consent 'other-way': it knows what the person asked for. */
  readonly knowsOtherWay: boolean;
}

export interface Engine {
  /** Changes whenever a decision could. */
  readonly version: string;
  readonly wishes: readonly WishReader[];
  readonly declare: readonly { readonly declaration: Declaration; readonly when: Compiled }[];
  readonly settings: SettingsBook;
  readonly require: readonly { readonly requirement: Requirement; readonly when: Compiled }[];
  readonly rules: readonly RuleReady[];
  /** The first rule that matches, or null. */
  readonly firstMatch: (situation: Situation) => RuleReady | null;
  /** Accounts that never write to or about patients. */
  readonly neverAboutPatients: TextSet;
}
