// Repeats, limits and the end of an account, over the running gateway.
import t from 'tap';
import { inWords, type Letter, logIn, NURSE, post, recordsOf, untilOver } from '../support/posted.ts';
import { ID, SLOW_RETRY, stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const PASSWORD = 'a pass phrase of the ward';

async function add({ postern }: Stage, name: string, likelyRepeats: 'report' | 'suppress' = 'report'): Promise<void> {
  const added = await postern.control.call('account.add', {
    name,
    password: PASSWORD,
    mayUse: ['*'],
    reports: null,
    likelyRepeats,
    who: 'test',
  });
  if (added.kind !== 'done') throw new Error(JSON.stringify(added));
}

const REPORT: Letter = {
  to: ['jane@good.test'],
  header: [ID('result-17'), 'Date: Sun, 22 Nov 2026 10:00:00 +0000'],
  body: ['The result is back.'],
};

t.test('a repeat is answered with the earlier id and not sent again', async (t) => {
  const scene = await stage(t, ca, { good: {}, mixed: { faults: ['mixed-recipients'] } });
  const { postern, session } = scene;
  const first = await post(session, REPORT);
  t.match(first.reply, /^250 /);
  await untilOver(postern, first.id);
  const again = await post(session, REPORT);
  t.equal(again.reply, first.reply, 'the same 250');
  t.equal(scene.peer('good').messages.length, 1, 'not sent again');
  const [repeated] = (await recordsOf(postern)).filter(({ kind }) => kind === 'delivery.repeated');
  t.match(repeated?.codes, { earlier: `${first.id}/0`, likely: false });
  t.notMatch(JSON.stringify(repeated?.codes), /@/, 'its chained bytes name nobody');

  const wider = await post(session, { ...REPORT, to: ['jane@good.test', 'john@good.test'] });
  t.not(wider.id, first.id, 'recipients not seen before are delivered');
  t.same(
    (await untilOver(postern, wider.id)).map(({ recipient, state }) => [recipient, state]),
    [['john@good.test', 'relayed']],
  );

  const differs: readonly (readonly [string, Letter])[] = [
    ['another body', { ...REPORT, body: ['The result is back!'] }],
    ['another Message-ID', { ...REPORT, header: [ID('result-18'), 'Date: Sun, 22 Nov 2026 10:00:00 +0000'] }],
    ['another reverse-path', { ...REPORT, from: 'doctor@clinic.test' }],
  ];
  for (const [name, letter] of differs) t.not((await post(session, letter)).id, first.id, name);
  await add(scene, 'other');
  const other = await logIn(postern, { name: 'other', password: PASSWORD });
  t.not((await post(other, REPORT)).id, first.id, 'another submitter');
  other.destroy();

  const failing = { ...REPORT, to: ['never@mixed.test'] };
  const failed = await post(session, failing);
  await untilOver(postern, failed.id);
  t.not((await post(session, failing)).id, failed.id, 'what failed is tried anew');
  await postern.restart();
  const afterwards = await logIn(postern);
  t.equal((await post(afterwards, REPORT)).id, first.id, 'also over a restart');
  afterwards.destroy();
});

t.test('two at the same moment make one', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const sessions = await Promise.all(Array.from({ length: 6 }, () => logIn(scene.postern)));
  const posted = await Promise.all(sessions.map((session) => post(session, REPORT)));
  t.equal(new Set(posted.map(({ reply }) => reply)).size, 1, 'the same 250 for all');
  await untilOver(scene.postern, posted[0]?.id ?? '');
  t.equal(scene.peer('good').messages.length, 1);
  t.equal((await recordsOf(scene.postern)).filter(({ kind }) => kind === 'delivery.repeated').length, 5);
  for (const session of sessions) session.destroy();
});

/** A message as PHPMailer builds it: each time with a new Message-ID, Date and boundary. */
function built(n: number, changes: Partial<Letter> = {}): Letter {
  const boundary = `b1_${String(n).repeat(16)}`;
  return {
    to: ['jane@good.test'],
    header: [
      ...[`Message-ID: <${n}${n}${n}@emr.test>`, `Date: Sun, 22 Nov 2026 10:0${n}:00 +0000`, 'Subject: Your appointment'],
      ...['MIME-Version: 1.0', `Content-Type: multipart/alternative;`, ` boundary="${boundary}"`],
    ],
    body: [
      `--${boundary}`,
      'Content-Type: text/plain',
      '',
      'Tuesday at ten.',
      '',
      `--${boundary}`,
      'Content-Type: text/html',
      '',
      '<p>Tuesday at ten.</p>',
      '',
      `--${boundary}--`,
    ],
    ...changes,
  };
}

