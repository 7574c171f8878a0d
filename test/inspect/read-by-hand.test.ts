// What is read sign by sign, because each text is full of it: what it is, is said here once more in expressions.
import fc from 'fast-check';
import t from 'tap';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import type { Candidate, Detector } from '../../src/inspect/detector.ts';
import { emailDetector } from '../../src/inspect/detectors/email.ts';
import { urlDetector } from '../../src/inspect/detectors/url.ts';
import { plainText } from '../../src/inspect/identifier.ts';
import { CITY, CITY_BEFORE_ZIP, FACILITY_NAME, nameStart } from '../../src/inspect/name-start.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import { taggedOf } from '../../src/inspect/tagged.ts';
import { wordsOf } from '../../src/inspect/words.ts';
import { fuzz } from '../support/fuzz.ts';
import { NOBODY } from '../support/nobody.ts';

const lexicon = lexiconOf({});

function found(detector: Detector, text: string): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const passage of passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon))
    detector.detect(passage, NOBODY, (candidate) => candidates.push(candidate));
  return candidates;
}

const textOf = (...pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join(''));

function same(what: string, text: string, read: unknown, expected: unknown): void {
  if (read !== expected) throw new Error(`${what} of ${JSON.stringify(text)}: ${String(read)}, not ${String(expected)}`);
}

