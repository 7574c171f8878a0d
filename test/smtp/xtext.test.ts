// xtext of RFC 3461.
import t from 'tap';
import { decodeXtext, isPrintableXtext } from '../../src/smtp/xtext.ts';

await t.test('decoded', async (t) => {
  const table: readonly (readonly [xtext: string, text: string | null])[] = [
    ['', ''],
    ['abc', 'abc'],
    ['a+2Bb', 'a+b'],
    ['a+3Db', 'a=b'],
    ['+20', ' '],
    ['+0D+0A', '\r\n'],
    ['ann+40x.example', 'ann@x.example'],
    ['a+b', null],
    ['a+2b', null],
    ['a+2', null],
    ['a=b', null],
    ['a b', null],
    ['ä', null],
    ['a\u007f', null],
    ['+', null],
  ];
  for (const [xtext, text] of table) t.equal(decodeXtext(xtext), text, JSON.stringify(xtext));
});

await t.test('printable', async (t) => {
  for (const good of ['abc', 'QQ314159', '+2B', 'a+20b']) t.ok(isPrintableXtext(good), good);
  for (const bad of ['', '+0D+0A', '+00', '+7F', '+C3+A4', 'a b']) t.notOk(isPrintableXtext(bad), bad);
});
