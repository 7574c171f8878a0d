// One name in the middle of what is said, and what only looks like one. And the cues of letters, word by word.
import fc from 'fast-check';
import t from 'tap';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { calledByName } from '../../src/inspect/called-by-name.ts';
import { beginningOf, CUE_PHRASES } from '../../src/inspect/cue-phrases.ts';
import { cuesOf } from '../../src/inspect/cues.ts';
import type { Candidate } from '../../src/inspect/detector.ts';
import { type Passage, passagesOf } from '../../src/inspect/passage.ts';
import { fuzz } from '../support/fuzz.ts';

const lexicon = loadLexicon();

function passageOf(text: string): Passage {
  const [passage] = passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon);
  if (passage === undefined) throw new Error('no passage');
  return passage;
}

const isCalled = (text: string, candidates: readonly Candidate[] = []): boolean =>
  calledByName(passageOf(text), candidates, 0, text.length);

t.test('called by one name', async (t) => {
  const cases = [
    'Kowalczyk - drain out, home tomorrow',
    'Dmitri’s new aids work best on the left.',
    "Guadalupe's plan is attached.",
    'Please keep Dmitri out of the sun.',
    'Okafor: watch the count',
    'tell me how Kowalczyk does tonight',
    'R.T. in 612 pulled the tube.',
    'Only K.M. has a fever.',
    'Kowalczyk, S. Margins are clear.',
    'Kowalczyk T 67 CHF',
    'dates for Kowalczyk L (left knee)',
    'mr petrosyan fell again',
    'ms. vukovic is due at nine',
    'can you add on marisol kowalczyk this pm',
    'tell rosa kowalczyk-ortiz at nine',
    'the 31M in the second room',
    'Odd rash, 33y, on the trunk',
    '45yof with a cough',
    'Young baby girl, 39 weeks',
  ];
  for (const text of cases) t.ok(isCalled(text), text);
});

t.test('not called', async (t) => {
  const cases = [
    'Hi Dmitri, see you on Monday.',
    'Dear Guadalupe, thank you',
    'Thanks, Dmitri',
    'Best,\nDmitri',
    'the clinic opens at nine',
    'Will you come in May?',
    'Rose and white wine, two boxes',
    'dmitri with a small letter',
    'dear mr smith, thank you',
    'hi ms. vukovic, see you',
    'It cost $31M this year.',
    'from 9/31M to 10:45F',
    'the 5 minutes and the 20 miles',
    'a room of 31 M2',
    'the U.S. market is open',
    '',
  ];
  for (const text of cases) t.notOk(isCalled(text), text);
});

t.test('what is told already, or stands elsewhere, does not count', async (t) => {
  const text = 'Please keep Dmitri out of the sun.';
  const told: Candidate = {
    axis: 'who',
    kind: 'name',
    at: text.indexOf('Dmitri'),
    length: 6,
    confidence: 0.9,
    role: 'provider',
    reason: 'titled',
    value: 'dmitri',
    labels: [],
  };
  t.notOk(isCalled(text, [told]));
  t.ok(isCalled(text, [{ ...told, at: 0 }]));
  t.notOk(calledByName(passageOf(text), [], 20, text.length), 'before the stretch');
  t.notOk(calledByName(passageOf(text), [], 0, 5), 'behind it');
});

const worths = (text: string): ReadonlyMap<string, number> => new Map(cuesOf(passageOf(text)).map(({ word, worth }) => [word, worth]));
const sumOf = (text: string): number => [...worths(text).values()].reduce((sum, worth) => sum + worth, 0);

t.test('cues of lists', async (t) => {
  const cases: readonly (readonly [text: string, word: string])[] = [
    ['two doses of metformin', 'metformin'],
    ['an old hypothyroidism', 'hypothyroidism'],
    ['a new nebulizer', 'nebulizer'],
    ['the tibia is in line', 'tibia'],
    ['atrial fibrillation again', 'atrial fibrillation'],
  ];
  for (const [text, word] of cases) t.ok((worths(text).get(word) ?? 0) > 0, `${word}: ${[...worths(text).keys()].join()}`);
  t.equal(worths('the rash').size, 1, 'a cue of its own is told once');
  t.same(
    [...worths('In May, Rose met the mayor')].filter(([, worth]) => worth > 0),
    [],
    'names and everyday words are none',
  );
  const numbers = cuesOf(passageOf('The tibia and the rash, metformin and a cough, all of it in the clinic')).map(({ at }) => at);
  t.same(
    numbers,
    numbers.toSorted((a, b) => a - b),
    'in order',
  );
});

t.test('cues for care', async (t) => {
  const cases = [
    'sugar was 198',
    'sugars at 240 before lunch',
    'comfort care only',
    'pulled her tube',
    'three times a day',
    'does not cover the second opinion',
    'signed the death certificate',
    'range of motion is 60',
    'you looked after my father',
    'moles on the back, one bled',
    'stays on the walker, aide at nine',
    'GFR 12, EF 55',
    'splint at night',
    'the puffer helps the wheeze',
    'out of strips, heel less red',
  ];
  for (const text of cases) t.ok(sumOf(text) >= 0.9, `${text}: ${sumOf(text)}`);
});

t.test('cues against it', async (t) => {
  const cases = [
    'proof of hepatitis B vaccine and a badge',
    'your Sunday call for my rota',
    'taking new patients from March',
    'free blood pressure checks at the health fair',
    'know the signs of summer heat',
    'any test patient of the test environment',
    'the closing, a cashier and a pipe',
    'whitening offer',
    'passport and visa at the border',
    'minutes: dues, picnic, treasurer',
    'award of the fund, extension of aims',
    'the manifest and two coolers for the courier',
    'scrubs and a badge for the rotation',
    'a paw and a leash',
    'a lounge and an upgrade',
  ];
  for (const text of cases) t.ok(sumOf(text) <= -0.6, `${text}: ${sumOf(text)}`);
});

t.test('a phrase is asked only where the next word begins as it does', (t) => {
  for (const [word, phrases] of CUE_PHRASES)
    for (const { begins, follows } of phrases)
      fuzz(
        t,
        20,
        fc.property(fc.stringMatching(new RegExp(follows.source.replaceAll('\\b', ''))), (text) => {
          if (begins === -1) return;
          const next = /[a-z0-9]/i.exec(text)?.[0] ?? '';
          if ((beginningOf(next.charCodeAt(0)) & begins) === 0) throw new Error(`${word}: ${text}`);
        }),
      );
  t.end();
});
