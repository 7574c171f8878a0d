// What addresses tell of who writes and who reads: houses, desks, crowds, people at home. Tables of addresses, none of them of the letters.
import t from 'tap';
import { correspondentsOf } from '../../src/inspect/correspondents.ts';
import type { Surroundings } from '../../src/inspect/detector.ts';

const around = (sender: string, recipients: readonly string[], sends: Surroundings['sends'] = 'unknown'): Surroundings => ({
  sender,
  writers: [sender],
  recipients,
  senderNames: [],
  recipientNames: [],
  sends,
  today: 20_784,
});
const HOME = ['jo.park@mail.example'];
const CLINIC = ['k.lund@eastclinic.example'];

t.test('houses by their names', async (t) => {
  const cases: readonly (readonly [from: string, sign: -1 | 0 | 1])[] = [
    ['desk@eastclinic.example', 1],
    ['anyone@stjudehospital.example', 1],
    ['desk@smilesdental.example', 1],
    ['desk@coastderm.example', 1],
    ['desk@bayortho.example', 1],
    ['desk@coastkidney.example', 1],
    ['desk@north-pt.example', 1],
    ['desk@quietcounseling.example', 1],
    ['desk@elmpharmacy.example', 1],
    ['desk@homemed-supply.example', 1],
    ['orders@coast-dme.example', 1],
    ['desk@freshair-oxygen.example', 1],
    ['desk@silvermobility.example', 1],
    ['desk@harborpt.example', 1],
    ['desk@whitemolar.example', 1],
    ['desk@brightteeth.example', 1],
    ['desk@cityteledoc.example', 1],
    ['desk@unionwelfarefund.example', 1],
    ['desk@northchildrens.example', 1],
    ['desk@coastgastro.example', 1],
    ['desk@lakepeds.example', 1],
    ['desk@elmgyn.example', 1],
    ['desk@countyems.example', 1],
    ['desk@handsurgery.example', 1],
    ['desk@genetics-east.example', 1],
    ['desk@heartvalley.example', 1],
    ['desk@stateuniversity-hospital.example', 1],
    ['desk@collegehealth.example', 1],
    ['desk@carebridge.example', 1],
    ['desk@stannesregional.example', 1],
    ['desk@mercygeneral.example', 1],
    ['desk@bayshore-ob.example', 1],
    ['desk@northinternal.example', 1],
    ['desk@northpractice.example', 1],
    ['desk@elmchemist.example', 1],
    ['desk@drkline.example', 1],
    ['desk@bayacupuncture.example', 1],
    ['desk@kneejoint.example', 1],
    ['desk@insulinsupply.example', 1],
    ['desk@health-exchange.example', 1],
    ['desk@rxbymail.example', 1],
    ['desk@dentalequipment.example', -1],
    ['desk@clinicuniforms.example', -1],
    ['desk@dentalsupply.example', -1],
    ['desk@seahotel.example', -1],
    ['desk@fastauto.example', -1],
    ['desk@citybank.example', -1],
    ['desk@north-air.example', -1],
    ['desk@countysociety.example', -1],
    ['desk@capitalweekly.example', -1],
    ['desk@annals-journal.example', -1],
    ['desk@heartfund.example', -1],
    ['desk@bigpharma.example', -1],
    ['desk@redbag-disposal.example', -1],
    ['desk@inkstudio.example', -1],
    ['desk@oaklibrary.example', -1],
    ['desk@oakvets.example', -1],
    ['ms.roe@oakschool.example', -1],
    ['desk@littledaycare.example', -1],
    ['desk@hillfuneral.example', -1],
    ['ann@webb-law.example', -1],
    ['ann@mail.example', 0],
    ['ann@example.com', 0],
    ['ann@brightworks.example', 0],
    // What a word of care stands in by chance.
    ['ann@concordworks.example', 0],
    ['ann@ironcove.example', 0],
    ['ann@hearthmutual.example', 0],
    ['ann@brightsystems.example', 0],
    ['ann@northdivision.example', 0],
    ['ann@televisionone.example', 0],
    ['ann@handyworks.example', 0],
    ['ann@merchandise-east.example', 0],
    ['ann@lawncare.example', 0],
    ['ann@birthdaycards.example', 0],
    ['ann@generalworks.example', 0],
    ['ann@concept.example', 0],
    ['ann@careers-now.example', -1],
    ['ann@soillab.example', 0],
    ['ann@dollargeneral.example', 0],
    ['ann@jobs4u.example', 0],
    ['ann@internalaudit.example', 0],
    ['ann@photolabs.example', 0],
    ['ann@debtrecovery.example', 0],
    ['ann@drapery.example', 0],
    ['ann@dryclean.example', -1],
    ['ann@hospitalsurvey.example', 0],
    ['ann@malpractice-east.example', 0],
    ['ann@transcript.example', 0],
    ['', 0],
  ];
  for (const [from, sign] of cases) t.equal(Math.sign(correspondentsOf(around(from, HOME)).sender), sign, from);
});

