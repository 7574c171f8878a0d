// A conversation at the portal stays there: for whoever answered there policy may hold or return, and choose no other way.
import t from 'tap';
import { decideAgain } from '../../src/gateway/decide-again.ts';
import { decidedEvidence, ownMail } from '../../src/gateway/decided.ts';
import { atPortal, backToPortal } from '../../src/gateway/to-portal.ts';
import { decidingBy, examinedAs, processorOn, simplePolicy } from '../support/deciding.ts';
import { gatewayGround, NOON } from '../support/gateway-ground.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, DECISION, storedFacts } from '../support/store-units.ts';

const ANSWERS = `${idOf(3)}/1`;
const PAT = 'pat@home.example';

await t.test('only the way changes', async (t) => {
  const table = [
    ['delivered', DECISION],
    ['held', { ...DECISION, action: 'hold', methods: [] }],
    ['returned', { ...DECISION, action: 'return', reason: 'No.' }],
    ['nothing reaches the floor', { ...DECISION, floor: 'sealed', methods: [], otherwise: 'return' }],
  ] as const;
  for (const [name, decision] of table) {
    t.same(backToPortal(decision, { answers: ANSWERS }), { ...decision, methods: ['portal'] }, name);
    t.equal(backToPortal(decision, {}), decision, `${name}: to anybody else as it was`);
  }
});

const POLICY = simplePolicy();

await t.test('nor does it when it is decided again', async (t) => {
  const recipients = [PAT, 'bob@partner.example'];
  const facts = async () => storedFacts(recipients);
  const deps = decidingBy(POLICY, { readings: { facts } });
  const { message } = acceptUnit({ number: 1, recipients });
  const to = message.envelope.recipients.map((one, n) => (n === 0 ? { ...one, answers: ANSWERS } : one));
  const answered = { ...message, envelope: { ...message.envelope, recipients: to } };
  const again = async (n: number) => (await decideAgain(answered, { n, recipient: recipients[n] ?? '', before: DECISION }, deps)).decision;
  t.match(await again(0), { rule: 'simple', methods: ['portal'], floor: 'tls-verified' });
  t.match(await again(1), { rule: 'simple', methods: ['relay'], floor: 'tls-verified' });

  const written = acceptUnit({ number: 2, message: { kind: 'answer' } }).message;
  const ofAnswer = async (before: typeof DECISION) =>
    (await decideAgain(written, { n: 0, recipient: 'bob@partner.example', before }, deps)).decision;
  t.same(await ofAnswer(DECISION), ownMail(POLICY.version, 'tls-verified', 'hold'), 'an answer goes as ours does');
  const atThePortal = atPortal({ ...DECISION, rule: '<answer>' });
  t.same(await ofAnswer(atThePortal), { ...atThePortal, policyVersion: POLICY.version }, 'what of it goes to the portal stays there');
});

await t.test('nor by a draft, and the evidence says what it answers', async (t) => {
  const ground = await gatewayGround(t);
  const { journal } = ground.store;
  const unit = acceptUnit({ number: 4, recipients: [PAT], state: 'undecided', at: NOON });
  const { envelope } = unit.message;
  const { key, wrappedKey, periodId } = ground.keys.newDataKey(unit.message.id, NOON);
  const writer = ground.spool.writer(unit.message.id, key);
  await writer.write(Buffer.from('Subject: hello\r\n\r\nhello\r\n'));
  const stored = await writer.finish();
  const message = {
    ...unit.message,
    envelope: { ...envelope, recipients: [{ address: PAT, notify: null, orcpt: null, answers: ANSWERS }] },
    content: { ...unit.message.content, sizeBytes: stored.sizeBytes, wrappedKey, periodId },
  };
  await journal.accept({ ...unit, message, sealed: stored.sealed });
  const draft = simplePolicy('tls');
  await processorOn(ground, POLICY, async () => examinedAs(), { draft: () => draft }).round();
  t.same(ground.events.bugs, []);
  t.match(await ground.deliveries(), [{ state: 'queued', decision: { methods: ['portal'], floor: 'tls-verified' } }]);
  const decided = ground.evidence().filter(({ kind, codes }) => kind === 'delivery.decided' && 'answers' in codes);
  t.match(decided, [{ codes: { answers: ANSWERS, methods: 'portal' }, detail: { recipient: PAT } }]);
  t.same(
    decidedEvidence('M', 0, NOON, { decision: DECISION, state: 'queued', hold: null, report: null }, { address: PAT })[0]?.codes['answers'],
    undefined,
  );
});
