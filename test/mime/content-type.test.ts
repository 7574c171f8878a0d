// Content-Type as it is written in the wild.
import t from 'tap';
import { parseContentType } from '../../src/mime/content-type.ts';

await t.test('values', async (t) => {
  const table: readonly (readonly [value: string, expected: readonly [string, string, string | null] | null])[] = [
    ['text/plain', ['text', 'plain', null]],
    ['TEXT/Html; charset=utf-8', ['text', 'html', null]],
    ['text / plain ;charset=us-ascii', ['text', 'plain', null]],
    ['multipart/mixed; boundary=abc', ['multipart', 'mixed', 'abc']],
    ['multipart/mixed; boundary="a b;c=\\"d"', ['multipart', 'mixed', 'a b;c="d']],
    ['multipart/mixed;boundary=----=_Part_1.2', ['multipart', 'mixed', '----=_Part_1.2']],
    ['multipart/mixed; Boundary="x"; type="text/plain"', ['multipart', 'mixed', 'x']],
    ['multipart/report; report-type=delivery-status; boundary="x"', ['multipart', 'report', 'x']],
    ['text/plain; name="boundary=x"', ['text', 'plain', null]],
    ['multipart/mixed', ['multipart', 'mixed', null]],
    ['application/vnd.ms-excel', ['application', 'vnd.ms-excel', null]],
    ['', null],
    ['text', null],
    ['text/', null],
    ['/plain', null],
    ['text/plain (comment)', null],
    ['multipart/mixed; boundary=(x)', null],
    ['multipart/mixed; boundary=a; boundary=b', null],
    ["multipart/mixed; boundary*=utf-8''a", null],
    ['multipart/mixed; boundary*0=a; boundary*1=b', null],
    ['multipart/mixed; boundary=""', null],
    ['multipart/mixed; boundary="ends with a space "', null],
    ['multipart/mixed; boundary="\u00fc"', null],
    [`multipart/mixed; boundary=${'x'.repeat(201)}`, null],
    [`text/plain; x=${'y'.repeat(5_000)}`, null],
  ];
  for (const [value, expected] of table) {
    const got = parseContentType(value);
    t.strictSame(got === null ? null : [got.type, got.subtype, got.boundary], expected, value.slice(0, 80));
  }
});

await t.test('long rubbish takes no time', async (t) => {
  const startedAt = performance.now();
  for (const value of [
    ';a='.repeat(1_300),
    `a/b${';'.repeat(4_000)}`,
    `a/b;x="${'\\"'.repeat(2_000)}`,
    `a/b; ${' '.repeat(4_000)}`,
    `a/b;${'x'.repeat(4_000)}`,
  ])
    parseContentType(value);
  t.ok(performance.now() - startedAt < 500, `${Math.round(performance.now() - startedAt)} ms`);
});
