// Identifiers: check digits worked out from the published rules, labels at every place where people put them, whose a number is, dates in
// all writings, blocks of a letter. Everything is made up; the valid examples are those that the issuers publish, or are computed here.
import fc from 'fast-check';
import t from 'tap';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { type Block, blockAt, blocksOf } from '../../src/inspect/blocks.ts';
import { dateAt } from '../../src/inspect/calendar-date.ts';
import * as digits from '../../src/inspect/digits.ts';
import { taggedOf } from '../../src/inspect/tagged.ts';
import { lookUp } from '../../src/inspect/lexicon.ts';
import { isQuoted, lengthOf, linesOf, textOf } from '../../src/inspect/lines.ts';
import { wordsOf, type Words } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';

const lexicon = lexiconOf({});

function blocksIn(text: string): readonly Block[] {
  const words = wordsOf(text, lexicon);
  return blocksOf(text, words, lookUp(lexicon, words).footers);
}

type Cases = readonly (readonly [value: string, holds: boolean])[];

const VALIDATORS: readonly (readonly [name: string, check: (value: string) => boolean, cases: Cases])[] = [
  [
    'Luhn',
    digits.passesLuhn,
    [
      ['79927398713', true],
      ['79927398710', false],
      ['4111111111111111', true],
      ['4111111111111112', false],
      ['0', false],
      ['', false],
    ],
  ],
  [
    'NPI',
    digits.isNpi,
    [
      ['1234567893', true],
      ['1245319599', true],
      ['1234567890', false],
      ['3234567893', false],
      ['123456789', false],
      ['12345678931', false],
    ],
  ],
  [
    'DEA',
    digits.isDea,
    [
      ['AB1234563', true],
      ['A91234563', true],
      ['AB1234564', false],
      ['IB1234563', false],
      ['AB123456', false],
      ['AB12345633', false],
    ],
  ],
  [
    'VIN',
    digits.isVin,
    [
      ['1M8GDM9AXKP042788', true],
      ['11111111111111111', true],
      ['1HGBH41JXMN109186', true],
      ['1HGBH41J1MN109186', false],
      ['IM8GDM9AXKP042788', false],
      ['1M8GDM9AXKP04278', false],
    ],
  ],
  [
    'routing number',
    digits.isRoutingNumber,
    [
      ['021000021', true],
      ['011401533', true],
      ['021000022', false],
      ['991000021', false],
      ['02100002', false],
    ],
  ],
  [
    'IBAN',
    digits.isIban,
    [
      ['GB29 NWBK 6016 1331 9268 19', true],
      ['DE89370400440532013000', true],
      ['GB29 NWBK 6016 1331 9268 18', false],
      ['GB29', false],
    ],
  ],
  [
    'GS1',
    digits.passesGs1,
    [
      ['00844588003288', true],
      ['4006381333931', true],
      ['00844588003289', false],
      ['1234567', false],
    ],
  ],
  [
    'MBI',
    digits.isMbi,
    [
      ['1EG4-TE5-MK73', true],
      ['1EG4TE5MK73', true],
      ['1eg4te5mk73', true],
      ['0EG4TE5MK73', false], // begins with 1-9
      ['1SG4TE5MK73', false], // S, L, O, I, B, Z stand nowhere
      ['1EB4TE5MK73', false],
      ['1EG4TE5MZ73', false],
      ['1E44TE5MK73', true], // third place: either
      ['1EGATE5MK73', false], // fourth place: a digit
      ['1EG4TE5M373', false],
      ['1EG4TE5MK7', false],
      ['1EG4TE5MK734', false],
    ],
  ],
  [
    'HICN',
    digits.isHicn,
    [
      ['219-09-9999A', true],
      ['219099999B1', true],
      ['000-12-3456A', false],
      ['219-09-9999', false],
      ['WA123456', true],
      ['A219099999', true],
      ['ZZ123456', false],
    ],
  ],
];

t.test('check digits and grammars', async (t) => {
  for (const [name, check, cases] of VALIDATORS) for (const [value, holds] of cases) t.equal(check(value), holds, `${name}: ${value}`);
});

t.test('social security numbers: ranges', async (t) => {
  for (const [value, kind] of [
    ['001010001', 'ssn'],
    ['899999999', 'ssn'],
    ['665120001', 'ssn'],
    ['667120001', 'ssn'],
    ['000120001', null],
    ['666120001', null],
    ['219000001', null],
    ['219090000', null],
    ['900500001', 'itin'],
    ['999880001', 'itin'],
    ['912490001', null],
    ['912660001', null],
    ['912690001', null],
    ['912890001', null],
    ['912930001', null],
    ['912940001', 'itin'],
    ['912700000', null],
    ['21909999', null],
    ['2190999990', null],
  ] as const) {
    t.equal(digits.ssnKind(value), kind, value);
  }
});

