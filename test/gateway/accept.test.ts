// Taking in a message over a real spool and store: what 250 stands for, that nothing stays behind of what was not taken, and that the
// reply comes in time whatever the storage does.
import { endOfTerm } from '../../src/mail/hold-term.ts';
import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { PolicyInEffect } from '../../src/gateway/decide-again.ts';
import { acceptor } from '../../src/gateway/accept.ts';
import type { AcceptDeps, AcceptSettings } from '../../src/gateway/accept-deps.ts';
import type { DeliveryGroup } from '../../src/gateway/deliver.ts';
import { Dispatcher } from '../../src/gateway/dispatcher.ts';
import type { Processor } from '../../src/gateway/process.ts';
import type { Submission } from '../../src/gateway/intake.ts';
import { MailError, type MailErrorCode } from '../../src/mail/mail-error.ts';
import type { Reply } from '../../src/mail/reply.ts';
import type { AcceptResult, AcceptUnit } from '../../src/store/journal.ts';
import { examinedAs, processorOn, simplePolicy } from '../support/deciding.ts';
import { type GatewayGround, gatewayGround } from '../support/gateway-ground.ts';
import { readWhole } from '../support/sealed-content.ts';
import { envelope, recipient, submission } from '../support/submission.ts';

const HEADER = 'From: Ann <ann@clinic.example>\r\nTo: jane@partner.example\r\nMessage-ID: <m1@clinic.example>\r\nSubject: Results\r\n\r\n';
const SMALL = `${HEADER}Potassium 4.1\r\n`;
const LARGE = `${HEADER}${`${'x'.repeat(70)}\r\n`.repeat(6_000)}`;

const SETTINGS: AcceptSettings = {
  mode: 'live',
  hostname: 'mail.clinic.example',
  postmaster: ['it@clinic.example'],
  expireAfterMs: 86_400_000,
  holdFor: { clockMs: 3_600_000 },
  repeatWindowMs: 86_400_000,
  replyWithinMs: 2_000,
  decideWithinMs: 1_000,
  recipientsPerGroup: 100,
  leaseMs: 900_000,
  clientAddress: 'hide',
  voice: { name: 'Mail Delivery', contact: null },
};

const policy = simplePolicy();

interface Door {
  readonly ground: GatewayGround;
  readonly dispatcher: Dispatcher;
  /** Groups that were handed over at once. */
  readonly handed: DeliveryGroup[];
  readonly send: (content: string, given?: Partial<Submission>) => Promise<Reply>;
  readonly deps: AcceptDeps;
}

interface Wish extends Partial<Omit<AcceptDeps, 'settings'>> {
  readonly settings?: () => AcceptSettings;
  readonly slots?: number;
  /** Places of the dispatcher. */
  readonly places?: number;
}

async function door(t: Parameters<typeof gatewayGround>[0], { slots = 16, places = 10, ...change }: Wish = {}): Promise<Door> {
  const ground = await gatewayGround(t, slots);
  const handed: DeliveryGroup[] = [];
  const { store, spool, keys, board, clock, events, random } = ground;
  const dispatcher = new Dispatcher({
    queue: store.queue,
    // What has been handed over keeps its place: the test looks at it.
    deliver: (group, signal) => {
      handed.push(group);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    },
    settings: { total: places, perDestination: places, perDestinationPerMinute: null, recipientsPerGroup: 100, leaseMs: 900_000 },
    owner: 'gateway',
    clock,
    events,
    mayDeliver: () => true,
    mayTry: () => true,
  });
  t.teardown(() => dispatcher.stop(0));
  const deps: AcceptDeps = {
    journal: store.journal,
    spool,
    keys,
    board,
    processor: processorOn(ground, policy),
    audit: store.audit,
    routes: () => [],
    dispatcher,
    owner: 'gateway',
    settings: () => SETTINGS,
    limits: async () => 'take',
    reportsOwed: () => undefined,
    mayAccept: () => true,
    clock,
    random,
    events,
    ...change,
  };
  const accept = acceptor(deps);
  return {
    ground,
    dispatcher,
    handed,
    deps,
    async send(content, given = {}) {
      const intake = await accept.open(submission(given));
      const bytes = Buffer.from(content, 'latin1');
      for (let at = 0; at < bytes.length; at += 10_000) await intake.write(bytes.subarray(at, at + 10_000));
      return intake.end();
    },
  };
}

