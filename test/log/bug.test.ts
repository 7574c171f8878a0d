// What is told of an unexpected error, for errors of every shape.
import t from 'tap';
import { bugFacts } from '../../src/log/bug.ts';

const withStack = (stack: string, message = 'secret'): Error => Object.assign(new Error(message), { stack });
const root = new URL('../../', import.meta.url).href;

await t.test('errors of every shape', async (t) => {
  class PatientAnnSmithError extends Error {}
  Object.defineProperty(PatientAnnSmithError, 'name', { value: 'Ann Smith' });
  const cases: readonly (readonly [name: string, error: unknown, facts: object])[] = [
    ['no Error', 'Ann Smith', { errorClass: 'unknown', errorCode: null, frames: [] }],
    ['nothing', undefined, { errorClass: 'unknown', errorCode: null, frames: [] }],
    ['a system error', Object.assign(new Error('x'), { code: 'ECONNRESET' }), { errorClass: 'Error', errorCode: 'ECONNRESET' }],
    ['a code with text', Object.assign(new Error('x'), { code: 'Ann Smith' }), { errorCode: null }],
    ['a code that is a number', Object.assign(new Error('x'), { code: 5 }), { errorCode: null }],
    ['a class with text', new PatientAnnSmithError('x'), { errorClass: 'Error' }],
    ['no stack', withStack(''), { frames: [] }],
  ];
  for (const [name, error, facts] of cases) t.match(bugFacts(error), facts, name);
});

await t.test('frames', async (t) => {
  const frame = (path: string): string => `    at call (${root}${path})`;
  const cases: readonly (readonly [name: string, stack: string, message: string, frames: readonly string[]])[] = [
    [
      'ours only',
      `Error: m\n${frame('src/mail/reply.ts:1:2')}\n    at node:internal/x:1:1\n${frame('node_modules/yaml/dist/x.js:1:1')}\n${frame('src/cli/table.ts:9:9')}`,
      'm',
      ['src/mail/reply.ts:1:2', 'src/cli/table.ts:9:9'],
    ],
    ['without a function name', `Error: m\n    at ${root}src/mail/reply.ts:1:2`, 'm', ['src/mail/reply.ts:1:2']],
    [
      'a message that looks like a frame',
      `Error: a\n${frame('src/ann-smith.ts:1:1')}\n${frame('src/mail/reply.ts:1:2')}`,
      `a\n${frame('src/ann-smith.ts:1:1')}`,
      ['src/mail/reply.ts:1:2'],
    ],
    ['a place with other characters', `Error: m\n${frame('src/Ann Smith.ts:1:1')}\n${frame('src/../etc/passwd:1:1')}`, 'm', []],
  ];
  for (const [name, stack, message, frames] of cases) t.same(bugFacts(withStack(stack, message)).frames, frames, name);
  const deep = Array.from({ length: 50 }, (_, i) => frame(`src/mail/reply.ts:${i}:1`)).join('\n');
  t.equal(bugFacts(withStack(`Error: m\n${deep}`, 'm')).frames.length, 10, 'at most ten');
});