t.test('desks within a clinic', async (t) => {
  const staff = [
    'hr',
    'payroll',
    'careers',
    'grants',
    'contracting',
    'research',
    'operations',
    'privacy',
    'manager',
    'irb',
    'education',
    'marketing',
    'foundation',
    'placements',
    'staffing',
    'catering',
    'cfo',
    'owner',
    'register',
    'classes',
    'wellness',
    'outreach',
    'liaison',
    'proposals',
    'procurement',
    'committee',
    'practice.mgr',
    'east-manager',
    'recruiting.west',
    'purchasing-2',
  ];
  for (const desk of staff) t.ok(correspondentsOf(around(`${desk}@eastclinic.example`, HOME)).sender <= -2, desk);
  const care = ['nurse', 'results', 'refills', 'lab', 'billing', 'referrals', 'appointments', 'records', 'triage', 'claims'];
  const house = correspondentsOf(around('j.roe@eastclinic.example', HOME)).sender;
  for (const desk of care) t.ok(correspondentsOf(around(`${desk}@eastclinic.example`, HOME)).sender > house, desk);
  for (const desk of ['notices', 'scheduler', 'employeehealth', 'hello'])
    t.equal(correspondentsOf(around(`${desk}@eastclinic.example`, HOME)).sender, house, `${desk} writes to patients too`);
});

t.test('who is no clinic and asks one', async (t) => {
  const asks = ['hr', 'people', 'safety', 'benefits', 'underwriting', 'adjuster', 'claims', 'paralegal', 'arrangements', 'principal'];
  for (const desk of asks) {
    t.ok(correspondentsOf(around(`${desk}@northmills.example`, CLINIC)).sender >= -0.5, `${desk} to a clinic`);
  }
  t.ok(correspondentsOf(around('hr@eastclinic.example', CLINIC)).sender <= -2, 'a clinic that writes to another of its staff');
  t.ok(correspondentsOf(around('hr@northmills.example', ['careers@eastclinic.example'])).sender <= -2, 'desk to desk');
});

t.test('crowds', async (t) => {
  const crowds = [
    'all',
    'staff',
    'allstaff',
    'all-staff',
    'members',
    'members-all',
    'readers',
    'subscribers',
    'neighbors',
    'neighbours',
    'community',
    'runners',
    'runners2024',
    'residents',
    'students',
    'families',
    'parents',
    'donors',
    'volunteers',
    'drivers',
    'clinic-list',
    'allnursing',
    'allproviders',
    'newstarters',
    'mailinglist',
    'subscribers2',
    'interested.public',
    'localdeals',
    'households',
  ];
  for (const crowd of crowds) t.ok(correspondentsOf(around('desk@eastclinic.example', [`${crowd}@mail.example`])).reader < -2, crowd);
  for (const one of ['sally', 'alla', 'allison', 'allan.roe', 'memberson', 'staffan', 'liston'])
    t.ok(correspondentsOf(around('desk@eastclinic.example', [`${one}@mail.example`])).reader >= 0, `${one} is a person`);
  t.ok(correspondentsOf(around('desk@eastclinic.example', [...HOME, 'list@mail.example'])).reader < -2, 'one of them is enough');
});

t.test('who reads', async (t) => {
  const leaning = (from: string, to: readonly string[]): number => correspondentsOf(around(from, to)).reader;
  t.equal(leaning('ann@brightworks.example', []), 0);
  t.equal(leaning('ann@brightworks.example', HOME), 0);
  t.ok(leaning('desk@eastclinic.example', HOME) > 0, 'a clinic and somebody at home');
  t.equal(leaning('desk@eastclinic.example', ['pat@brightworks.example']), 0, 'a clinic and a firm');
  t.ok(leaning('ann@mail.example', CLINIC) > 1, 'somebody at home and a clinic');
  t.ok(leaning('ms.roe@oakschool.example', CLINIC) > 1, 'a school and a clinic');
  t.ok(leaning('hr@northmills.example', CLINIC) > 1, 'an employer and a clinic');
  t.equal(leaning('ann@brightworks.example', CLINIC), 0, 'a firm that may have something to sell');
  t.equal(leaning('rep@bigpharma.example', CLINIC), 0, 'one that has');
  t.ok(leaning('desk@eastclinic.example', ['orders@dentalsupply.example']) < 0, 'a clinic that buys');
  t.ok(leaning('ann@mail.example', ['nurse@eastclinic.example']) > leaning('ann@mail.example', CLINIC), 'a desk that is asked');
  t.ok(leaning('desk@eastclinic.example', ['triage@brightworks.example']) > 0);
  for (const desk of ['proposals', 'projects', 'program', 'qa', 'rep', 'grants', 'audit', 'training'])
    t.ok(leaning('desk@eastclinic.example', [`${desk}@brightworks.example`]) < 0, `${desk} reads for nobody`);
  for (const desk of ['hr', 'safety', 'leave', 'manager', 'placements'])
    t.ok(leaning('desk@eastclinic.example', [`${desk}@brightworks.example`]) >= 0, `${desk} may read of one`);
});

