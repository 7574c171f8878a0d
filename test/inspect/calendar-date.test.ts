// Days in digits are read sign by sign; what they are is said here once more, in expressions.
import fc from 'fast-check';
import t from 'tap';
import { dateAt, DAY_WORDS, MONTH_NAMES, shortDateAt, type WrittenDate } from '../../src/inspect/calendar-date.ts';
import { wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';

const FORMS: readonly (readonly [RegExp, (parts: readonly string[]) => readonly (string | undefined)[]])[] = [
  [/(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})(?![\d/]|[-.]\d)/y, ([, month, , day, year]) => [year, month, day]],
  [/(\d{1,2})(\.)(\d{1,2})\2(\d{4})(?![\d/]|[-.]\d)/y, ([, month, , day, year]) => [year, month, day]],
  [/((?:19|20)\d{2})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/y, ([, year, , month, day]) => [year, month, day]],
  [/((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?(?!\w)/y, ([, year, month, day]) => [year, month, day]],
];
const SHORT = /(\d{1,2})\/(\d{1,2})(?![\d/.%-])/y;

function said(date: WrittenDate | null): string | null {
  return date === null ? null : [date.at, date.end, date.year, date.month, date.day].join(' ');
}

function asDay(at: number, end: number, parts: readonly (string | undefined)[]): string | null {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  const full = parts[0]?.length === 2 ? year + (year > 35 ? 1900 : 2000) : year;
  const time = new Date(Date.UTC(full === 0 ? 2000 : full, month - 1, day));
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day) return null;
  return full !== 0 && (full < 1880 || full > 2100) ? null : [at, end, full, month, day].join(' ');
}

function byExpression(text: string, at: number): string | null {
  if (/[-/.\d]/.test(text.charAt(at - 1))) return null;
  for (const [form, partsOf] of FORMS) {
    form.lastIndex = at;
    const found = form.exec(text);
    if (found === null) continue;
    const [year, month, day] = partsOf(found);
    const end = at + found[0].length;
    return (
      asDay(at, end, [year, month, day]) ?? (form === FORMS[0]?.[0] || form === FORMS[1]?.[0] ? asDay(at, end, [year, day, month]) : null)
    );
  }
  return null;
}

function shortByExpression(text: string, at: number): string | null {
  SHORT.lastIndex = at;
  const found = /[-/.]/.test(text.charAt(at - 1)) ? null : SHORT.exec(text);
  return found === null ? null : asDay(at, at + found[0].length, ['0', found[1], found[2]]);
}

t.test('days in digits', async (t) => {
  const pieces = fc.constantFrom(
    '1',
    '2',
    '3',
    '05',
    '12',
    '19',
    '31',
    '62',
    '19',
    '20',
    '1970',
    '2024',
    '-',
    '/',
    '.',
    '-',
    '/',
    ' ',
    'T',
    '_',
    '%',
  );
  fuzz(
    t,
    4_000,
    fc.property(
      fc.array(pieces, { maxLength: 14 }).map((all) => all.join('')),
      (text) => {
        const words = wordsOf(text, DAY_WORDS);
        for (const number of words.withDigits) {
          if (words.made[number] !== 2) continue;
          const at = words.starts[number] ?? 0;
          const [read, expected] = [said(dateAt(words, number)), byExpression(text, at)];
          if (read !== expected) throw new Error(`${text} at ${at}: ${read} ${expected}`);
          const [short, shorter] = [said(shortDateAt(words, number)), shortByExpression(text, at)];
          if (short !== shorter) throw new Error(`short: ${text} at ${at}: ${short} ${shorter}`);
        }
      },
    ),
  );
});

t.test('days with the name of a month', async (t) => {
  for (const name of MONTH_NAMES) {
    const month = 'janfebmaraprmayjunjulaugsepoctnovdec'.indexOf(name.slice(0, 3)) / 3 + 1;
    for (const text of [`${name} 3, 1962`, `3rd of ${name} 1962`, `3 ${name.toUpperCase()} 62`, `03${name}1962`, `${name} 3rd '62`]) {
      const words = wordsOf(text, DAY_WORDS);
      const dates = words.withDigits.map((number) => dateAt(words, number)).filter((date) => date !== null);
      t.same(said(dates[0] ?? null), [0, text.length, 1962, month, 3].join(' '), text);
    }
  }
  for (const text of ['32 June', 'June 0', '3th', '3rx of June', '3 | June', '03junk1962', '3 dayJune']) {
    const words = wordsOf(text, DAY_WORDS);
    t.same(
      words.withDigits.map((number) => dateAt(words, number)).filter((date) => date !== null),
      [],
      text,
    );
  }
});
