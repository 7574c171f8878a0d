// Times, sizes and numbers as a reader writes them: in their language, in their zone, with the zone named. What writes them costs some 100 kB each, out
// of sight of the garbage collector: it is made once for each language and zone.
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
  const time = (form: keyof typeof FORMS): ((at: number) => Html) => {
    const written = once(() => new Intl.DateTimeFormat(locale, { ...FORMS[form], timeZone: zone }));
    return (at) => html`<time datetime="${new Date(at).toISOString()}" data-form="${form}">${written().format(at)}</time>`;
  };
  const rules = once(() => new Intl.PluralRules(locale));
  const number = once(() => new Intl.NumberFormat(locale));
  return {
    moment: time('moment'),
    day: time('day'),
    clock: time('clock'),
    size: sizes(locale),
    count: (words, n) => (words[rules().select(n)] ?? words.other).replace('{n}', number().format(n)),
  };
}

/** Decimal units, as mail programs and phones show them. */
function sizes(locale: string): Formats['size'] {
  const writer = (unit: 'kilobyte' | 'megabyte', maximumFractionDigits: number): (() => Intl.NumberFormat) =>
    once(() => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }));
  const [kilobytes, megabytes, manyMegabytes] = [writer('kilobyte', 0), writer('megabyte', 1), writer('megabyte', 0)];
  return (sizeBytes) => {
    // Who reads about bytes?
    if (sizeBytes < 1_000_000) return kilobytes().format(Math.max(sizeBytes / 1_000, 1));
    const value = sizeBytes / 1_000_000;
    return (value < 10 ? megabytes() : manyMegabytes()).format(value);
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Of one language in one zone. */
export type FormatsOf = (language: Language, zone: string | null) => Formats;

/** Most readers share a zone; whoever sends others gets them made anew. */
const MOST_KNOWN = 24;

/** Gives the same formats again. @param ownZone where a reader has said none, or one that there is not */
export function formatsKnown(ownZone: string, most = MOST_KNOWN): FormatsOf {
  const known = new Map<string, Formats>();
  return (language, zone) => {
    const nameIn = (one: string): string => `${language} ${one}`;
    const shown = zone !== null && (known.has(nameIn(zone)) || isZone(zone)) ? zone : ownZone;
    const name = nameIn(shown);
    const found = known.get(name) ?? formats(language, shown);
    known.delete(name);
    known.set(name, found);
    const oldest = known.size > most ? known.keys().next() : null;
    if (oldest?.done === false) known.delete(oldest.value);
    return found;
  };
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
