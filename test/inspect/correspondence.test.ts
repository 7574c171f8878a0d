// Mail of a practice and mail of others: many weak words together, with who sends and who reads. Cases are of this file, not of the letters.
import t from 'tap';
import { DETECTORS } from '../../src/daemon/detectors.ts';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { combine } from '../../src/inspect/combine.ts';
import { correspondence, type Correspondence, lessened } from '../../src/inspect/correspondence.ts';
import { WordRoom } from '../../src/inspect/word-room.ts';
import { correspondentsOf } from '../../src/inspect/correspondents.ts';
import { CUE_PHRASES } from '../../src/inspect/cue-phrases.ts';
import { CUE_WORTHS } from '../../src/inspect/cue-words.ts';
import { cuesOf } from '../../src/inspect/cues.ts';
import type { Surroundings } from '../../src/inspect/detector.ts';
import { examine } from '../../src/inspect/examined.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import type { Reason } from '../../src/mail/finding.ts';
import type { Span } from '../../src/mail/message.ts';

const lexicon = loadLexicon();

const around = (sender: string, recipients: readonly string[], sends: Surroundings['sends'] = 'unknown'): Surroundings => ({
  sender,
  writers: [sender],
  recipients,
  senderNames: [],
  recipientNames: [],
  sends,
  today: 20_784,
});

interface Letter {
  readonly subject?: string;
  readonly text: string;
  readonly from?: string;
  readonly to?: string;
  readonly sends?: Surroundings['sends'];
}

function spansOf({ subject = '', text }: Letter): readonly Span[] {
  return [
    { part: '', place: { area: 'header', field: 'subject' }, text: subject, marks: [] },
    { part: '1', place: { area: 'text' }, text, marks: [] },
  ];
}

function read(letter: Letter): Correspondence {
  const { from = 'desk@lakeclinic.example', to = 'sunnyday@mail.example', sends } = letter;
  const surroundings = around(from, [to], sends);
  const correspondents = correspondentsOf(surroundings);
  const examined = examine({ spans: spansOf(letter) }, surroundings, correspondents, {
    detectors: DETECTORS,
    lexicon,
    room: new WordRoom(),
  });
  return correspondence(examined, correspondents, combine(examined, [], surroundings).reasons);
}

const weightOf = (letter: Letter): number => read(letter).reasons[0]?.weight ?? 0;

const BIDS =
  'Request for proposals: a live answer at night, a script for chest pain and bleeding, 300 calls per month. Price counts for half.';
const VENDOR = 'sales@northsupply.example';
const KIN = 'rosa.ito@mail.example';

t.test('of somebody in care', async (t) => {
  const cases: readonly (readonly [name: string, letter: Letter])[] = [
    ['a dose, without a greeting', { text: 'Fine to go down to 5 mg, Aisha. How are you sleeping on it?' }],
    ['a wound, no name', { text: 'The stitches come out on Friday. Keep the wound dry and call us if you get a fever.' }],
    ['a number of a prescription', { from: 'ready@elmpharmacy.example', text: 'Rx 6620414 can be picked up at the counter.' }],
    ['nothing by mouth', { text: 'Nothing by mouth after midnight please, and someone has to drive you home.' }],
    ['of a relative', { to: KIN, text: 'Your mother had a quiet night. We gave her something for the pain.' }],
    ['a colleague, by bed', { to: 'lee@othermed.example', text: 'Bed 4, Okafor: fever again, cultures drawn, more oxygen since noon.' }],
    ['by room', { to: 'lab@crestlabs.example', text: 'Petrov rm 21: potassium again please, the sample was hemolyzed.' }],
    ['an interpreter', { to: 'desk@tongues.example', text: 'Farsi interpreter for Dmitri Petrov in urology, Tuesday at 9.' }],
    ['who writes is the one', { from: KIN, to: 'nurse@lakeclinic.example', text: 'My knee is swollen since the injection. Rosa Ito' }],
    ['the subject says it', { subject: 'your biopsy', text: 'It is benign. You need not come in before spring.' }],
    ['care is refused', { from: 'x@planhealth.example', text: 'Dear Mr. Kim, we denied the claim for your sleep study. You may appeal.' }],
  ];
  for (const [name, letter] of cases) t.ok(weightOf(letter) >= 0.5, `${name}: ${weightOf(letter)}`);
});

