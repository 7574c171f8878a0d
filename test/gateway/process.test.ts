// parse, inspect, decide over the real spool and store: each message once, before the reply where that is soon done, else from the journal;
// what fails is said, tried again, and in the end held for a person. Evidence holds kinds, codes and counts only.
import { createHash } from 'node:crypto';
import t from 'tap';
import type { PolicyInEffect } from '../../src/gateway/decide-again.ts';
import type { Examination, Examine } from '../../src/gateway/examination.ts';
import type { Processor } from '../../src/gateway/process.ts';
import type { Part } from '../../src/mail/message.ts';
import { KNOWN_PICTURE_BYTES } from '../../src/mail/read-facts.ts';
import { examinedAs, processorOn, simplePolicy } from '../support/deciding.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { newMessageId, writeWhole } from '../support/sealed-content.ts';
import { acceptUnit } from '../support/store-units.ts';

const DAY = 86_400_000;
const policy = simplePolicy();
let number = 0;

/** Accepts a message with real sealed content, undecided. Gives its id. */
async function accepted({ store, spool, keys, clock }: GatewayGround, content: string | Buffer, account = 'ehr'): Promise<string> {
  const messageId = newMessageId();
  const { key, wrappedKey, periodId } = keys.newDataKey(messageId, clock.at);
  const plain = Buffer.from(content);
  const { place, sealed } = await writeWhole(spool.writer(messageId, key), plain);
  const facts = { place, sizeBytes: plain.length, wrappedKey, periodId, digest: Buffer.alloc(32), needs: 'nothing' } as const;
  const submitter = { kind: 'account', name: account } as const;
  const message = { id: messageId, content: facts, submitter };
  await store.journal.accept(acceptUnit({ number: ++number, message, state: 'undecided' }, { sealed }));
  return messageId;
}

/** A message is words, each a part: `logo` and `scan` are pictures within it that were not read, `large` one that is too large to be known. */
function examineWords(text: string): Examination {
  const parts = text.split(' ').map((word, i): Part => {
    const picture = ['logo', 'scan', 'large', 'attached'].includes(word);
    return {
      path: String(i + 1),
      kind: picture ? 'picture' : 'text',
      declaredType: null,
      name: null,
      role: word === 'attached' ? 'attachment' : picture ? 'inline' : 'body',
      sizeBytes: word === 'large' ? KNOWN_PICTURE_BYTES + 1 : 1_000,
      digest: picture ? createHash('sha256').update(word).digest('hex') : null,
    };
  });
  const blindSpots = parts.filter(({ kind }) => kind === 'picture').map(({ path }) => ({ part: path, kind: 'picture-not-read' as const }));
  const found = examinedAs({ level: 'medium', score: 0.62, labels: ['hiv'] });
  return { ...found, message: { ...found.message, parts, blindSpots } };
}

/** Reads the whole sealed content. */
function examiner({ spool }: GatewayGround): Examine {
  return async (content) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of spool.read(content)) pieces.push(Buffer.from(piece));
    const whole = Buffer.concat(pieces);
    if (whole.length !== content.sizeBytes) throw new Error('not the whole content');
    return examineWords(whole.toString('latin1').slice(0, 1_000));
  };
}

function processor(ground: GatewayGround, examine: Examine = examiner(ground), by: PolicyInEffect = policy): Processor {
  return processorOn(ground, by, examine);
}

function codesOf(ground: GatewayGround, messageId: string): unknown {
  return ground.evidence().find((one) => one.kind === 'message.read' && one.messageId === messageId)?.codes;
}

async function stateOf(ground: GatewayGround, messageId: string): Promise<unknown> {
  return (await ground.deliveries()).find(({ deliveryId }) => deliveryId === `${messageId}/0`);
}

t.test('each once, from a row and from a file', async (t) => {
  const ground = await gatewayGround(t);
  const small = await accepted(ground, 'hello logo');
  const large = await accepted(ground, Buffer.alloc(400_000, 'x'));
  t.match(await stateOf(ground, small), { state: 'undecided', decision: { methods: ['relay'] } });
  t.same(
    (await ground.store.queue.claim({ owner: 'o', now: NOON + DAY, until: NOON + 2 * DAY, limit: 9, perDestination: 9, busy: {} })).claimed,
    [],
    'nobody takes what is undecided',
  );
  t.equal(await processor(ground).round(), 'more');
  t.match(codesOf(ground, small), {
    parts: 2,
    kinds: 'picture text',
    blindSpots: 'picture-not-read',
    level: 'medium',
    score: 0.62,
    labels: 'hiv',
  });
  t.match(codesOf(ground, large), { parts: 1, kinds: 'text', blindSpots: undefined });
  t.equal(await processor(ground).round(), 'done', 'nothing is read twice');
  t.equal(ground.evidence().filter(({ kind }) => kind === 'message.read').length, 2);
  t.notMatch(JSON.stringify(ground.evidence()), 'hello', 'no content in evidence');
  t.same(ground.events.bugs, []);
  t.match(await stateOf(ground, small), { state: 'queued', decision: { rule: 'simple', policyVersion: policy.version } });
  t.match(await ground.store.readings.facts(small), {
    message: { reversePath: 'ann@hospital.example', phi: { level: 'medium' }, blindSpots: ['picture-not-read'], client: '192.0.2.7' },
    recipients: [{ address: 'bob@partner.example', inside: false }],
  });
});

