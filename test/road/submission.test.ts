// Who may hand in what, over the running gateway: accounts, client certificates, networks and proof of a tenant, each bound to its addresses;
// what is added to a message and what is taken out; loops; and mail programs as they are.
import t, { type Test } from 'tap';
import { hash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIL_CLIENTS, sendWith } from '../support/clients/mail-clients.ts';
import { type Letter, logIn, NURSE, post, recordsOf, untilOver } from '../support/posted.ts';
import { ID, stage, type Stage } from '../support/stage.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { createTestCa, selfSigned, type TestIdentity } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ca = createTestCa();
const PASSWORD = 'a pass phrase of the ward';

async function accountOf({ postern }: Stage, name: string, mayUse: string[]): Promise<Dialogue> {
  const account = { name, password: PASSWORD, mayUse, reports: null, likelyRepeats: 'report' as const, who: 'test' };
  const added = await postern.control.call('account.add', account);
  if (added.kind !== 'done') throw new Error(JSON.stringify(added));
  return logIn(postern, { name, password: PASSWORD });
}

const from = (...fields: readonly string[]): Letter => ({ to: ['jane@good.test'], header: fields });

t.test('an account may use its addresses and no others', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const session = await accountOf(scene, 'ward', ['nurse@clinic.test', '*@ward.clinic.test']);
  const cases: readonly (readonly [name: string, letter: Letter, reply: RegExp])[] = [
    ['its own address', from(), /^250 /],
    ['in capitals', { to: ['jane@good.test'], from: 'NURSE@Clinic.TEST' }, /^250 /],
    ['by a pattern', { ...from('From: x@ward.clinic.test'), from: 'bed7@ward.clinic.test' }, /^250 /],
    ['another reverse-path', { to: ['jane@good.test'], from: 'chief@clinic.test' }, /^553 5\.7\.1 /],
    ['a domain that only ends alike', { to: ['jane@good.test'], from: 'x@notward.clinic.test' }, /^553 5\.7\.1 /],
    ['the null reverse-path', { to: ['jane@good.test'], from: null }, /^250 /],
    ['the null reverse-path with another From', { ...from('From: chief@clinic.test'), from: null }, /^550 5\.7\.1 /],
    ['another From', from('From: Chief <chief@clinic.test>'), /^550 5\.7\.1 /],
    ['another From behind its own', from('From: nurse@clinic.test, chief@clinic.test'), /^550 5\.7\.1 /],
    ['an own address as display name', from('From: "nurse@clinic.test" <chief@clinic.test>'), /^550 5\.7\.1 /],
    ['two From fields', from('From: nurse@clinic.test', 'From: chief@clinic.test'), /^550 5\.7\.1 /],
    ['another Sender', from('Sender: chief@clinic.test'), /^550 5\.7\.1 /],
    ['another Resent-From', from('Resent-From: chief@clinic.test'), /^550 5\.7\.1 /],
    ['no From at all', from('From:'), /^550 5\.7\.1 /],
    ['a From that is none', from('From: nurse'), /^550 5\.7\.1 /],
  ];
  for (const [name, letter, reply] of cases) t.match((await post(session, letter)).reply, reply, name);
  const taken = cases.filter(([, , reply]) => reply.source.startsWith('^250')).length;
  await scene.peer('good').until(({ messages }) => messages.length >= taken);
  t.equal(scene.peer('good').messages.length, taken, 'nothing of the others was sent');
  session.destroy();
});

/** Listeners of every kind, with the ways to be trusted in `trust`. */
const listeners = (trust: string): Readonly<Record<string, string>> => ({
  listeners:
    'listeners: { submissions: { address: 127.0.0.1, port: 0 }, submission: { address: 127.0.0.1, port: 0 }, relay: { address: 127.0.0.1, port: 0, tls: offered } }',
  trust,
});

async function portOf({ postern }: Stage, name: string): Promise<number> {
  return Number((await postern.until('service.listening', ({ listener }) => listener === name))['port']);
}

async function client(
  t: Test,
  scene: Stage,
  listener: string,
  options: { readonly localAddress?: string; readonly identity?: TestIdentity } = {},
): Promise<Dialogue> {
  const shown = options.identity === undefined ? {} : { cert: options.identity.certificatePem, key: options.identity.keyPem };
  const tls = { ca: ca.certificatePem, ...shown };
  const mode = listener === 'submissions' ? 'implicit' : 'clear';
  const dialogue = await Dialogue.connect(await portOf(scene, listener), {
    tls,
    mode,
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  });
  t.teardown(() => dialogue.destroy());
  return dialogue;
}

