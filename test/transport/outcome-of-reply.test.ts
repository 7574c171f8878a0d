// What each reply means at each step, and how little of its text is kept.
import t from 'tap';
import { noTls } from '../../src/mail/tls.ts';
import { refusedByHost, refusedData, refusedMail, refusedRcpt, toReply } from '../../src/transport/outcome-of-reply.ts';
import type { RawReply } from '../../src/transport/reply-reader.ts';

const TLS = noTls('unsigned');

function raw(text: string): RawReply {
  const lines = text.split('\n');
  return { code: Number(text.slice(0, 3)), lines: lines.map((line) => line.slice(4)) };
}

type Row = readonly [reply: string, kind: string, code: string, scope?: string];

const MAIL: readonly Row[] = [
  ['451 4.7.1 later', 'deferred', 'delivery.refused-temporarily', 'message'],
  ['421 4.3.2 closing', 'deferred', 'delivery.refused-temporarily', 'next-hop'],
  ['421 closing', 'deferred', 'delivery.refused-temporarily', 'next-hop'],
  ['450 4.3.2 not accepting mail', 'deferred', 'delivery.refused-temporarily', 'next-hop'],
  ['452 4.3.1 no room', 'deferred', 'delivery.refused-temporarily', 'message'],
  ['550 5.7.1 no', 'failed', 'delivery.refused'],
  ['552 too large', 'not-reached', 'delivery.too-large'],
  ['552 5.3.4 too large', 'not-reached', 'delivery.too-large'],
  ['552 5.2.2 over quota', 'failed', 'delivery.refused'],
  ['354 go on', 'deferred', 'delivery.protocol-error', 'message'],
];
const RCPT: readonly Row[] = [
  ['450 4.2.1 busy', 'deferred', 'delivery.refused-temporarily', 'recipient'],
  ['452 4.5.3 too many', 'deferred', 'delivery.refused-temporarily', 'recipient'],
  ['421 4.3.2 closing', 'deferred', 'delivery.refused-temporarily', 'next-hop'],
  ['550 5.1.1 unknown', 'failed', 'delivery.refused'],
  ['551 5.1.6 moved', 'failed', 'delivery.refused'],
  ['552 too many recipients', 'deferred', 'delivery.refused-temporarily', 'recipient'],
  ['552 5.5.3 too many recipients', 'deferred', 'delivery.refused-temporarily', 'recipient'],
  ['552 5.2.2 mailbox full', 'failed', 'delivery.refused'],
  ['354 go on', 'deferred', 'delivery.protocol-error', 'recipient'],
];
const DATA: readonly Row[] = [
  ['451 4.3.0 no', 'deferred', 'delivery.refused-temporarily', 'message'],
  ['421 4.3.2 closing', 'deferred', 'delivery.refused-temporarily', 'next-hop'],
  ['554 5.6.0 no', 'failed', 'delivery.refused'],
  ['552 5.3.4 too large', 'not-reached', 'delivery.too-large'],
  ['552 5.2.2 over quota', 'failed', 'delivery.refused'],
  ['250 ok', 'deferred', 'delivery.protocol-error', 'message'],
];

await t.test('by step', async (t) => {
  const steps = [
    ['MAIL', MAIL, (reply: RawReply) => refusedMail(reply, TLS, 'leave')],
    ['RCPT', RCPT, (reply: RawReply) => refusedRcpt(reply, TLS)],
    ['DATA', DATA, (reply: RawReply) => refusedData(reply, TLS)],
  ] as const;
  for (const [step, rows, read] of steps) {
    for (const [reply, kind, code, scope] of rows) {
      const outcome = read(raw(reply));
      t.match(outcome, { kind, code, tls: TLS }, `${step}: ${reply}`);
      if (outcome.kind === 'deferred') {
        t.equal(outcome.scope, scope, `${step}: ${reply}: scope`);
        t.equal(outcome.afterDot, 'no', `${step}: ${reply}: an answer is an answer`);
      }
    }
  }
});

await t.test('REQUIRETLS refused at MAIL', async (t) => {
  t.match(refusedMail(raw('550 5.7.30 cannot'), TLS, 'ask'), { kind: 'not-reached', code: 'delivery.requiretls-missing' });
  t.match(refusedMail(raw('550 5.7.30 cannot'), TLS, 'leave'), { kind: 'failed', code: 'delivery.refused' }, 'not asked for');
});

await t.test('a host that will not talk to us: always waits, always the next hop', async (t) => {
  for (const reply of ['421 busy', '450 4.7.0 no', '554 5.7.1 not you', '521 5.3.2 no mail here', '556 x']) {
    t.match(
      refusedByHost(raw(reply), null),
      { kind: 'deferred', scope: 'next-hop', code: 'delivery.refused-temporarily', afterDot: 'no' },
      reply,
    );
  }
});

await t.test('what is kept of a reply', async (t) => {
  const table: readonly (readonly [string, RawReply, ReturnType<typeof toReply>])[] = [
    ['enhanced status', raw('550 5.1.1 no such user'), { code: 550, enhanced: '5.1.1', text: 'no such user' }],
    ['none', raw('550 no such user'), { code: 550, enhanced: null, text: 'no such user' }],
    ['another class than the code', raw('550 4.1.1 odd'), { code: 550, enhanced: null, text: '4.1.1 odd' }],
    ['status alone', raw('250 2.0.0'), { code: 250, enhanced: '2.0.0', text: '' }],
    ['an address is no status', raw('550 5.1.1.9 is blocked'), { code: 550, enhanced: null, text: '5.1.1.9 is blocked' }],
    ['several lines', raw('550-5.7.1 one\n550 5.7.1 two'), { code: 550, enhanced: '5.7.1', text: 'one  two' }],
    ['control octets', { code: 550, lines: ['5.7.1 a\0b\x1b[31mc\xff\r\nd'] }, { code: 550, enhanced: '5.7.1', text: 'a b [31mc d' }],
  ];
  for (const [name, reply, kept] of table) t.same(toReply(reply), kept, name);
  const long = toReply({ code: 550, lines: Array.from({ length: 100 }, () => 'x'.repeat(600)) });
  t.equal(long.text.length, 500, 'at most 500 characters');
});
