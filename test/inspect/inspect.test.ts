// Whole small messages: what is PHI and what is not, by whom they are from and to, in subject, body, quoted thread and attachment; and that
// a report never holds a value.
import t, { type Test } from 'tap';
import { readers } from '../../src/daemon/extractors.ts';
import { createInspector, examinationOf, type InspectedEnvelope } from '../../src/daemon/inspector.ts';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { phiFacts } from '../../src/mail/content-facts.ts';
import type { InspectionReport } from '../../src/mail/finding.ts';
import { readWith } from '../support/read.ts';

const inspector = createInspector({
  lexicon: loadLexicon(),
  digest: () => 'digest',
  organisation: ['lakeview.example'],
  sends: 'unknown',
  today: () => 20_784,
});
const extractors = [...new Set(readers(() => 0).extractors.values())];

interface Letter {
  readonly text: string;
  readonly subject?: string;
  readonly to?: readonly string[];
  readonly files?: readonly (readonly [name: string, type: string, text: string])[];
}

const FROM = 'office@lakeview.example';
const OUTSIDE: readonly string[] = ['someone@home.example'];
const COLLEAGUE: readonly string[] = ['chen@lakeview.example'];

function mailOf({ text, subject = 'Hello', to = OUTSIDE, files = [] }: Letter): string {
  const parts = [['', 'text/plain', text] as const, ...files].map(([name, type, content]) =>
    [
      '--b',
      `Content-Type: ${type}; charset=utf-8`,
      ...(name === '' ? [] : [`Content-Disposition: attachment; filename="${name}"`]),
      '',
      content,
    ].join('\r\n'),
  );
  const head = [`From: ${FROM}`, `To: ${to.join(', ')}`, `Subject: ${subject}`, 'MIME-Version: 1.0'];
  return [...head, 'Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--', ''].join('\r\n');
}

async function reportOf(letter: Letter): Promise<InspectionReport> {
  const envelope: InspectedEnvelope = { from: FROM, to: letter.to ?? OUTSIDE };
  return inspector.inspect(await readWith(extractors, mailOf(letter)), envelope);
}

const isPhi = ({ level }: InspectionReport): boolean => level === 'medium' || level === 'high';

/** What all reports have to be. */
function checkShape(t: Test, { level, score, reasons, findings, labels }: InspectionReport): void {
  t.ok(score >= 0 && score < 1, 'score');
  t.ok(reasons.length <= 10 && findings.length <= 200, 'bounded');
  t.same(
    reasons.map(({ weight }) => weight),
    reasons.map(({ weight }) => weight).sort((a, b) => b - a),
    'the strongest first',
  );
  t.equal(level === 'none' ? 0 : level === 'low' ? 0.2 : level === 'medium' ? 0.5 : 0.8, level === 'none' ? 0 : floorOf(score));
  t.equal(new Set(labels).size, labels.length);
}
const floorOf = (score: number): number => (score >= 0.8 ? 0.8 : score >= 0.5 ? 0.5 : 0.2);

