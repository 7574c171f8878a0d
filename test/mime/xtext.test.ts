// xtext of ENVID and ORCPT.
import t from 'tap';
import { decodeXtext } from '../../src/mime/xtext.ts';

await t.test('decoding (RFC 3461 4)', async (t) => {
  const table: readonly (readonly [xtext: string, expected: string | null])[] = [
    ['', ''],
    ['QQ314159', 'QQ314159'],
    ['a+2Bb+3Dc', 'a+b=c'],
    ['two+20words', 'two words'],
    ['a+2bb', null],
    ['a+', null],
    ['a+4', null],
    ['a=b', null],
    ['a b', null],
    ['+0D+0A', null],
    ['+FF', null],
    ['ü', null],
  ];
  for (const [xtext, expected] of table) t.equal(decodeXtext(xtext), expected, JSON.stringify(xtext));
});
