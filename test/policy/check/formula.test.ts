// Formulas with literals that are not known yet.
import t from 'tap';
import { addReasons, allOf, anyOf, type Formula, not, openLiteral, truthOf, type Values } from '../../../src/policy/check/formula.ts';

const [a, b, c]: readonly Formula[] = [0, 1, 2].map((literal): Formula => ({ is: 'literal', literal }));
if (a === undefined || b === undefined || c === undefined) throw new Error('three literals');

const CASES: readonly (readonly [name: string, formula: Formula, values: Values, truth: boolean | null, reasons: readonly number[]])[] = [
  ['nothing must hold', allOf(), [], true, []],
  ['one of nothing', anyOf(), [], false, []],
  ['open', a, [null], null, []],
  ['not', not(a), [true], false, [0]],
  ['not twice', not(not(a)), [true], true, [0]],
  ['all, one fails', allOf(a, b), [null, false], false, [1]],
  ['all, one open', allOf(a, b), [true, null], null, []],
  ['all hold', allOf(a, b), [true, true], true, [0, 1]],
  ['any, one holds', anyOf(a, b), [null, true], true, [1]],
  ['any, none holds', anyOf(a, b), [false, false], false, [0, 1]],
  ['any, one open', anyOf(a, b), [false, null], null, []],
  ['nested', allOf(anyOf(a, not(b)), c), [false, true, null], false, [0, 1]],
];

t.test('truth and reasons', (t) => {
  for (const [name, formula, values, truth, reasons] of CASES) {
    t.equal(truthOf(formula, values), truth, name);
    const found = new Set<number>();
    if (truth !== null) addReasons(formula, values, found);
    t.same([...found].sort(), reasons, `${name}: reasons`);
  }
  t.end();
});

t.test('the literal to try next, and which way', (t) => {
  t.same(openLiteral(allOf(a, not(b)), [true, null], true), { literal: 1, value: false });
  t.same(openLiteral(not(anyOf(a, b)), [null, null], true), { literal: 0, value: false });
  t.same(openLiteral(anyOf(a, b), [false, null], true), { literal: 1, value: true });
  t.same(openLiteral(allOf(), [], true), null, 'nothing is open');
  t.end();
});