t.test('a likely repeat is delivered and reported, or suppressed', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const { postern, session } = scene;
  const first = await post(session, built(1));
  await untilOver(postern, first.id);
  const second = await post(session, built(2));
  t.not(second.id, first.id);
  await untilOver(postern, second.id);
  t.equal(scene.peer('good').messages.length, 2, 'delivered');
  t.match((await recordsOf(postern, second.id)).find(({ kind }) => kind === 'delivery.repeated')?.codes, {
    earlier: `${first.id}/0`,
    likely: true,
  });

  await add(scene, 'emr', 'suppress');
  const emr = await logIn(postern, { name: 'emr', password: PASSWORD });
  const kept = await post(emr, built(3));
  await untilOver(postern, kept.id);
  t.equal((await post(emr, built(4))).reply, kept.reply, 'suppressed: 250 with the earlier id');
  t.equal(scene.peer('good').messages.length, 3);
  const changed = (n: number, field: RegExp, value: string): Letter => {
    const letter = built(n);
    const header = letter.header ?? [];
    const at = header.findIndex((one) => field.test(one));
    return { ...letter, header: at < 0 ? [...header, value] : header.with(at, value) };
  };
  const others: readonly (readonly [string, Letter])[] = [
    ['another Subject', changed(5, /^Subject:/, 'Subject: Your second appointment')],
    ['another From', changed(7, /^From:/, 'From: Reception <desk@clinic.test>')],
    ['another body', built(8, { body: ['--b', 'Content-Type: text/plain', '', 'Wednesday at ten.', '--b--'] })],
    ['another recipient', built(9, { to: ['john@good.test'] })],
  ];
  for (const [name, letter] of others) {
    const { id } = await post(emr, letter);
    t.not(id, kept.id, `${name} makes another message`);
    if (id !== kept.id)
      t.same(
        (await untilOver(postern, id)).map(({ state }) => state),
        ['relayed'],
        name,
      );
  }
  emr.destroy();
});

t.test('limits of an account: put off, then held with an alarm', async (t) => {
  const limits = 'limits: { messages_per_hour: 3, new_recipients_per_hour: 20, hard_factor: 2 }';
  const scene = await stage(t, ca, { good: {} }, { limits, ...SLOW_RETRY });
  const { postern, session } = scene;
  const replies: string[] = [];
  let held = '';
  for (let i = 0; i < 8; i++) {
    const { reply, id } = await post(session, { to: ['jane@good.test'], header: [ID(`limit-${i}`)] });
    replies.push(reply.slice(0, 9));
    if (i === 6) held = id;
  }
  t.same(
    replies.map((reply) => reply.trim()),
    ['250 2.0.0', '250 2.0.0', '250 2.0.0', '451 4.7.1', '451 4.7.1', '451 4.7.1', '250 2.0.0', '250 2.0.0'],
  );
  const [entry] = await untilOver(postern, held);
  t.match(entry, { state: 'held', hold: { reason: 'limit.reached', owner: 'administrator' } });
  t.match((await scene.reportsOn('limit-6'))[0]?.recipients, [{ action: 'delayed', status: '4.7.1' }], 'and its originator is told');
  t.ok((entry?.hold?.deadline ?? 0) > Date.now());
  const alarms = postern.log.filter(({ event }) => event === 'limit.reached');
  t.ok(
    alarms.some((line) => line['limit'] === 'messages-per-hour' && line['level'] === 'error'),
    'an alarm',
  );
  t.equal(scene.peer('good').messages.length, 3);
  await add(scene, 'other');
  const other = await logIn(postern, { name: 'other', password: PASSWORD });
  t.match((await post(other, { to: ['jane@good.test'] })).reply, /^250 /, 'another account has its own');

  const many = (from: number): readonly string[] => Array.from({ length: 15 }, (_, i) => `p${from + i}@good.test`);
  t.match((await post(other, { to: many(0) })).reply, /^250 /);
  t.match((await post(other, { to: many(15) })).reply, /^451 4\.7\.1 .*new recipients/, 'too many new recipients');
  other.destroy();
  await postern.restart();
  const evidence = (await recordsOf(postern)).filter(({ kind }) => kind === 'limit.reached');
  t.match(
    evidence.map(({ codes, detail }) => ({ codes, detail })),
    [
      { codes: { limit: 'messages-per-hour', then: 'refused' }, detail: { submitter: 'loader@clinic.test' } },
      { codes: { limit: 'messages-per-hour', then: 'held' }, detail: { submitter: 'loader@clinic.test' } },
      { codes: { limit: 'new-recipients-per-hour', then: 'refused' }, detail: { submitter: 'other' } },
    ],
    'and evidence',
  );
  const again = await logIn(postern);
  const { id } = await post(again, { to: ['jane@good.test'], header: [ID('limit-after')] });
  t.equal((await untilOver(postern, id)).map(inWords).join(), 'held limit.reached 4.7.1', 'a restart forgives nothing');
  again.destroy();
});

t.test('disabling an account ends its sessions at once', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const { postern } = scene;
  await add(scene, 'ward');
  const login = { name: 'ward', password: PASSWORD };
  const idle = await logIn(postern, login);
  const sending = await logIn(postern, login);
  await untilOver(postern, (await post(sending, { to: ['jane@good.test'] })).id);
  for (const line of [`MAIL FROM:<${NURSE}>`, 'RCPT TO:<jane@good.test>', 'DATA']) await sending.say(line);
  sending.write('From: nurse@clinic.test\r\n\r\nhalf a mess');
  t.match(await postern.control.call('account.disable', { name: 'ward', who: 'test' }), { kind: 'done', value: { sessionsClosed: 2 } });
  t.match(await idle.closed(), /^421 4\.7\.0 /);
  await sending.closed();
  t.equal(scene.peer('good').messages.length, 1, 'what was half sent is not kept');
  await t.rejects(logIn(postern, login), { message: /^535 5\.7\.8 / }, 'a login remembered does not help');
  t.match((await post(scene.session, { to: ['jane@good.test'] })).reply, /^250 /, 'others go on');
  t.match(await postern.control.call('account.enable', { name: 'ward', who: 'test' }), { kind: 'done' });
  (await logIn(postern, login)).destroy();
  t.same(
    (await recordsOf(postern)).filter(({ kind }) => kind.startsWith('account.')).map(({ kind }) => kind),
    ['account.added', 'account.added', 'account.disabled', 'account.enabled'],
  );
});
