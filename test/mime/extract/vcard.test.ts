// Cards of version 2.1 to 4.0: names and addresses in the order of reading, pictures and keys as files.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { textExtractor } from '../../../src/mime/extract/text.ts';
import { vcardExtractor } from '../../../src/mime/extract/vcard.ts';
import { readPart, textOf } from '../../support/read.ts';

const DATA = new URL('../../data/extract/vcard/', import.meta.url);

function read(bytes: Uint8Array | string): Promise<Message> {
  return readPart(vcardExtractor, 'vcard', bytes, {}, [vcardExtractor, textExtractor]);
}

await t.test('a card by a real program', async (t) => {
  const message = await read(readFileSync(new URL('vobject.vcf', DATA)));
  t.strictSame(
    message.spans.map(({ place, text, marks }) => [place, text, marks.map(({ at, field }) => `${at} ${field}`)]),
    [
      [
        { area: 'text', field: 'VCARD' },
        '3.0\t1 Main St, Apt 2, Springfield, 12345\tDr. Jörg Müller\tDr. Jörg Müller\tAllergic to penicillin; see chart,\nplease call',
        ['0 VERSION', '4 ADR', '41 FN', '57 N', '73 NOTE'],
      ],
    ],
  );
  t.strictSame(
    message.parts.slice(1).map(({ kind, declaredType }) => [kind, declaredType]),
    [['picture', 'image/png']],
  );
});

const CASES: readonly (readonly [name: string, lines: readonly string[], found: RegExp])[] = [
  ['quoted-printable of 2.1', ['N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCll=', 'er;J=C3=B6rg;;Dr.;Jr.'], /Dr\. Jörg Müller Jr\./],
  ['quoted-printable with a blank behind the break', ['NOTE;QUOTED-PRINTABLE:one=', ' two'], /^one two$/m],
  ['a charset of its own', ['FN;CHARSET=iso-8859-1:J\xf6rg'], /^Jörg$/m],
  ['base64 of 2.1', ['PHOTO;BASE64;TYPE=JPEG:', '  Sm9o', '  bg==', ''], /^John$/m],
  ['base64 of 3.0', ['KEY;ENCODING=b:Sm9obg=='], /^John$/m],
  ['a file of 4.0', ['PHOTO:data:text/plain;base64,Sm9obg=='], /^John$/m],
  ['groups', ['item1.TEL;TYPE=home:+1 555 0100', 'item1.X-ABLabel:John'], /^\+1 555 0100\tX-ABLABEL: John$/m],
  ['a card in a card', ['AGENT:BEGIN:VCARD\\nFN:John\\nEND:VCARD\\n'], /^John$/m],
  ['a card within', ['AGENT:', 'BEGIN:VCARD', 'FN:John', 'END:VCARD'], /^John$/m],
  ['parts with escapes', ['ORG:A\\;B;C\\,D'], /^A;B, C,D$/m],
  ['text in a parameter', ['ADR;LABEL="John, 1 Main St":;;;;;;'], /^John, 1 Main St$/m],
];

await t.test('what may stand in a card', async (t) => {
  for (const [name, lines, found] of CASES) {
    const message = await read(Buffer.from(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n'), 'latin1'));
    t.match(textOf(message), found, name);
    t.strictSame(message.blindSpots, [], name);
  }
});

await t.test('many cards', async (t) => {
  const { spans } = await read('BEGIN:VCARD\nFN:John\nEND:VCARD\n'.repeat(1_000));
  t.equal(spans.length, 1_000, 'each a span');
});

await t.test('hostile cards', async (t) => {
  for (const unit of ['BEGIN:VCARD\n', ';', 'N:;', ',', '"', 'A:=\n', 'N;QUOTED-PRINTABLE:=\n', '\n ', 'PHOTO;BASE64:\n']) {
    const text = `BEGIN:VCARD\n${unit.repeat(50_000)}`;
    const message = await read(text);
    t.strictSame(message.blindSpots, [], JSON.stringify(unit));
    t.ok(message.spans.reduce((sum, span) => sum + span.text.length, 0) <= text.length * 2, JSON.stringify(unit));
  }
});

await t.test('any card', async (t) => {
  const fixture = readFileSync(new URL('vobject.vcf', DATA));
  const change = fc.tuple(
    fc.nat(fixture.length - 1),
    fc.nat(30),
    fc.constantFrom('', '"', ':', ';', '\r\n', '\r\n ', '=', '\0', 'BEGIN:', '\xff'),
  );
  for (const all of fc.sample(fc.array(change, { minLength: 1, maxLength: 6 }), { seed: 20261122, numRuns: 500 })) {
    let bytes = fixture;
    for (const [at, cut, put] of all) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(put, 'latin1'), bytes.subarray(at + cut)]);
    const message = await read(bytes);
    t.notOk(
      message.blindSpots.some(({ part, kind }) => part === '' && kind === 'broken'),
      JSON.stringify(all).replace(/[^ -~]/g, '?'),
    );
  }
});
