// What follows the name of a test: a number with unit, flag and reference range, or a word of finding. And vital signs, whose abbreviations
// mean other things elsewhere (HR, BP, temp), so that their numbers must be ones that a living person has.

export interface Value {
  readonly number: number;
  /** Second number of a blood pressure, or null. */
  readonly over: number | null;
  /** A unit of a laboratory or a vital sign stands after it. */
  readonly unit: boolean;
  /** A flag (H, L) or a reference range stands after it. */
  readonly flag: boolean;
}

const VALUE =
  /^["\s]{0,3}(?:\([^)\n]{1,20}\)\s?)?(?:(?:level|levels|result|results|reading|readings|value|score|count|test|today|currently|was|is|of|at|are|came|come|back|as|returned|now|up|down|to|from|still|remains|measured|elevated|high|low|about|around|=|:|-|>|<|~|,|\||")["\s]{0,3}){0,7}(\d{1,3}(?:,\d{3})|\d{1,4}(?:\.\d{1,3})?)(?:\s?\/\s?(\d{2,3})(?![\d/]))?/i;
const UNIT =
  /^["\s,|]{0,3}(?:%|mm\s?hg|bpm|mg\/dl|mmol|g\/dl|g\/l|ng\/|pg\/|ug\/|mcg\/|\u00b5g\/|meq\/l|m?iu\/|\u00b5iu\/|uiu\/|u\/l|k\/ul|x?10[\^e*]|\/min|ml\/min|cells|copies|fl\b|\u00b0|degrees|[fc]\b|lbs?\b|kg\b)/i;
const FLAG = /^[^\n]{0,14}?(?:\(?\b(?:h|l|hh|ll|high|low|abnormal|critical|elevated)\b\)?|\(?\s?(?:ref|normal|range)|\d\s?[-\u2013]\s?\d)/i;

/** A finding in words. */
export const QUALITY =
  /^["\s]{0,2}(?:(?:result|results|scan|test|screen|screening|today|was|is|were|are|came|back|as|shows?|showed|returned|reveals?|revealed|:|=|-|,|\|)["\s]{0,3}){1,5}(?:positive|negative|normal|abnormal|elevated|unremarkable|reactive|non-?reactive|detected|not detected|pending|within normal|high|low|benign|malignant|suspicious|clear|an? [a-z]+)/i;

/** The value that a text begins with, or null. */
export function valueAfter(text: string): Value | null {
  const found = VALUE.exec(text);
  if (found === null) return null;
  const rest = text.slice(found[0].length);
  if (/^[\d/.:]?[\dA-Za-z]{3}/.test(rest) && !UNIT.test(rest)) return null;
  return {
    number: Number((found[1] ?? '').replace(',', '')),
    over: found[2] === undefined ? null : Number(found[2]),
    unit: UNIT.test(rest),
    flag: FLAG.test(rest),
  };
}

/** First words of units that stand after a number alone. */
export const LAB_UNITS: ReadonlySet<string> = new Set('mg mmol meq ng pg ug mcg \u00b5g mmhg bpm iu miu uiu g ml u'.split(' '));

export function isLabUnit(word: string): boolean {
  return word.length <= 4 && LAB_UNITS.has(word);
}

interface Vital {
  /** How sure a number that fits makes it. */
  readonly sure: number;
  /** Written in capitals, or beside other vitals. */
  readonly capitals: boolean;
  fits(number: number, over: number | null): boolean;
}

const between =
  (low: number, high: number) =>
  (number: number, over: number | null): boolean =>
    over === null && number >= low && number <= high;
const pressure = (number: number, over: number | null): boolean =>
  over !== null && number >= 60 && number <= 260 && over >= 30 && over <= 160 && number > over;
const isTemperature = (number: number): boolean => (number >= 94 && number <= 107) || (number >= 34.5 && number <= 42);

/** Vital signs in the ranges of the living. */
export const VITALS: ReadonlyMap<string, Vital> = new Map<string, Vital>([
  ['bp', { sure: 0.75, capitals: true, fits: pressure }],
  ['pressure', { sure: 0.5, capitals: false, fits: pressure }],
  ['hr', { sure: 0.35, capitals: true, fits: between(30, 220) }],
  ['pulse', { sure: 0.45, capitals: false, fits: between(30, 220) }],
  ['rr', { sure: 0.35, capitals: true, fits: between(6, 60) }],
  ['spo2', { sure: 0.75, capitals: false, fits: between(50, 100) }],
  ['o2', { sure: 0.3, capitals: false, fits: between(50, 100) }],
  ['temp', { sure: 0.3, capitals: false, fits: (number, over) => over === null && isTemperature(number) }],
  ['temperature', { sure: 0.25, capitals: false, fits: (number, over) => over === null && isTemperature(number) }],
  ['a1c', { sure: 0.8, capitals: false, fits: between(3, 20) }],
  ['hba1c', { sure: 0.85, capitals: false, fits: between(3, 20) }],
  ['bmi', { sure: 0.65, capitals: false, fits: between(10, 80) }],
  ['wbc', { sure: 0.75, capitals: false, fits: between(0, 500) }],
  ['inr', { sure: 0.6, capitals: true, fits: between(0.5, 12) }],
  ['hgb', { sure: 0.75, capitals: false, fits: between(2, 25) }],
  ['k', { sure: 0.12, capitals: true, fits: between(1.5, 9) }],
  ['na', { sure: 0.2, capitals: true, fits: between(105, 180) }],
  ['cr', { sure: 0.15, capitals: true, fits: between(0.2, 20) }],
  ['plt', { sure: 0.5, capitals: false, fits: between(1, 1500) }],
  ['hct', { sure: 0.6, capitals: false, fits: between(10, 70) }],
  ['ldl', { sure: 0.65, capitals: false, fits: between(10, 500) }],
  ['tsh', { sure: 0.7, capitals: false, fits: between(0, 200) }],
  ['egfr', { sure: 0.8, capitals: false, fits: between(1, 160) }],
]);

/** What comes before "results" or "work", and how much it says. */
export const RESULTS_OF: ReadonlyMap<string, number> = new Map([
  ['lab', 0.6],
  ['labs', 0.5],
  ['laboratory', 0.6],
  ['blood', 0.65],
  ['biopsy', 0.7],
  ['pathology', 0.65],
  ['imaging', 0.5],
  ['scan', 0.25],
  ['test', 0.2],
]);
