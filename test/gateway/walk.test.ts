import t from 'tap';
import { walk } from '../../src/gateway/walk.ts';
import type { NextHop } from '../../src/mail/next-hop.ts';
import type { Outcome } from '../../src/mail/outcome.ts';
import { noTls } from '../../src/mail/tls.ts';

const hop = (host: string): NextHop => ({
  host,
  addresses: ['192.0.2.1'],
  port: 25,
  tls: 'starttls',
  referenceNames: [host],
  authenticity: 'unsigned',
  tlsa: null,
  published: null,
  reach: 'recipient-domain',
  credentials: null,
});
const relayed: Outcome = {
  kind: 'relayed',
  reply: { code: 250, enhanced: '2.0.0', text: 'ok' },
  tls: noTls('unsigned'),
  dsn: 'not-offered',
};
const silent: Outcome = { kind: 'deferred', code: 'delivery.connect-failed', scope: 'next-hop', afterDot: 'no', reply: null, tls: null };
const busy: Outcome = {
  kind: 'deferred',
  code: 'delivery.refused-temporarily',
  scope: 'recipient',
  afterDot: 'no',
  reply: { code: 451, enhanced: null, text: 'later' },
  tls: null,
};
const lost: Outcome = { kind: 'deferred', code: 'delivery.connection-lost', scope: 'next-hop', afterDot: 'yes', reply: null, tls: null };
const refused: Outcome = { kind: 'failed', code: 'delivery.refused', reply: { code: 550, enhanced: '5.1.1', text: 'no' }, tls: null };
const weak: Outcome = { kind: 'not-reached', code: 'delivery.below-floor', tls: noTls('unsigned') };

interface Case {
  readonly name: string;
  /** One row per next hop, one outcome per recipient that is still pending there. */
  readonly hops: readonly (readonly Outcome[])[];
  readonly recipients: number;
  readonly expect: readonly [Outcome, string | null][];
  readonly asked: readonly (readonly number[])[];
}

const cases: readonly Case[] = [
  { name: 'the first next hop takes it', hops: [[relayed], [relayed]], recipients: 1, expect: [[relayed, 'mx0']], asked: [[0]] },
  { name: 'a silent one leads to the next', hops: [[silent], [relayed]], recipients: 1, expect: [[relayed, 'mx1']], asked: [[0], [0]] },
  {
    name: 'one below the floor leads to the next',
    hops: [[weak], [relayed]],
    recipients: 1,
    expect: [[relayed, 'mx1']],
    asked: [[0], [0]],
  },
  { name: 'all below the floor', hops: [[weak], [weak]], recipients: 1, expect: [[weak, 'mx1']], asked: [[0], [0]] },
  {
    name: 'every one that answered is below the floor',
    hops: [[weak], [silent]],
    recipients: 1,
    expect: [[weak, 'mx0']],
    asked: [[0], [0]],
  },
  {
    name: 'one that answered meets the floor and says later',
    hops: [[weak], [busy]],
    recipients: 1,
    expect: [[busy, 'mx1']],
    asked: [[0], [0]],
  },
  { name: 'all silent', hops: [[silent], [silent]], recipients: 1, expect: [[silent, 'mx1']], asked: [[0], [0]] },
  { name: 'lost after the dot goes to no other next hop', hops: [[lost], [relayed]], recipients: 1, expect: [[lost, 'mx0']], asked: [[0]] },
  {
    name: 'recipients part ways',
    hops: [
      [relayed, refused, busy, weak],
      [relayed, relayed],
    ],
    recipients: 4,
    expect: [
      [relayed, 'mx0'],
      [refused, 'mx0'],
      [relayed, 'mx1'],
      [relayed, 'mx1'],
    ],
    asked: [
      [0, 1, 2, 3],
      [2, 3],
    ],
  },
];

for (const { name, hops, recipients, expect, asked } of cases) {
  t.test(name, async (t) => {
    const calls: (readonly number[])[] = [];
    const people = Array.from({ length: recipients }, (_, i) => ({ address: `p${i}@example.org`, notify: null, orcpt: null }));
    const result = await walk(
      hops.map((_, i) => hop(`mx${i}`)),
      people,
      async (_hop, pending) => {
        calls.push(pending);
        return hops[calls.length - 1] ?? [];
      },
      new AbortController().signal,
    );
    t.same(
      result.map(({ outcome, remoteMta }) => [outcome, remoteMta]),
      expect,
    );
    t.same(calls, asked);
  });
}

t.test('stopped before the first next hop: it waits', async (t) => {
  const [result] = await walk(
    [hop('mx0')],
    [{ address: 'p@example.org', notify: null, orcpt: null }],
    async () => [relayed],
    AbortSignal.abort(),
  );
  t.match(result, { outcome: { kind: 'deferred', code: 'delivery.connect-failed' }, remoteMta: null });
});
