// The review commands over the real store, spool and a reading child: what is told of held mail, the content as a reveal with its record,
// and that a verdict on a message counts once.
import t from 'tap';
import { defaultConfig } from '../../src/config/default-config.ts';
import { revealer } from '../../src/daemon/reveal.ts';
import { reviewCommands } from '../../src/daemon/review-commands.ts';
import type { ReviewDeps } from '../../src/gateway/review.ts';
import { METHOD_NAMES } from '../../src/mail/decision.ts';
import type { EvidenceKind } from '../../src/mail/evidence.ts';
import { decidingBy } from '../support/deciding.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { policyOf } from '../support/policy-facts.ts';
import { newMessageId, writeWhole } from '../support/sealed-content.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, DECISION, reading, storedFacts } from '../support/store-units.ts';

const HOUR = 3_600_000;
const TO = ['bob@partner.example', 'joe@partner.example'];
const CONTENT = 'Subject: Results\r\n\r\nPotassium of Zoe Quill: 5.1\r\n';
const BY = { who: 'kim', as: null, why: 'is it a form?' } as const;
const policy = policyOf(`version: 1
rules:
  - { id: look-first, when: { phi: medium }, hold: Somebody looks first, then: [portal] }
  - { id: rest, deliver: [relay] }
`);

function commandsOn(ground: GatewayGround, methodsSetUp: ReviewDeps['methodsSetUp'] = METHOD_NAMES) {
  const { store, reader, clock, keys, spool } = ground;
  const acted: (readonly [EvidenceKind, string])[] = [];
  const commands = reviewCommands({
    reader,
    review: {
      ...decidingBy(policy, { readings: store.readings }),
      queue: store.queue,
      reader,
      accounts: store.accounts,
      methodsSetUp,
      clock,
      holdFor: () => ({ clockMs: HOUR }),
      wake: () => undefined,
    },
    acted: (kind, id) => void acted.push([kind, id]),
    reviews: store.reviews,
    audit: store.audit,
    explain: policy.explain,
    reveal: revealer({ config: () => defaultConfig('.'), keys, spool, journal: store.journal }),
  });
  return { commands, acted };
}

/** A held message with content that was read. Gives its id. */
async function hold({ store, spool, keys, clock }: GatewayGround, state: 'held' | 'queued' = 'held', content = CONTENT): Promise<string> {
  const id = newMessageId();
  const { key, wrappedKey, periodId } = keys.newDataKey(id, clock.at);
  const plain = Buffer.from(content);
  const { place, sealed } = await writeWhole(spool.writer(id, key), plain);
  const facts = { place, sizeBytes: plain.length, wrappedKey, periodId, digest: Buffer.alloc(32), needs: 'nothing' } as const;
  const delivery = () => ({
    decision: { ...DECISION, rule: 'look-first', action: 'hold' } as const,
    hold: state === 'held' ? { reason: 'policy.held', owner: 'review@hospital.example', deadline: NOON + 48 * HOUR } : null,
    repeatDigest: null,
  });
  const unit = acceptUnit({ number: 1, recipients: TO, state, message: { id, content: facts }, delivery, at: clock.at });
  const messages = { message: { ...unit.message, id }, sealed, evidence: [], reading: reading({ facts: storedFacts(TO) }) };
  const result = await store.journal.accept({ ...unit, ...messages });
  if (result.kind !== 'accepted') throw new Error(result.kind);
  return id;
}

t.test('list: what is held, with its level; of what is not held nothing', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOn(ground);
  const id = await hold(ground);
  await hold(ground, 'queued');
  const answer = await commands['review.list']({ after: null, limit: 3 });
  t.match(answer, {
    kind: 'done',
    value: { entries: TO.map((recipient, n) => ({ deliveryId: `${id}/${n}`, level: 'medium', recipient })), next: null },
  });
  t.match(await commands['review.list']({ after: null, limit: 1 }), { value: { entries: [{ deliveryId: `${id}/0` }], next: `${id}/0` } });
});

t.test('show: facts and what policy says now, without a word of the content, and without a record', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, acted } = commandsOn(ground);
  const id = await hold(ground);
  const before = ground.evidence().length;
  const answer = await commands['review.show']({ messageId: `${id}/1` });
  t.match(answer, {
    kind: 'done',
    value: {
      message: { messageId: id, deliveries: [{ state: 'held' }, { state: 'held' }] },
      found: { phi: { level: 'medium', counts: { name: 1 } } },
      decisions: TO.map((_, n) => ({
        deliveryId: `${id}/${n}`,
        decision: { rule: 'look-first', action: 'hold', methods: ['portal'] },
        triedBefore: 0,
        changes: [{ then: 'deliver by relay', needs: [/^not: PHI is medium/] }],
      })),
    },
  });
  t.notMatch(JSON.stringify(answer), /Zoe|Potassium|Results/);
  t.same([acted, ground.evidence().length], [[], before]);
  t.match(await commands['review.show']({ messageId: idOf(9) }), { kind: 'failed', code: 'not-found' });
});

