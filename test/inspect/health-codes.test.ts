// Codes of health care: check digits, code sets, and that nothing looks like one without support.
import t from 'tap';
import { isLoinc, isSnomed } from '../../src/inspect/code-check-digits.ts';
import { codeDetector } from '../../src/inspect/detectors/code.ts';
import { icd10Longest } from '../../src/inspect/icd10-categories.ts';
import { labelsOfIcd10 } from '../../src/inspect/labels.ts';
import { candidatesOf } from '../support/candidates.ts';

await t.test('check digits', async (t) => {
  for (const code of ['4548-4', '718-7', '2345-7', '8480-6']) t.ok(isLoinc(code), code);
  for (const code of ['4548-5', '718-8', '2345-0', '8480']) t.notOk(isLoinc(code), code);
  for (const code of ['44054006', '38341003', '73211009', '195967001', '22298006']) t.ok(isSnomed(code), code);
  for (const code of ['44054007', '44504006', '38341030', '12345', '044054006']) t.notOk(isSnomed(code), code);
});

await t.test('categories of ICD-10-CM', async (t) => {
  for (const [category, longest] of [
    ['I10', 3],
    ['E11', 7],
    ['M1A', 7],
    ['S72', 7],
    ['E12', 0],
    ['U99', 0],
    ['Z9Z', 0],
    ['', 0],
  ] as const)
    t.equal(icd10Longest(category), longest, category);
});

await t.test('labels of diagnoses', async (t) => {
  for (const [category, labels] of [
    ['F11', ['substance-use']],
    ['F32', ['mental-health']],
    ['B20', ['hiv']],
    ['O80', ['reproductive-health']],
    ['Z34', ['reproductive-health']],
    ['Q90', ['genetics']],
    ['E11', []],
  ] as const)
    t.same(labelsOfIcd10(category), labels, category);
});

await t.test('how sure a code is', async (t) => {
  const sure = (text: string): number => Math.max(0, ...candidatesOf(text, [codeDetector]).map(({ confidence }) => confidence));
  for (const text of ['Dx: E11.9', 'ICD-10 I10', 'CPT 99213', 'NDC 0591-3740-01', 'SNOMED 44054006', 'LOINC 4548-4', 'RxCUI 860975'])
    t.ok(sure(text) >= 0.9, text);
  for (const text of ['Dx: E12.9', 'CPT is 99213456', 'SNOMED 44054007', 'LOINC 4548-5', 'room B12', 'see E11.9', 'R2D2', '99213'])
    t.ok(sure(text) < 0.4, text);
});
