// What follows a name and speaks for a person, each with the code it is told by: what the next word may begin is known by a table, and nothing
// that the expressions look for may be missing in it.
import t from 'tap';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { nameDetector } from '../../src/inspect/detectors/name.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import { NOBODY } from '../support/nobody.ts';

const lexicon = lexiconOf({
  'first-name': ['john'],
  surname: ['smith'],
  facility: ['clinic', 'hospital'],
  condition: ['asthma', 'diabetes'],
  state: ['pa'],
});

function reasonsIn(text: string): readonly string[] {
  const reasons: string[] = [];
  for (const passage of passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon))
    nameDetector.detect(passage, NOBODY, (one) => reasons.push(one.reason));
  return reasons;
}

const FOLLOWED: readonly (readonly [reason: string, sequels: readonly string[]])[] = [
  ['with-licence', [', NPI 1234567893', ' (DEA AB1234563)', ', lic no 55', ': license 77']],
  ['credential', [', MD', ' RN', ', M.D.']],
  ['with-identifier', [', DOB 01/02/1960', ' (d.o.b. 1960)', ' date of birth 1960', ', born 1960', ' - MRN 123456', ' | medical record 5']],
  ['with-identifier', [': record no 5', ' patient id 5', ', member id 5', '; SSN 5', ' (chart 5)', ', acct 5', ' (MRN’s 5)']],
  [
    'with-age',
    [
      ', 55yo',
      ', 55 y.o.',
      ' (55)',
      ', aged 55',
      ', age 55,',
      ' is a 55 year-old',
      ', M, 55 ',
      ' 7 months old',
      ' was 3 weeks old',
      ', 61M',
    ],
  ],
  [
    'person-verb',
    [' presented with asthma', ' c/o asthma', ', who recently underwent surgery for asthma', ' has asthma', ' tested positive for asthma'],
  ],
  [
    'person-verb',
    [
      ' is allergic to drugs for asthma',
      ' passed away of asthma',
      ' then collapsed of asthma',
      ' hospitalised, asthma',
      ' takes asthma drugs',
    ],
  ],
  [
    'cared-for',
    [' was readmitted to us', ', last seen on Monday', ' followed up by us', ' who has visited our clinic', ', who came to the hospital'],
  ],
  ['with-address', [', 12 Oak Grove', '\n400 Martin Lane']],
  ['in-bed', [' rm 12', ', bed 7', ' (in bay 3)', ' at rm. #4', ' rm12 ', ' in 214A, asleep']],
  ['baby', [' baby girl', ', baby boy']],
  ['post', [', Manager', ', Regional Sales Director', '\nHead of Purchasing', ', and Staff Office']],
  ['pronoun', [' and his', ', her', ' regarding his', ' with her']],
  ['cited', [' et al', ' and colleagues', ' (2008)', ', et al', ' (1999a)']],
  ['in-list', [' and', ' (20080)', ', 123456', ' in town', ' for hers', ' of note', ' 5', ', dobby', ' babysits', ' at']],
];

t.test('what follows a name', (t) => {
  for (const [reason, sequels] of FOLLOWED) {
    for (const sequel of sequels) {
      const text = `We wrote to John Smith${sequel}`;
      t.same(reasonsIn(text), [reason], sequel.replace(/[^ -~]/g, ' '));
    }
  }
  t.end();
});

const PRECEDED: readonly (readonly [text: string, reason: string])[] = [
  ['bed 7, John Smith slept', 'in-bed'],
  ['bay3: John Smith slept', 'in-bed'],
  ['214 John Smith: slept', 'in-bed'],
  ['A 54-year-old man, John Smith, was told', 'with-age'],
  ['Case of a woman (John Smith) here', 'in-list'],
  ['A woman, John Smith, was told', 'said-patient'],
  ['A German, John Smith, was told', 'in-list'],
  ['A note of 12 pages, John Smith, was told', 'in-list'],
  ['This boy: 12 months old - John Smith', 'with-age'],
];

t.test('what stands before a name', (t) => {
  for (const [text, reason] of PRECEDED) {
    t.same(reasonsIn(text), [reason], text);
  }
  t.end();
});
