// Times, sizes and numbers as a reader writes them: in their language, in their zone, with the zone named.
import type { Language } from '../mail/language.ts';
import { html, type Html } from './html.ts';

export interface Formats {
  /** `November 28, 2026 at 9:05 AM CST`. */
  moment(at: number): Html;
  day(at: number): Html;
  /** Time of the day only, with the zone: for what ends soon. */
  clock(at: number): Html;
  size(sizeBytes: number): string;
  count(words: Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>, n: number): string;
}

/** How each kind is written. A script in the page uses the same where it learns of the zone only then. */
const FORMS = {
  moment: { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  day: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  clock: { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Spanish as it is written in the United States, where most of our readers are. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };

export function formats(language: Language, zone: string): Formats {
  const locale = LOCALES[language];
  const time =
    (form: keyof typeof FORMS) =>
    (at: number): Html => {
      const text = new Intl.DateTimeFormat(locale, { ...FORMS[form], timeZone: zone }).format(at);
      return html`<time datetime="${new Date(at).toISOString()}" data-form="${form}">${text}</time>`;
    };
  return {
    moment: time('moment'),
    day: time('day'),
    clock: time('clock'),
    size: (sizeBytes) => size(locale, sizeBytes),
    count: (words, n) =>
      (words[new Intl.PluralRules(locale).select(n)] ?? words.other).replace('{n}', new Intl.NumberFormat(locale).format(n)),
  };
}

/** Decimal units, as mail programs and phones show them. */
function size(locale: string, sizeBytes: number): string {
  const [unit, of] = sizeBytes < 1_000_000 ? (['kilobyte', 1_000] as const) : (['megabyte', 1_000_000] as const);
  // Who reads about bytes?
  const value = Math.max(sizeBytes / of, of === 1_000 ? 1 : 0);
  const style = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 && of > 1_000 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, style).format(value);
}

/** Is it the name of a time zone (IANA)? */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // RangeError: there is none of that name.
    return false;
  }
}
