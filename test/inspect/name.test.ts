// Names: which words are one, whose it is, and that the same person in several writings is counted once. With a small lexicon of its own.
import fc from 'fast-check';
import t from 'tap';
import type { Candidate, Surroundings } from '../../src/inspect/detector.ts';
import { nameDetector } from '../../src/inspect/detectors/name.ts';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { LEXICON_LISTS, type Lexicon, type LexiconList } from '../../src/inspect/lexicon.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import { fuzz } from '../support/fuzz.ts';

const WORDS: Partial<Record<LexiconList, string>> = {
  'first-name':
    'john jane jennifer joseph anna maria sarah linda timothy mary robert charlotte austin virginia will may mark grace donna carol zoe minh margaret jordan',
  surname:
    "smith jones lee garcia lopez o'brien muller lukasz nguyen thi cruz robinson johnson hopkins mayo graves parkinson white king will may mark grace lewis doe young robert thompson scott joseph wells martin",
  'common-word': 'will may mark grace white king young wells',
  kin: 'mother father daughter son wife husband sister brother',
  'patient-word': 'patient pt',
  'provider-title': 'dr md rn',
  facility: 'hospital clinic',
  state: 'il tx virginia',
  'street-word': 'street st dr lane',
  month: 'may april',
  condition: 'diabetes asthma dizziness cancer copd',
  drug: 'metformin',
  test: 'a1c mri biopsy',
  care: 'appointment',
  'person-verb': 'presented underwent',
};

function testLexicon(): Lexicon {
  const phrases: Partial<Record<LexiconList, readonly string[]>> = {
    condition: ["parkinson's disease"],
    facility: ['mayo clinic', 'johns hopkins'],
  };
  const lists = LEXICON_LISTS.map((list) => [list, [...(WORDS[list] ?? '').split(' '), ...(phrases[list] ?? [])]] as const);
  return lexiconOf(Object.fromEntries(lists) as Record<LexiconList, readonly string[]>);
}
const lexicon = testLexicon();

const nobody: Surroundings = {
  recipients: [],
  sender: 'office@clinic.example',
  writers: ['office@clinic.example'],
  senderNames: [],
  recipientNames: [],
  sends: 'unknown',
  today: 20_000,
};

function namesIn(text: string, surroundings: Partial<Surroundings> = {}): readonly (Candidate & { readonly text: string })[] {
  const found: (Candidate & { readonly text: string })[] = [];
  for (const passage of passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon)) {
    nameDetector.detect(passage, { ...nobody, ...surroundings }, (one) =>
      found.push({ ...one, text: passage.text.slice(one.at, one.at + one.length) }),
    );
  }
  return found;
}

const WRITINGS: readonly (readonly [text: string, names: readonly string[]])[] = [
  ["Hi Dr. Lee, John Smith's A1c came back at 9.2", ['Lee', 'John Smith']],
  ['Patient: Smith, John A.', ['Smith, John A']],
  ['seen today was J. Smith, doing well', ['J. Smith']],
  ['a 55yo male, John S., after stenting', ['John S']],
  ['Ms. Garcia-Lopez called', ['Garcia-Lopez']],
  ["Mr O'Brien called", ["O'Brien"]],
  ['Patient Zoë Müller-Łukasz called', ['Zoë Müller-Łukasz']],
  ['we spoke with Nguyen Thi Minh today', ['Nguyen Thi Minh']],
  ['we spoke with Maria de la Cruz today', ['Maria de la Cruz']],
  ['PID|1||123456||SMITH^JOHN^A|', ['SMITH^JOHN^A']],
  ['JOHN SMITH', ['JOHN SMITH']],
  ['SMITH JOHN', ['SMITH JOHN']],
  ['pt: john smith', ['john smith']],
  ['hi jane, thanks', ['jane']],
  ["john smith's a1c is 9.2", ['john smith']],
  ['Timmy L., 9 yo boy with asthma', []],
  ['We met Jennifer Jones. Jennifer reports dizziness.', ['Jennifer Jones', 'Jennifer']],
  ['RE: Joseph Robinson (DOB 1/2/1960)', ['Joseph Robinson']],
  ['Dear Ms Xyloviak,', ['Xyloviak']],
  ['My patient Qwerta Zyxov has asthma', ['Qwerta Zyxov']],
  ['his mother Anna', ['Anna']],
  ['a child named Timothy', ['Timothy']],
  ['the daughter of Carol King called', ['Carol King']],
  ["INSERT INTO patients VALUES ('Sarah Lewis', '1')", ['Sarah Lewis']],
];

