// The prose of notes: abbreviations and words that only people write who care for patients, heads of sections (HPI, Assessment, Impression),
// verbs of patients (presented, denies). One candidate for a stretch, as sure as it is dense.
import type { Candidate, Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { SECTION_HEADS } from '../head-words.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import type { Passage } from '../passage.ts';
import { lowerAt } from '../words.ts';

const CLINICAL = listBit('clinical-word');
const VERB = listBit('person-verb');
/** Words in a block, and blocks in a stretch at most. */
const BLOCK = 40;
const LONGEST = 3;

export const clinicalProseDetector: Detector = {
  name: 'clinical-prose',
  samples: {
    hits: [
      'HPI: 58 yo male presents with chest pain, denies SOB. PMH: HTN, DM2. Plan: admit, serial troponins.',
      'SUBJECTIVE: patient reports intermittent chest pain. OBJECTIVE: Vitals: BP 156/91. ASSESSMENT: Rheumatoid Arthritis - worsening. PLAN: continue prednisone.',
      'Pt c/o nausea, abd soft, NT/ND, lungs CTA bilaterally, no edema. F/u in 2 wks.',
      'Chief complaint: cough. Review of systems: negative for fever. Physical exam: lungs clear bilaterally, no wheezing.',
      'CLINICAL INDICATION: rule out pneumonia. FINDINGS: no focal consolidation. IMPRESSION: normal chest radiograph.',
      'Past medical history: asthma. Allergies: penicillin. Medications: albuterol prn. Social history: nonsmoker.',
      'Patient tolerated the procedure well, estimated blood loss minimal, extubated and transferred to PACU in stable condition.',
      'She was admitted with sepsis, intubated, weaned, and discharged to rehab on hospital day 9; denies pain, ambulating.',
    ],
    misses: [
      'Objective: sell more. Plan: call ten customers a day. Assessment in June.',
      'Findings of the audit: no plan, no owner, no date.',
      'The family history of the house of Windsor is long.',
      'Thanks for the notes, I will review the systems on Monday and call you back about the plan.',
      'Impression of the new office: bright, quiet, a little cold.',
      'Diagnosis of the crash: a null pointer in the parser, treated in release 2.',
      'CC: all. Reason for visit of the inspectors is the new plant.',
      'The patient reader will find the plan in the appendix.',
    ],
  },
  detect(passage, _surroundings, add) {
    const styles = stylesOf(passage);
    const { company } = passage.health;
    let open: { from: number; to: number; most: number } | null = null;
    for (let block = 0; block < styles.length; block++) {
      const style = styles[block] ?? 0;
      if (style === 0) continue;
      const middle = Math.min(passage.words.count - 1, block * BLOCK + BLOCK / 2);
      const density = Math.min(style, 4) + Math.min(4, company.around(middle) / 1.5);
      const most = style < 1 || density < 2.5 ? 0 : 0.95 - 0.9 * 2 ** -(density / 2.2);
      if (most === 0) continue;
      if (open !== null && (open.to !== block - 1 || open.to - open.from + 1 >= LONGEST)) open = told(passage, open, add);
      open = open === null ? { from: block, to: block, most } : { from: open.from, to: block, most: Math.max(open.most, most) };
    }
    if (open !== null) told(passage, open, add);
  },
};

/** By block of words: how much of it is the style of notes. */
function stylesOf({ words, text, health }: Passage): readonly number[] {
  const styles: number[] = [];
  const more = (word: number, worth: number): void => {
    const block = Math.floor(word / BLOCK);
    while (styles.length <= block) styles.push(0);
    styles[block] = (styles[block] ?? 0) + worth;
  };
  for (const word of health.hits)
    if ((listsAt(words, word) & (CLINICAL | VERB)) !== 0) more(word, 0.15 + 0.4 * plainness(words, word, lengthAt(words, word)));
  for (const word of health.wordsOf('section')) {
    const [follows, worth] = SECTION_HEADS.get(lowerAt(words, word)) ?? [/^/, 0];
    const end = words.ends[word] ?? 0;
    const found = follows.exec(text.slice(end, end + 24));
    if (found !== null && /^s?\s?[:\n]/.test(text.slice(end + found[0].length, end + found[0].length + 3))) more(word, worth);
  }
  return styles;
}

function told(
  passage: Passage,
  stretch: { readonly from: number; readonly to: number; readonly most: number },
  add: (candidate: Candidate) => void,
): null {
  const { words } = passage;
  const at = words.starts[stretch.from * BLOCK] ?? 0;
  const end = words.ends[Math.min(words.count, (stretch.to + 1) * BLOCK) - 1] ?? at;
  add({
    axis: 'health',
    kind: 'clinical-prose',
    at,
    length: end - at,
    confidence: stretch.most,
    role: null,
    reason: 'density',
    value: '',
    labels: [],
  });
  return null;
}