t.test('a network is trusted for its addresses', async (t) => {
  const networks = 'networks: [{ name: lab, ranges: [127.0.0.64/28], may_use: ["*@lab.clinic.test", "<>"], reports: it@clinic.test }]';
  const scene = await stage(t, ca, { good: {} }, listeners(`trust: { ${networks} }`));
  const lab = await client(t, scene, 'relay', { localAddress: '127.0.0.70' });
  t.match(await lab.reply(), /^220 /);
  await lab.say('EHLO lis.clinic.test');
  const letter = { to: ['jane@good.test'], from: 'lis@lab.clinic.test', header: ['From: lis@lab.clinic.test'] };
  const { id, reply } = await post(lab, letter);
  t.match(reply, /^250 /, 'in clear, as the configuration offers');
  t.match(
    (await recordsOf(scene.postern, id)).find(({ kind }) => kind === 'message.accepted'),
    {
      codes: { submitter: 'network', listener: 'relay' },
      detail: { submitter: 'lab', client: '127.0.0.70', reversePath: 'lis@lab.clinic.test' },
    },
  );
  t.match((await post(lab, { ...letter, from: null })).reply, /^250 /, 'reports of its own');
  t.match((await post(lab, { ...letter, from: NURSE })).reply, /^553 5\.7\.1 /);
  t.match((await post(lab, { ...letter, header: [`From: ${NURSE}`] })).reply, /^550 5\.7\.1 /);
  t.match(await lab.login('ward', PASSWORD), /^50\d /, 'there is no login here');
  const stranger = await client(t, scene, 'relay', { localAddress: '127.0.0.80' });
  t.match(await stranger.reply(), /^554 /, 'others are not served');
  const submitting = await client(t, scene, 'submission', { localAddress: '127.0.0.70' });
  await submitting.reply();
  t.match(await submitting.say('EHLO x.test'), /STARTTLS/);
  t.match(await submitting.say(`MAIL FROM:<${NURSE}>`), /^530 5\.7\.0 /, 'TLS first');
  t.match(await submitting.login('ward', PASSWORD), /^5\d\d /, 'no login before TLS');
});

t.test('a shared network is trusted only with proof of our own tenant', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'proof'), 'first-secret-of-our-tenant\nnext-secret-of-our-tenant\n', { mode: 0o600 });
  const proof = `tenant_proof: { header: X-Our-Tenant, values_file: ${join(folder, 'proof')} }`;
  const networks = `networks: [{ name: shared, ranges: [127.0.0.1/32], may_use: ["*@clinic.test"], ${proof} }]`;
  const scene = await stage(t, ca, { good: {} }, listeners(`trust: { ${networks} }`));
  const session = await client(t, scene, 'relay');
  await session.reply();
  await session.startTls('tenant.test');
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['with the secret', ['X-Our-Tenant: first-secret-of-our-tenant', ID('one')], /^250 /],
    ['with the next one', ['x-our-tenant:   next-secret-of-our-tenant', ID('two')], /^250 /],
    ['without', [], /^550 5\.7\.1 /],
    ['with another', ['X-Our-Tenant: guessed-secret-of-a-tenant'], /^550 5\.7\.1 /],
    ['with a part of it', ['X-Our-Tenant: first-secret-of-our'], /^550 5\.7\.1 /],
    ['in the body', ['Subject: x', '', 'X-Our-Tenant: first-secret-of-our-tenant'], /^550 5\.7\.1 /],
  ];
  for (const [name, header, reply] of cases) t.match((await post(session, { to: ['jane@good.test'], header })).reply, reply, name);
  await scene.peer('good').until(({ messages }) => messages.length === 2);
  for (const { content } of scene.peer('good').messages)
    t.notMatch(content.toString('latin1'), /our-tenant/i, 'the secret is not passed on');
});

t.test('a client certificate is trusted for its addresses', async (t) => {
  const known = selfSigned({ names: ['lis'], purpose: 'client' });
  const sha256 = hash('sha256', known.der, 'hex');
  const scene = await stage(
    t,
    ca,
    { good: {} },
    listeners(`trust: { certificates: [{ name: lis, sha256: ${sha256}, may_use: ["lis@clinic.test"] }] }`),
  );
  const letter = { to: ['jane@good.test'], from: 'lis@clinic.test', header: ['From: lis@clinic.test'] };
  for (const listener of ['submissions', 'submission', 'relay']) {
    const lis = await client(t, scene, listener, { identity: known });
    await lis.reply();
    if (listener === 'submissions') await lis.say('EHLO lis.test');
    else await lis.startTls();
    const { id, reply } = await post(lis, letter);
    t.match(reply, /^250 /, listener);
    t.match((await recordsOf(scene.postern, id)).find(({ kind }) => kind === 'message.accepted')?.codes, {
      submitter: 'certificate',
      listener,
      protocol: 'TLSv1.3',
    });
    t.match((await post(lis, { ...letter, from: NURSE })).reply, /^553 /, listener);
    t.match((await post(lis, { ...letter, header: [`From: ${NURSE}`] })).reply, /^550 /, listener);
  }
  const other = await client(t, scene, 'submissions', { identity: selfSigned({ names: ['lis'], purpose: 'client' }) });
  await other.reply();
  await other.say('EHLO lis.test');
  t.match((await post(other, letter)).reply, /^530 5\.7\.0 /, 'another certificate of the same name is nobody');
});

