// What the scan says of content, however it is cut: compared with a plain reading of every line.
import fc from 'fast-check';
import t from 'tap';
import { ContentScan } from '../../src/mime/content-scan.ts';
import { fuzz } from '../support/fuzz.ts';

function scan(pieces: readonly Uint8Array[]): { eightBit: boolean; longLines: boolean; needs: string } {
  const scanner = new ContentScan();
  for (const piece of pieces) scanner.update(piece);
  return { eightBit: scanner.eightBit, longLines: scanner.longLines, needs: scanner.needs };
}

const line = (octets: number): string => `${'x'.repeat(octets)}\r\n`;

await t.test('cases', async (t) => {
  const table: readonly (readonly [name: string, content: string, eightBit: boolean, longLines: boolean])[] = [
    ['nothing', '', false, false],
    ['plain lines', line(70).repeat(100), false, false],
    ['998 octets', line(998), false, false],
    ['999 octets', line(999), false, true],
    ['998 octets behind another line', line(3) + line(998) + line(998), false, false],
    ['999 octets behind another line', line(3) + line(998) + line(999), false, true],
    ['999 octets before other lines', line(999) + line(70).repeat(50), false, true],
    ['an octet over 127', 'Grüße\r\n', true, false],
    ['both', `ü${line(2000)}`, true, true],
    ['empty lines', '\r\n'.repeat(3_000), false, false],
    ['100 kB without a line end', 'x'.repeat(100_000), false, true],
  ];
  for (const [name, content, eightBit, longLines] of table) {
    const needs = eightBit || longLines ? 're-encoding' : 'nothing';
    const bytes = Buffer.from(content);
    t.strictSame(scan([bytes]), { eightBit, longLines, needs }, name);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    t.strictSame(scan(pieces), { eightBit, longLines, needs }, `${name}, in pieces of 7`);
  }
});

await t.test('the same as looking at each line, wherever it is cut', async (t) => {
  const lines = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 990, max: 1_005 }), fc.integer({ min: 1_990, max: 2_010 })),
    { maxLength: 6 },
  );
  fuzz(
    t,
    5_000,
    fc.property(lines, fc.array(fc.nat(4_000), { maxLength: 6 }), (lengths, cuts) => {
      const bytes = Buffer.from(lengths.map(line).join(''));
      const places = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((place, i) => bytes.subarray(places[i], place));
      return scan(pieces).longLines === lengths.some((length) => length > 998);
    }),
  );
});
