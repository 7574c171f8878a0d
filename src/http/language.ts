// Which language a browser asks for (RFC 9110 12.5.4), of those a page is written in.
import { LANGUAGES } from '../mail/language.ts';
import type { Language } from '../mail/language.ts';

/** A browser sends ten or so; the rest is not read. */
const MOST = 20;

/** English where none of ours is asked for. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  return wantedLanguage(acceptLanguage) ?? 'en';
}

/** The one wanted most, the first written of equals; null where none of them is asked for. */
export function wantedLanguage(acceptLanguage: string | undefined): Language | null {
  const wanted = (acceptLanguage ?? '')
    .split(',', MOST)
    .flatMap((one) => {
      const [range = '', ...parameters] = one.split(';').map((word) => word.trim().toLowerCase());
      const language = LANGUAGES.find((known) => range === known || range.startsWith(`${known}-`));
      return language === undefined ? [] : [{ language, quality: qualityIn(parameters) }];
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return wanted[0]?.language ?? null;
}

/** RFC 9110 12.4.2: 1 where none is written; what is no weight counts as 0. */
function qualityIn(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => parameter.startsWith('q='));
  if (written === undefined) return 1;
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(written) ? Number(written.slice(2)) : 0;
}
