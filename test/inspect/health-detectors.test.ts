// The axis of health as a whole: what people write is found as what it is, everyday words are not, no text breaks it.
import fc from 'fast-check';
import t from 'tap';
import { careDetector } from '../../src/inspect/detectors/care.ts';
import { clinicalProseDetector } from '../../src/inspect/detectors/clinical-prose.ts';
import { codeDetector } from '../../src/inspect/detectors/code.ts';
import { conditionDetector } from '../../src/inspect/detectors/condition.ts';
import { documentDetector } from '../../src/inspect/detectors/document.ts';
import { drugDetector } from '../../src/inspect/detectors/drug.ts';
import { paymentDetector } from '../../src/inspect/detectors/payment.ts';
import { procedureDetector } from '../../src/inspect/detectors/procedure.ts';
import { specialCategoryDetector } from '../../src/inspect/detectors/special-category.ts';
import { testResultDetector } from '../../src/inspect/detectors/test-result.ts';
import { generalityOf } from '../../src/inspect/generality.ts';
import { candidatesOf, passagesOfText } from '../support/candidates.ts';
import { fuzz } from '../support/fuzz.ts';

const HEALTH = [
  careDetector,
  clinicalProseDetector,
  codeDetector,
  conditionDetector,
  documentDetector,
  drugDetector,
  paymentDetector,
  procedureDetector,
  specialCategoryDetector,
  testResultDetector,
];

await t.test('found as what it is', async (t) => {
  for (const [text, kind] of [
    ['My mother is on dialysis for her kidney failure.', 'procedure'],
    ['Your prescription for Lexapro 10 mg daily is ready.', 'drug'],
    ['Started on zorvimab last week', 'drug'],
    ['BP 150/95, HR 88, SpO2 97%', 'result'],
    ['Her potassium is 5.9 mmol/L', 'result'],
    ['diagnosed with multiple sclerosis', 'condition'],
    ['consistent with polychondritis', 'condition'],
    ['underwent a gastropexy in May', 'procedure'],
    ['Your appointment with Dr. Lee at the clinic is on Monday.', 'care'],
    ['patient responsibility $40, copay $20', 'payment'],
    ['DISCHARGE SUMMARY\nRoe, Jane', 'document'],
    ['Dx: F32.1', 'code'],
    ['HPI: 58 yo male with chest pain, denies SOB. PMH: HTN, DM2. Plan: serial troponins.', 'clinical-prose'],
  ] as const) {
    const found = candidatesOf(text, HEALTH).filter((one) => one.kind === kind);
    t.ok(
      found.some(({ confidence }) => confidence >= 0.5),
      `${kind}: ${text}`,
    );
  }
});

await t.test('labels of special categories', async (t) => {
  for (const [text, label] of [
    ['admitted for opioid use disorder, started buprenorphine', 'substance-use'],
    ['Dx: F32.1', 'mental-health'],
    ['HIV viral load undetectable', 'hiv'],
    ['estimated due date June 4, first trimester', 'reproductive-health'],
    ['BRCA1 carrier, genetic counseling offered', 'genetics'],
  ] as const)
    t.ok(
      candidatesOf(text, HEALTH).some(({ labels }) => labels.includes(label)),
      label,
    );
});

await t.test('everyday words stay out', async (t) => {
  for (const text of [
    'Positive feedback and healthy competition',
    'The memory leak needs code surgery and a patch',
    'A stroke of luck after a cold start',
    'Plasma TV, cell phone, host culture',
    'The depression of the 1930s was a shock to the system',
    'An acute angle, a chronic delay, a pain point',
    'diet coke and a dose of reality',
    'Your car is due for service; your appointment at the garage is on Monday',
    'Invoice 4411 for 200 boxes of gloves, shipped with order 12',
    'Version 12.3 fixes 4 injection attacks; virus scan clean',
  ]) {
    const sure = candidatesOf(text, HEALTH).filter(({ confidence }) => confidence >= 0.5);
    t.same(
      sure.map(({ kind, reason }) => `${kind} ${reason}`),
      [],
      text,
    );
  }
});

await t.test('any text: candidates lie inside it', async (t) => {
  const pieces = fc.constantFrom(
    ...HEALTH.flatMap(({ samples }) => [...samples.hits, ...samples.misses]).flatMap((text) => text.split(' ')),
    ...[' ', '\n', '\n\n', ': ', ', ', '|', '\t', '9.2', '122/80', '\u2019', '\ud83d', 'E11.9', '(', '('.repeat(50), '=:-'.repeat(40)],
  );
  fuzz(
    t,
    400,
    fc.property(fc.array(pieces, { maxLength: 80 }), (some) => {
      const text = some.join(' ');
      for (const { at, length, confidence, axis, role } of candidatesOf(text, HEALTH)) {
        if (at < 0 || length <= 0 || at + length > text.length + 1 || !(confidence > 0 && confidence <= 1)) return false;
        if (axis !== 'health' || role !== null) return false;
      }
      return passagesOfText(text).every((passage) => {
        const generality = generalityOf(passage);
        const end = text.length;
        return [generality.onePerson(0, end), generality.secondPerson(0, end), generality.nobody(0, end)].every(
          (one) => one >= 0 && one <= 1,
        );
      });
    }),
  );
});
