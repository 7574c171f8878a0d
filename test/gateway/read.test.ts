// Reading what was accepted: each message once, from sealed content, with evidence of kinds and codes only; pictures of an account that
// come again and again are known.
import { createHash } from 'node:crypto';
import t from 'tap';
import { readAccepted, type ReadDeps } from '../../src/gateway/read.ts';
import type { Message, Part } from '../../src/mail/message.ts';
import { KNOWN_PICTURE_BYTES } from '../../src/mail/read-facts.ts';
import { type GatewayGround, gatewayGround, NOON } from '../support/gateway-ground.ts';
import { newMessageId, writeWhole } from '../support/sealed-content.ts';
import { acceptUnit } from '../support/store-units.ts';

const DAY = 86_400_000;
let number = 0;

/** Accepts a message with real sealed content. Gives its id. */
async function accepted({ store, spool, keys, clock }: GatewayGround, content: string | Buffer, account = 'ehr'): Promise<string> {
  const messageId = newMessageId();
  const { key, wrappedKey, periodId } = keys.newDataKey(messageId, clock.at);
  const plain = Buffer.from(content);
  const { place, sealed } = await writeWhole(spool.writer(messageId, key), plain);
  const facts = { place, sizeBytes: plain.length, wrappedKey, periodId, digest: Buffer.alloc(32), needs: 'nothing' } as const;
  const submitter = { kind: 'account', name: account } as const;
  await store.journal.accept(acceptUnit({ number: ++number, message: { id: messageId, content: facts, submitter } }, { sealed }));
  return messageId;
}

/** A message is words, each a part: `logo` and `scan` are pictures within it that were not read, `large` one that is too large to be known. */
function readWords(text: string): Message {
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
  return { parts, spans: [{ part: '1', place: { area: 'text' }, text, marks: [] }], defects: [], blindSpots, documents: [] };
}

function deps({ store, spool, keys, clock, events }: GatewayGround, read: ReadDeps['read'] = readWhole): ReadDeps {
  return { readings: store.readings, journal: store.journal, spool, keys, read, clock, events };
}

const readWhole: ReadDeps['read'] = async (readable) => {
  const { sizeBytes } = readable;
  const pieces: Uint8Array[] = [];
  for await (const piece of readable.content()) pieces.push(Buffer.from(piece));
  const whole = Buffer.concat(pieces);
  if (whole.length !== sizeBytes) throw new Error('not the whole content');
  return readWords(whole.toString('latin1').slice(0, 1_000));
};

function codesOf(ground: GatewayGround, messageId: string): unknown {
  return ground.evidence().find((one) => one.kind === 'message.read' && one.messageId === messageId)?.codes;
}

t.test('each once, from a row and from a file', async (t) => {
  const ground = await gatewayGround(t);
  const small = await accepted(ground, 'hello logo');
  const large = await accepted(ground, Buffer.alloc(400_000, 'x'));
  t.equal(await readAccepted(deps(ground)), 2);
  t.match(codesOf(ground, small), { parts: 2, kinds: 'picture text', blindSpots: 'picture-not-read' });
  t.match(codesOf(ground, large), { parts: 1, kinds: 'text', blindSpots: undefined });
  t.equal(await readAccepted(deps(ground)), 0, 'nothing is read twice');
  t.equal(ground.evidence().filter(({ kind }) => kind === 'message.read').length, 2);
  t.notMatch(JSON.stringify(ground.evidence()), 'hello', 'no content in evidence');
  t.same(ground.events.bugs, []);
});

t.test('pictures that an account sends again and again are known', async (t) => {
  const ground = await gatewayGround(t);
  const blind = async (content: string, account?: string): Promise<unknown> => {
    const id = await accepted(ground, content, account);
    await readAccepted(deps(ground));
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

t.test('what cannot be read now is read later', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const other = await accepted(ground, 'world');
  t.equal(await readAccepted(deps(ground, async () => 'stopped')), 0);
  const failing: ReadDeps['read'] = async (content) => {
    const message = await readWhole(content);
    if (message !== 'stopped' && message.spans[0]?.text === 'hello') throw new Error('hello');
    return message;
  };
  t.equal(await readAccepted(deps(ground, failing)), 1, 'the others are read');
  t.same(
    ground.events.bugs.map(({ where }) => where),
    ['read'],
  );
  t.equal(codesOf(ground, id), undefined);
  t.match(codesOf(ground, other), { parts: 1 });
  t.equal(await readAccepted(deps(ground)), 1);
  t.match(codesOf(ground, id), { parts: 1 });
});

t.test('damaged content is an alarm, and known as not read', async (t) => {
  const ground = await gatewayGround(t);
  const id = await accepted(ground, 'hello');
  const damaged = { ...deps(ground), journal: { ...ground.store.journal, readSealed: async () => Buffer.alloc(200) } };
  t.equal(await readAccepted(damaged), 1);
  t.match(codesOf(ground, id), { parts: 0, blindSpots: 'broken' });
  t.same(ground.events.alarms, [{ what: 'content-damaged', messageId: id }]);
});
