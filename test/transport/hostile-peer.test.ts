// Next hops that say anything at any step: whatever they do, one outcome per recipient, no exception, and `relayed` only where the final dot was
// read and answered with 2xx. Choices are drawn with a fixed seed.
import fc from 'fast-check';
import t from 'tap';
import type { Outcome } from '../../src/mail/outcome.ts';
import { nextHop, PEER_NAME, recipient, sendRequest, startTransport, wire } from '../support/send-request.ts';
import { type Act, type Script, startPeer, type Step } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const identity = ca.issue({ names: [PEER_NAME] });

const SAYINGS: readonly (Act | string | undefined)[] = [
  undefined,
  undefined,
  undefined,
  '250 2.0.0 ok\r\n',
  '250-a\r\n250 b\r\n',
  '220 hello again\r\n',
  '354 go on\r\n',
  '354 go on\r\n250 taken\r\n',
  '250 a\r\n250 b\r\n250 c\r\n',
  '421 4.3.2 bye\r\n',
  { say: '421 4.3.2 bye\r\n', then: 'end' },
  '450 4.2.0 later\r\n',
  '550 5.1.1 never\r\n',
  '552 5.3.4 large\r\n',
  '999 what\r\n',
  '250-never finished\r\n550 5.0.0 mixed\r\n',
  '2',
  '\r\n',
  'garbage\0\xff\r\n',
  { say: null, then: 'drop' },
  { say: '250 ok\r\n', then: 'drop' },
  { say: '250', then: 'end' },
];
const STEPS: readonly Step[] = ['connect', 'ehlo', 'starttls', 'mail', 'rcpt', 'data', 'content', 'dot'];
const CASES = 250;
const FINAL_DOT = Buffer.from('\r\n.\r\n');

await t.test('any saying at any step', async (t) => {
  let script: Script = () => undefined;
  const peer = await startPeer(t, { identity, script: (step, call) => script(step, call) });
  const timeouts = { connectMs: 1_000, greetingMs: 15, commandMs: 100, dataStartMs: 15, dataBlockMs: 100, dataEndMs: 15 };
  const transport = startTransport(t, { trustAnchors: [ca.certificatePem], timeouts });
  const recipients = [recipient('a@peer.test'), recipient('b@peer.test')];
  const large = wire(`${'x'.repeat(998)}\r\n`.repeat(200), { chunk: 65_536 });
  const plans = fc.sample(
    fc.tuple(
      fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat({ max: SAYINGS.length - 1 })), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
    ),
    {
      seed: 5321,
      numRuns: CASES,
    },
  );
  const seen = new Map<string, number>();
  for (const [plan, isLarge] of plans) {
    // What was said once the final dot had been read: the first of it is the answer.
    const answers: string[] = [];
    script = (step, call) => {
      const planned = plan.find(([at]) => at === step);
      const act = planned === undefined || (step === 'ehlo' && call.session.tls === null) ? undefined : SAYINGS[planned[1]];
      const said = typeof act === 'object' ? (act.say?.toString() ?? '') : (act ?? (step === 'dot' ? '250' : ''));
      if (step === 'dot' || (step === 'content' && call.content.subarray(-5).equals(FINAL_DOT))) answers.push(said);
      return act;
    };
    const name = JSON.stringify(plan);
    const outcomes = await transport.send(sendRequest(nextHop(peer.port), { recipients, ...(isLarge ? { content: large } : {}) }));
    check(t, name, outcomes, answers.find((said) => said !== '') ?? null);
    for (const { kind } of outcomes) seen.set(kind, (seen.get(kind) ?? 0) + 1);
    peer.cutAll();
  }
  t.same([...seen.keys()].toSorted(), ['deferred', 'failed', 'not-reached', 'relayed'], 'every kind of outcome was met');
});

function check(t: { fail(message: string): unknown }, name: string, outcomes: readonly Outcome[], dotAnswer: string | null): void {
  if (outcomes.length !== 2) t.fail(`${name}: one outcome per recipient`);
  for (const outcome of outcomes) {
    if (outcome.kind === 'relayed' && !/^2\d\d/.test(dotAnswer ?? ''))
      t.fail(`${name}: relayed, and the dot was answered with ${dotAnswer ?? 'nothing'}`);
    if (outcome.kind === 'deferred' && outcome.afterDot === 'yes' && outcome.reply !== null)
      t.fail(`${name}: an answer to the dot is not unknown`);
    const reply = 'reply' in outcome ? outcome.reply : null;
    if (reply !== null && !/^[\x20-\x7e]{0,500}$/.test(reply.text)) t.fail(`${name}: reply text`);
  }
}
