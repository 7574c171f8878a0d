// Reports about mail: each group of fields a span, decoded.
import t from 'tap';
import { deliveryStatusExtractor } from '../../../src/mime/extract/delivery-status.ts';
import { readPart } from '../../support/read.ts';

const REPORTS: readonly (readonly [name: string, report: string, ...spans: string[]])[] = [
  ['nothing', ''],
  ['one group', 'Reporting-MTA: dns; x.example\r\n', 'Reporting-MTA: dns; x.example'],
  ['two', 'A: 1\r\nB: 2\r\n\r\nC: 3\r\n', 'A: 1\nB: 2', 'C: 3'],
  ['more empty lines', '\r\n\r\nA: 1\r\n\r\n\r\n\r\nC: 3', 'A: 1', 'C: 3'],
  ['folded', 'Diagnostic-Code: smtp; 550\r\n no such\r\n user\r\n', 'Diagnostic-Code: smtp; 550 no such user'],
  ['encoded words', 'Original-Subject: =?utf-8?Q?=C3=BC?=\r\n', 'Original-Subject: \u00fc'],
  ['escaped addresses', 'Final-Recipient: utf-8; j\\x{FC}rgen@b.example\r\n', 'Final-Recipient: utf-8; j\u00fcrgen@b.example'],
  ['escapes of nothing', 'A: \\x{D800} \\x{110000} \\x{zz}\r\n', 'A: \\x{D800} \\x{110000} \\x{zz}'],
  ['lines that are no fields', 'no such user\r\nA: 1\r\n', 'no such user\nA: 1'],
  ['UTF-8', 'A: \u00fc\r\n', 'A: \u00fc'],
];

await t.test('groups', async (t) => {
  for (const [name, report, ...expected] of REPORTS) {
    const { spans, blindSpots } = await readPart(deliveryStatusExtractor, 'delivery-status', report);
    t.same(
      spans.map(({ text }) => text),
      expected,
      name,
    );
    t.same(blindSpots, []);
  }
});

await t.test('places and marks', async (t) => {
  const { spans } = await readPart(deliveryStatusExtractor, 'delivery-status', 'A: 1\r\nB: 2\r\n\r\nC: 3\r\n');
  t.same(
    spans.map(({ place }) => place),
    [
      { area: 'text', row: 1 },
      { area: 'text', row: 2 },
    ],
  );
  t.same(spans[0]?.marks, [
    { at: 0, field: 'a' },
    { at: 5, field: 'b' },
  ]);
});

await t.test('many groups, in linear time', async (t) => {
  const { spans } = await readPart(deliveryStatusExtractor, 'delivery-status', 'A: 1\r\n\r\n'.repeat(50_000));
  t.equal(spans.length, 50_000);
  const { spans: odd } = await readPart(deliveryStatusExtractor, 'delivery-status', '\r\n'.repeat(300_000));
  t.equal(odd.length, 0);
});
