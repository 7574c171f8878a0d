// The languages of the portal: every one has the same words as English, or it does not compile.
import type { Language } from '../../mail/language.ts';
import { en } from './en.ts';
import { es } from './es.ts';

/** Same keys, any text. Words that count have the plural forms that their language needs (CLDR); `other` always. */
type Same<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends { readonly one: string; readonly other: string }
      ? Counted
      : Same<T[K]>;
};
type Counted = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

export type Words = Same<typeof en>;

export const WORDS: Readonly<Record<Language, Words>> = { en, es };