t.test('what is added, and what is taken out', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const { session } = scene;
  const header = [
    'Bcc: hidden@good.test,',
    ' <more.hidden@good.test>',
    'Resent-Bcc: resent.hidden@good.test',
    'BCC: capital.hidden@good.test',
    'X-Kept: yes',
  ];
  const { id } = await post(session, { to: ['jane@good.test', 'hidden@good.test'], header });
  await untilOver(scene.postern, id);
  const [bare] = scene.peer('good').messages;
  const text = bare?.content.toString('latin1') ?? '';
  t.notMatch(text, /hidden/, 'Bcc and Resent-Bcc are removed, and nothing else names who was hidden');
  t.notMatch(text, /jane/, 'Received names no recipient');
  t.match(text, /\r\nX-Kept: yes\r\n/);
  t.equal(text.match(/^Date: \w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\r$/gm)?.length, 1, 'a Date');
  t.match(text, new RegExp(`^Message-ID: <${id}@gateway\\.test>\r$`, 'm'));
  t.match(
    text,
    new RegExp(
      `^Received: from client\\.invalid \\(address withheld\\)\r\n \\(using TLSv1\\.3 [^)]*\\)\r\n by gateway\\.test with ESMTPSA id ${id};\r\n `,
    ),
  );
  t.notMatch(text, /client\.test|127\.0\.0\.1|loader/, 'nor the machine, address or login of the client');
  const own = ['Date: Sat, 21 Nov 2026 08:00:00 +0100', ID('own')];
  await post(session, { to: ['jane@good.test'], header: own });
  await scene.peer('good').until(({ messages }) => messages.length === 2);
  const second = scene.peer('good').messages[1]?.content.toString('latin1') ?? '';
  for (const field of own) t.ok(second.includes(`\r\n${field}\r\n`), field);
  t.equal(second.match(/^(?:Date|Message-ID):/gm)?.length, 2, 'those of the client are left alone');
});

t.test('loops', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const received = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `Received: from a by b id ${i}; Sun, 22 Nov 2026 10:00:00 +0000`);
  t.match(
    (await post(scene.session, { to: ['jane@good.test'], header: received(51) })).reply,
    /^554 5\.4\.6 /,
    'more than 50 Received fields',
  );
  t.match((await post(scene.session, { to: ['jane@good.test'], header: received(50) })).reply, /^250 /);
  await post(scene.session, { to: ['jane@good.test'], header: [ID('round')] });
  await scene.peer('good').until(({ messages }) => messages.length === 2);
  const passed = scene.peer('good').messages[1]?.content.toString('latin1') ?? '';
  t.match(await scene.session.send(NURSE, ['jane@good.test'], passed), /^554 5\.4\.6 /, 'its own trace: it has passed here already');
  const resent = await scene.session.send(
    NURSE,
    ['jane@good.test'],
    `Resent-From: ${NURSE}\r\nResent-Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n${passed}`,
  );
  t.match(resent, /^250 /, 'what a person sends on is no loop');
});

t.test('mail programs, to the next hop', async (t) => {
  const scene = await stage(
    t,
    ca,
    { good: {} },
    { listeners: 'listeners: { submissions: { address: 127.0.0.1, port: 0 }, submission: { address: 127.0.0.1, port: 0 } }' },
  );
  const caFile = join(scene.postern.folder, 'tls/ca.pem');
  const account = await accountOf(scene, 'clients@clinic.test', ['*@clinic.test']);
  account.destroy();
  for (const name of Object.keys(MAIL_CLIENTS)) {
    const tls = name.length % 2 === 0 ? 'starttls' : 'implicit';
    const port = await portOf(scene, tls === 'starttls' ? 'submission' : 'submissions');
    const folder = join(temporaryFolder(t), 'job');
    mkdirSync(folder);
    const body = `Sent with ${name}\n.a dot\nGr\u00fc\u00dfe\n`;
    const job = {
      port,
      tls,
      user: 'clients@clinic.test',
      password: PASSWORD,
      caFile,
      from: NURSE,
      to: 'jane@good.test',
      subject: 'Hello',
      body,
      folder,
    } as const;
    const { code, output } = await sendWith(name, job);
    t.equal(code, 0, `${name} ${tls}: ${code === 0 ? '' : output}`);
  }
  const count = Object.keys(MAIL_CLIENTS).length;
  await scene.peer('good').until(({ messages }) => messages.length === count);
  for (const { content } of scene.peer('good').messages) t.match(content.toString('latin1'), /Sent with [^]*\r\n\.a dot\r\n/);
  t.equal(
    new Set(scene.peer('good').messages.map(({ content }) => /Sent with (.*)\r\n/.exec(content.toString('latin1'))?.[1])).size,
    count,
    'each once',
  );
});