const idIn = ({ text }: Reply): string => / as ([0-9A-Z]{26})$/.exec(text)?.[1] ?? '';
const kindsOf = ({ evidence }: GatewayGround): readonly string[] => evidence().map(({ kind }) => kind);

/** Nothing is in the journal, in the spool or in the log, and every place is free. */
async function nothingBehind(t: { same(a: unknown, b: unknown, text: string): void }, { ground, dispatcher }: Door): Promise<void> {
  const behind = { deliveries: await ground.deliveries(), files: ground.spoolFiles(), evidence: kindsOf(ground), places: dispatcher.inUse };
  t.same(behind, { deliveries: [], files: [], evidence: [], places: 0 }, 'nothing stays behind');
}

for (const [name, content, place] of [
  ['a small message lies in its row', SMALL, 'row'],
  ['a large one in a file', LARGE, 'file'],
] as const) {
  t.test(name, async (t) => {
    const { ground, send, handed, dispatcher } = await door(t);
    const reply = await send(content);
    t.match(reply, { code: 250, enhanced: '2.0.0', text: /^accepted as [0-9A-Z]{26}$/ });
    const messageId = idIn(reply);
    t.same(kindsOf(ground), place === 'row' ? ['message.accepted', 'message.read', 'delivery.decided'] : ['message.accepted']);
    t.same(ground.spoolFiles(), place === 'file' ? [messageId] : []);
    t.equal(dispatcher.inUse, place === 'row' ? 1 : 0, 'it goes out at once, or waits for a decision');
    t.match(await ground.deliveries(), [{ state: place === 'row' ? 'active' : 'undecided' }]);
    t.same(await ground.store.readings.unread({ after: null, limit: 9 }), place === 'row' ? [] : [messageId]);
    const message = await ground.store.journal.readMessage(messageId);
    t.match(message, { id: messageId, reportTo: 'ann@clinic.example', headerMessageId: '<m1@clinic.example>' });
    if (message === null) return;
    const { sizeBytes, wrappedKey, periodId } = message.content;
    t.equal(message.content.place, place);
    const sealed = await ground.store.journal.readSealed(messageId);
    if (place === 'row') t.same(handed[0]?.sealed, sealed, 'what is at hand need not be read');
    const key = ground.keys.unwrapDataKey(messageId, wrappedKey, periodId);
    const opened = (await readWhole(ground.spool.read({ messageId, place, sealed, sizeBytes, key }))).toString('latin1');
    t.ok(opened.endsWith(content), 'as the client sent it');
    t.match(opened, new RegExp(`^Received: [^]* id ${messageId}`), 'with our Received field on top');
    t.equal(opened.length, sizeBytes);
    t.notOk(Buffer.from(sealed ?? []).includes('Potassium'), 'sealed');
    t.match(ground.events.of('accepted'), [{ messageId, recipients: 1, repeated: 0, listener: 'submissions' }]);
    t.same(ground.events.bugs, []);
  });
}

t.test('the sandbox says that it does not send', async (t) => {
  const { send } = await door(t, { settings: () => ({ ...SETTINGS, mode: 'sandbox' }) });
  t.match((await send(SMALL)).text, /^sandbox: not sent, kept as /);
});

interface RefusedCase {
  readonly name: string;
  readonly content: string;
  readonly wish?: Wish;
  readonly code: number;
  readonly enhanced: string;
  /** What the events call it. */
  readonly refused: MailErrorCode;
}