t.test('a changed digit is noticed', async (t) => {
  for (const [name, check, valid] of [
    ['Luhn', digits.passesLuhn, '4111111111111111'],
    ['NPI', digits.isNpi, '1234567893'],
    ['DEA', digits.isDea, 'AB1234563'],
    ['routing', digits.isRoutingNumber, '021000021'],
    ['GS1', digits.passesGs1, '00844588003288'],
  ] as const) {
    for (let i = 0; i < valid.length; i++) {
      if (!/\d/.test(valid.charAt(i))) continue;
      const changed = valid.slice(0, i) + String((Number(valid[i]) + 1) % 10) + valid.slice(i + 1);
      t.notOk(check(changed), `${name}: ${changed}`);
    }
  }
});

function numbersOf({ count, made }: Words): readonly number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => (made[i] ?? 0) >= 2);
}

function tagsIn(text: string): readonly string[] {
  const words = wordsOf(text, lexicon);
  return taggedOf(words, lexicon.labelUses).map(({ tag, at, end }) => `${tag} ${text.slice(at, end)}`);
}

t.test('labels', async (t) => {
  for (const [text, ...tags] of [
    ['MRN: 4512345', 'mrn 4512345'],
    ['MRN 4512345, DOB 01/02/1970', 'mrn 4512345', 'birth-date 01/02/1970'],
    ['medical record number is QW 4512345', 'mrn QW 4512345'],
    ['MRN\n4512345', 'mrn 4512345'],
    ['4512345 (MRN)', 'mrn 4512345'],
    ['MRN-4512345 was seen', 'mrn MRN-4512345'],
    ['of the passport. 4512345 people'],
    ['patient of 4512345 days'],
    ['Patient ID 4512345', 'mrn 4512345'],
    ['patientId=4512345', 'mrn 4512345'],
    ['"member_id": "XYZ4512345"', 'plan-number XYZ4512345'],
    ['SSN (last 4): 4512', 'ssn 4512'],
    ['Q: your date of birth?\nA: 1970-01-02', 'birth-date 1970-01-02'],
    [
      'Name\tMRN\tSSN\nAnn Poe\t4512345\t219-09-9999\nBob Poe\t4512346\t219-09-9998',
      'mrn 4512345',
      'ssn 219-09-9999',
      'mrn 4512346',
      'ssn 219-09-9998',
    ],
    ['| Name | Member ID |\n|---|---|\n| Ann Poe | 4512345 |', 'plan-number 4512345'],
    ['name,mrn,dob\nAnn Poe,4512345,1970-01-02', 'mrn 4512345', 'birth-date 1970-01-02'],
    ['Invoice number 4512345', 'nothing 4512345'],
    ['order no. 4512345', 'nothing 4512345'],
    ['Phone: 617 Fax: 618', 'phone 617', 'fax 618'],
    ['we met in 4512345'],
  ] as const) {
    t.strictSame(tagsIn(text), tags, text.replaceAll(/[\n\t]/g, ' / ').replaceAll('#', ''));
  }
});

function dateIn(text: string): string | null {
  const words = wordsOf(text, lexicon);
  for (const number of numbersOf(words)) {
    const date = dateAt(words, number);
    if (date !== null) return `${String(date.year)}-${String(date.month)}-${String(date.day)} ${text.slice(date.at, date.end)}`;
  }
  return null;
}

t.test('dates', async (t) => {
  for (const [text, date] of [
    ['on 01/02/1970.', '1970-1-2 01/02/1970'],
    ['on 13/02/1970', '1970-2-13 13/02/1970'],
    ['3-4-62', '1962-3-4 3-4-62'],
    ['3.4.1962', '1962-3-4 3.4.1962'],
    ['1970-01-02T10:00:00Z', '1970-1-2 1970-01-02'],
    ['19700102', '1970-1-2 19700102'],
    ['March 5th, 2024', '2024-3-5 March 5th, 2024'],
    ['5 March 2024', '2024-3-5 5 March 2024'],
    ['5th of March, 2024', '2024-3-5 5th of March, 2024'],
    ['05-Mar-2024', '2024-3-5 05-Mar-2024'],
    ['05mar2024', '2024-3-5 05mar2024'],
    ["Mar 5 '24", "2024-3-5 Mar 5 '24"],
    ['Sept. 5, 2024', '2024-9-5 Sept. 5, 2024'],
    ['February 29, 2024', '2024-2-29 February 29, 2024'],
    ['February 29, 2023', null],
    ['02/30/1970', null],
    ['13/13/1970', null],
    ['00/10/1970', null],
    ['1.2.3', null],
    ['10.12.24', null],
    ['192.168.10.12', null],
    ['1/2/1970/5', null],
    ['12/31/1850', null],
    ['May 2024', null],
    ['10 may be', null],
    ['2024', null],
    ['20241301', null],
  ] as const) {
    t.equal(dateIn(text), date, text);
  }
});