t.test('who writes to those who treat is known by her address', async (t) => {
  const cases: readonly (readonly [from: string, to: readonly string[], expected: boolean])[] = [
    ['ann@mail.example', CLINIC, true],
    ['ann@example.net', CLINIC, true],
    ['ann@gmail.example', ['records@eastclinic.example'], true],
    ['ann@brightworks.example', CLINIC, false],
    ['info@mail.example', CLINIC, false],
    ['hr@mail.example', CLINIC, false],
    ['ann@mail.example', HOME, false],
    ['ann@mail.example', [...CLINIC, ...HOME], false],
    ['ann@mail.example', ['careers@eastclinic.example'], false],
    ['ann@mail.example', [], false],
    ['', CLINIC, false],
    ['list@mail.example', CLINIC, false],
  ];
  for (const [from, to, expected] of cases) t.equal(correspondentsOf(around(from, to)).writesToCare, expected, `${from} ${to.join()}`);
  t.notOk(correspondentsOf(around('ann@mail.example', CLINIC, 'office')).writesToCare, 'what is configured is no patient');
});

t.test('bills and claims are everybody’s, triage and results are not', async (t) => {
  for (const desk of ['billing', 'claims', 'members', 'records', 'coordinator'])
    t.equal(correspondentsOf(around(`${desk}@brightworks.example`, HOME)).sender, 0, desk);
  for (const desk of [
    'nurse',
    'triage',
    'results',
    'refills',
    'priorauth',
    'dr.kline',
    'cardiology',
    'pharmacist',
    'ward7',
    'psychiatry',
    'kline.md',
    'j.roe.np',
    'patientaccounts',
    'him',
  ])
    t.ok(correspondentsOf(around(`${desk}@brightworks.example`, HOME)).sender > 0, desk);
});

t.test('who reads for herself', async (t) => {
  const cases: readonly (readonly [to: readonly string[], share: number])[] = [
    [HOME, 0.8],
    [['jo@example.com'], 0.8],
    [['jo@comcast.net'], 0.8],
    [['jo@brightworks.example'], 0.3],
    [['jo@seahotel.example'], 0.1],
    [['jo@oakschool.example'], 0.1],
    [CLINIC, 0.1],
    [['projects@brightworks.example'], 0.1],
    [['allnursing@brightworks.example'], 0.1],
    [['jo@brightworks.example', ...HOME], 0.8],
    [['a@mail.example', 'b@mail.example', 'c@mail.example', 'd@mail.example'], 0],
    [[], 0],
  ];
  for (const [to, share] of cases) t.equal(correspondentsOf(around('desk@eastclinic.example', to)).share, share, to.join());
});

t.test('desks, readers, animals', async (t) => {
  t.ok(correspondentsOf(around('', ['intake@x.example', 'dispatch@x.example'])).desks);
  t.notOk(correspondentsOf(around('', ['coach.roe@x.example'])).desks);
  t.equal(correspondentsOf(around('desk@eastclinic.example', HOME)).share, 0.8);
  t.equal(correspondentsOf(around('hr@eastclinic.example', HOME)).share, 0.1);
  t.equal(correspondentsOf(around('desk@seahotel.example', HOME)).share, 0.1);
  t.equal(correspondentsOf(around('desk@brightworks.example', HOME)).share, 0.3, 'a house that tells nothing, and somebody at home');
  t.equal(correspondentsOf(around('desk@brightworks.example', ['jo@brightworks.example'])).share, 0.1);
  t.equal(correspondentsOf(around('desk@eastclinic.example', ['intake@x.example'])).share, 0.1);
  for (const from of ['a@pawsandtails.example', 'a@coastvet.example', 'a@equinecare.example', 'a@animalhospital.example'])
    t.ok(correspondentsOf(around(from, HOME)).animals > 0.5, from);
  for (const from of ['a@eastclinic.example', 'a@vetshelp.example', 'a@mail.example'])
    t.equal(correspondentsOf(around(from, HOME)).animals, 0, from);
});