t.test('what is not set up is no way out: a release would be refused, a reroute says what is set up', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOn(ground, ['relay']);
  const id = await hold(ground);
  t.match(await commands['review.show']({ messageId: id }), {
    value: { decisions: [{ decision: { methods: [] }, changes: [{ then: 'deliver by relay' }] }] },
  });
  t.match(await commands['review.reroute']({ target: id, ...BY, method: 'portal' }), {
    kind: 'failed',
    code: 'not-legal',
    text: 'Nothing was changed: portal is not set up here: write relay.',
  });
});

t.test('content: recorded with who and why, then shown as it was read', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, acted } = commandsOn(ground);
  for (const content of [CONTENT, `${CONTENT}${'x'.repeat(70)}\r\n`.padEnd(400_000, 'text \r\n')]) {
    const id = await hold(ground, 'held', content);
    const answer = await commands['review.content']({ messageId: id, ...BY });
    t.match(answer, { kind: 'done', value: { sizeBytes: content.length, leftOut: 0 } });
    const texts = answer.kind === 'done' ? answer.value.message.spans.map(({ text }) => text).join('\n') : '';
    t.match(texts, /Potassium of Zoe Quill: 5\.1/);
    t.match(acted.at(-1), ['content.revealed', id]);
    const record = ground.evidence().at(-1);
    t.match(record, { kind: 'content.revealed', messageId: id, codes: { by: 'person' }, detail: { who: 'kim', why: 'is it a form?' } });
    t.notMatch(JSON.stringify(record?.codes), /kim|form/, 'the person is sealed');
  }
});

t.test('content: only of what is held, and of what is still there', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, acted } = commandsOn(ground);
  const queued = await hold(ground, 'queued');
  t.match(await commands['review.content']({ messageId: queued, ...BY }), { kind: 'failed', code: 'not-legal' });
  t.match(await commands['review.content']({ messageId: idOf(9), ...BY }), { kind: 'failed', code: 'not-found' });
  t.same(acted, [], 'nothing was shown, nothing is recorded');
  const gone = await hold(ground);
  await ground.store.retention.removeContent([gone], []);
  t.match(await commands['review.content']({ messageId: gone, ...BY }), { kind: 'failed', code: 'not-found', text: /removed/ });
  t.same(acted, [['content.revealed', gone]], 'that somebody wanted to see it is');
});

t.test('a whole message: each recipient, one verdict', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, acted } = commandsOn(ground);
  const id = await hold(ground);
  const answer = await commands['review.release']({ target: id, ...BY, verdict: 'not-phi' });
  t.same(answer, { kind: 'done', value: { changed: [`${id}/0`, `${id}/1`], unchanged: [] } });
  t.same(
    acted.map(([kind]) => kind),
    ['delivery.released', 'delivery.released'],
  );
  t.match(await commands['review.verdicts']({ since: 0 }), { value: { messages: { phi: 0, notPhi: 1 } } });
});

t.test('one of them back, the other by another way', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, acted } = commandsOn(ground);
  const id = await hold(ground);
  t.match(await commands['review.reroute']({ target: id, ...BY, method: 'relay' }), {
    kind: 'failed',
    code: 'not-legal',
    text: /policy allows portal/,
  });
  t.match(await commands['review.reroute']({ target: `${id}/0`, ...BY, method: 'portal' }), { kind: 'done' });
  t.match(await commands['review.return']({ target: `${id}/1`, ...BY, verdict: null, words: 'Use the portal' }), { kind: 'done' });
  t.same(
    acted.map(([kind]) => kind),
    ['delivery.rerouted', 'delivery.returned'],
  );
  t.match(await commands['review.release']({ target: id, ...BY, as: 'ehr', verdict: null }), { kind: 'failed', code: 'not-legal' });
});

t.test('their own: said in words', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOn(ground);
  const id = await hold(ground);
  const answer = await commands['review.release']({ target: id, ...BY, as: 'ann@hospital.example', verdict: null });
  t.match(answer, { kind: 'failed', code: 'not-legal', text: /your own message/ });
});
