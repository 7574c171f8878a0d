// Addresses of From in every reading: what one mail program hides, another shows as the sender (espoofer and the like).
import fc from 'fast-check';
import t from 'tap';
import { readOriginators } from '../../src/mime/originators.ts';
import { fuzz } from '../support/fuzz.ts';

await t.test('readings', async (t) => {
  const table: readonly (readonly [value: string, addresses: readonly string[], reading: 'clear' | 'unclear'])[] = [
    ['ann@clinic.example', ['ann@clinic.example'], 'clear'],
    ['<ann@clinic.example>', ['ann@clinic.example'], 'clear'],
    ['Ann <ann@clinic.example>', ['ann@clinic.example'], 'clear'],
    ['"Smith, Ann" <ann@clinic.example>', ['ann@clinic.example'], 'clear'],
    ['=?utf-8?Q?Ann_M=C3=BCller?= <ann@clinic.example>', ['ann@clinic.example'], 'clear'],
    ['ann@clinic.example (Ann)', ['ann@clinic.example'], 'clear'],
    ['Ann <ann@clinic.example>, Bob <bob@clinic.example>', ['ann@clinic.example', 'bob@clinic.example'], 'clear'],
    ['Team: ann@clinic.example, bob@clinic.example;', ['ann@clinic.example', 'bob@clinic.example'], 'clear'],
    ['änn@clinic.example', ['änn@clinic.example'], 'clear'],
    ['"ann smith"@clinic.example', ['"ann smith"@clinic.example'], 'clear'],
    ['"boss@clinic.example" <ann@clinic.example>', ['ann@clinic.example'], 'clear'],
    // what must not pass as clear
    ['', [], 'unclear'],
    ['Ann', [], 'unclear'],
    ['Ann <>', [], 'unclear'],
    ['undisclosed:;', [], 'unclear'],
    ['Ann, <ann@clinic.example>', ['ann@clinic.example'], 'unclear'],
    ['ann@', ['ann@'], 'unclear'],
    ['ann@clinic..example', ['ann@clinic..example'], 'unclear'],
  ];
  for (const [value, addresses, reading] of table) {
    const got = readOriginators(value);
    t.strictSame(got.addresses.toSorted(), addresses.toSorted(), value);
    t.equal(got.reading, reading, `${value}: ${reading}`);
  }
});

await t.test('another address anywhere a reader may take it from is among those to check', async (t) => {
  const table: readonly string[] = [
    '<ann@clinic.example> <boss@clinic.example>',
    '<boss@clinic.example> <ann@clinic.example>',
    'boss@clinic.example <ann@clinic.example>',
    'boss@clinic.example, ann@clinic.example',
    '(boss@clinic.example) ann@clinic.example',
    '"x" <boss@clinic.example>(,<ann@clinic.example>',
    '"Ann <boss@clinic.example>" <ann@clinic.example>',
    '<boss@clinic.example>, "Ann" <ann@clinic.example>',
    '<@boss@clinic.example:ann@clinic.example>',
    '=?utf-8?Q?boss=40clinic.example=3E=2C?= <ann@clinic.example>',
    '=?utf-8?B?Ym9zc0BjbGluaWMuZXhhbXBsZT4=?= <ann@clinic.example>',
    'boss@clinic.example\0 <ann@clinic.example>',
    'ann@clinic.example;boss@clinic.example',
    'Group: boss@clinic.example; ann@clinic.example',
  ];
  for (const value of table) t.ok(readOriginators(value).addresses.includes('boss@clinic.example'), JSON.stringify(value));
});

await t.test('bounded', async (t) => {
  const startedAt = performance.now();
  const long = readOriginators(Array.from({ length: 60_000 }, (_, i) => `a${i}@b.example`).join(', '));
  t.equal(long.reading, 'unclear', 'a list that is no list of authors');
  for (const value of [
    '<'.repeat(200_000),
    'a'.repeat(200_000),
    `${'a'.repeat(200_000)}<`,
    '=?'.repeat(100_000),
    '=?utf-8?B?'.repeat(20_000),
    `=?utf-8?Q?${'=40'.repeat(60_000)}?=`,
    '\\"'.repeat(100_000),
    'a '.repeat(100_000),
    '<a@'.repeat(60_000),
    '(('.repeat(50_000) + '))'.repeat(50_000),
    '"'.repeat(200_000),
    '('.repeat(200_000),
    'a@'.repeat(100_000),
    '=?utf-8?Q?a?= '.repeat(20_000),
    ' @'.repeat(100_000),
  ]) {
    t.equal(readOriginators(value).reading, 'unclear');
  }
  t.ok(performance.now() - startedAt < 2_000, `took ${Math.round(performance.now() - startedAt)} ms`);
});

await t.test('never throws', async (t) => {
  const text = fc.array(
    fc.constantFrom(
      '<',
      '>',
      '"',
      '(',
      ')',
      ',',
      ':',
      ';',
      '@',
      '\\',
      'a',
      'b.example',
      '=?utf-8?Q?a=40b?=',
      '=?x?B?!?=',
      '[',
      ']',
      ' ',
      '\0',
      'é',
    ),
    { maxLength: 25 },
  );
  fuzz(
    t,
    5_000,
    fc.property(text, (pieces) => readOriginators(pieces.join('')).addresses.every((address) => address !== '')),
  );
});
