// How long a hold lasts: working days stand still at weekends, durations do not.
import t from 'tap';
import { DAY_MS, endOfTerm, type HoldTerm, worked } from '../../src/mail/hold-term.ts';
import { parseHoldTerm } from '../../src/yaml/amount.ts';

// 2026-11-23 is a Monday.
const ENDS: readonly (readonly [name: string, term: HoldTerm, from: string, end: string])[] = [
  ['Monday to Wednesday', { workingDays: 2 }, '2026-11-23T09:30:00Z', '2026-11-25T09:30:00Z'],
  ['Friday afternoon to Tuesday', { workingDays: 2 }, '2026-11-27T15:00:00Z', '2026-12-01T15:00:00Z'],
  ['Thursday night to Monday', { workingDays: 2 }, '2026-11-26T23:59:59.999Z', '2026-11-30T23:59:59.999Z'],
  ['Saturday: from Monday on', { workingDays: 2 }, '2026-11-28T10:00:00Z', '2026-12-01T24:00:00Z'],
  ['Sunday, the last moment', { workingDays: 2 }, '2026-11-29T23:59:59.999Z', '2026-12-01T24:00:00Z'],
  ['Monday, the first moment', { workingDays: 2 }, '2026-11-30T00:00:00Z', '2026-12-01T24:00:00Z'],
  ['ends with the week, not after the weekend', { workingDays: 2 }, '2026-11-26T00:00:00Z', '2026-11-27T24:00:00Z'],
  ['one day on a Friday', { workingDays: 1 }, '2026-11-27T08:00:00Z', '2026-11-30T08:00:00Z'],
  ['a week', { workingDays: 5 }, '2026-11-25T12:00:00Z', '2026-12-02T12:00:00Z'],
  ['three weeks', { workingDays: 15 }, '2026-11-25T12:00:00Z', '2026-12-16T12:00:00Z'],
  ['over New Year', { workingDays: 2 }, '2026-12-31T12:00:00Z', '2027-01-04T12:00:00Z'],
  ['over a leap day', { workingDays: 2 }, '2028-02-28T12:00:00Z', '2028-03-01T12:00:00Z'],
  ['where the clocks of Europe change', { workingDays: 2 }, '2026-03-27T12:00:00Z', '2026-03-31T12:00:00Z'],
  ['where the clocks of the United States change', { workingDays: 2 }, '2026-10-30T12:00:00Z', '2026-11-03T12:00:00Z'],
  ['by the clock, over a weekend', { clockMs: 2 * DAY_MS }, '2026-11-27T15:00:00Z', '2026-11-29T15:00:00Z'],
  ['no time at all', { clockMs: 0 }, '2026-11-28T15:00:00Z', '2026-11-28T15:00:00Z'],
];

/** 24:00 is the first moment of the next day. */
const timeOf = (text: string): number => (text.endsWith('T24:00:00Z') ? Date.parse(text.slice(0, 10)) + DAY_MS : Date.parse(text));

t.test('ends', async (t) => {
  for (const [name, term, from, end] of ENDS)
    t.equal(new Date(endOfTerm(term, Date.parse(from))).toISOString(), new Date(timeOf(end)).toISOString(), name);
});

t.test('for any moment: so much working time later, never early, later where it begins later', async (t) => {
  const start = Date.parse('2026-11-20T00:00:00Z');
  let before = 0;
  for (let from = start; from < start + 21 * DAY_MS; from += 1_234_567) {
    const end = endOfTerm({ workingDays: 2 }, from);
    if (worked(end) - worked(from) !== 2 * DAY_MS || end < from + 2 * DAY_MS || end < before) t.fail(new Date(from).toISOString());
    before = end;
  }
  t.ok(before > start);
});

t.test('working time stands still at weekends only', async (t) => {
  const between = (from: string, to: string): number => worked(Date.parse(to)) - worked(Date.parse(from));
  t.equal(between('2026-11-27T24:00:00Z', '2026-11-30T00:00:00Z'), 0);
  t.equal(between('2026-11-28T01:00:00Z', '2026-11-29T23:00:00Z'), 0);
  t.equal(between('2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'), 5 * DAY_MS);
  t.equal(between('2026-11-27T23:00:00Z', '2026-11-30T01:00:00Z'), 2 * 3_600_000);
});

t.test('as it is written', async (t) => {
  const table: readonly (readonly [given: unknown, term: HoldTerm | null])[] = [
    ['2wd', { workingDays: 2 }],
    ['2 wd', { workingDays: 2 }],
    ['2 working days', { workingDays: 2 }],
    ['1 working day', { workingDays: 1 }],
    ['260wd', { workingDays: 260 }],
    ['261wd', null],
    ['0wd', null],
    ['0 working days', null],
    ['1.5wd', null],
    ['-1wd', null],
    ['2 days', null],
    ['2 Working Days', null],
    ['two working days', null],
    ['working days', null],
    ['2wds', null],
    [2, null],
    [null, null],
    ['2d', { clockMs: 2 * DAY_MS }],
    ['90m', { clockMs: 5_400_000 }],
    ['0s', { clockMs: 0 }],
  ];
  for (const [given, term] of table) t.same(parseHoldTerm(given), term, JSON.stringify(given));
});
