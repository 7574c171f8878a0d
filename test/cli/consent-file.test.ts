// Records of the consent registry from a CSV file: each fault with line and column, all at once, and no value repeated.
import t from 'tap';
import { readConsentFile } from '../../src/cli/consent-file.ts';

const DEFAULTS = { organisation: ['clinic.example'], now: new Date(2026, 10, 27).getTime() };
const HEAD = 'kind,address,given,text,other_way';

function read(text: string): unknown {
  const found = readConsentFile(text, 'f', DEFAULTS);
  if (found.kind === 'faults') return found.faults;
  return found.consents.map(({ line, consent }) => [line, consent.kind, consent.address, consent.scope, consent.text ?? consent.otherWay]);
}

const CASES: readonly (readonly [name: string, text: string, found: readonly unknown[]])[] = [
  [
    'two records, with a mark, an empty line and quotes',
    `\uFEFF${HEAD}\r\nplain-mail,Pat@home.example,2026-10-01,w-1,\r\n\r\nother-way,ann@home.example,2026-10-02,,"by letter, to ""the office"""\r\n`,
    [
      [2, 'plain-mail', 'pat@home.example', 'clinic.example', 'w-1'],
      [4, 'other-way', 'ann@home.example', 'clinic.example', 'by letter, to "the office"'],
    ],
  ],
  [
    'a record for two domains is two',
    'kind,address,given,for\nfundraising-opt-out,pat@home.example,2026-10-01,a.example b.example\n',
    [
      [2, 'fundraising-opt-out', 'pat@home.example', 'a.example', null],
      [2, 'fundraising-opt-out', 'pat@home.example', 'b.example', null],
    ],
  ],
  [
    'faults in several lines and fields: all are told',
    `${HEAD}\nplain-mail,zzqq,2026-10-01,,\nplain-mail,pat@home.example,2026-10-01,w-1,\nother-way,pat@home.example,,,\n`,
    [
      'f:2:address: This is not an address as user@domain.',
      'f:2:text: Which warning the person was given is missing: the version of its text, or the document. (45 CFR 164.524(c))',
      'f:4:given: The day on which it was given is missing.',
      'f:4:other_way: The other address or way to reach the person is missing. (45 CFR 164.522(b)(2)(ii)(B))',
    ],
  ],
  ['a field too few', `${HEAD}\nplain-mail,pat@home.example\n`, ['f:2: this line has 2 fields, the header 5']],
  ['an open quote', `${HEAD}\nplain-mail,"pat@home.example\n`, ['f:2: a quote is not closed or stands inside a field']],
  ['only a header line', `${HEAD}\n`, ['f: there are no records below the header line']],
  ['a column missing', 'kind,given\nplain-mail,2026-10-01\n', ['f:1: the header line lacks address']],
  ['a column twice', 'kind,address,kind\na,b,c\n', ['f:1: the header line has columns twice: kind']],
];
for (const [name, text, found] of CASES) t.same(read(text), found, name);

t.match(read('kind,address,phone\n'), [/^f:1: the header line has unknown columns \(phone\); known are kind,address,for,/]);
t.match(read(''), [/^f:1: the file is empty; write a header line/]);

t.test('too many lines at once', async (t) => {
  const lines = Array.from({ length: 100_001 }, () => 'x,y').join('\n');
  t.same(read(`kind,address\n${lines}`), ['f: there are 100001 records; import at most 100000 at once']);
});
