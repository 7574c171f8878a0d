// Delivery reports as the originator's mail client sees them (RFC 3461, RFC 3464): what each kind says, who gets it, who gets none,
// and that nothing of the message is in them but its ids.
import t, { type Test } from 'tap';
import { readReports, type SeenReport } from '../support/dsn-reader.ts';
import { inWords, logIn, NURSE, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import { ID, SLOW_RETRY, stage, type Stage } from '../support/stage.ts';
import type { PeerMessage } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const PEERS = {
  good: {},
  'no-dsn': { faults: ['no-dsn'] },
  mixed: { faults: ['mixed-recipients'] },
  plain: { faults: ['no-starttls'] },
  later: { faults: ['defers-mail'] },
} as const;

/** Of its own where the configuration is not the usual one, else the one that all share. */
const open = (t: Test, sections: Readonly<Record<string, string>> | null = null): Promise<Stage> =>
  sections === null ? shared : stage(t, ca, PEERS, sections);
const shared = stage(t, ca, PEERS, SLOW_RETRY);

/** Was this report made about the message with this `ID`? */
const isAbout =
  (name: string) =>
  ({ content }: PeerMessage): boolean =>
    content.includes(`<${name}@clinic.test>`);

/** Messages in the mailbox that are reports to this address. */
function reportsTo({ mailbox }: Stage, address: string): readonly PeerMessage[] {
  const to = `RCPT TO:<${address}>`;
  return mailbox.messages.filter(
    ({ rcpt, content }) => rcpt.some((line) => line.startsWith(to)) && content.includes('report-type=delivery-status'),
  );
}

/** The fields of a report, and not one more. */
const FIELDS = [
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'auto-submitted',
  'mime-version',
  'content-type',
];

t.test('failed: the whole report', async (t) => {
  const scene = await open(t);
  const header = [
    ID('failed'),
    ...[
      'Subject: Biopsy of Ms Roe',
      'Thread-Topic: Biopsy of Ms Roe',
      'X-Patient: Roe, Jane',
      'Keywords: biopsy',
      'Comments: urgent for Roe',
    ],
    ...['References: <first@clinic.test>', ' <second@clinic.test>', 'In-Reply-To: <second@clinic.test>'],
  ];
  const to = ['<never@mixed.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ward+2B7@old.test', 'jane@good.test'];
  const { id } = await post(scene.session, { to, mail: 'RET=FULL ENVID=ward+2B9', header, body: ['The biopsy of Ms Roe is back.'] });
  await untilOver(scene.postern, id);
  const [report] = await scene.reportsOn('failed');
  const message = reportsTo(scene, NURSE).find(isAbout('failed'));
  t.match(message, { mail: /^MAIL FROM:<>/, rcpt: [/^RCPT TO:<nurse@clinic\.test>.* NOTIFY=NEVER/] }, 'from nobody, and never reported on');
  t.same(Object.keys(report?.header ?? {}), FIELDS);
  t.match(report, {
    reportType: 'delivery-status',
    parts: ['text/plain', 'message/delivery-status', 'text/rfc822-headers'],
    defects: [],
    header: {
      from: 'Mail Delivery <postmaster@clinic.test>',
      to: NURSE,
      subject: /^Not delivered \(1 of 2 recipients\): your message of \d+ \w+ \d{4}, \d\d:\d\d UTC$/,
      'in-reply-to': '<failed@clinic.test>',
      references: '<first@clinic.test> <second@clinic.test> <failed@clinic.test>',
      'auto-submitted': 'auto-replied',
    },
    message: { 'original-envelope-id': 'ward+9', 'reporting-mta': 'dns; gateway.test' },
  });
  t.same(Object.keys(report?.message ?? {}), ['original-envelope-id', 'reporting-mta', 'arrival-date']);
  t.match(report?.recipients, [
    {
      'original-recipient': 'rfc822; ward+7@old.test',
      'final-recipient': 'rfc822; never@mixed.test',
      action: 'failed',
      status: '5.1.1',
      'remote-mta': 'dns; localhost',
      'diagnostic-code': 'smtp; 550 5.1.1',
    },
  ]);
  t.match(
    report?.text,
    /It was NOT delivered to:\r?\n\r?\n {2}never@mixed\.test\r?\n {4}There is no mailbox with this address\. Check the address/,
  );
  t.match(report?.original, /\nMessage-ID: <failed@clinic\.test>\nReferences: <first@clinic\.test>\s+<second@clinic\.test>\n$/);
  t.notMatch(
    message?.content.toString('latin1'),
    /biopsy|Roe|urgent|no such mailbox/i,
    'nothing of the message, nothing the next hop said',
  );
  t.notOk((await recordsOf(scene.postern, id)).some(({ kind }) => kind === 'report.withheld'));
});

t.test('delayed once, then failed when it expires', async (t) => {
  const scene = await open(t, {
    delivery: 'delivery: { retry: { first: 1s, factor: 1, longest: 1s, jitter: 0 }, delay_report_after: 1s, expire_after: 4s }',
  });
  const { id } = await post(scene.session, { to: ['jane@later.test'], header: [ID('late')] });
  const [delayed] = await scene.reportsOn('late');
  t.match(delayed?.recipients, [{ action: 'delayed', status: '4.7.1', 'diagnostic-code': 'smtp; 451 4.7.1' }]);
  t.match(delayed?.recipients[0]?.['will-retry-until'], /^\w{3}, \d/);
  t.match(delayed?.header, { subject: /^Delayed: your message of/ });
  t.match(delayed?.text, /did not take the message for now\. It\s+is\s+tried again until[^]*You need\s+not\s+send\s+it\s+again/);
  t.same((await untilOver(scene.postern, id)).map(inWords), ['expired delivery.expired 4.4.7']);
  const reports = await scene.reportsOn('late', 2);
  t.same(
    reports.map(({ recipients }) => [recipients[0]?.['action'], recipients[0]?.['status']]),
    [
      ['delayed', '4.7.1'],
      ['failed', '4.4.7'],
    ],
  );
  t.ok(
    (await recordsOf(scene.postern, id)).filter(({ kind }) => kind === 'delivery.deferred').length >= 3,
    'one report of the delay, however often it was tried',
  );
});

t.test('relayed, and passed on', async (t) => {
  const scene = await open(t);
  const mail = 'RET=HDRS ENVID=e-1';
  const params = 'NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jane@old.test';
  const { id } = await post(scene.session, {
    to: [`<jane@no-dsn.test> ${params}`, `<jane@good.test> ${params}`, '<john@no-dsn.test> NOTIFY=FAILURE'],
    mail,
    header: [ID('sent')],
  });
  await untilOver(scene.postern, id);
  const [report] = await scene.reportsOn('sent');
  t.match(report?.recipients, [
    { 'original-recipient': 'rfc822; jane@old.test', 'final-recipient': 'rfc822; jane@no-dsn.test', action: 'relayed', status: '2.0.0' },
  ]);
  t.equal(report?.recipients.length, 1, 'only for the next hop that sends none itself, and only where it was asked for');
  t.match(report?.header, { subject: /^Passed on \(1 of 3 recipients\)/ });
  const passed = scene.peer('good').messages.find(isAbout('sent'));
  t.match(passed?.mail, / ENVID=e-1 RET=HDRS| RET=HDRS ENVID=e-1/);
  t.match(passed?.rcpt, [/^RCPT TO:<jane@good\.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;jane@old\.test$/]);
  t.notMatch(scene.peer('no-dsn').messages.find(isAbout('sent')), { mail: /ENVID|RET/ });
  const { id: silent } = await post(scene.session, { to: ['jane@no-dsn.test'], header: [ID('silent')] });
  await untilOver(scene.postern, silent);
  t.notOk(
    (await recordsOf(scene.postern)).some(({ kind, codes }) => kind === 'report.accepted' && codes['about'] === silent),
    'success is told only when asked for',
  );
});

t.test('expanded: a postmaster that is several', async (t) => {
  const scene = await open(t, { ...SLOW_RETRY, postmaster: 'postmaster: [it@clinic.test, desk@clinic.test]' });
  const { id, reply } = await post(scene.session, {
    to: ['<postmaster> NOTIFY=SUCCESS,FAILURE', '<Postmaster@gateway.test>'],
    header: [ID('expanded')],
  });
  t.match(reply, /^250 /);
  const entries = await untilOver(scene.postern, id);
  t.same(
    entries.map((entry) => `${entry.recipient} ${entry.state}`),
    ['it@clinic.test relayed', 'desk@clinic.test relayed'],
  );
  const [report] = await scene.reportsOn('expanded');
  t.match(report?.recipients, [{ 'original-recipient': /^rfc822; ?postmaster$/, action: 'expanded', status: '2.0.0' }]);
  t.equal(report?.recipients.length, 1);
  const lines = scene.mailbox.messages.find(({ content }) => content.includes('\r\nSubject: Hello\r\n'))?.rcpt ?? [];
  t.match(
    lines,
    [/^RCPT TO:<it@clinic\.test> NOTIFY=FAILURE/, /^RCPT TO:<desk@clinic\.test> NOTIFY=FAILURE/],
    'success is not passed on a second time',
  );
});

t.test('none', async (t) => {
  const scene = await open(t);
  const cases: readonly (readonly [name: string, from: string | null, to: string, because: string])[] = [
    ['a null reverse-path', null, 'never@mixed.test', 'null-reverse-path'],
    ['a null reverse-path that asks for one', null, '<never@mixed.test> NOTIFY=FAILURE', 'null-reverse-path'],
    ['NOTIFY=NEVER', NURSE, '<never@mixed.test> NOTIFY=NEVER', 'notify'],
    ['NOTIFY=SUCCESS', NURSE, '<never@mixed.test> NOTIFY=SUCCESS', 'notify'],
  ];
  for (const [name, from, to, because] of cases) {
    const { id } = await post(scene.session, { from, to: [to], header: [ID('untold'), `Subject: ${name}`], body: [name] });
    t.same(
      (await untilOver(scene.postern, id)).map(({ state }) => state),
      ['returned'],
      name,
    );
    const withheld = (await until(scene, id, 'report.withheld'))?.codes;
    t.match(withheld, { report: 'failed', because }, `${name}: said in evidence`);
  }
  const { id } = await post(scene.session, { to: ['<jane@plain.test> NOTIFY=FAILURE'], header: [ID('untold')] });
  t.same(
    (await untilOver(scene.postern, id)).map(({ state }) => state),
    ['held'],
    'a hold is a delay, and only told as one',
  );
  const { id: told } = await post(scene.session, { to: ['<jane@plain.test> NOTIFY=DELAY'], header: [ID('told')] });
  await untilOver(scene.postern, told);
  t.match((await scene.reportsOn('told'))[0]?.recipients, [{ action: 'delayed' }]);
  t.notOk(scene.mailbox.messages.some(isAbout('untold')), 'that one and no other');
});

async function until(scene: Stage, id: string, kind: string) {
  for (;;) {
    const found = (await recordsOf(scene.postern, id)).find((record) => record.kind === kind);
    if (found !== undefined) return found;
    await scene.postern.happened();
  }
}

t.test('held, then returned by a person', async (t) => {
  const scene = await open(t);
  const { id } = await post(scene.session, { to: ['jane@plain.test'], header: [ID('given-back')] });
  await untilOver(scene.postern, id);
  t.match((await scene.reportsOn('given-back'))[0]?.recipients, [{ action: 'delayed' }]);
  const request = { target: id, who: 'it', why: 'no encryption there yet' };
  const returned = await scene.postern.control.call('queue.return', request);
  t.same(returned, { kind: 'done', value: { changed: [`${id}/0`], unchanged: [] } });
  const failed = (await scene.reportsOn('given-back', 2))[1];
  t.match(failed?.recipients, [{ 'final-recipient': 'rfc822; jane@plain.test', action: 'failed', status: '5.7.1' }]);
  t.match(failed?.text, /a\s+person\s+decided\s+to\s+give\s+it\s+back\s+to\s+you/);
  t.notMatch(failed?.text, /encryption there/, 'the reason is for the evidence only');
  t.same((await untilOver(scene.postern, id)).map(inWords), ['returned delivery.returned-by-person 5.7.1']);
  const record = (await recordsOf(scene.postern, id)).find(({ kind }) => kind === 'delivery.returned');
  t.match(record, { codes: { by: 'person' }, detail: { who: 'it', why: request.why } });
  t.match(await scene.postern.control.call('queue.return', request), { kind: 'failed', code: 'not-legal' });
});

t.test('a report that fails goes to the postmaster, never back', async (t) => {
  const scene = await open(t);
  const { id } = await post(scene.session, {
    from: 'never-home@mixed.test',
    to: ['never@mixed.test'],
    header: ['From: x@mixed.test', ID('lost')],
  });
  await scene.mailbox.until(() => reportsTo(scene, 'postmaster@clinic.test').length === 1);
  const [message] = reportsTo(scene, 'postmaster@clinic.test');
  t.match(message?.mail, /^MAIL FROM:<>/);
  const [report] = await readReports([message?.content ?? Buffer.alloc(0)]);
  t.match(
    report?.recipients,
    [{ 'final-recipient': 'rfc822; never-home@mixed.test', action: 'failed', status: '5.1.1' }],
    'it says which report did not arrive',
  );
  const made = (await recordsOf(scene.postern)).filter(({ kind }) => kind === 'report.accepted');
  const about = (of: string): readonly string[] =>
    made.filter(({ codes }) => codes['about'] === of).map(({ messageId }) => messageId ?? '');
  const [first = '', ...more] = about(id);
  t.same(more, [], 'the report');
  t.equal(about(first).length, 1, 'and the one about it');
});

t.test('a postmaster that cannot be reached ends the matter', async (t) => {
  const scene = await open(t, { ...SLOW_RETRY, postmaster: 'postmaster: [never-there@mixed.test]' });
  await post(scene.session, { from: 'never-home@mixed.test', to: ['never@mixed.test'], header: ['From: x@mixed.test'] });
  await untilReports(scene, 2);
  const last = (await recordsOf(scene.postern)).findLast(({ kind }) => kind === 'report.accepted')?.messageId ?? '';
  t.same((await untilOver(scene.postern, last)).map(inWords), ['returned delivery.refused 5.1.1']);
  t.match((await until(scene, last, 'report.withheld')).codes, { report: 'failed', because: 'null-reverse-path' });
});

async function untilReports(scene: Stage, count: number): Promise<void> {
  while (scene.postern.log.filter(({ event }) => event === 'report.accepted').length < count) await scene.postern.happened();
}

t.test('an account that sends as noreply@ has a reports address', async (t) => {
  const scene = await open(t);
  const account = {
    name: 'ehr',
    password: 'a long pass phrase 9',
    mayUse: ['noreply@clinic.test'],
    reports: 'desk@clinic.test',
    likelyRepeats: 'report' as const,
    who: 'test',
  };
  t.match(await scene.postern.control.call('account.add', account), { kind: 'done' });
  const session = await logIn(scene.postern, account);
  const header = ['From: EHR <noreply@clinic.test>', ID('noreply')];
  const { id } = await post(session, { from: 'noreply@clinic.test', to: ['never@mixed.test'], header });
  t.equal((await untilEach(scene.postern, id, ({ state }) => state === 'returned')).length, 1);
  const [report] = await scene.reportsOn('noreply');
  t.equal(report?.header['to'], 'desk@clinic.test');
  t.equal(reportsTo(scene, 'noreply@clinic.test').length, 0);
  t.equal(reportsTo(scene, 'desk@clinic.test').length, 1);
  session.destroy();
});

t.test('one report for all recipients of a message that failed together', async (t) => {
  const scene = await open(t);
  const { id } = await post(scene.session, { to: ['never1@mixed.test', 'never2@mixed.test', 'jane@plain.test'], header: [ID('all')] });
  await untilOver(scene.postern, id);
  const seen = new Map<string, SeenReport['recipients'][number]>();
  for (let count = 1; seen.size < 3; count++)
    for (const { recipients } of await scene.reportsOn('all', count))
      for (const recipient of recipients) seen.set(recipient['final-recipient'] ?? '', recipient);
  t.match(Object.fromEntries(seen), {
    'rfc822; never1@mixed.test': { action: 'failed' },
    'rfc822; never2@mixed.test': { action: 'failed' },
    'rfc822; jane@plain.test': { action: 'delayed' },
  });
  t.ok(reportsTo(scene, NURSE).filter(isAbout('all')).length <= 2, 'those of one destination together');
});
