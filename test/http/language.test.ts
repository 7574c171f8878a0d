// Which language a page is shown in.
import t from 'tap';
import { preferredLanguage } from '../../src/http/language.ts';
import type { Language } from '../../src/mail/language.ts';

const cases: readonly (readonly [given: string | undefined, expected: Language])[] = [
  [undefined, 'en'],
  ['', 'en'],
  ['es', 'es'],
  ['ES-mx', 'es'],
  ['en,es', 'en'],
  ['es,en', 'es'],
  ['en;q=0.5, es;q=0.8', 'es'],
  ['en;q=0.5,es;q=0', 'en'],
  ['es;q=0', 'en'],
  ['fr-CA, es;q=0.1', 'es'],
  ['*', 'en'],
  ['est', 'en'],
  ['es;q=2', 'en'],
  ['es;q=', 'en'],
  [`${'fr,'.repeat(30)}es`, 'en'],
];
for (const [given, expected] of cases) {
  t.test(`asked for ${(given ?? 'nothing').slice(0, 30)}`, async (t) => t.equal(preferredLanguage(given), expected));
}