t.test('who sends and who reads say nothing where the text says nothing of care', async (t) => {
  const texts: readonly (readonly [name: string, text: string, subject?: string])[] = [
    ['a greeting', 'Hello', 'Hello'],
    ['an address and a greeting', 'Dear Ms Ito,\n\nThank you.\n\nAnn'],
    ['noon', 'Are you in on Friday? Noon at the usual place.', 'Lunch'],
    ['a printer', 'The printer is mended.'],
    ['a parcel', 'Your parcel is at the gate. Please bring the slip with you.'],
    ['a link', 'See https://lakeclinic.example/directions for the way here.'],
  ];
  for (const [name, text, subject] of texts) {
    for (const sends of ['clinic', 'special-clinic', 'laboratory', 'payer', 'office', 'unknown'] as const) {
      const weight = weightOf({ text, sends, to: KIN, ...(subject === undefined ? {} : { subject }) });
      t.ok(weight < 0.5, `${name}, from a ${sends}: ${weight}`);
    }
  }
});

t.test('of other things', async (t) => {
  const cases: readonly (readonly [name: string, letter: Letter])[] = [
    ['an order of gowns', { from: VENDOR, text: 'Hi Aisha, 40 gowns and six boxes of gloves shipped today. Invoice follows.' }],
    ['a garage', { from: 'desk@eastauto.example', text: 'Your visit is due, Rosa: brakes and oil. Pick a time.' }],
    [
      'pay of those who work there',
      { from: 'payroll@lakeclinic.example', text: 'Aisha, your pay statement is ready. Gross $410, net $300.' },
    ],
    [
      'a post is offered',
      { from: 'hr@lakeclinic.example', text: 'Dear Rosa Ito, we offer you the post of nurse. Your first day is Monday.' },
    ],
    ['an animal', { from: 'desk@oakvets.example', text: 'Your dog Luna needs her pills. Bring her back for blood work.' }],
    ['a list', { to: 'all@lakeclinic.example.net', text: 'Potluck on Friday. Two of us are allergic to nuts. Join us!' }],
    ['an offer', { from: 'news@smiledental.example', text: '20% off whitening this month. Tell your friends. Unsubscribe here.' }],
    [
      'a rented office',
      { from: 'lease@stoneproperties.example', text: 'Rent for your medical suite is due. The elevator inspection is Friday.' },
    ],
    [
      'an insured car',
      { from: 'claims@blueauto.example', text: 'Dear Mr. Kim, we approved your claim for the damage. Your deductible is $500.' },
    ],
    [
      'talk of colleagues',
      { from: 'ann@example.org', to: 'ben@example.net', text: 'The demo went well, Aisha. Could you send the slides by Friday?' },
    ],
    ['nothing at all', { text: '' }],
  ];
  for (const [name, letter] of cases) t.ok(weightOf(letter) < 0.5, `${name}: ${weightOf(letter)}`);
});

t.test('what a clinic writes of its own business', async (t) => {
  const cases: readonly (readonly [name: string, letter: Letter])[] = [
    ['a rota', { text: 'Mon me and Ann\nTue everybody\nWed Ann alone, sorry\nSwap among yourselves.' }],
    ['a request for bids', { from: 'practice.mgr@lakeclinic.example', to: 'bids@callfirm.example', text: BIDS }],
    [
      'books',
      {
        from: 'cfo@lakeclinic.example',
        to: 'audit@books.example',
        text: 'Charity care $12,400 total, bad debt $30,200 total. Files on site.',
      },
    ],
    [
      'a leaflet to be translated',
      { to: 'projects@tongues.example', text: 'Please translate "Before your scan" into Farsi. Invoice the clinic.' },
    ],
    ['minutes', { to: 'partners@othermed.example', text: 'Committee minutes. Delays are down to 12%. Next meeting in May.' }],
    [
      'a month of hearts',
      { from: 'wellness@cedarplan.example', text: 'It is Heart Month! Know your numbers. Recipes and a quiz online, for all households.' },
    ],
    [
      'an offer',
      {
        from: 'team@lakespine.example',
        to: 'localdeals@mail.example',
        text: 'New clients get an exam and X-rays for $39. Forward to a friend.',
      },
    ],
    [
      'a course',
      {
        from: 'register@lakeclinic.example',
        text: 'Registration confirmed, Rosa Ito, RN. 4 contact hours on heart failure. Lunch provided.',
      },
    ],
    ['a teacher is hired', { from: 'classes@lakebirth.example', text: 'Rosa, would you teach the breathing class in May? $90 a class.' }],
    ['an outing', { to: 'crew@mail.example', text: 'bowling on thursday, lanes 2 and 3, the doctor pays' }],
    [
      'a wholesaler',
      {
        from: 'owner@elmpharmacy.example',
        to: 'rep@drugwholesale.example',
        text: 'No amoxicillin for three days. Why is metformin triple on my invoice?',
      },
    ],
    [
      'an outbreak',
      {
        from: 'infection@lakehealth.example',
        to: 'allnursing@elmcourt.example',
        text: 'Norovirus in the county. Report two or more cases of vomiting.',
      },
    ],
  ];
  for (const [name, letter] of cases) t.ok(weightOf(letter) < 0.5, `${name}: ${weightOf(letter)}`);
});

