// What strangers cause is counted, not recorded one by one: a flood makes a bounded number of records, and none is forgotten silently.
import t from 'tap';
import { type Refusal, RefusalCounts } from '../../src/gateway/refusals.ts';
import { NOON } from '../support/gateway-ground.ts';

const login = (change: Partial<Refusal> = {}): Refusal => ({
  kind: 'login.refused',
  code: 'auth.failed',
  address: '192.0.2.1',
  name: 'ehr',
  ...change,
});
const total = (counts: RefusalCounts): number => counts.take(NOON).reduce((sum, { codes }) => sum + Number(codes['count']), 0);

const cases: readonly (readonly [name: string, refusals: readonly Refusal[], counts: readonly number[]])[] = [
  ['none', [], []],
  ['the same three times', [login(), login(), login()], [3]],
  ['another name', [login(), login({ name: 'root' }), login()], [3]],
  ['another address', [login(), login({ address: '192.0.2.2' })], [1, 1]],
  ['another reason', [login(), login({ code: 'auth.throttled' })], [1, 1]],
  ['logins and messages', [login(), login({ kind: 'message.refused' })], [1, 1]],
  ['parts that look the same when joined', [login({ code: 'a', address: 'b' }), login({ code: 'a","b', address: '' })], [1, 1]],
];

for (const [name, refusals, expected] of cases) {
  t.test(name, async (t) => {
    const counts = new RefusalCounts();
    for (const refusal of refusals) counts.add(refusal);
    t.same(
      counts.take(NOON).map(({ codes }) => codes['count']),
      expected,
    );
    t.same(counts.take(NOON), [], 'a new minute begins');
  });
}

t.test('the evidence: who and what sealed, code and count chained', async (t) => {
  const counts = new RefusalCounts();
  counts.add(login());
  counts.add(login({ kind: 'message.refused', code: 'session.not-permitted', name: null }));
  const about = { at: NOON, messageId: null, deliveryId: null } as const;
  t.same(counts.take(NOON), [
    { ...about, kind: 'login.refused', codes: { code: 'auth.failed', count: 1, names: 1 }, detail: { address: '192.0.2.1' } },
    { ...about, kind: 'message.refused', codes: { code: 'session.not-permitted', count: 1 }, detail: { address: '192.0.2.1' } },
  ]);
});

const namesTried: readonly (readonly [name: string, names: readonly (string | null)[], said: number | undefined])[] = [
  ['none', [null, null], undefined],
  ['the same again', ['ehr', 'ehr', 'ehr'], 1],
  ['three', ['ehr', 'root', 'ehr', 'lab'], 3],
  ['very many', Array.from({ length: 5_000 }, (_, i) => `guess-${i}`), 100],
];

for (const [name, names, said] of namesTried) {
  t.test(`names tried by one address: ${name}`, async (t) => {
    const counts = new RefusalCounts();
    for (const tried of names) counts.add(login({ name: tried }));
    const evidence = counts.take(NOON);
    t.equal(evidence.length, 1, 'one record, however many names');
    t.same(evidence[0]?.codes, { code: 'auth.failed', count: names.length, ...(said === undefined ? {} : { names: said }) });
    t.same(evidence[0]?.detail, { address: '192.0.2.1' }, 'and none of the names');
  });
}

t.test('a flood of addresses and names', async (t) => {
  const counts = new RefusalCounts();
  for (let i = 0; i < 50_000; i++) counts.add(login({ address: `2001:db8::${i}`, name: `guess-${i}` }));
  for (let i = 0; i < 50_000; i++) counts.add(login({ kind: 'message.refused', address: `2001:db8::${i}` }));
  counts.add(login({ address: '2001:db8::0', name: 'guess-0' }));
  const evidence = counts.take(NOON);
  t.ok(evidence.length <= 1_002, `${evidence.length} records`);
  t.equal(
    evidence.reduce((sum, { codes }) => sum + Number(codes['count']), 0),
    100_001,
    'every one is counted',
  );
  t.equal(evidence[0]?.codes['count'], 2, 'those that are known go on being counted apart');
  t.same(
    evidence.filter(({ detail }) => detail?.['address'] === '(others)').map(({ kind, codes }) => [kind, codes['code']]),
    [
      ['login.refused', 'several'],
      ['message.refused', 'several'],
    ],
  );
});

t.test('after the flood all is as before', async (t) => {
  const counts = new RefusalCounts();
  for (let i = 0; i < 2_000; i++) counts.add(login({ address: `2001:db8::${i}` }));
  t.equal(total(counts), 2_000);
  counts.add(login());
  t.same(
    counts.take(NOON).map(({ detail }) => detail),
    [{ address: '192.0.2.1' }],
  );
});