const refusals: readonly RefusedCase[] = [
  {
    name: 'From of somebody else',
    content: 'From: x@other.example\r\n\r\nhello\r\n',
    code: 550,
    enhanced: '5.7.1',
    refused: 'content.from-not-allowed',
  },
  {
    name: 'From of somebody else, large',
    content: LARGE.replace('ann@clinic', 'x@other'),
    code: 550,
    enhanced: '5.7.1',
    refused: 'content.from-not-allowed',
  },
  { name: 'no message at all', content: '', code: 550, enhanced: '5.7.1', refused: 'content.from-not-allowed' },
  { name: 'a header without end', content: 'X: '.padEnd(300_000, 'y'), code: 554, enhanced: '5.6.0', refused: 'content.bad-header' },
  { name: 'a header that cannot be read', content: `no field\r\n${SMALL}`, code: 554, enhanced: '5.6.0', refused: 'content.bad-header' },
  {
    name: 'too many messages',
    content: SMALL,
    wish: { limits: async () => ({ refuse: 'limit.messages' }) },
    code: 451,
    enhanced: '4.7.1',
    refused: 'limit.messages',
  },
  {
    name: 'too many messages, large',
    content: LARGE,
    wish: { limits: async () => ({ refuse: 'limit.messages' }) },
    code: 451,
    enhanced: '4.7.1',
    refused: 'limit.messages',
  },
  {
    name: 'the limits cannot be read',
    content: LARGE,
    wish: { limits: () => Promise.reject(new MailError('store.unavailable')) },
    code: 451,
    enhanced: '4.3.0',
    refused: 'store.unavailable',
  },
  { name: 'too many commits under way', content: SMALL, wish: { slots: 0 }, code: 451, enhanced: '4.3.0', refused: 'store.unavailable' },
  {
    name: 'too many commits under way, large',
    content: LARGE,
    wish: { slots: 0 },
    code: 451,
    enhanced: '4.3.0',
    refused: 'store.unavailable',
  },
];

for (const { name, content, wish, code, enhanced, refused } of refusals) {
  t.test(`refused: ${name}`, async (t) => {
    const made = await door(t, wish);
    t.match(await made.send(content), { code, enhanced });
    const told = made.ground.events.of('refused');
    t.match(told, [{ submitter: { kind: 'account', name: 'ehr' }, address: '192.0.2.33', code: refused }]);
    t.equal(told.length, 1, 'once');
    t.equal(made.ground.events.of('accepted').length, 0);
    await nothingBehind(t, made);
  });
}

t.test('a full disk is said before the content comes', async (t) => {
  const made = await door(t, { mayAccept: () => false });
  await t.rejects(made.send(SMALL), { code: 'store.disk-full' });
  t.match(new MailError('store.disk-full').reply, { code: 452, enhanced: '4.3.1' });
  await nothingBehind(t, made);
});

const journalFaults: readonly (readonly [name: string, error: Error, code: number, bugs: number])[] = [
  ['the disk is full', new MailError('store.disk-full'), 452, 0],
  ['a fault of ours', new TypeError('patient Jane Doe'), 451, 1],
];

for (const [name, error, code, bugs] of journalFaults) {
  for (const content of [SMALL, LARGE]) {
    t.test(`the commit fails: ${name}, ${content.length} octets`, async (t) => {
      const made = await door(t, { journal: { accept: () => Promise.reject(error) } });
      const reply = await made.send(content);
      t.equal(reply.code, code);
      t.notMatch(reply.text, /Jane/);
      t.equal(made.ground.events.bugs.length, bugs);
      await nothingBehind(t, made);
    });
  }
}

t.test('the commit failed and nobody knows whether it was made: the file stays for the next start to judge', async (t) => {
  const made = await door(t, { journal: { accept: () => Promise.reject(new MailError('store.unavailable')) } });
  t.equal((await made.send(LARGE)).code, 451);
  t.equal(made.ground.spoolFiles().length, 1);
  t.equal(made.dispatcher.inUse, 0);
  t.equal(await made.ground.spool.sweep(new Set()), 1);
});

t.test('given up at any moment: nothing stays behind', async (t) => {
  const made = await door(t);
  const accept = acceptor(made.deps);
  const bytes = Buffer.from(LARGE, 'latin1');
  for (const upTo of [0, 10, HEADER.length, 20_000, 70_000, 263_000, bytes.length]) {
    const intake = await accept.open(submission());
    for (let at = 0; at < upTo; at += 10_000) await intake.write(bytes.subarray(at, Math.min(upTo, at + 10_000)));
    await intake.abort();
    t.same(made.ground.spoolFiles(), [], `after ${upTo} octets`);
  }
  await nothingBehind(t, made);
});

/** A journal that does not answer before the test lets it; `commits` says whether it commits before or after that. */
function blocked(commits: 'first' | 'last'): {
  readonly journal: (ground: GatewayGround) => AcceptDeps['journal'];
  readonly let: () => void;
} {
  const gate = Promise.withResolvers<void>();
  return {
    journal: ({ store }) => ({
      accept: async (unit: AcceptUnit): Promise<AcceptResult> => {
        if (commits === 'last') await gate.promise;
        const result = await store.journal.accept(unit);
        await gate.promise;
        return result;
      },
    }),
    let: gate.resolve,
  };
}