const OTHERS: readonly string[] = [
  "Living with Parkinson's disease",
  'Johns Hopkins and the Mayo Clinic',
  'Graves disease, Wells criteria, Apgar score, Babinski sign',
  "St. Mary's Hospital in Austin, TX",
  'Pinnacle Financial Group',
  'on May 5 we will mark it',
  'Will the release fix it? Mark it as done. May we?',
  '400 Martin Street, Springfield, IL 62701',
  '5219 Willow Dr, Springfield',
  'Dear Customer, hello all',
  'Charlotte, Austin and Virginia',
  'patient: will be seen in may',
  'The Robert Wells Center of Austin',
  'mail john.smith@example.org',
];

const ROLES: readonly (readonly [text: string, surroundings: Partial<Surroundings>, roles: readonly string[]])[] = [
  ["Hi Dr. Lee, John Smith's A1c came back at 9.2", {}, ['Lee provider', 'John Smith patient']],
  ['Patient: Jane Doe. Provider: Sarah Lewis', {}, ['Jane Doe patient', 'Sarah Lewis provider']],
  ['seen by Jane Doe, RN', {}, ['Jane Doe provider']],
  ['Jane Doe, MD', {}, ['Jane Doe provider']],
  ['Cardiologist: Jane Doe', {}, ['Jane Doe provider']],
  ['Attending: Timothy Robinson, NPI 1234567893', {}, ['Timothy Robinson provider']],
  ['his mother Anna Smith', {}, ['Anna Smith relative']],
  ['Next of kin: Anna Smith', {}, ['Anna Smith relative']],
  ['Emergency contact: Anna Smith', {}, ['Anna Smith relative']],
  ['Dear Ms Smith, your A1c is 9.2', {}, ['Smith recipient']],
  ['Hi John,\nyour biopsy is normal', {}, ['John recipient']],
  ['Jane Doe presented with asthma', {}, ['Jane Doe patient']],
  ['Jane Doe was diagnosed with diabetes', {}, ['Jane Doe patient']],
  ['Jane Doe reports that the build is green', {}, ['Jane Doe unknown']],
  ['Jane Doe, DOB 1/2/1960', {}, ['Jane Doe patient']],
  ['a 34-year-old female, Jane Doe, with asthma', {}, ['Jane Doe patient']],
  ['Jane Doe is a 53-year-old', {}, ['Jane Doe patient']],
  ['We met Jane Doe. Patient: Jane Doe', {}, ['Jane Doe patient', 'Jane Doe patient']],
  ['Regards,\nJane Doe', { senderNames: ['doe, jane'] }, ['Jane Doe sender']],
  ['The count is in.\n\nJane Doe', { writers: ['jane@clinic.example'] }, ['Jane Doe sender']],
  ['The count is in.\n- Jane Doe, RN', { writers: ['doe@clinic.example'] }, ['Jane Doe provider']],
  ['The count is in.\nJane Doe', { writers: ['jdoe@clinic.example'] }, ['Jane Doe sender']],
  ['The count is in.\nJane Doe', { writers: ['jane.doe@clinic.example'] }, ['Jane Doe sender']],
  ['The count is in.\nJane Doe', { writers: ['jane.roe@clinic.example'] }, ['Jane Doe unknown']],
  ['The count is in.\nJane Doe', { writers: ['office@clinic.example'] }, ['Jane Doe unknown']],
  ['The count is in for Jane Doe', { writers: ['jane@clinic.example'] }, ['Jane Doe unknown']],
  ['The count is in.\nJane Doe', { writers: ['bounce@clinic.example', 'jane@clinic.example'] }, ['Jane Doe sender']],
  ['I feel dizzy.\nJane Doe', { writers: ['jane.doe@mail.example'] }, ['Jane Doe unknown']],
  ['Jane Doe called', { recipientNames: ['jane doe'] }, ['Jane Doe recipient']],
  ['Patient: Jane Doe', { recipientNames: ['jane doe'] }, ['Jane Doe patient']],
  ['Doctor: Any pain?\nPatient: Yeah, a bit.\nPatient: Um, here.\nPatient: Nope.\nPatient: Sure', {}, []],
  ['as shown by Jane Doe et al.', {}, ['Jane Doe public']],
  ['RE: Mary Scott v. Robert Robinson', {}, ['Mary Scott unknown', 'Robert Robinson unknown']],
  ['Plaintiff: Mary Scott', {}, ['Mary Scott unknown']],
];

const SAME: readonly (readonly [text: string, values: readonly string[]])[] = [
  ['Patient: Smith, John A. We saw John Smith and J. Smith.', ['john smith']],
  ['SMITH^JOHN^A and John A. Smith', ['john smith']],
  ['We met Jennifer Jones. Jennifer reports dizziness. Ms. Jones agrees.', ['jennifer jones']],
  ['Patient: Jane Lee. Dr. Lee saw her.', ['jane lee', 'lee']],
  ['Patient: Jane Doe\nPatient: John Smith', ['jane doe', 'john smith']],
];

