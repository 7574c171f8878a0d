// Records of the consent registry as people write them: words to records, days, domains, and each fault with the word it is in.
import fc from 'fast-check';
import t from 'tap';
import { canonicalScope, CONSENT_COLUMNS, readConsent, timeFrom } from '../../src/cli/consent-input.ts';
import type { ConsentWords, ReadConsent } from '../../src/cli/consent-input.ts';
import { consentShape, RECORD_KINDS } from '../../src/mail/consent.ts';
import { consentProblems } from '../../src/mail/consent-check.ts';
import { fuzz } from '../support/fuzz.ts';

const NOW = new Date(2026, 10, 27, 12).getTime();
const DEFAULTS = { organisation: ['clinic.example', 'lab.example'], givenAt: NOW, now: NOW };

const PLAIN: ConsentWords = {
  kind: 'plain-mail',
  address: 'Pat@Home.example',
  for: 'clinic.example',
  text: 'warning-1',
  given: '2026-10-01',
};
const MARKETING: ConsentWords = {
  kind: 'marketing',
  address: 'pat@home.example',
  for: 'clinic.example',
  until: '2030-01-01',
  information: 'that the person has diabetes',
  discloser: 'the clinic',
  receiver: 'Meter Makers',
  purpose: 'offers',
  signed_by: 'Pat Doe',
  signed_on: '2026-10-02',
  statements: 'form-7',
  third_party_payment: 'no',
};

function told(read: ReadConsent): unknown {
  return read.kind === 'faults' ? read.faults.map(({ column, text }) => `${column}: ${text}`) : read.consents;
}

t.test('a record is read to its canonical form', async (t) => {
  t.same(told(readConsent({ ...PLAIN, note: '  ', taken_by: ' Dr Lee ' }, DEFAULTS)), [
    {
      kind: 'plain-mail',
      address: 'pat@home.example',
      scope: 'clinic.example',
      text: 'warning-1',
      document: null,
      givenAt: new Date(2026, 9, 1).getTime(),
      until: null,
      takenBy: 'Dr Lee',
      note: null,
      authorisation: null,
      otherWay: null,
      uses: null,
    },
  ]);
  t.match(told(readConsent(MARKETING, DEFAULTS)), [
    {
      givenAt: new Date(2026, 9, 2).getTime(),
      until: new Date(2030, 0, 2).getTime(),
      authorisation: { signedBy: 'Pat Doe', signedAt: new Date(2026, 9, 2).getTime(), endsWith: null, thirdPartyPayment: 'no' },
    },
  ]);
});

const scopes: readonly (readonly [name: string, words: ConsentWords, scopes: readonly (string | null)[]])[] = [
  ['none: all domains of the organisation', { ...PLAIN, for: '' }, ['clinic.example', 'lab.example']],
  ['several, one twice', { ...PLAIN, for: 'Clinic.example; Ann@clinic.example,clinic.example' }, ['clinic.example', 'ann@clinic.example']],
  ['in Unicode', { ...PLAIN, for: 'bücher.example' }, ['xn--bcher-kva.example']],
  ['an attestation has none', { kind: 'attestation', address: 'News', text: 'a-1', uses: 'news' }, [null]],
];
for (const [name, words, expected] of scopes) {
  t.test(`for whose mail: ${name}`, async (t) => {
    const read = readConsent(words, DEFAULTS);
    t.same(read.kind === 'consents' ? read.consents.map(({ scope }) => scope) : told(read), expected);
  });
}

