// The suggestion for a mistyped key.
import t from 'tap';
import { nearest } from '../../src/yaml/nearest.ts';

const KEYS = ['hold_for', 'floor', 'expire_after', 'delay_report_after', 'mx_port', 'postmaster', 'hostname'];

await t.test('suggestions', async (t) => {
  const cases: readonly (readonly [word: string, suggestion: string | null])[] = [
    ['holdFor', 'hold_for'],
    ['hold-for', 'hold_for'],
    ['HOLD_FOR', 'hold_for'],
    ['flor', 'floor'],
    ['folor', 'floor'],
    ['expires_after', 'expire_after'],
    ['post_master', 'postmaster'],
    ['hotsname', 'hostname'],
    ['host', null],
    ['zzz', null],
    ['', null],
    ['x'.repeat(10_000), null],
  ];
  for (const [word, suggestion] of cases) t.equal(nearest(word, KEYS), suggestion, word.slice(0, 20));
});

await t.test('the nearest of several', async (t) => {
  t.equal(nearest('submision', ['submissions', 'submission', 'relay']), 'submission');
  t.equal(nearest('submissons', ['submissions', 'submission', 'relay']), 'submissions');
  t.equal(nearest('x', []), null);
});
