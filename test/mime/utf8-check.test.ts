// UTF-8 or not, wherever the stream is cut.
import t from 'tap';
import { Utf8Check } from '../../src/mime/utf8-check.ts';

await t.test('cases', async (t) => {
  const table: readonly (readonly [name: string, hex: string, expected: 'utf-8' | 'unknown'])[] = [
    ['nothing', '', 'utf-8'],
    ['US-ASCII', '48690d0a', 'utf-8'],
    ['two octets', 'c3bc', 'utf-8'],
    ['four octets', 'f09f9982', 'utf-8'],
    ['ISO 8859-1', '4772fcdf65', 'unknown'],
    ['cut at the end', 'e282', 'unknown'],
    ['longer than it needs to be', 'c0af', 'unknown'],
    ['a surrogate', 'eda080', 'unknown'],
  ];
  for (const [name, hex, expected] of table) {
    for (const piece of [1, 2, 100]) {
      const check = new Utf8Check();
      const octets = Buffer.from(hex, 'hex');
      for (let i = 0; i < octets.length; i += piece) check.update(octets.subarray(i, i + piece));
      t.equal(check.finish(), expected, `${name}, pieces of ${piece}`);
    }
  }
});
