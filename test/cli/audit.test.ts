// postern audit: records and the verdict in words, exit codes, and that what was opened is closed.
import t from 'tap';
import type { AuditAccess, AuditEntry, AuditVerdict } from '../../src/daemon/work.ts';
import { commandLine } from '../support/command-line.ts';

const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const entries: readonly AuditEntry[] = [
  {
    seq: 12,
    at: Date.UTC(2026, 10, 22),
    kind: 'delivery.relayed',
    messageId: ID,
    deliveryId: `${ID}/0`,
    codes: { level: 'tls-verified', code: 'relayed' },
    detail: { recipient: 'ann@partner.example', reply: '250 ok\u001b[31m' },
  },
  { seq: 11, at: Date.UTC(2026, 10, 22), kind: 'message.accepted', messageId: ID, deliveryId: null, codes: {}, detail: 'destroyed' },
];
const GOOD: AuditVerdict = { logId: 'log-1', bad: null, chainedTo: 12, provenTo: 12, details: { checked: 1, gone: 1 }, head: 'right' };

function opening(verdict: AuditVerdict = GOOD): {
  readonly asked: unknown[];
  readonly closed: () => number;
  readonly openAudit: () => Promise<AuditAccess>;
} {
  const asked: unknown[] = [];
  let closed = 0;
  return {
    asked,
    closed: () => closed,
    openAudit: async () => ({
      kind: 'open',
      list: async (request) => {
        asked.push(request);
        return request.messageId === 'none' ? [] : entries;
      },
      show: async (seq) => entries.find((one) => one.seq === seq) ?? null,
      verify: async (progress) => {
        progress(1, 12);
        return verdict;
      },
      close: async () => void (closed += 1),
    }),
  };
}

await t.test('list', async (t) => {
  const { asked, closed, openAudit } = opening();
  const line = await commandLine(t, { service: null, work: { openAudit } });
  const { code, out } = await line.run(['audit', 'list', '-m', ID, '--limit', '5', '--before', '13'], { columns: 80 });
  t.equal(code, 0);
  t.same(asked, [{ messageId: ID, beforeSeq: 13, limit: 5 }]);
  t.match(out, /^Number {2}Time +Kind +About\n {4}12 {2}2026-11-2\d .* delivery\.relayed /);
  for (const one of out.split('\n')) t.ok([...one].length <= 80, one);
  t.match((await line.run(['audit', 'list'])).out, new RegExp(`${ID}/0 level=tls-verified code=relayed`));
  t.same(
    (await line.run(['audit', 'list', '--json'])).out
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one) as AuditEntry),
    entries,
  );
  t.same(await line.run(['audit', 'list', '-m', 'none']), { code: 1, out: '', err: 'postern: there are no such records\n' });
  t.equal(closed(), 4);
  for (const limit of ['0', '-1', 'x', '1.5']) t.equal((await line.run(['audit', 'list', '--limit', limit])).code, 2, limit);
});

await t.test('show', async (t) => {
  const { openAudit } = opening();
  const line = await commandLine(t, { service: null, work: { openAudit } });
  const shown = await line.run(['audit', 'show', '12']);
  t.match(shown.out, /^number +12\n[^]*recipient +ann@partner\.example\nreply +250 ok\?\[31m\n$/, 'remote text cannot steer the terminal');
  t.match((await line.run(['audit', 'show', '11'])).out, /detail +its key has been destroyed/);
  t.same(await line.run(['audit', 'show', '13']), { code: 1, out: '', err: 'postern: there is no record 13\n' });
});

await t.test('verify', async (t) => {
  const cases: readonly (readonly [name: string, verdict: Partial<AuditVerdict>, code: number, words: readonly RegExp[]])[] = [
    ['all well', {}, 0, [/^Every record is as it was written\.$/m, /^The signed head proves records 1 to 12\.$/m]],
    [
      'changed',
      { bad: { seq: 5, why: 'changed' }, chainedTo: 4, provenTo: 0 },
      1,
      [/^Record 5 is the first bad one: its bytes were changed\.$/m, /records 1 to 4/],
    ],
    ['removed', { bad: { seq: 5, why: 'missing' }, chainedTo: 4 }, 1, [/a record was removed/]],
    ['cut', { bad: { seq: 13, why: 'cut' } }, 1, [/the log ends before it, but the signed head covers it/]],
    ['no head', { head: 'missing', provenTo: 0 }, 1, [/There is no signed head/]],
    ['a wrong signature', { head: 'wrong-signature', provenTo: 0 }, 1, [/The signature of the head is wrong/]],
    ['a fault of a later version', { bad: { seq: 1, why: 'odd' }, chainedTo: 0 }, 1, [/first bad one: odd\./, /chained +no record/]],
  ];
  for (const [name, own, code, words] of cases) {
    const verdict = { ...GOOD, ...own };
    const line = await commandLine(t, { service: null, work: { openAudit: opening(verdict).openAudit } });
    const result = await line.run(['audit', 'verify']);
    t.equal(result.code, code, name);
    for (const one of words) t.match(result.out, one, name);
    const json = await line.run(['audit', 'verify', '--json']);
    t.same([json.code, JSON.parse(json.out)], [code, verdict], `${name}: JSON`);
  }
});

await t.test('a log that cannot be opened', async (t) => {
  const line = await commandLine(t, {
    service: null,
    work: { openAudit: async () => ({ kind: 'not-reached', text: 'the key folder cannot be read' }) },
  });
  t.same(await line.run(['audit', 'verify']), { code: 4, out: '', err: 'postern: the key folder cannot be read\n' });
});
