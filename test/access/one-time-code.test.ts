// Codes that are good once: how they look, how they are read, that only the right one is found.
import t from 'tap';
import { digitsOf, drawCode, findCode } from '../../src/access/one-time-code.ts';
import type { Code } from '../../src/store/people.ts';
import { digestOf } from '../support/store-names.ts';

const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
  digestOf([label, ...values.map((value) => Buffer.from(value).toString('hex'))].join('|'));

function kept(id: number, { salt, digest: of }: Pick<Code, 'salt' | 'digest'>): Code {
  const times = { createdAt: 0, expiresAt: 1, failures: 0 };
  return { id, address: Buffer.alloc(32), deliveryId: null, kind: 'mailed-code', factorId: null, salt, digest: of, ...times };
}

t.test('drawn: eight digits in two groups, none like the one before', async (t) => {
  const drawn = Array.from({ length: 200 }, () => drawCode(digest));
  t.ok(drawn.every(({ shown }) => /^\d{4}-\d{4}$/.test(shown)));
  t.equal(new Set(drawn.map(({ shown }) => shown)).size, 200);
  t.equal(new Set(drawn.map(({ salt }) => Buffer.from(salt).toString('hex'))).size, 200);
  t.ok(new Set(drawn.map(({ shown }) => shown.charAt(0))).size > 5, 'the first digit is drawn too');
  const [one] = drawn;
  t.notOk(JSON.stringify({ ...one, shown: '' }).includes(one?.shown ?? ''), 'the code is not in what is kept');
});

t.test('read as people type it', async (t) => {
  const cases: readonly (readonly [typed: string, digits: string | null])[] = [
    ['1234-5678', '12345678'],
    ['12345678', '12345678'],
    [' 1234 5678\n', '12345678'],
    ['1234–5678', '12345678'],
    ['1 2 3 4 5 6 7 8', '12345678'],
    ['1234.5678', '12345678'],
    ['１２３４５６７８', '12345678'],
    ['1234567', null],
    ['123456789', null],
    ['1234-567a', null],
    ['', null],
    ['-'.repeat(60), null],
  ];
  for (const [typed, digits] of cases) t.equal(digitsOf(typed), digits, JSON.stringify(typed));
});

t.test('found among others, and only the right one', async (t) => {
  const drawn = [drawCode(digest), drawCode(digest), drawCode(digest)];
  const codes = drawn.map((one, i) => kept(i + 1, one));
  for (const [i, { shown }] of drawn.entries()) t.equal(findCode(digest, digitsOf(shown), codes)?.id, i + 1);
  const wrong = drawn[0]?.shown === '0000-0000' ? '00000001' : '00000000';
  t.equal(findCode(digest, wrong, codes.slice(0, 1)), null);
  t.equal(findCode(digest, null, codes), null);
  t.equal(findCode(digest, '12345678', []), null);
  const moved = codes.map((code) => ({ ...code, salt: Buffer.alloc(16) }));
  t.equal(findCode(digest, digitsOf(drawn[1]?.shown ?? ''), moved), null, 'a digest counts with its own salt only');
});