const LETTER = `Northside Medical Clinic
12 Main Street, Springfield, IL 62704
Phone: 617-555-0100  Fax: 617-555-0101

Dear Ms Poe,
your A1c is 9.2.

Best regards,
Jane Lee, MD
Northside Clinic
Tel: 617-555-0100

CONFIDENTIALITY NOTICE: This e-mail is for you alone.

On Mon, Jan 3, 2024 at 3:00 PM Ann Poe wrote:
> my MRN is 4512345
> Thanks,
> Ann

-----Original Message-----
From: Bob
Please call 617-555-0199.
`;

t.test('blocks', async (t) => {
  const blocks = blocksIn(LETTER);
  for (const [needle, kind] of [
    ['Phone: 617', 'letterhead'],
    ['your A1c', 'body'],
    ['Jane Lee', 'signature'],
    ['Tel: 617', 'signature'],
    ['CONFIDENTIALITY', 'footer'],
    ['my MRN', 'quote'],
    ['> Ann', 'signature'],
    ['617-555-0199', 'quote'],
  ] as const) {
    t.equal(blockAt(blocks, LETTER.indexOf(needle)), kind, needle);
  }
  const form = 'Patient: Ann Poe\nDOB: 01/02/1970\nPhone: 617-555-0142\nInsurance: 4512345\n';
  t.ok(
    blocksIn(form).every(({ kind }) => kind === 'body'),
    'a form of a patient is no signature',
  );
  const thanks = 'Thank you,\n\nPatient: Ann Poe\nDOB: 01/02/1970\n';
  t.equal(blockAt(blocksIn(thanks), thanks.indexOf('DOB')), 'body', 'what is said of a patient behind a closing is no signature');
});

t.test('whatever closes a letter begins a signature', async (t) => {
  const closings =
    'Sincerely|Yours sincerely|Best|Best regards|Kind regards|Warmest regards|With best wishes|My best regards|Very best wishes|Regards|Wishes|All the best|' +
    'Respectfully|Most respectfully|Cheers|Thanks|Many thanks|With thanks again|Thank you so much|Yours truly|Very truly yours|Cordially|Take care|Electronically signed by|Signed';
  for (const closing of closings.split('|')) {
    const text = `The count is in.\n\n${closing},\nJane Doe\n`;
    t.equal(blockAt(blocksIn(text), text.indexOf('Jane')), 'signature', closing);
  }
});

const PIECES = [
  'MRN',
  'DOB',
  ': ',
  ' ',
  '\n',
  '\t',
  '|',
  ',',
  '-',
  '#',
  '4512345',
  '01/02/1970',
  '> ',
  '--\n',
  'Thanks,\n',
  'From: a\n',
  'a',
  '.',
  'no',
  'is',
  '(',
  ')',
  '©',
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 120 })
  .map((all) => all.join(''));

t.test('blocks cover every text without gaps, labelled values are in order and inside it', async (t) => {
  fuzz(
    t,
    300,
    fc.property(texts, (text) => {
      let past = 0;
      for (const { start, end } of blocksIn(text)) {
        if (start !== past || end <= start) return false;
        past = end;
      }
      if (past !== text.length) return false;
      const words = wordsOf(text, lexicon);
      let last = 0;
      return taggedOf(words, lexicon.labelUses).every(({ at, end, strength }) => {
        const inside = at >= last && end > at && end <= text.length && strength > 0 && strength <= 1;
        last = end;
        return inside;
      });
    }),
  );
});

t.test('lines as strings would have them', (t) => {
  const signs = fc.constantFrom('a', 'B', '7', ' ', '\t', '\u00a0', '\n', '\r', '>', '.', ':', '@', '\u2003', '\ufeff', 'patient name');
  fuzz(
    t,
    500,
    fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      const lines = linesOf(text, wordsOf(text, lexicon).codes);
      const wanted = text.split(/(?<=\n)/).filter((line) => line !== '');
      return (
        lines.count === wanted.length &&
        wanted.every((line, i) => {
          const [marks = ''] = /^[> \t\u00a0]*/.exec(line) ?? [];
          const rest = line.slice(marks.length).trimEnd();
          return textOf(lines, i) === rest && lengthOf(lines, i) === rest.length && isQuoted(lines, i) === marks.includes('>');
        })
      );
    }),
  );
  t.end();
});
