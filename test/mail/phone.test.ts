// Telephone numbers: what is one, where it is, and what is shown of it.
import fc from 'fast-check';
import t from 'tap';
import { endsOf, isOfPrefix, isPhonePrefix, readPhone } from '../../src/mail/phone.ts';
import { fuzz } from '../support/fuzz.ts';

const NUMBERS: readonly (readonly [typed: string, number: string | null])[] = [
  ['+15550147265', '+15550147265'],
  ['+1 (555) 014-7265', '+15550147265'],
  ['  +44 7700 900123 ', '+447700900123'],
  ['+1.555.014.7265', '+15550147265'],
  ['+1\u2011555\u2013014\u00a07265', '+15550147265'],
  ['+15550100', '+15550100'],
  ['+123456789012345', '+123456789012345'],
  ['+1234567890123456', null],
  ['+123456', null],
  ['5550147265', null],
  ['0015550147265', null],
  ['+05550147265', null],
  ['++15550147265', null],
  ['+1555014726x', null],
  ['+1555014726\u0665', null],
  ['+15550147265;ext=1', null],
  ['+15550147265\r\nTo: +1900', null],
  ['', null],
];

await t.test('numbers as people type them', async (t) => {
  for (const [typed, number] of NUMBERS) t.equal(readPhone(typed), number, JSON.stringify(typed));
});

await t.test('places: a country, or more of a number', async (t) => {
  for (const prefix of ['+1', '+44', '+1876', '+1555014']) t.ok(isPhonePrefix(prefix), prefix);
  for (const prefix of ['1', '+', '+0', '', '+12345678', '+1-876', '*', '+1\n']) t.notOk(isPhonePrefix(prefix), JSON.stringify(prefix));
  t.ok(isOfPrefix('+15550147265', ['+44', '+1']));
  t.notOk(isOfPrefix('+15550147265', ['+44']));
  t.notOk(isOfPrefix('+15550147265', []), 'none is allowed unless one says so');
  t.equal(endsOf('+15550147265'), '65');
});

await t.test('whatever is typed: null, or a number that is read as itself again', (t) => {
  const typed = fc.string({ unit: fc.constantFrom(...'+0123456789 ()-.x\u2011\u00a0'), maxLength: 24 });
  const isNumber = (number: string | null): boolean =>
    number === null || (/^\+[1-9]\d{6,14}$/.test(number) && readPhone(number) === number);
  fuzz(
    t,
    2_000,
    fc.property(typed, (text) => isNumber(readPhone(text)) && isNumber(readPhone(`+1 (555) ${text}`))),
  );
  t.end();
});