const MISSING_SCOPE = 'for: For whose mail it holds is missing: a domain of the organisation, or one sender.';
const DAY = 'Write a day as 2026-11-30, or a time as 2026-11-30T14:05:00Z.';
const faults: readonly (readonly [name: string, words: ConsentWords, faults: readonly string[], defaults?: object])[] = [
  ['no kind', { ...PLAIN, kind: '' }, [`kind: Write one of ${RECORD_KINDS.join(', ')}.`]],
  ['no such kind', { ...PLAIN, kind: 'newsletter' }, [`kind: Write one of ${RECORD_KINDS.join(', ')}.`]],
  ['no address', { ...PLAIN, address: '' }, ['address: This is not an address as user@domain.']],
  ['no scope, and no organisation', { ...PLAIN, for: '' }, [MISSING_SCOPE], { organisation: [] }],
  ['a scope that is none, beside one that is', { ...PLAIN, for: 'clinic.example *' }, ['for: This is neither a domain nor an address.']],
  ['a day that never was', { ...PLAIN, given: '2026-02-30' }, [`given: ${DAY}`]],
  ['a day in words', { ...PLAIN, until: 'May' }, [`until: ${DAY}`]],
  ['no day where it must be', { ...PLAIN, given: '' }, ['given: The day on which it was given is missing.'], { givenAt: null }],
  ['a line break', { ...PLAIN, note: 'a\nb' }, ['note: This is empty, too long, or holds a line break or control character.']],
  [
    'too long',
    { ...MARKETING, purpose: 'x'.repeat(1001) },
    ['purpose: This is empty, too long, or holds a line break or control character.'],
  ],
  ['maybe', { ...MARKETING, third_party_payment: 'maybe' }, ['third_party_payment: Write yes or no.']],
  [
    'two elements missing, each with its paragraph',
    { ...MARKETING, purpose: '', signed_by: '' },
    [
      'purpose: The purpose is missing. (45 CFR 164.508(c)(1)(iv))',
      'signed_by: The signature is missing: who signed, or the document. (45 CFR 164.508(c)(1)(vi))',
    ],
  ],
  [
    'an element of another kind',
    { ...PLAIN, signed_by: 'Pat' },
    ['information: The elements of an authorisation belong to the kind marketing only.'],
  ],
];
for (const [name, words, expected, defaults] of faults) t.same(told(readConsent(words, { ...DEFAULTS, ...defaults })), expected, name);

t.test('days and times', async (t) => {
  const rows: readonly (readonly [given: string, edge: 'start' | 'end', at: number | null])[] = [
    ['2026-11-30', 'start', new Date(2026, 10, 30).getTime()],
    ['2026-12-31', 'end', new Date(2027, 0, 1).getTime()],
    ['2028-02-29', 'start', new Date(2028, 1, 29).getTime()],
    ['2026-02-29', 'start', null],
    ['2026-13-01', 'start', null],
    ['2026-11-30T14:05:00Z', 'end', Date.UTC(2026, 10, 30, 14, 5)],
    ['2026-11-30T14:05:00+02:00', 'start', Date.UTC(2026, 10, 30, 12, 5)],
    ['2026-11-30T25:05:00Z', 'start', null],
    ['30.11.2026', 'start', null],
    ['', 'start', null],
  ];
  for (const [given, edge, at] of rows) t.equal(timeFrom(given, edge), at, given);
});

t.equal(canonicalScope('*.clinic.example'), '*.clinic.example', 'what is no scope stays as written');

t.test('whatever is written: faults that repeat no value, or records that are complete', async (t) => {
  const word = fc.oneof(
    fc.constantFrom('', 'zzqq', 'pat@home.example', 'clinic.example', '2026-10-01', 'yes'),
    fc.string({ maxLength: 12 }),
  );
  const words = fc.record({
    ...Object.fromEntries(CONSENT_COLUMNS.map((column) => [column, word])),
    kind: fc.constantFrom(...RECORD_KINDS),
  });
  fuzz(
    t,
    400,
    fc.property(words, (given) => {
      const read = readConsent(given, DEFAULTS);
      if (read.kind === 'faults') return read.faults.length > 0 && !read.faults.some(({ text }) => text.includes('zzqq'));
      return read.consents.every((one) => consentShape.safeParse(one).success && consentProblems(one, NOW).length === 0);
    }),
  );
});
