// Words of payment: those that only health insurance has, and those of every trade.

/** Words of health insurance alone. */
export const INSURANCE_WORDS: ReadonlyMap<string, number> = new Map([
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
export const BILLING_WORDS: ReadonlyMap<string, number> = new Map(
  'bill bills billing billed claim claims statement balance invoice deductible insurance premium coverage payment preauthorization authorization charges benefits insured policy payer owe owed unpaid collections past-due overdue'
    .split(' ')
    .map((word) => [word, word === 'deductible' || word === 'preauthorization' ? 0.2 : 0.1] as const),
);
/** First words of phrases of health insurance, with what follows. */
export const INSURANCE_PHRASES: ReadonlyMap<string, { readonly follows: RegExp; readonly sure: number }> = new Map([
  ['explanation', { follows: /^ of (?:\w+ )?benefits/i, sure: 0.7 }],
  ['statement', { follows: /^ of benefits/i, sure: 0.7 }],
  ['patient', { follows: /^ (?:responsibility|balance|statement|billing|payment|account)/i, sure: 0.7 }],
  ['date', { follows: /^s? of service/i, sure: 0.4 }],
  ['dates', { follows: /^ of service/i, sure: 0.4 }],
  ['co', { follows: /^-?(?:pay|payment|insurance)\b/i, sure: 0.7 }],
  ['prior', { follows: /^[- ]auth/i, sure: 0.7 }],
  ['allowed', { follows: /^ amount/i, sure: 0.4 }],
  ['medical', { follows: /^ (?:bill|claim|expense|billing|debt|balance|collection)/i, sure: 0.7 }],
  ['hospital', { follows: /^ (?:bill|charge|billing|statement)/i, sure: 0.7 }],
  ['dental', { follows: /^ (?:bill|claim|insurance|billing)/i, sure: 0.7 }],
  ['health', { follows: /^ (?:insurance|plan|savings account) (?:claim|id|number|member|card|bill|statement)/i, sure: 0.7 }],
  ['past', { follows: /^[- ]due/i, sure: 0.12 }],
  ['account', { follows: /^ (?:balance|is past|with \w|number|no\b|statement)/i, sure: 0.1 }],
  ['services', { follows: /^ rendered/i, sure: 0.5 }],
  ['out', { follows: /^-of-(?:network|pocket max)/i, sure: 0.7 }],
]);
