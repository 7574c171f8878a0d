// Whoever reads an answer at the portal sees people, not the addresses of ours that stood for them.
import t from 'tap';
import { asPerson, headerWithPersons } from '../../src/mail/stand-in.ts';

const OURS = 'answer-01hzz-0-abc@return.clinic.example';
const STAND_INS = [
  { address: OURS, person: 'pat@home.example' },
  { address: 'answer-01hzz-1-def@return.clinic.example', person: '$&@home.example' },
];

await t.test('mailboxes', async (t) => {
  const table = [
    ['ours', { name: 'Pat (via Riverside Clinic portal)', address: OURS }, { name: null, address: 'pat@home.example' }],
    ['ours in capitals', { name: null, address: OURS.toUpperCase() }, { name: null, address: 'pat@home.example' }],
    ['of somebody else', { name: 'Bob', address: 'bob@clinic.example' }, { name: 'Bob', address: 'bob@clinic.example' }],
    ['longer than ours', { name: null, address: `x${OURS}` }, { name: null, address: `x${OURS}` }],
  ] as const;
  for (const [name, given, shown] of table) t.same(asPerson(given, STAND_INS), shown, name);
});

await t.test('headers', async (t) => {
  const header = `To: "Pat" <${OURS.toUpperCase()}>,\r\n <answer-01hzz-1-def@return.clinic.example>\r\nSubject: caf\xe9\r\n\r\n`;
  t.equal(headerWithPersons(header, STAND_INS), 'To: "Pat" <pat@home.example>,\r\n <$&@home.example>\r\nSubject: caf\xe9\r\n\r\n');
  t.equal(headerWithPersons(header, []), header);
  t.equal(
    headerWithPersons('X: answerX01hzzX0Xabc@returnXclinic.example', STAND_INS),
    'X: answerX01hzzX0Xabc@returnXclinic.example',
    'a dot is a dot',
  );
});
