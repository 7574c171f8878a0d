// Illnesses and symptoms: by list, by how their names are made (-itis, -emia, -opathy), and by the words that lead to one ("diagnosed with").
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { listBit } from '../lexicon.ts';
import { eachWord, healthCandidate, LEAST_CONFIDENCE, listedHits } from '../listed.ts';
import { textAfter } from '../near.ts';
import { endingsOf } from '../word-endings.ts';

const LISTS = [
  [listBit('condition'), 0.75],
  [listBit('hiv'), 0.7],
  [listBit('symptom'), 0.6],
] as const;

/** Greek and Latin endings of illnesses. */
const ENDINGS = endingsOf(
  (
    'itis osis emia aemia opathy carcinoma sarcoma lymphoma melanoma myeloma blastoma adenoma fibroma angioma glioma hematoma neuroma lipoma algia plegia paresis phasia ' +
    'hematuria dysuria polyuria nocturia anuria proteinuria albuminuria penia ectasis ectasia megaly lithiasis rrhea rrhoea sclerosis stenosis dystrophy dysplasia ' +
    'hyperplasia hypoplasia metaplasia neoplasia iasis dyspnea apnea orthopnea dysphagia odynophagia rrhage rrhagia polydipsia ' +
    'tachycardia bradycardia arrhythmia ischemia infarction encephaly cephalus aneurysm neoplasm thyroidism'
  ).split(' '),
  new Set(
    (
      'osmosis hypnosis metamorphosis symbiosis apotheosis mitosis meiosis apoptosis phagocytosis endocytosis exocytosis anastomosis diagnosis prognosis misdiagnosis ' +
      'academia bohemia nostalgia euphemia polysemia telepathy sympathy empathy apathy antipathy homeopathy allopathy osteopathy naturopathy enosis kenosis gnosis ' +
      'metempsychosis autosis sorosis neurosis'
    ).split(' '),
  ),
  2,
);

const LEADS: ReadonlySet<string> = new Set('diagnosed diagnosis diagnoses dx hx pmh pmhx suffers suffering'.split(' '));
const LED_TO =
  /^[\s:.-]{0,4}(?:(?:with|of|from|is|was|as)[\s:]{1,3})?(?:(?:a|an|the|new|acute|chronic|severe|mild|early|late|probable|possible) ){0,3}([a-z][a-z'-]{3,}(?: [a-z][a-z'-]{3,}){0,2})/i;

export const conditionDetector: Detector = {
  name: 'condition',
  samples: {
    hits: [
      'She has type 2 diabetes mellitus and hypertension.',
      'PMH: COPD, CHF, CKD stage 3',
      'Diagnosis: Rheumatoid Arthritis',
      'was diagnosed with multiple sclerosis in 2019',
      'My son has asthma and needs his inhaler at school.',
      'CT shows acute diverticulitis without abscess',
      'Dear Ms Roe, your pneumonia has cleared up.',
      'Reason for visit,Hyperlipidemia',
      'Hx of osteoarthritis, s/p knee replacement',
      'labs consistent with hypokalemia and pancytopenia',
      '| Roe | atrial fibrillation | controlled |',
    ],
    misses: [
      'It was a stroke of luck that the order came in time.',
      'The build has a memory leak and the virus scan is slow.',
      'Healthy competition is good, positive feedback even more.',
      'We got a cold start with the new engine in winter.',
      'The main pain point of users is the login.',
      'Chronic delays at the airport made us miss the meeting.',
      'In academia, osmosis is how most people learn.',
      'An injection attack on the form was blocked.',
      'The fault in the switch is a known condition of the supply.',
      'What is your diagnosis of the crash in the parser?',
    ],
  },
  detect(passage, _surroundings, add) {
    const company = listedHits(passage, 'condition', LISTS, add);
    const { words, text } = passage;
    eachWord(passage, (word, hit, known) => {
      const lower = words.lower[word] ?? '';
      if (!known && lower.length > 5 && words.made[word] === 1 && ENDINGS.of(lower) >= 0) {
        const confidence = raised(0.6, company.around(word) / 2);
        add(healthCandidate(passage, 'condition', word, 1, { confidence, reason: 'word-ending' }));
      }
      if ((hit === undefined || hit.words === 1) && LEADS.has(lower)) {
        const near = company.around(word);
        const confidence = near < 0.5 ? 0 : raised(0.3, near / 2);
        const end = words.ends[word] ?? 0;
        if (confidence < LEAST_CONFIDENCE) return;
        const found = LED_TO.exec(textAfter(text, end, 100));
        if (found?.[1] === undefined) return;
        const at = end + found[0].length - found[1].length;
        const value = found[1].toLowerCase();
        add({
          axis: 'health',
          kind: 'condition',
          at,
          length: found[1].length,
          confidence,
          role: null,
          reason: 'led-to',
          value,
          labels: [],
        });
      }
    });
  },
};
