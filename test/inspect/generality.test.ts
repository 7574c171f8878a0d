// Of whom a text speaks: one person, the reader, or nobody in particular.
import t from 'tap';
import { aboutNobody, aboutOnePerson, generalityOf } from '../../src/inspect/generality.ts';
import { passagesOfText } from '../support/candidates.ts';

const judged = (text: string): { one: number; second: number; nobody: number } => {
  const [passage] = passagesOfText(text);
  if (passage === undefined) return { one: 0, second: 0, nobody: 0 };
  const generality = generalityOf(passage);
  const end = passage.text.length;
  return { one: generality.onePerson(0, end), second: generality.secondPerson(0, end), nobody: generality.nobody(0, end) };
};

await t.test('one person', async (t) => {
  for (const text of [
    'A 58-year-old male presented with chest pain. He denies fever.',
    '63yo f, seen on Monday, she reports less pain',
    'Mr. Roe is coming in for his chemo on Thursday.',
    'Patient: Roe, Jane. DOB 3/4/70. MRN 4411',
  ]) {
    const { one, nobody } = judged(text);
    t.ok(one >= 0.5 && nobody < 0.3, text);
  }
});

await t.test('the reader', async (t) => {
  for (const text of [
    'Your A1c is 9.2.',
    'Your appointment is on Tuesday.',
    'You were seen on March 3.',
    'We sent your bill.',
    'Your prescription is ready.',
  ]) {
    const { second, nobody } = judged(text);
    t.ok(second >= 0.5 && nobody < 0.3, text);
  }
});

await t.test('nobody in particular', async (t) => {
  for (const text of [
    'BACKGROUND: A cohort of 120 patients was randomized. RESULTS: mortality fell (p < 0.05, 95% CI 1.1-2.3).',
    'Ten tips for your diabetes: walk daily. Unsubscribe from this newsletter.',
    'Join our webinar during breast cancer awareness month.',
    'Nurse wanted. Salary by experience; applicants send a resume.',
  ]) {
    const { one, second, nobody } = judged(text);
    t.ok(nobody >= 0.6 && nobody > one && second < 0.4, text);
  }
});

await t.test('signs are told by their codes, in a stretch', async (t) => {
  const text = `Your A1c is 9.2.${' '.repeat(100)}Unsubscribe here.`;
  const [passage] = passagesOfText(text);
  if (passage === undefined) return t.fail('no passage');
  t.same(aboutOnePerson(passage, 0, 50).signs, ['yours']);
  t.same(aboutOnePerson(passage, 50, text.length).signs, []);
  t.same(aboutNobody(passage, 50, text.length).signs, ['list-mail']);
  t.same(aboutNobody(passage, 0, 50).signs, []);
});

await t.test('offers are to nobody, a relative is somebody', async (t) => {
  t.ok(judged('All frames are 20% off this week.').nobody > judged('All frames are 20% better this week.').nobody);
  t.ok(judged('Your mother slept well.').second >= 0.4);
  t.ok(judged('Your window was open.').second < 0.2);
});

await t.test('who writes of herself', async (t) => {
  const mine = (text: string): number => {
    const [passage] = passagesOfText(text);
    return passage === undefined ? 0 : generalityOf(passage).mine(0, passage.text.length);
  };
  t.ok(mine('My insulin ran out on Sunday.') > 0.3);
  t.equal(mine('The insulin ran out on Sunday.'), 0);
});
