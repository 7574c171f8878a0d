// Calendars: properties with marks, folded and escaped, HTML descriptions and files within.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { calendarExtractor } from '../../../src/mime/extract/calendar.ts';
import { htmlExtractor } from '../../../src/mime/extract/html.ts';
import { textExtractor } from '../../../src/mime/extract/text.ts';
import { readPart, textOf } from '../../support/read.ts';

const DATA = new URL('../../data/extract/calendar/', import.meta.url);
const event = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

function read(bytes: Uint8Array | string, charset?: string): Promise<Message> {
  const parameters = new Map(charset === undefined ? [] : [['charset', charset] as const]);
  return readPart(calendarExtractor, 'calendar', bytes, { parameters }, [htmlExtractor, textExtractor]);
}

/** Cells of all spans, by their marks. */
function cells({ spans }: Message): readonly (readonly [string, string])[] {
  return spans.flatMap(({ text, marks }) => marks.map(({ at, field }, i) => [field, text.slice(at, marks[i + 1]?.at).trim()] as const));
}

await t.test('calendars by real programs', async (t) => {
  const vobject = await read(readFileSync(new URL('vobject.ics', DATA)));
  t.strictSame(vobject.blindSpots, []);
  t.strictSame(
    cells(vobject).filter(([field]) => /SUMMARY|ATTENDEE|DESCRIPTION/.test(field)),
    [
      ['ATTENDEE', 'mailto:john@example.com'],
      ['ATTENDEE;CN', 'Smith, John'],
      ['DESCRIPTION', 'Line one\nÜbergabe'],
      ['SUMMARY', 'Visit of John Smith, room 4; bring the card for the long way round the house'],
    ],
  );
  const icalendar = await read(readFileSync(new URL('icalendar.ics', DATA)));
  t.strictSame(
    icalendar.parts.slice(1).map(({ kind, declaredType, role }) => [kind, declaredType, role]),
    [
      ['text', 'text/plain', 'attachment'],
      ['html', 'text/html', 'inline'],
    ],
  );
  t.match(textOf(icalendar), /Haus Ä, 2\. Stock/);
  t.match(textOf(icalendar), /^Result of John Smith: positive\.$/m);
  t.match(textOf(icalendar), /^John$/m, 'description in HTML');
});

const CASES: readonly (readonly [name: string, lines: readonly string[], found: RegExp])[] = [
  ['folds', ['SUMMARY:J', ' oh', '\tn'], /^John$/m],
  ['a fold within a character', ['SUMMARY:J\xc3', ' \xb6rg'], /^Jörg$/m],
  ['escapes', ['SUMMARY:a\\nb\\, c\\; d\\\\n'], /^a\nb, c; d\\n$/m],
  ['lists', ['CATEGORIES:a\\,b,c'], /^a,b, c$/m],
  ['quoted parameters', ['ATTENDEE;CN="Smith: John; MD";ROLE=CHAIR:mailto:a@b'], /^mailto:a@b\tSmith: John; MD$/m],
  ['parameters with carets', ["ATTENDEE;CN=J^'x^'^nS:mailto:a@b"], /J"x"\nS/],
  ['a property of somebody', ['X-PATIENT-JOHN;X-MORE=Smith:yes'], /^X-PATIENT-JOHN: yes\tSmith$/m],
  ['a line that is none', ['John Smith'], /^John Smith$/m],
  ['a quote without end', ['SUMMARY;X="a:John'], /John/],
  ['quoted-printable of version 1.0', ['SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:J=F6=', 'rg'], /^Jörg$/m],
  ['a component of somebody', ['BEGIN:John', 'SUMMARY:Smith', 'END:John'], /^John\tSmith$/m],
  ['a file in a parameter', ['DESCRIPTION;ALTREP="data:text/html,<p>J<b>oh</b>n":x'], /^John$/m],
  ['a file as URI', ['ATTACH;FILENAME=a.txt:data:text/plain;base64,Sm9obg=='], /^John$/m],
  ['a link', ['ATTACH:https://example.com/john'], /john/],
];

await t.test('what may stand in an event', async (t) => {
  for (const [name, lines, found] of CASES) {
    const message = await read(Buffer.from(event(...lines), 'latin1'));
    t.match(textOf(message), found, name);
    t.strictSame(message.blindSpots, [], name);
  }
});

await t.test('places say nothing of the content', async (t) => {
  const message = await read(event('X-JOHN;X-SMITH=x:y', 'SUMMARY;X-SMITH=John:z', 'BEGIN:JOHN', 'SUMMARY:a', 'END:JOHN'));
  const told = JSON.stringify(message.spans.map(({ place, marks }) => [place, marks.map(({ field }) => field)]));
  t.notMatch(told, /JOHN|SMITH/i);
});

await t.test('charsets', async (t) => {
  const text = event('SUMMARY:Jörg');
  t.match(textOf(await read(Buffer.from(text, 'latin1'), 'iso-8859-1')), /^Jörg$/m);
  t.match(textOf(await read(Buffer.from(`\ufeff${text}`, 'utf16le'))), /^Jörg$/m);
  t.match(textOf(await read(Buffer.from(`\ufeff${text}`))), /^Jörg$/m);
});

await t.test('hostile calendars', async (t) => {
  const heads = ['', 'BEGIN:VCALENDAR\r\n'];
  const units = [
    'BEGIN:VEVENT\n',
    'END:VEVENT\n',
    'BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n',
    'a\n ',
    ';',
    'A;"',
    ':',
    'A;B=',
    'X:=\n',
    'N;QUOTED-PRINTABLE:=\n',
    '\\',
  ];
  for (const head of heads) {
    for (const unit of units) {
      const text = head + unit.repeat(30_000);
      const message = await read(text);
      t.strictSame(message.blindSpots, [], JSON.stringify(unit));
      t.ok(message.spans.reduce((sum, span) => sum + span.text.length, 0) <= text.length * 2, JSON.stringify(unit));
    }
  }
  const files = await read('ATTACH;ENCODING=BASE64:AAAA\n'.repeat(3_000));
  t.strictSame(
    files.blindSpots.filter(({ part }) => part === ''),
    [{ part: '', kind: 'too-large' }],
    'no more parts than may be',
  );
});

await t.test('any calendar', async (t) => {
  const fixture = readFileSync(new URL('icalendar.ics', DATA));
  const change = fc.tuple(
    fc.nat(fixture.length - 1),
    fc.nat(30),
    fc.constantFrom('', '"', ':', ';', '\r\n', '\r\n ', '=', '\0', 'BEGIN:', '\xff'),
  );
  const changes = fc.sample(fc.array(change, { minLength: 1, maxLength: 6 }), { seed: 20261122, numRuns: 500 });
  for (const all of changes) {
    let bytes = fixture;
    for (const [at, cut, put] of all) bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(put, 'latin1'), bytes.subarray(at + cut)]);
    const message = await read(bytes);
    t.notOk(
      message.blindSpots.some(({ part, kind }) => part === '' && kind === 'broken'),
      JSON.stringify(all).replace(/[^ -~]/g, '?'),
    );
  }
});
