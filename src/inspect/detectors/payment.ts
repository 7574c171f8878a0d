// Payment for care: claims, statements of benefits, copays, bills of a clinic (45 CFR 164.501, "payment"). A bill is of health where a clinic,
// a doctor, a service or a plan stands near it; some words only health insurance has.
import { raised } from '../company.ts';
import type { Detector } from '../detector.ts';
import { plainness } from '../everyday.ts';
import { lengthAt, listBit, listsAt } from '../lexicon.ts';
import { healthCandidate, LEAST_CONFIDENCE } from '../listed.ts';
import { BILLING_WORDS, INSURANCE_PHRASES, INSURANCE_WORDS } from '../payment-words.ts';
import { lowerAt } from '../words.ts';

const PAYMENT = listBit('payment');

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
    const { text, words, health } = passage;
    const told = (word: number, count: number, base: number, reason: string): void => {
      const around = health.setting.around(word);
      const confidence = raised(base, base < 0.3 ? Math.min(2.5, around / 1.2) : Math.min(2, around / 1.5));
      if (confidence < LEAST_CONFIDENCE || (base < 0.3 && around < 0.7)) return;
      add(healthCandidate(passage, 'payment', word, count, { confidence, reason }));
    };
    for (const word of health.wordsOf('payment')) {
      const lower = lowerAt(words, word);
      const end = words.ends[word] ?? 0;
      const phrase = INSURANCE_PHRASES.get(lower);
      const own = phrase?.follows.test(text.slice(end, end + 40)) === true ? phrase.sure : INSURANCE_WORDS.get(lower);
      const shared = BILLING_WORDS.get(lower);
      if (own !== undefined) told(word, 1, own, 'health-insurance');
      else if (shared !== undefined) told(word, 1, shared, 'bill-of-care');
    }
    for (const word of health.hits) {
      if ((listsAt(words, word) & PAYMENT) === 0) continue;
      const first = lowerAt(words, word);
      const count = lengthAt(words, word);
      if (count === 1 && (BILLING_WORDS.has(first) || INSURANCE_WORDS.has(first))) continue;
      told(word, count, 0.3 * plainness(words, word, count), 'in-list');
    }
  },
};
