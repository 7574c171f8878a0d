// Payment for care: claims, statements of benefits, copays, bills of a clinic (45 CFR 164.501, "payment"). A bill is of health where a clinic,
// a doctor, a service or a plan stands near it; some words only health insurance has.
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { listBit } from '../lexicon.ts';
import { eachWord, healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';
import { settingOf } from '../setting.ts';

const PAYMENT = listBit('payment');

/** Words of health insurance alone. */
const OWN: ReadonlyMap<string, number> = new Map([
  ['copay', 0.75],
  ['copays', 0.7],
  ['copayment', 0.75],
  ['coinsurance', 0.75],
  ['eob', 0.6],
  ['superbill', 0.75],
  ['medicaid', 0.45],
  ['medicare', 0.45],
  ['tricare', 0.5],
]);
/** Words of every trade. */
const SHARED: ReadonlyMap<string, number> = new Map(
  'bill bills billing billed claim claims statement balance invoice deductible insurance premium coverage payment preauthorization authorization charges benefits insured policy payer'
    .split(' ')
    .map((word) => [word, word === 'deductible' || word === 'preauthorization' ? 0.2 : 0.1] as const),
);
/** First words of phrases of health insurance, with what follows. */
const PHRASES: ReadonlyMap<string, RegExp> = new Map([
  ['explanation', /^ of (?:\w+ )?benefits/i],
  ['statement', /^ of benefits/i],
  ['patient', /^ (?:responsibility|balance|statement|billing|payment|account)/i],
  ['date', /^s? of service/i],
  ['dates', /^ of service/i],
  ['co', /^-?(?:pay|payment|insurance)\b/i],
  ['prior', /^[- ]auth/i],
  ['allowed', /^ amount/i],
  ['medical', /^ (?:bill|claim|expense|billing|debt)/i],
  ['hospital', /^ (?:bill|charge|billing|statement)/i],
  ['dental', /^ (?:bill|claim|insurance|billing)/i],
  ['health', /^ (?:insurance|plan|savings account) (?:claim|id|number|member|card|bill|statement)/i],
  ['services', /^ rendered/i],
  ['out', /^-of-(?:network|pocket max)/i],
]);

export const paymentDetector: Detector = {
  name: 'payment',
  samples: {
    hits: [
      'Your copay for the visit is $30.',
      'EXPLANATION OF BENEFITS. This is not a bill.',
      'Claim 4411 for your MRI at Mercy Hospital was denied.',
      'Date of service 3/4, amount billed $210, patient responsibility $40',
      'Balance due to Dr. Lee, Lakeside Dental Clinic: $120',
      'Prior authorization for Humira was approved.',
      'Your medical bill is overdue.',
      'coinsurance 20 %, deductible met',
      'Insurance: Medicare, policy on file; physician: Dr. Roe',
      'The clinic sent an invoice for the surgery of Jane Roe.',
    ],
    misses: [
      'Your invoice 4411 for the software licence is attached.',
      'The statement of the bank shows a balance of $210.',
      'I claim that the bill will pass the house.',
      'The premium version costs 30 a month.',
      'The car insurance policy covers hail; the deductible is $500.',
      'Payment of the hotel bill is due on Monday.',
      'The benefits of the new plan are clear.',
      'Test coverage is at 94 %.',
      'Prior art was claimed in the patent.',
    ],
  },
  detect(passage, _surroundings, add) {
    const setting = settingOf(passage);
    const { words, text } = passage;
    eachWord(passage, (word, hit) => {
      const lower = words.lower[word] ?? '';
      const phrase = PHRASES.get(lower);
      const end = words.ends[word] ?? 0;
      const isPhrase = phrase !== undefined && phrase.test(text.slice(end, end + 40));
      const listed = hit !== undefined && (hit.lists & PAYMENT) !== 0;
      const shared = SHARED.get(lower);
      const own = isPhrase
        ? lower === 'date' || lower === 'dates' || lower === 'services' || lower === 'allowed'
          ? 0.4
          : 0.7
        : OWN.get(lower);
      const base = own ?? shared ?? (listed ? 0.3 * plainness(words.lower, word, hit.words) : 0);
      if (base === 0) return;
      const around = setting.around(word);
      const confidence = raised(base, base < 0.3 ? Math.min(2.5, around / 1.2) : Math.min(2, around / 1.5));
      if (confidence < LEAST_CONFIDENCE || (base < 0.3 && around < 0.7)) return;
      add(
        healthCandidate(passage, 'payment', word, hit?.words ?? 1, {
          confidence,
          reason: own === undefined ? 'bill-of-care' : 'health-insurance',
        }),
      );
    });
  },
};
