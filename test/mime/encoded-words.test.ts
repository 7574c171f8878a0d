// Encoded words as readers decode them, proper and not.
import t from 'tap';
import { decodeEncodedWords } from '../../src/mime/encoded-words.ts';

const CASES: readonly (readonly [value: string, text: string, build: 'plain' | 'words' | 'malformed'])[] = [
  ['', '', 'plain'],
  ['a = ? b', 'a = ? b', 'plain'],
  ['=?utf-8?Q?a_b=20c?=', 'a b c', 'words'],
  ['=?UTF-8?q?=c3=bc?=', '\u00fc', 'words'],
  ['=?utf-8?B?w7w=?=', '\u00fc', 'words'],
  ['a =?utf-8?Q?b?= c', 'a b c', 'words'],
  ['a=?utf-8?Q?b?=c', 'abc', 'words'],
  ['"=?utf-8?Q?b?="', '"b"', 'words'],
  ['(=?utf-8?Q?a?= =?utf-8?Q?b?=)', '(ab)', 'words'],
  ['=?utf-8?Q?a?=  \t =?iso-8859-1?Q?=E4?=', 'a\u00e4', 'words'],
  ['=?utf-8?Q?a?= x =?utf-8?Q?b?=', 'a x b', 'words'],
  ['=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=', '\u20ac', 'words'],
  ['=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '\u20ac', 'words'],
  ['=?utf-8?B?4?= =?utf-8?B?oKs?=', '\u20ac', 'words'],
  ['=?utf-8?B?4oKs?= =?utf-8?Q?=E2=82=AC?=', '\u20ac\u20ac', 'words'],
  ['=?utf-8*de?Q?a?=', 'a', 'words'],
  ['=?utf-8?Q?a?b?=', 'a?b', 'words'],
  ['=?utf-8?Q?=?=', '=', 'words'],
  ['=?utf-8?Q?a b?=', 'a b', 'malformed'],
  ['=?utf-8?Q?abc', 'abc', 'malformed'],
  ['=?utf-8?Q?abc def', 'abc def', 'malformed'],
  ['=?utf-8?Q?abc =?utf-8?Q?def?=', 'abcdef', 'malformed'],
  ['=?utf-8?X?abc?=', '=?utf-8?X?abc?=', 'malformed'],
  ['=??Q?abc?=', '=??Q?abc?=', 'malformed'],
  ['=?no-such-charset?Q?abc?=', 'abc', 'malformed'],
  ['=?utf-8?B?YQ==YQ==?=', 'aa', 'malformed'],
  ['=?utf-8?B?Y!Q==?=', 'a', 'malformed'],
];

await t.test('words', async (t) => {
  for (const [value, text, build] of CASES) t.same(decodeEncodedWords(value), { text, other: null, build }, value.replaceAll('#', ' '));
});

await t.test('in linear time', async (t) => {
  for (const piece of ['=?', '=?a?q?', '=?a?q? ', '=?a?b?x?= ', '?=', '=?a?q?=?a?q?=?=']) {
    t.ok(decodeEncodedWords(piece.repeat(50_000)).text.length >= 0, piece);
  }
});
