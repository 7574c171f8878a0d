// What a house of care has to do with somebody at home is care or payment for it, though no word of health is said; from others it is not.
import t from 'tap';
import { DETECTORS } from '../../src/daemon/detectors.ts';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { combine } from '../../src/inspect/combine.ts';
import { correspondence } from '../../src/inspect/correspondence.ts';
import { WordRoom } from '../../src/inspect/word-room.ts';
import { correspondentsOf } from '../../src/inspect/correspondents.ts';
import { dealingsOf, dealsAtHome } from '../../src/inspect/dealings.ts';
import { CUE_WORTHS } from '../../src/inspect/cue-words.ts';
import type { Cue } from '../../src/inspect/cues.ts';
import { DEALING_WORTHS, MOST_DEALINGS } from '../../src/inspect/dealing-words.ts';
import type { Surroundings } from '../../src/inspect/detector.ts';
import { examine } from '../../src/inspect/examined.ts';

const lexicon = loadLexicon();
const HOME = 'greyheron@mail.example';

function weightOf(from: string, to: string, text: string): number {
  const surroundings: Surroundings = {
    sender: from,
    writers: [from],
    recipients: [to],
    senderNames: [],
    recipientNames: [],
    sends: 'unknown',
    today: 20_784,
  };
  const spans = [{ part: '1', place: { area: 'text' as const }, text, marks: [] }];
  const correspondents = correspondentsOf(surroundings);
  const examined = examine({ spans }, surroundings, correspondents, { detectors: DETECTORS, lexicon, room: new WordRoom() });
  return correspondence(examined, correspondents, combine(examined, [], surroundings).reasons).reasons[0]?.weight ?? 0;
}

const SAID: readonly (readonly [name: string, text: string])[] = [
  ['a bill', 'Dear Ms. Okafor, your balance of $88.10 for your visit in May is overdue. Please pay by phone.'],
  ['a statement', 'A new statement for your account is ready. Amount due $31.00 by June 3.'],
  ['a day', 'Hi Nell, we have to reschedule your appointment from Tuesday to Thursday at 4. Please confirm.'],
  ['papers', 'Nell, we received your signed release. Copies of your records are ready for pickup at the desk.'],
  ['a session', 'Hi, can we move your session tomorrow to 5 pm? Same room. See you!'],
  ['a bed', 'We have a bed for you from Monday at 10. Pack for three weeks and call us when you are on your way.'],
  ['a place', 'There was a cancellation, so we have an opening for you on Friday at 8 am. Call us today.'],
];

t.test('the same words from a house of care and from others', async (t) => {
  for (const [name, text] of SAID) {
    t.ok(weightOf('desk@eastclinic.example', HOME, text) >= 0.5, name);
    for (const other of ['desk@eastgarage.example', 'desk@seahotel.example', 'desk@coastvets.example', 'careers@eastclinic.example'])
      t.ok(weightOf(other, HOME, text) < 0.5, `${name} from ${other}`);
    t.ok(weightOf('desk@eastclinic.example', 'subscribers@mail.example', text) < 0.5, `${name} to a crowd`);
  }
});

t.test('what a house of care tells people at home that is nobody’s care', async (t) => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['a newsletter', 'Our autumn newsletter is here: new hours, a raffle, and five tips for better sleep. Unsubscribe below.'],
    ['an interview', 'Thank you for applying. We would like to invite you to an interview for the position on Monday. Bring your resume.'],
    ['a gala', 'Join our gala on June 3. Tickets and a silent auction; sponsors are welcome. Register today.'],
    ['pay', 'Your pay stub is attached. Two hours of overtime were added to this paycheck.'],
    ['nothing at all', 'Thank you!'],
  ];
  for (const [name, text] of cases) t.ok(weightOf('desk@eastclinic.example', HOME, text) < 0.5, name);
});

const cue = (at: number, word: string, dealing: number, worth = 0): Cue => ({ at, number: 0, word, worth, dealing });

t.test('dealings are added up once each, up to a most', async (t) => {
  const cases: readonly (readonly [name: string, cues: readonly Cue[], expected: number])[] = [
    ['none', [], 0],
    ['one', [cue(12, 'bill', 1)], 1],
    ['the same word', [cue(0, 'bill', 1), cue(12, 'bill', 1), cue(14, 'bill', 1)], 1],
    ['with what is arranged', [cue(0, 'visit', 0.5), cue(12, 'bill', 1)], 1.5],
    ['nothing is dealt with', [cue(12, 'call', 0.5), cue(14, 'friday', 0.3)], 0],
    ['much is arranged', [cue(12, 'call', 0.5), cue(14, 'bring', 0.5), cue(15, 'room', 0.5)], 1.5],
    ['many', Array.from({ length: 9 }, (_, i) => cue(10 + i, `w${i}`, 1)), MOST_DEALINGS],
    ['trade takes from it', [cue(12, 'bill', 1), cue(13, 'hotel', 0, -1)], 0.5],
    ['much of trade', [cue(12, 'bill', 1), cue(13, 'hotel', 0, -9)], 0],
    ['its own worth does not', [cue(12, 'invoice', 1, -0.7)], 1],
  ];
  for (const [name, cues, expected] of cases) t.equal(dealingsOf(cues), expected, name);
});

t.test('a house of care and somebody at home', async (t) => {
  t.ok(dealsAtHome({ sender: 2.6, share: 0.8 }));
  t.ok(dealsAtHome({ sender: 1.6, share: 0.3 }));
  t.notOk(dealsAtHome({ sender: 2.6, share: 0.1 }), 'who reads for her house');
  t.notOk(dealsAtHome({ sender: 1, share: 0.8 }), 'a house that tells nothing');
  t.notOk(dealsAtHome({ sender: -2.8, share: 0.8 }));
});

t.test('worths are of their kind', async (t) => {
  for (const [word, worth] of DEALING_WORTHS) {
    t.ok(worth > 0 && worth <= 1.2, word);
    t.match(word, /^\p{Ll}+$/u);
  }
  for (const word of ['newsletter', 'gala', 'interview', 'unsubscribe', 'vendor', 'payroll'])
    t.ok((CUE_WORTHS.get(word) ?? 0) < 0 && !DEALING_WORTHS.has(word), word);
});