t.test('names as they are written', async (t) => {
  for (const [text, names] of WRITINGS)
    t.strictSame(
      namesIn(text).map((one) => one.text),
      names,
      text,
    );
});

t.test('what is called after people, and what only looks like a name', async (t) => {
  for (const text of OTHERS)
    t.strictSame(
      namesIn(text).map((one) => one.text),
      [],
      text,
    );
});

t.test('whose name it is', async (t) => {
  for (const [text, around, roles] of ROLES)
    t.strictSame(
      namesIn(text, around).map((one) => `${one.text} ${one.role ?? ''}`),
      roles,
      JSON.stringify(text),
    );
});

t.test('a column of names', async (t) => {
  const rows = 'MRN\tPatient Name\tDOB\n1\tLewis, Sarah\t1/2/60\n2\tXyloviak\t3/4/70\n3\tMary Doe\t5/6/80\n\nXyloviak';
  t.strictSame(
    namesIn(rows).map((one) => `${one.text} ${one.role ?? ''} ${one.reason}`),
    ['Lewis, Sarah patient column', 'Xyloviak patient column', 'Mary Doe patient column'],
    'by tabs',
  );
  const bars = 'Name | Provider name | Note\nMary Doe | Robert Lewis | ok\nno table';
  t.strictSame(
    namesIn(bars).map((one) => `${one.text} ${one.role ?? ''}`),
    ['Mary Doe unknown', 'Robert Lewis provider'],
    'by bars',
  );
});

t.test('the same person is counted once', async (t) => {
  for (const [text, values] of SAME) t.strictSame([...new Set(namesIn(text).map(({ value }) => value))], values, text);
});

t.test('any text: no throw, offsets inside the text, in order and apart', async (t) => {
  const piece = fc.constantFrom(
    ...'John,Smith,Dr,J,patient,Patient,Hi,mother,de,MD,Zoë,A,x,May,1960,by,seen'.split(','),
    'O\u2019Brien',
    "Smith's",
  );
  const gap = fc.constantFrom(' ', ', ', '. ', '.', '\n', '-', '^', ': ', '\t', " '", '\n\n', '(', '');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.tuple(piece, gap), { maxLength: 60 }).map((all) => all.flat().join('')),
  );
  fuzz(
    t,
    600,
    fc.property(text, (one) => {
      let end = 0;
      for (const { at, length, confidence } of namesIn(one)) {
        if (at < end || length <= 0 || at + length > one.length || confidence < 0 || confidence > 1) return false;
        end = at + length;
      }
      return true;
    }),
  );
});

const LONG: readonly (readonly [piece: string, named: boolean])[] = [
  ['John Smith ', true],
  ['John de ', true],
  ['Dr. ', false],
  ['J. ', false],
  ['Smith, John ', true],
  ['Patient: ', false],
  ['Smith-', false],
  ['de la ', false],
  ['Name | ', false],
];

t.test('long texts of nothing but names, titles and particles', async (t) => {
  for (const [piece, named] of LONG) t.equal(namesIn(piece.repeat(20_000)).length > 0, named, piece);
});

t.test('as a ward and a reply call people', async (t) => {
  const cases: readonly (readonly [text: string, name: string, role: Candidate['role']])[] = [
    ['pls redraw for Garcia rm 12 today', 'Garcia', 'patient'],
    ['Bed 7, Lopez: slept badly', 'Lopez', 'patient'],
    ['412 Garcia: renal diet', 'Garcia', 'patient'],
    ['Garcia in 11 wants to go home', 'Garcia', 'patient'],
    ['Lopez baby girl, 7 lb 2 oz', 'Lopez', 'patient'],
    ['ok to go up to two, Jennifer. See me then', 'Jennifer', 'recipient'],
    ['today Jennifer is out of bed', 'Jennifer', 'unknown'],
    ['today Jennifer threw up twice', 'Jennifer', 'unknown'],
  ];
  for (const [text, name, role] of cases) {
    const found = namesIn(text).find((one) => one.text === name);
    t.equal(found?.role, role, text);
  }
  const misses = ['cases of Garcia in 2008 were few', 'we went to a garden bed 3', 'Lopez in 14 days', 'Thanks, and the Garcia rm is full'];
  for (const text of misses) t.same(namesIn(text), [], text);
});

t.test('a subject that is a name and nothing else', async (t) => {
  const subject = (text: string): number => {
    let count = 0;
    for (const passage of passagesOf([{ part: '', place: { area: 'header', field: 'subject' }, text, marks: [] }], lexicon))
      nameDetector.detect(passage, nobody, () => count++);
    return count;
  };
  for (const text of ['Garcia', 'Re: Garcia', 'Fwd: Re: Lopez']) t.equal(subject(text), 1, text);
  for (const text of ['Re: White', 'Re: Garcia and more to do', 'Re: Hospital']) t.equal(subject(text), 0, text);
});