t.test('what a clinic writes of its patients to others', async (t) => {
  const cases: readonly (readonly [name: string, letter: Letter])[] = [
    [
      'a surname and an initial',
      {
        from: 'desk@riverpt.example',
        to: 'scheduling@orthoeast.example',
        text: 'post op dates for Kowalczyk T (L ACL), first visit day 3',
      },
    ],
    [
      'a table',
      {
        from: 'billing@lakemolar.example',
        to: 'claims@dentalplan.example',
        text: 'Pt  DOS  Code\nKowalczyk, C.  09/18  D3330\nPlease reprocess.',
      },
    ],
    ['in small letters', { to: 'lee@othermed.example', text: 'mr petrosyan fell again, bp 92/50 so hold his water pill' }],
    ['by age and sex', { to: 'er@othermed.example', text: 'Sending a 31M, seizure twice, lorazepam given. Withdrawal likely.' }],
    ['off work', { to: 'manager@grill.example', text: 'Please excuse Rosa Ito from work on May 3. She was seen in our clinic.' }],
    ['a receipt', { from: 'cashier@lakemolar.example', text: 'Received: $40 copay. Exam, four bitewings, cleaning. Thank you!' }],
    ['exercises', { from: 'becca@riverpt.example', text: 'As promised: heel slides, 3 x 10 for the knee. Ice after. See you Friday.' }],
  ];
  for (const [name, letter] of cases) t.ok(weightOf(letter) >= 0.5, `${name}: ${weightOf(letter)}`);
});

t.test('a reason tells what says most of it', async (t) => {
  const kinds = (letter: Letter): readonly string[] => read(letter).reasons[0]?.kinds ?? [];
  t.same(kinds({ text: 'The stitches come out on Friday. Keep the wound dry and call us if you get a fever.' })[0], 'care');
  t.ok(kinds({ to: 'lee@othermed.example', text: 'Rosa Ito has pneumonia and a fever again.' }).includes('name'));
  t.ok(kinds({ to: 'lee@othermed.example', text: 'Rosa Ito has pneumonia and a fever again.' }).includes('condition'));
});

t.test('the same words from a clinic and from a hotel', async (t) => {
  const text = 'Your visit is on Friday at 10. Please bring your card, and call us if the pain in your back is worse.';
  const clinic = weightOf({ text });
  t.ok(clinic > weightOf({ text, from: 'desk@grandhotel.example' }));
  t.ok(clinic > weightOf({ text, from: 'ann@example.org' }));
  t.ok(weightOf({ text, from: 'ann@example.org', sends: 'clinic' }) > weightOf({ text, from: 'ann@example.org' }), 'what is configured');
  t.ok(weightOf({ text, from: 'ann@example.org', sends: 'special-clinic' }) >= weightOf({ text, from: 'ann@example.org', sends: 'payer' }));
});

t.test('where trade is spoken of, health weighs less', async (t) => {
  const reason = (code: Reason['code'], part: string): Reason => ({ code, part, weight: 0.8, place: { area: 'text' }, kinds: ['drug'] });
  const trade = read({ from: VENDOR, text: 'Heparin is on backorder. The rest of your order ships today, invoice and prices attached.' });
  const care = read({ text: 'Heparin was stopped. Your stitches come out on Friday.' });
  const weights = (letters: Correspondence): readonly number[] =>
    lessened([reason('person-and-health', '1'), reason('exact-match', '1'), reason('person-and-health', '2')], letters).map(
      ({ weight }) => weight,
    );
  const [here = 0, exact, elsewhere] = weights(trade);
  t.ok(here < 0.5 && here > 0.25, `${here}`);
  t.same([exact, elsewhere], [0.8, 0.8], 'a patient of the table, and another part, are left as they are');
  t.same(weights(care), [0.8, 0.8, 0.8]);
});