const WITHIN = 150;
const hurried: AcceptSettings = { ...SETTINGS, replyWithinMs: WITHIN };

/** The reply, and that it came in time. */
async function timely(t: { ok(is: boolean, text: string): void }, sending: Promise<Reply>): Promise<Reply> {
  const startedAt = performance.now();
  const reply = await sending;
  const tookMs = performance.now() - startedAt;
  t.ok(tookMs >= WITHIN - 5 && tookMs < WITHIN + 1_000, `the reply came after ${Math.round(tookMs)} ms`);
  return reply;
}

for (const content of [SMALL, LARGE]) {
  t.test(`the journal is stuck before the commit, ${content.length} octets: 451, and withdrawn`, async (t) => {
    const { journal, let: release } = blocked('last');
    const stuck: { journal?: AcceptDeps['journal'] } = {};
    const made = await door(t, { settings: () => hurried, journal: { accept: async (unit) => (stuck.journal ?? never()).accept(unit) } });
    stuck.journal = journal(made.ground);
    t.match(await timely(t, made.send(content)), { code: 451, enhanced: '4.3.0' });
    release();
    await made.ground.store.ping();
    await made.ground.store.ping();
    while (made.dispatcher.inUse > 0 || made.ground.spoolFiles().length > 0) await made.ground.store.ping();
    await nothingBehind(t, made);
    t.equal(made.handed.length, 0);
    t.equal(made.ground.board.open(), 15, 'its slot is free again');
  });

  t.test(
    `the journal is stuck after the commit, ${content.length} octets: 451, counts as accepted, its repeat is recognised`,
    async (t) => {
      const { journal, let: release } = blocked('first');
      const stuck: { journal?: AcceptDeps['journal'] } = {};
      const made = await door(t, {
        settings: () => hurried,
        journal: { accept: async (unit) => (stuck.journal ?? made.ground.store.journal).accept(unit) },
      });
      stuck.journal = journal(made.ground);
      t.match(await timely(t, made.send(content)), { code: 451 });
      release();
      while ((await made.ground.deliveries()).length === 0) await made.ground.store.ping();
      delete stuck.journal;
      const again = await made.send(content);
      const [delivery, ...more] = await made.ground.deliveries();
      t.same(more, [], 'one delivery');
      t.match(again, { code: 250 });
      t.equal(`${idIn(again)}/0`, delivery?.deliveryId, 'the id of the first');
      t.equal(made.ground.spoolFiles().length, content === LARGE ? 1 : 0);
      t.equal(made.handed.length, content === LARGE ? 0 : 1);
      const decided = content === LARGE ? [] : ['message.read', 'delivery.decided'];
      t.same(kindsOf(made.ground), ['message.accepted', ...decided, 'delivery.repeated']);
    },
  );
}

function never(): never {
  throw new Error('not set yet');
}

t.test('slow to read: accepted undecided in time, and what was begun is used by the next round', async (t) => {
  const gate = Promise.withResolvers<void>();
  let examined = 0;
  const slow: { processor?: Processor } = {};
  const made = await door(t, {
    settings: () => ({ ...SETTINGS, decideWithinMs: 1 }),
    processor: {
      early: async (work, deadline) => (slow.processor ?? never()).early(work, deadline),
      forget: (id) => slow.processor?.forget(id),
    },
  });
  const processor = processorOn(made.ground, policy, async () => {
    examined++;
    await gate.promise;
    return examinedAs({ level: 'high' });
  });
  slow.processor = processor;
  const reply = await made.send(SMALL);
  t.match(reply, { code: 250 });
  t.match(await made.ground.deliveries(), [{ state: 'undecided', decision: { rule: '<undecided>', methods: [] } }]);
  gate.resolve();
  await processor.round();
  t.match(await made.ground.deliveries(), [{ state: 'queued', decision: { rule: 'simple' } }]);
  t.equal(examined, 1);
  t.match(await made.ground.store.readings.facts(idIn(reply)), { message: { phi: { level: 'high' } } });
});

