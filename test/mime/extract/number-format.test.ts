// Numbers of spreadsheets as a reader sees them: dates as ISO 8601 whatever the format, digits through a mask, all else as it stands.
import t from 'tap';
import { type DateSystem, NumberFormat } from '../../../src/mime/extract/number-format.ts';

const SHOWN: readonly (readonly [code: string, value: string, shown: string, system?: DateSystem])[] = [
  ['yyyy-mm-dd', '25569', '1970-01-01'],
  ['yyyy-mm-dd', '1', '1900-01-01'],
  ['yyyy-mm-dd', '59', '1900-02-28'],
  ['yyyy-mm-dd', '61', '1900-03-01'],
  ['yyyy-mm-dd', '1', '1904-01-02', 'from 1904'],
  ['yyyy-mm-dd', '24107', '1970-01-01', 'from 1904'],
  ['m/d/yyyy', '36526', '2000-01-01'],
  ['d.m.yy', '36526', '2000-01-01'],
  ['[$-409]mmmm d, yyyy;@', '25569', '1970-01-01'],
  ['[Red]yyyy', '25569', '1970-01-01'],
  ['mmm', '25569', '1970-01-01'],
  ['"Born "yyyy-mm-dd', '25569', '1970-01-01'],
  ['000-00-0000', '123456789', '123-45-6789'],
  ['000-00-0000', '12345678', '012-34-5678'],
  ['(000) 000-0000', '5551234567', '(555) 123-4567'],
  ['[<=9999999]###-####;(###) ###-####', '5551234', '555-1234'],
  ['[<=9999999]###-####;(###) ###-####', '6175551234', '(617) 555-1234'],
  ['00000', '2101', '02101'],
];

for (const [code, value, shown, system = 'from 1900'] of SHOWN) {
  t.test(`${code} of ${value}`, async (t) => void t.equal(NumberFormat.of(code)?.shown(value, system), shown));
}

t.test('a date with its time', async (t) => {
  t.match(NumberFormat.of('yyyy-mm-dd h:mm')?.shown('25569.5', 'from 1900'), /^1970-01-01[T ]12:00/);
  t.match(NumberFormat.of('h:mm')?.shown('0.25', 'from 1900'), /^0?6:00/);
});

t.test('what shows the number as it stands', async (t) => {
  for (const code of ['General', '0', '0.00', '#,##0', '0%', '0.00E+00', '@', '', '"text"', '# ?/?'])
    t.equal(NumberFormat.of(code), null, code);
});

t.test('what is no number is left', async (t) => {
  const date = NumberFormat.of('yyyy-mm-dd');
  for (const value of ['', ' ', 'text', 'NaN', 'Infinity', '1e400', '-5', '99999999999'])
    t.equal(date?.shown(value, 'from 1900'), value, JSON.stringify(value));
  const mask = NumberFormat.of('000-00-0000');
  for (const value of ['-5', '1.5', '1e30', 'x']) t.equal(mask?.shown(value, 'from 1900'), value, value);
});

t.test('built-in formats (ECMA-376 part 1, 18.8.30)', async (t) => {
  for (const id of [14, 15, 16, 17, 22, 27, 31, 36, 50, 58])
    t.match(NumberFormat.builtIn(id)?.shown('25569', 'from 1900'), /^1970-01-01/, `${id}`);
  for (const id of [18, 21, 45, 47]) t.match(NumberFormat.builtIn(id)?.shown('0.5', 'from 1900'), /12:00/, `${id}`);
  for (const id of [0, 1, 2, 9, 10, 11, 37, 48, 49, 59, 164, -1]) t.equal(NumberFormat.builtIn(id), null, `${id}`);
});

t.test('any format code: no throw, in bounded time', async (t) => {
  for (const code of [
    '"',
    '\\',
    '[',
    '[$',
    '_',
    '*',
    ';;;;;;;',
    '"'.repeat(10_000),
    '[<=1]'.repeat(1_000),
    '0-'.repeat(10_000),
    '[h'.repeat(5_000),
  ]) {
    t.type(NumberFormat.of(code)?.shown('12345', 'from 1900') ?? '', 'string', code.slice(0, 10));
  }
});