t.test('cues', async (t) => {
  const cues = (text: string): Record<string, number> =>
    Object.fromEntries(
      passagesOf(spansOf({ text }).slice(1), lexicon).flatMap((passage) => cuesOf(passage).map(({ word, worth }) => [word, worth])),
    );
  t.same(cues('The rash itches.'), { rash: CUE_WORTHS.get('rash') });
  t.same(Object.values(cues('Rx 1234567')), [2.2], 'what follows says more than the word');
  t.same(Object.values(cues('Your pay stub')), [-2]);
  t.same(cues('A word of nothing.'), {});
  const worths = [...CUE_WORTHS.values(), ...[...CUE_PHRASES.values()].flatMap((all) => all.map(({ worth }) => worth))];
  t.ok(worths.every((worth) => worth !== 0 && Math.abs(worth) <= 2.5));
  t.ok(
    [...CUE_WORTHS.keys(), ...CUE_PHRASES.keys()].every((word) => /^[a-z\d]+$/.test(word)),
    'as words are cut',
  );
});

t.test('long texts are looked at stretch by stretch', async (t) => {
  const others = 'Invoice, boxes and prices of the order follow. '.repeat(60);
  const told = 'Rosa Ito: the stitches come out on Friday, no fever, the wound is dry, pills twice a day. ';
  const between = 'We meet again in the hall with a map and a pen. '.repeat(12);
  const weight = weightOf({ text: others + between + told + between + others, to: 'lee@othermed.example' });
  t.ok(weight >= 0.5, `${weight}`);
  t.ok(weightOf({ text: others, to: 'lee@othermed.example' }) < 0.3);
});

t.test('addresses', async (t) => {
  const leaning = (from: string): number => Math.sign(correspondentsOf(around(from, [])).sender);
  const senders: readonly (readonly [from: string, leaning: -1 | 0 | 1])[] = [
    ['results@lakeclinic.example', 1],
    ['rx@elmpharmacy.example', 1],
    ['anyone@countyhospital.example', 1],
    ['hr@countyhospital.example', -1],
    ['payroll@lakeclinic.example', -1],
    ['orders@dentalsupply.example', -1],
    ['desk@grandhotel.example', -1],
    ['desk@oakvets.example', -1],
    ['teacher@oakschool.example', -1],
    ['nurse@oakschool.example', 1],
    ['ann@example.org', 0],
    ['news@mediaworks.example', -1],
    ['', 0],
  ];
  for (const [from, expected] of senders) t.equal(leaning(from), expected, from);
  t.equal(correspondentsOf(around('ann@example.org', [], 'office')).sender, 0);
  t.ok(correspondentsOf(around('desk@grandhotel.example', [], 'laboratory')).sender > 0, 'what is configured goes first');
  t.ok(correspondentsOf(around('a@oakvets.example', [])).animals > 0.5);
  t.equal(correspondentsOf(around('a@vetshelp.example', [])).animals, 0, 'veterans are people');
  t.ok(correspondentsOf(around('', ['all@x.example'])).reader < 0);
  t.ok(correspondentsOf(around('', ['nurse@x.example'])).reader > 0);
  t.equal(correspondentsOf(around('', ['ann@x.example'])).reader, 0);
  t.ok(correspondentsOf(around('', ['orders@x.example', 'hr@y.example'])).desks);
  t.notOk(correspondentsOf(around('', ['orders@x.example', 'ann@y.example'])).desks);
  t.notOk(correspondentsOf(around('', [])).desks);
});

t.test('how likely it is about who reads', async (t) => {
  const clinic = 'desk@lakeclinic.example';
  const share = (from: string, to: readonly string[]): number => correspondentsOf(around(from, to)).share;
  t.equal(share(clinic, []), 0);
  t.equal(share(clinic, ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example']), 0, 'many');
  t.ok(share(clinic, ['a@x.example']) > share('ann@example.org', ['a@x.example']));
  t.ok(share(clinic, ['a@x.example']) > share(clinic, ['orders@x.example']));
});

await t.test('a letter that names nothing of health is no high level, however sure', (t) => {
  const weightOf = (letter: Letter): number => read({ sends: 'clinic', ...letter }).reasons[0]?.weight ?? 0;
  const visit = weightOf({
    subject: 'Your visit',
    text: 'Your appointment with your doctor is on Friday. Please come early and bring your insurance card.',
  });
  t.ok(visit >= 0.5 && visit < 0.8, `medium: ${visit}`);
  const result = weightOf({
    subject: 'Your visit',
    text: 'Your appointment with your doctor is on Friday. Your A1c came back at 9.2, so we start insulin for your diabetes.',
  });
  t.ok(result >= 0.8, `high: ${result}`);
  t.end();
});