t.test('policy returns it for everybody: 550 with the reason, and nothing stays but evidence', async (t) => {
  const returns: PolicyInEffect = {
    ...policy,
    decide: (facts) => ({
      ...policy.decide(facts),
      action: 'return',
      rule: 'no-newsletters',
      reason: 'Newsletters need\r\na signed authorisation.',
    }),
  };
  const wish: { processor?: Processor } = {};
  const made = await door(t, {
    processor: {
      early: async (work, deadline) => (wish.processor ?? never()).early(work, deadline),
      forget: (id) => wish.processor?.forget(id),
    },
  });
  wish.processor = processorOn(made.ground, returns);
  t.match(await made.send(SMALL), { code: 550, enhanced: '5.7.1', text: /^Newsletters need +a signed authorisation\.$/ });
  t.same(await made.ground.deliveries(), []);
  t.same(kindsOf(made.ground), ['message.declined', 'message.read', 'delivery.decided']);
  t.match(made.ground.evidence()[2], {
    codes: { rule: 'no-newsletters', action: 'return' },
    detail: { recipient: 'jane@partner.example' },
  });
  t.match(made.ground.events.of('refused'), [{ code: 'policy.returned' }]);
});

t.test('a fault while it is read refuses no mail: accepted undecided, said, and decided by a round', async (t) => {
  const wish: { processor?: Processor } = {};
  const made = await door(t, {
    processor: {
      early: async (work, deadline) => (wish.processor ?? never()).early(work, deadline),
      forget: (id) => wish.processor?.forget(id),
    },
  });
  let examined = 0;
  wish.processor = processorOn(made.ground, policy, async () => {
    if (examined++ === 0) throw new Error('Potassium');
    return examinedAs();
  });
  t.match(await made.send(SMALL), { code: 250 });
  t.match(await made.ground.deliveries(), [{ state: 'undecided' }]);
  t.same(
    made.ground.events.bugs.map(({ where }) => where),
    ['process.early'],
  );
  await wish.processor.round();
  t.match(await made.ground.deliveries(), [{ state: 'queued' }]);
});

t.test('returned for everybody, and the evidence cannot be written in time: 451', async (t) => {
  const returns: PolicyInEffect = { ...policy, decide: (facts) => ({ ...policy.decide(facts), action: 'return' }) };
  const wish: { processor?: Processor } = {};
  const made = await door(t, {
    settings: () => hurried,
    audit: { append: () => new Promise(() => undefined) },
    processor: {
      early: async (work) => (wish.processor ?? never()).early(work, performance.now() + 10_000),
      forget: (id) => wish.processor?.forget(id),
    },
  });
  wish.processor = processorOn(made.ground, returns);
  t.match(await timely(t, made.send(SMALL)), { code: 451, enhanced: '4.3.0' });
  t.same(await made.ground.deliveries(), []);
});

t.test('limits that do not answer: 451 in time', async (t) => {
  const made = await door(t, { settings: () => hurried, limits: () => new Promise(() => undefined) });
  t.match(await timely(t, made.send(LARGE)), { code: 451, enhanced: '4.3.0' });
  await nothingBehind(t, made);
});

t.test('the content cannot be finished in time: 451, and no file stays', async (t) => {
  const gate = Promise.withResolvers<void>();
  const slow: { made: Door | null } = { made: null };
  const made = await door(t, {
    settings: () => hurried,
    spool: {
      remove: (messageId) => (slow.made?.ground.spool ?? never()).remove(messageId),
      writer: (messageId, key) => {
        const writer = (slow.made?.ground.spool ?? never()).writer(messageId, key);
        return {
          write: (piece) => writer.write(piece),
          abort: () => writer.abort(),
          finish: async () => {
            const finished = await writer.finish();
            await gate.promise;
            return finished;
          },
        };
      },
    },
  });
  slow.made = made;
  t.match(await timely(t, made.send(LARGE)), { code: 451 });
  t.equal(made.ground.spoolFiles().length, 1, 'still there');
  gate.resolve();
  while (made.ground.spoolFiles().length > 0) await made.ground.store.ping();
  await nothingBehind(t, made);
});

t.test('over the limit: accepted and held for a person, with a deadline, and the originator is told', async (t) => {
  let owed = 0;
  const made = await door(t, { limits: async () => 'hold', reportsOwed: () => void owed++ });
  t.equal((await made.send(SMALL)).code, 250);
  const [entry] = await made.ground.deliveries();
  t.match(entry, {
    state: 'held',
    hold: { reason: 'limit.reached', owner: 'administrator', deadline: endOfTerm(SETTINGS.holdFor, made.ground.clock.at) },
  });
  t.same(kindsOf(made.ground), ['message.accepted', 'message.read', 'delivery.decided', 'delivery.held']);
  const [report] = await made.ground.store.queue.owedReports({ limit: 10 });
  t.match(report?.deliveries, [{ kind: 'held', status: { code: 'limit.reached', status: '4.7.1' } }]);
  t.equal(owed, 1, 'at once');
  t.equal(made.dispatcher.inUse, 0);
});