t.test('names before a place', async (t) => {
  const forms = [
    [CITY, /((?:[A-Z][\w.'’-]{1,20} ){0,2}[A-Z][\w.'’-]{1,24})$/],
    [CITY_BEFORE_ZIP, /((?:[A-Z][\w.'’-]{1,20} ){0,3}[A-Z][\w.'’-]{1,24})$/],
  ] as const;
  const text = textOf(
    'St.',
    'Ann',
    'a',
    'B',
    "O'Neil",
    'of',
    'the',
    'for',
    'thereof',
    ' ',
    ' ',
    ' ',
    ',',
    '(',
    '&',
    '-',
    'é',
    'Abcdefghijklmnopqrstuvw',
    '7',
  );
  fuzz(
    t,
    4_000,
    fc.property(text, (text) => {
      const { codes } = wordsOf(text);
      for (const [form, expression] of forms) same('city', text, nameStart(codes, text.length, 0, form), text.search(expression));
      const before = text.search(/((?:[A-Z][\w.'’&-]{0,24}|St\.|of|the|for) ){1,5}$/);
      if (text.endsWith(' ')) same('facility', text, nameStart(codes, text.length - 1, 0, FACILITY_NAME), before);
    }),
  );
});

const LOCAL = /[A-Z\d!#$%'*+^_`~.-]{1,64}$/i;
const DOMAIN = /^[A-Z\d](?:[A-Z\d-]{0,62}\.){1,6}[A-Z]{2,24}\b/i;

function addressesIn(text: string): readonly string[] {
  const addresses: string[] = [];
  for (const { index, 0: sign } of text.matchAll(/@|%40/g)) {
    const local = LOCAL.exec(text.slice(0, index))?.[0].replace(/^[^A-Z\d]+/i, '') ?? '';
    const domain = DOMAIN.exec(text.slice(index + sign.length))?.[0];
    if (local !== '' && domain !== undefined) addresses.push(`${index - local.length} ${local}@${domain}`.toLowerCase());
  }
  return addresses;
}

t.test('addresses of mail', async (t) => {
  const text = textOf(
    '@',
    '@',
    '%40',
    'ann',
    'Poe',
    '7',
    '.',
    '.',
    'org',
    'co',
    'u',
    '-',
    '_',
    ' ',
    '=',
    '/',
    '&',
    '?',
    "'",
    '+',
    'é',
    '\n',
  );
  fuzz(
    t,
    4_000,
    fc.property(text, (text) => {
      const read = found(emailDetector, text).map(({ at, value }) => `${at} ${value}`);
      same('addresses', text, read.join(), addressesIn(text).join());
    }),
  );
  const long = 'l'.repeat(63);
  for (const domain of [
    `a.${'b.'.repeat(5)}org`,
    `a.${'b.'.repeat(6)}org`,
    `${long}.org`,
    `l${long}.org`,
    `a.${'t'.repeat(24)}`,
    `a.${'t'.repeat(25)}`,
  ]) {
    const text = `ann@${domain}`;
    t.same(
      found(emailDetector, text).map(({ at, value }) => `${at} ${value}`),
      addressesIn(text),
      domain.slice(0, 30),
    );
  }
});

t.test('whose address it is', async (t) => {
  for (const [address, confidence, role] of [
    ['ann@gmail.com', 0.9, 'unknown'],
    ['ann@mail.yahoo.co.uk', 0.9, 'unknown'],
    ['ann@hotmail.fr', 0.9, 'unknown'],
    ['ann@gmail.info', 0.7, 'unknown'],
    ['ann@notgmail.com', 0.7, 'unknown'],
    ['Support@example.org', 0.7, 'public'],
    ['dev-discuss@example.org', 0.7, 'public'],
    ['x.no-reply7@example.org', 0.7, 'public'],
    ['donoreply@example.org', 0.7, 'unknown'],
  ] as const) {
    const [one] = found(emailDetector, `to ${address}.`);
    t.same([one?.confidence, one?.role, one?.value], [confidence, role, address.toLowerCase()], address);
  }
});

t.test('where an address of the web ends', async (t) => {
  for (const [text, value] of [
    ['(https://example.org/patients/44123).', '://example.org/patients/44123'],
    ['<https://example.org/patients/44123>', '://example.org/patients/44123'],
    ['"https://example.org/patients/44123", he said', '://example.org/patients/44123'],
    ['https://example.org/patients/44123\u00a0now', '://example.org/patients/44123'],
    ['https://example.org/x?mrn=ann!?', '://example.org/x?mrn=ann'],
    ['http://e', null],
    ['https://example.org/patients/ann', null],
  ] as const) {
    t.equal(found(urlDetector, text)[0]?.value ?? null, value, text);
  }
});

t.test('letters and digits of a value', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(textOf('a', 'B', '7', ' ', '-', '(', 'é', '٣', '\u{1d400}'), (text) => {
      for (const between of ['', ' '] as const)
        same('value', text, plainText(text, 0, text.length, between), text.replace(/[^\p{L}\d]+/gu, between));
    }),
  );
});

t.test('heads of columns', async (t) => {
  for (const [text, ...tags] of [
    ['Name,MRN #,Member No.\nAnn,4512345,778812'],
    ['Name,MRN #,Member No\nAnn,4512345,778812', 'mrn 4512345', 'plan-number 778812'],
    ['MRN\tName\n4512345\tAnn\n\n4512346\tBob', 'mrn 4512345', 'mrn 4512346'],
    ['MRN\tName\n4512345\tAnn\nthat was all\n4512346\tBob', 'mrn 4512345'],
    ['MRN\tof 4512345\n4512346\tAnn', 'mrn 4512345'],
    [`Name\t${'x'.repeat(61)}\tMRN\nAnn\tB\t4512346`],
    ['| patient_id | seen |\n| 4512345 | 3 |', 'mrn 4512345'],
    ['Tom, phone, and Ann\n617, 555, 01'],
    ['phone, fax, x\n6175550142, 6175550143', 'phone 6175550142', 'fax 6175550143'],
    ['phone, fax, x.\n6175550142, 6175550143'],
  ] as const) {
    const tagged = taggedOf(wordsOf(text, lexicon), lexicon.labelUses);
    t.same(
      tagged.map(({ tag, at, end }) => `${tag} ${text.slice(at, end)}`),
      tags,
      text
        .replaceAll(/[\n\t]/g, ' / ')
        .replaceAll('#', 'no.')
        .slice(0, 60),
    );
  }
});