t.test('pictures that an account sends again and again are known', async (t) => {
  const ground = await gatewayGround(t);
  const blind = async (content: string, account?: string): Promise<unknown> => {
    const id = await accepted(ground, content, account);
    await processor(ground).round();
    return (codesOf(ground, id) as { blindSpots?: string }).blindSpots;
  };
  for (let i = 0; i < 5; i++) t.equal(await blind('hello logo attached'), 'picture-not-read*2', `message ${i + 1}`);
  t.equal(await blind('hello logo'), 'picture-not-read', 'often, but all on one day');
  ground.clock.at = NOON + DAY;
  t.equal(await blind('hello logo'), undefined, 'known');
  t.equal(await blind('hello logo scan'), 'picture-not-read', 'another picture is not');
  t.equal(await blind('hello attached'), 'picture-not-read', 'nor one that is attached');
  t.equal(await blind('hello logo', 'other'), 'picture-not-read', 'nor for another account');
  for (let i = 0; i < 5; i++) await blind('hello large');
  ground.clock.at += DAY;
  t.equal(await blind('hello large'), 'picture-not-read', 'nor one large enough to be a page');
});

t.test('what cannot be read now is read later, and keeps nothing behind it waiting', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const other = await accepted(ground, 'world');
  t.equal(await processor(ground, async () => 'stopped').round(), 'done');
  const failing: Examine = async (content, envelope) => {
    if (content.messageId === id) throw new Error('hello');
    return examiner(ground)(content, envelope);
  };
  await processor(ground, failing).round();
  t.same(
    ground.events.bugs.map(({ where }) => where),
    ['process'],
  );
  t.equal(codesOf(ground, id), undefined);
  t.match(codesOf(ground, other), { parts: 1 });
  await processor(ground).round();
  t.match(codesOf(ground, id), { parts: 1 });
});

t.test('what fails again and again is held for a person', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const failing = processor(ground, () => Promise.reject(new Error('hello')));
  for (let round = 0; round < 3; round++) await failing.round();
  t.match(await stateOf(ground, id), { state: 'undecided' });
  await failing.round();
  t.match(await stateOf(ground, id), {
    state: 'held',
    hold: { reason: 'policy.held', owner: 'administrator' },
    decision: { rule: '<fault>', methods: [] },
  });
  t.match(codesOf(ground, id), { parts: 0, blindSpots: 'broken' });
  t.equal(ground.events.bugs.length, 3);
});

t.test('damaged content is an alarm, and known as not read', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const journal = { ...ground.store.journal, readSealed: async () => Buffer.alloc(200) };
  await processorOn(ground, policy, examiner(ground), { journal }).round();
  t.match(codesOf(ground, id), { parts: 0, blindSpots: 'broken' });
  t.same(ground.events.alarms, [{ what: 'content-damaged', messageId: id }]);
});

t.test('policy may hold or return: then the originator is told', async (t) => {
  const by = (action: 'hold' | 'return'): PolicyInEffect => ({
    ...policy,
    decide: (facts) => ({ ...policy.decide(facts), action, rule: 'no-scans', reason: 'Scans go by courier.' }),
    settings: (sender, recipient) => ({
      ...policy.settings(sender, recipient),
      reviewers: ['privacy@hospital.example'],
      holdFor: { clockMs: DAY },
    }),
  });
  for (const [action, state, code] of [
    ['hold', 'held', 'policy.held'],
    ['return', 'returned', 'policy.returned'],
  ] as const) {
    const ground = await gatewayGround(t);
    const id = await accepted(ground, 'scan');
    await processor(ground, examiner(ground), by(action)).round();
    const hold = action === 'hold' ? { reason: code, owner: 'privacy@hospital.example', deadline: NOON + DAY } : null;
    t.match(await stateOf(ground, id), { state, hold, decision: { action, rule: 'no-scans' } });
    const [owed] = await ground.store.queue.owedReports({ limit: 9 });
    t.match(owed?.deliveries, [
      { kind: action === 'hold' ? 'held' : 'failed', status: { code, words: 'Scans go by courier.', ask: 'privacy@hospital.example' } },
    ]);
    t.same(
      ground
        .evidence()
        .slice(-2)
        .map(({ kind }) => kind),
      ['delivery.decided', action === 'hold' ? 'delivery.held' : 'delivery.returned'],
    );
  }
});

t.test('a person who held it meanwhile is not overruled', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const hold = { reason: 'person', owner: 'ann', deadline: NOON + DAY };
  const evidence = { kind: 'delivery.held', at: NOON, messageId: id, deliveryId: `${id}/0`, codes: {}, detail: null } as const;
  const change = {
    deliveryId: `${id}/0`,
    change: 'hold',
    at: NOON,
    hold,
    decision: null,
    report: null,
    status: null,
    judgement: null,
    evidence,
  } as const;
  t.equal(await ground.store.queue.change(change), 'done');
  await processor(ground).round();
  t.match(await stateOf(ground, id), { state: 'held', hold });
  t.ok(await ground.store.readings.facts(id), 'what was read is kept: a release decides by it');
});