t.test('recipients: each destination has a place or waits', async (t) => {
  const made = await door(t, { places: 2 });
  const people = ['a@one.example', 'b@one.example', 'c@two.example', 'd@three.example', 'A@ONE.example'];
  const reply = await made.send(SMALL, { envelope: envelope(people.map((address) => recipient(address))) });
  t.equal(reply.code, 250);
  const states = (await made.ground.deliveries()).map(({ recipient: to, state }) => [to, state]);
  t.same(states.toSorted(), [
    ['a@one.example', 'active'],
    ['b@one.example', 'active'],
    ['c@two.example', 'active'],
    ['d@three.example', 'queued'],
  ]);
  t.same(
    made.handed.map(({ deliveries }) => deliveries.map(({ recipient: to }) => to)),
    [['a@one.example', 'b@one.example'], ['c@two.example']],
    'those of one destination travel together',
  );
});

const reportsTo: readonly (readonly [name: string, given: Partial<Submission>, reportTo: string | null])[] = [
  ['to the reverse-path', {}, 'ann@clinic.example'],
  ['to the reports address of a noreply account', { reports: 'desk@clinic.example' }, 'desk@clinic.example'],
  ['to nobody for a null reverse-path', { envelope: envelope([recipient('jane@partner.example')], { reversePath: '' }) }, null],
  [
    'to nobody for a null reverse-path, whatever the account has',
    { reports: 'desk@clinic.example', envelope: envelope([recipient('jane@partner.example')], { reversePath: '' }) },
    null,
  ],
];

for (const [name, given, reportTo] of reportsTo) {
  t.test(`reports go ${name}`, async (t) => {
    const { send, ground } = await door(t);
    const messageId = idIn(await send(SMALL, given));
    t.equal((await ground.store.journal.readMessage(messageId))?.reportTo, reportTo);
  });
}

t.test('repeats: the same again, from the same, is not sent again', async (t) => {
  const made = await door(t);
  const first = await made.send(LARGE);
  const second = await made.send(LARGE);
  t.same(second, first, '250 with the id of the first');
  t.equal(made.ground.spoolFiles().length, 1, 'the file of the second is gone');
  const other = await made.send(LARGE, { envelope: envelope([recipient('jane@partner.example'), recipient('new@partner.example')]) });
  t.not(idIn(other), idIn(first));
  t.same((await made.ground.deliveries()).map(({ recipient: to }) => to).toSorted(), ['jane@partner.example', 'new@partner.example']);
  t.match(await made.ground.deliveries(), [{ state: 'undecided' }, { state: 'undecided' }]);
});

t.test('repeats: two at the same moment make one', async (t) => {
  const made = await door(t);
  const replies = await Promise.all([made.send(SMALL), made.send(SMALL), made.send(SMALL)]);
  t.equal(new Set(replies.map(idIn)).size, 1);
  t.equal((await made.ground.deliveries()).length, 1);
  t.equal(made.dispatcher.inUse, 1, 'places that were not needed are free');
});

for (const likelyRepeats of ['report', 'suppress'] as const) {
  t.test(`a likely repeat, as PHPMailer makes it: ${likelyRepeats}`, async (t) => {
    const made = await door(t);
    const built = (id: string): string =>
      `From: ann@clinic.example\r\nMessage-ID: <${id}@php>\r\nSubject: Results\r\nContent-Type: multipart/mixed; boundary="b1_${id}"\r\n\r\n--b1_${id}\r\n\r\nPotassium 4.1\r\n--b1_${id}--\r\n`;
    const first = await made.send(built(randomBytes(16).toString('hex')), { likelyRepeats });
    const second = await made.send(built(randomBytes(16).toString('hex')), { likelyRepeats });
    t.same([first.code, second.code], [250, 250]);
    t.equal((await made.ground.deliveries()).length, likelyRepeats === 'report' ? 2 : 1);
    const repeated = made.ground.evidence().filter(({ kind }) => kind === 'delivery.repeated');
    t.match(repeated, [{ codes: { likely: true } }], 'it is in the evidence either way');
    t.equal(idIn(second) === idIn(first), likelyRepeats === 'suppress');
  });
}
