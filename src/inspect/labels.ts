// Special categories of health: what the law, or plain decency, guards more than the rest.
import type { Label } from '../mail/finding.ts';
import { type ListSet, listBit } from './lexicon.ts';

const BITS: readonly (readonly [ListSet, Label])[] = (
  ['substance-use', 'mental-health', 'hiv', 'reproductive-health', 'genetics'] as const
).map((label) => [listBit(label), label]);

/** Lists whose words carry a label. */
export const SPECIAL: ListSet = BITS.reduce((set, [bit]) => set | bit, 0);

/** Labels of a hit: 42 CFR Part 2 (substance use), mental health, HIV, reproductive health, genetics (GINA). */
export function labelsOf(lists: ListSet): readonly Label[] {
  return (lists & SPECIAL) === 0 ? [] : BITS.filter(([bit]) => (lists & bit) !== 0).map(([, label]) => label);
}

/** Labels of a diagnosis code by its chapter (ICD-10-CM tabular list). */
export function labelsOfIcd10(category: string): readonly Label[] {
  if (category >= 'F10' && category <= 'F19') return ['substance-use'];
  if (category >= 'F20' && category <= 'F99') return ['mental-health'];
  if (category === 'B20' || category === 'Z21') return ['hiv'];
  if (category.startsWith('O') || (category >= 'Z30' && category <= 'Z3A')) return ['reproductive-health'];
  if ((category >= 'Q90' && category <= 'Q99') || category === 'Z14' || category === 'Z15') return ['genetics'];
  return [];
}