const PHI: readonly (readonly [name: string, letter: Letter])[] = [
  ['a greeting by name, a value', { text: 'Dear Ms Smith, your A1c is 9.2.' }],
  ['no name but her address', { text: 'your A1c is 9.2' }],
  ['a colleague is told of a patient', { text: "Hi Dr. Lee, John Smith's A1c came back at 9.2", to: COLLEAGUE }],
  ['the same outside', { text: "Hi Dr. Lee, John Smith's A1c came back at 9.2" }],
  [
    'a bill of a clinic',
    { text: 'Lakeview Clinic\nPatient: Aisha Khan\nDate of service 5/2/2026\nAmount due: $85.00 after insurance, copay $30' },
  ],
  ['a reminder to one called by name', { text: 'Walter, this is a reminder of your appointment with Dr. Haddad on Monday at 3:40.' }],
  ['a dentist', { text: 'Hi Nora, just confirming your cleaning with Dr. Chen on Tuesday at 9 am.' }],
  ['a notice of a portal', { text: 'You have a new test result from Dr. Haddad: Lipid panel. Log in to view it.' }],
  ['a biopsy', { text: 'Your biopsy came back benign. No further treatment is needed.' }],
  ['a prescription', { text: 'Your prescription is ready for pickup at Corner Pharmacy. Rx 482211, metoprolol 25 mg.' }],
  ['a referral', { text: 'Please see my patient Teresa Ortiz, 54, for a colonoscopy. She has a family history of colon cancer.' }],
  ['a screening due', { text: 'Dear Mr. Young, our records show that you are due for your colonoscopy. Please call to schedule.' }],
  ['an operation', { text: 'Hi Teresa, your surgery is scheduled for Monday at 7:00. Nothing to eat after midnight.' }],
  ['a certificate', { text: 'Teresa Ortiz has been under my care and is unable to work until May 20 because of back surgery.' }],
  ['a denial', { text: 'Dear Ms. Adler, we have denied your claim for physical therapy on May 2: it was not pre-authorized.' }],
  ['an appeal', { text: 'Re: Teresa Ortiz, Member ID WXP882103441\nWe appeal the denial of the MRI of the lumbar spine.' }],
  ['a ride', { text: 'Need a ride for Ruth Adler to dialysis on Mon/Wed/Fri, pick up 6:15 at 14 Elm Court.' }],
  ['a first name of two senses', { text: 'We need an interpreter for Will Fitzgerald on May 9, oncology, second chemo visit.' }],
  ['a visit note', { text: 'Visit note 5/2: Ruth Adler, BP 150/90, left foot wound 2 cm, dressing changed, denies pain.' }],
  ['a doctor asks', { text: 'Hi Ruth, Dr. Park would like to recheck your eye pressure in three months.' }],
  ['a value for a family name', { text: 'TSH 8.9 for Ortiz, please call her and increase levothyroxine to 75.', to: COLLEAGUE }],
  ['described by age, doctor and place', { text: 'A 72-year-old male with heart failure, seen by Dr. John Miller at Mercy Hospital.' }],
  ['by initial and visit', { text: 'How do we treat GERD in patients similar to Samantha P., who visited our Houston clinic on June 20?' }],
  ['a child of our day', { text: 'Jayden Brooks in grade 3 carries an EpiPen and has a severe peanut allergy.' }],
  ['what she told', { text: 'Hi Ana, I was glad you told me about the panic attacks on the train and the thoughts of harming yourself.' }],
  ['a test at home', { text: 'Your COVID-19 test result: NEGATIVE. Collected May 2.' }],
  ['a patient table in the text', { text: 'Name,DOB,Diagnosis\nRuth Adler,3/4/1941,heart failure\nOmar Said,5/6/1950,COPD' }],
  ['two patients', { text: 'Ruth Adler: INR 3.9, hold warfarin. Omar Said: potassium 5.9, repeat today.', to: COLLEAGUE }],
  ['a number and no name', { text: 'MRN 4471882 needs a repeat troponin and an EKG.', to: COLLEAGUE }],
  ['the quoted thread', { text: 'Can you take this?\n\n> Teresa Ortiz called, she is out of insulin and wants a refill.', to: COLLEAGUE }],
  [
    'the thread of another program',
    {
      text: 'See below.\n\nFrom: front desk\nSent: Monday\nTo: nurses\nSubject: call\n\nTeresa Ortiz has chest pain since last night, on warfarin.',
      to: COLLEAGUE,
    },
  ],
  [
    'name in the subject, health in the body',
    {
      subject: 'CT chest Ahmed J. Mbeki',
      text: 'EXAM: CT CHEST\nINDICATION: Cough, weight loss.\nFINDINGS: 2 cm nodule in the right upper lobe.\nIMPRESSION: Lung malignancy.',
    },
  ],
  ['health in the subject', { subject: 'Chemotherapy of Teresa Ortiz', text: 'Please confirm Thursday.' }],
  ['all in the subject', { subject: 'Teresa Ortiz positive for hepatitis C', text: 'See you.' }],
  [
    'an attached note',
    { text: 'Attached.', files: [['note.txt', 'text/plain', 'Patient: Ruth Adler\nDOB: 3/4/1941\nDiagnosis: atrial fibrillation']] },
  ],
  [
    'an attached table',
    { text: 'Attached.', files: [['list.csv', 'text/csv', 'name,mrn,diagnosis\nRuth Adler,4471882,asthma\nOmar Said,4471883,gout']] },
  ],
  [
    'attached HL7 v2',
    {
      text: 'Attached.',
      files: [
        ['a.hl7', 'text/plain', 'MSH|^~\\&|L|A|B|C|20260102||ORU^R01|1|P|2.5\rPID|1||4471882||ROE^JANE||19700101|F\rOBX|1|NM|A1C||9.2'],
      ],
    },
  ],
  [
    'attached FHIR',
    {
      text: 'Attached.',
      files: [
        [
          'p.json',
          'application/json',
          '{"resourceType":"Patient","id":"a","name":[{"family":"Roe","given":["Jane"]}],"birthDate":"1970-01-01"}',
        ],
      ],
    },
  ],
  [
    'an inside address is no letterhead',
    {
      text: 'Guadalupe M. Baker\n760 Cedar Lane, Erie, PA 16501\n\nRe: Harborview Medical Group, account 1982\n\nYour unpaid medical balance for services rendered is $2,711.',
    },
  ],
  [
    'to four',
    { text: 'Your A1c is 9.2, Ms. Smith. Jane Smith, DOB 3/4/1970', to: ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example'] },
  ],
  ['an address of the organisation, and one outside', { text: 'Your biopsy shows melanoma.', to: [...COLLEAGUE, ...OUTSIDE] }],
];

const ORDINARY: readonly (readonly [name: string, letter: Letter])[] = [
  ['ten tips', { text: 'ten tips for your diabetes' }],
  ['ten tips to one by name', { text: 'Dear Ms Smith, here are ten tips for living well with diabetes. 1. Check your feet. Unsubscribe' }],
  ['a newsletter', { text: 'Living well with diabetes: check your feet, see your doctor once a year. Newsletter of May. Unsubscribe.' }],
  ['nobody and no one outside', { text: 'your A1c is 9.2', to: COLLEAGUE }],
  [
    'an invoice of a software firm',
    { text: 'Dear Ms. Ortiz, attached is invoice 88120 for your software. The balance of $214.00 is due.' },
  ],
  ['a garage', { text: 'Hi Teresa, your appointment at Elm Street Auto for an oil change is on Tuesday at 9. Reply C to confirm.' }],
  ['a hairdresser', { text: 'Hi Aisha, reminder of your appointment with Dana at Shear Delight on Tuesday at 3:40.' }],
  ['a cat', { text: "Hi Teresa, Luna's kidney values are a little up, creatinine 2.4. She is a lovely old cat." }],
  ['a dog', { text: 'Dear Teresa, Rex is due for his rabies vaccination and heartworm test. Call the vet clinic to book.' }],
  [
    'a school to all',
    { text: 'Dear families,\n\nWe have had some cases of strep throat and lice. Thank you to Ms. Rossi for the bake sale!' },
  ],
  ['an outage', { text: 'Hi all, the EHR will be down Saturday from 1 to 4 am for an upgrade. Please print the schedule. Omar, IT' }],
  ['a supplier', { text: 'Dear Dr. Haddad, your order of 20 boxes of nitrile gloves and 4 blood pressure cuffs has shipped.' }],
  ['a job', { text: 'Hi Nora, we would like to interview you for the nurse position at Lakeview Clinic on May 9 at 10.' }],
  ['benefits of all', { text: 'Dear colleagues, open enrollment for health insurance runs to Nov 15. Questions to Teresa Ortiz in HR.' }],
  ['a webinar', { text: 'Join Dr. Omar Haddad for a webinar on atrial fibrillation management, June 3 at noon. Register now.' }],
  ['a representative', { text: 'Hi Dr. Chen, may I tell you about our new inhaler for COPD? Best, Dana Wells, Territory Manager' }],
  ['a hotel', { text: 'Dear Mr. Patel, your reservation at the Harbor Hotel is confirmed for May 2. The spa offers massage.' }],
  ['a car insurance', { text: 'Dear Mr. Patel, your claim 8812 for hail damage was approved. Your deductible is $500.' }],
  [
    'an inspection of a device',
    { text: 'Dear Dr. Chen, the x-ray unit in your office is due for its inspection. Sam Wells can come on May 9.' },
  ],
  ['a walk', { text: 'Dear friends, join us for the 5K walk against breast cancer on May 9. Teresa Ortiz raised $2,000.' }],
  ['a journal', { text: 'Dear Dr. Haddad, your manuscript on outcomes of hip replacement in elderly patients has been accepted.' }],
  ['a garden', { text: 'Hi Ruth, the roses have black spot disease. Remove infected leaves. Sam' }],
  ['a virus of computers', { text: 'Hi Sam, the virus scan found an infected file on your machine. IT' }],
  ['a statement of a witness', { text: 'WITNESS STATEMENT\nI, Donna Allen, of 8465 Elm Dr, Riverside, MO 64150, make this statement.' }],
  ['a study', { text: 'BACKGROUND: Patients with type 2 diabetes were enrolled (n = 120). RESULTS: A1c fell (p < 0.05).' }],
  ['lunch', { text: 'Hi Sam, lunch on Thursday? Omar' }],
  ['nothing', { text: '' }],
  ['a name alone', { text: 'Teresa Ortiz, 14 Elm Court, Albany, NY 12203, called about the lease.' }],
];

t.test('PHI', async (t) => {
  for (const [name, letter] of PHI) {
    await t.test(name, async (t) => {
      const report = await reportOf(letter);
      t.ok(isPhi(report), `${report.level} ${report.score}`);
      checkShape(t, report);
    });
  }
});

t.test('no PHI', async (t) => {
  for (const [name, letter] of ORDINARY) {
    await t.test(name, async (t) => {
      const report = await reportOf(letter);
      t.notOk(isPhi(report), `${report.level} ${report.score}`);
      checkShape(t, report);
    });
  }
});

t.test('a report holds no word of the message', async (t) => {
  for (const [name, letter] of PHI) {
    const { findings, ...report } = await reportOf(letter);
    // Names of files and columns are places, not values.
    const told = JSON.stringify({ ...report, findings }).toLowerCase();
    for (const secret of ['smith', 'ortiz', 'adler', 'khan', '4471882', '9.2', 'fitzgerald', 'warfarin', 'melanoma', 'elm court', 'cedar'])
      t.notOk(told.includes(secret), `${name}: ${secret}`);
    t.ok(
      findings.every(({ digest }) => digest === 'digest'),
      name,
    );
  }
});

t.test('labels', async (t) => {
  const rows: readonly (readonly [text: string, label: string])[] = [
    ['Teresa Ortiz is HIV positive and takes Biktarvy.', 'hiv'],
    ['Teresa Ortiz was admitted for opioid use disorder, on methadone.', 'substance-use'],
    ['Teresa Ortiz has schizophrenia and had a psychotic episode.', 'mental-health'],
    ['Teresa Ortiz is 12 weeks pregnant and asks about an abortion.', 'reproductive-health'],
    ['Teresa Ortiz carries a BRCA1 mutation.', 'genetics'],
  ];
  for (const [text, label] of rows)
    t.ok(
      (await reportOf({ text })).labels.some((one) => one === label),
      label,
    );
  t.same((await reportOf({ text: 'Teresa Ortiz has gout.' })).labels, []);
});

t.test('what could not be read is passed on', async (t) => {
  const broken: Letter = { text: 'Attached.', files: [['a.pdf', 'application/pdf', '%PDF-1.4 and nothing more']] };
  const { blindSpots } = await reportOf(broken);
  t.ok(blindSpots.length > 0);
  t.same((await reportOf({ text: 'Attached.' })).blindSpots, []);
});

t.test('documents are passed on', async (t) => {
  const hl7 = 'MSH|^~\\&|L|A|B|C|20260102||ORU^R01|1|P|2.5\rPID|1||4471882||ROE^JANE||19700101|F\r';
  const report = await reportOf({ text: 'Attached.', files: [['a.hl7', 'text/plain', hl7]] });
  t.match(report, { level: 'high', documents: [{ standard: String, patients: 1 }], reasons: [{ code: 'structured-document' }] });
});

t.test('of many findings the strongest are told, of equals the first', async (t) => {
  const weak = Array.from({ length: 300 }, (_, i) => `It was on 2024-03-${String(10 + (i % 18))}.`);
  const strong = Array.from({ length: 450 }, (_, i) => `SSN: 212-45-${String(1_000 + i)}`);
  const { findings } = await reportOf({ text: [...weak, ...strong].join('\r\n') });
  t.equal(findings.length, 200);
  t.ok(
    findings.every(({ kind }) => kind === 'ssn'),
    'no day among them',
  );
  t.ok(
    findings.every(({ at }, i) => i === 0 || at > (findings[i - 1]?.at ?? 0)),
    'in order',
  );
});

t.test('a value that stands there often is digested once, and told wherever it stands', async (t) => {
  const asked: string[] = [];
  const counting = createInspector({
    lexicon: loadLexicon(),
    digest: (kind, value) => `${asked.push(`${kind} ${value}`)}`,
    organisation: ['lakeview.example'],
    sends: 'unknown',
    today: () => 20_784,
  });
  const message = await readWith(extractors, mailOf({ text: Array.from({ length: 5 }, () => 'SSN 219-09-9998, A1c 9.2').join('\r\n') }));
  const envelope: InspectedEnvelope = { from: FROM, to: OUTSIDE };
  const { findings } = counting.inspect(message, envelope);
  t.equal(new Set(asked).size, asked.length, 'none twice');
  t.equal(findings.filter(({ kind }) => kind === 'ssn').length, 5);
  t.equal(new Set(findings.map(({ digest }) => digest)).size, asked.length, 'values apart stay apart');

  const { report } = examinationOf(message, envelope, counting);
  t.equal(report.findings.filter(({ kind }) => kind === 'ssn').length, 1, 'policy hears of each value once');
  t.same(phiFacts(report).counts, phiFacts({ ...report, findings }).counts, 'and counts the same');
});
