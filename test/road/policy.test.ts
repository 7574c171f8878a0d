// Policy on the road: a real gateway decides by what its reading children found and its inspection said; holds, returns at once, goes by what
// is in effect now, and says why. Files are edited as an administrator edits them.
import { renameSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { post, recordsOf, untilOver } from '../support/posted.ts';
import type { Postern } from '../support/postern.ts';
import { stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const RESULT = ['Dear Ms Quartermaine,', '', 'your HbA1c came back at 9.2 %. Please call about your diabetes treatment.'];
const INVOICE = ['Please find the invoice for the printer paper.'];

const POLICY = `version: 1
lists:
  partners: { file: partners.txt }
settings:
  - for: all
    reviewers: privacy@clinic.test
    hold_for: 4h
require:
  - id: phi-is-protected
    when: { phi: medium }
    protection: tls-verified
rules:
  - id: no-scans-outside
    when: { subject: { tag: "[scan]" }, not: { to: { list: partners } } }
    return: "Scans go to partners only."
  - id: partners
    when: { to: { list: partners } }
    deliver: [relay]
  - id: phi-to-others
    when: { phi: medium }
    hold: "Health data to an address that is no partner."
  - id: everything-else
    deliver: [relay]
`;

const PARTNERS = '# those we know\ngood.test\n';

/** Replaced in one step, as editors do. */
function edit(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

async function policed(
  t: Parameters<typeof stage>[0],
  text = POLICY,
): Promise<Awaited<ReturnType<typeof stage>> & { readonly file: string }> {
  const scene = await stage(
    t,
    ca,
    { good: {}, other: {} },
    { policy: 'policy: { file: policy.yaml }', reading: 'reading: { before_reply: 2s }' },
    { 'policy.yaml': text, 'partners.txt': PARTNERS },
  );
  return { ...scene, file: join(scene.postern.folder, 'policy.yaml') };
}

async function codesOf(postern: Postern, id: string, kind: string): Promise<Record<string, unknown> | undefined> {
  return (await recordsOf(postern, id)).findLast((one) => one.kind === kind)?.codes;
}

/** `postern policy replay --json`, as a process of its own. */
async function replay(postern: Postern, draft: string): Promise<readonly unknown[]> {
  const words = [MAIN, '--config', postern.configPath, 'policy', 'replay', '--with', join(postern.folder, draft), '--json'];
  const { stdout } = await run(process.execPath, words, { env: {} }).catch((error: unknown) => error as { readonly stdout: string });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

t.test('one message, a decision for each recipient', async (t) => {
  const scene = await policed(t);
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@good.test', 'pat@other.test'], body: RESULT });
  const [partner, patient] = await untilOver(postern, id);
  t.match(partner, { state: 'relayed', decision: { rule: 'partners', floor: 'tls-verified', floors: ['phi-is-protected'] } });
  t.match(patient, { state: 'held', decision: { rule: 'phi-to-others' }, hold: { reason: 'policy.held', owner: 'privacy@clinic.test' } });
  t.equal(scene.peer('other').messages.length, 0);
  t.match(await codesOf(postern, id, 'message.read'), { level: /^(?:medium|high)$/ });
  const invoice = await post(session, { to: ['pat@other.test'], body: INVOICE });
  t.match(await untilOver(postern, invoice.id), [{ state: 'relayed', decision: { rule: 'everything-else' } }]);
});

t.test('returned for everybody: the client hears the reason, and nothing is kept', async (t) => {
  const { postern, session } = await policed(t);
  const refused = await post(session, { to: ['pat@other.test'], header: ['Subject: Knee [scan]'], body: INVOICE });
  t.equal(refused.reply, '550 5.7.1 Scans go to partners only.');
  const mixed = await post(session, { to: ['jane@good.test', 'pat@other.test'], header: ['Subject: [SCAN] knee'], body: INVOICE });
  t.match(await untilOver(postern, mixed.id), [{ state: 'relayed' }, { state: 'returned', decision: { rule: 'no-scans-outside' } }]);
});

t.test('a policy that is edited is in effect for what waits; a bad one changes nothing', async (t) => {
  const { postern, session, file } = await policed(t);
  const { id } = await post(session, { to: ['pat@other.test'], body: RESULT });
  t.match(await untilOver(postern, id), [{ state: 'held' }]);
  edit(file, POLICY.replace('when: { phi: medium }\n    hold', 'when: { pho: medium }\n    hold'));
  await postern.until('config.refused');
  const loaded = () => postern.log.length;
  let from = loaded();
  const stricter = POLICY.replace('hold: "Health', 'return: "Health');
  edit(file, stricter);
  await postern.until('config.loaded', () => true, from);
  t.equal((await recordsOf(postern)).filter(({ kind }) => kind === 'policy.activated').length, 2, 'the good ones');
  const released = await postern.control.call('queue.release', { target: id, who: 'ann', why: 'asked by Dr Jones' });
  t.match(released, { kind: 'failed', code: 'not-legal', text: /policy does not let it go \(Health data/ });
  const looser = POLICY.replace('partners.txt', 'more.txt');
  writeFileSync(join(postern.folder, 'more.txt'), 'good.test\nother.test\n');
  from = loaded();
  edit(file, looser);
  await postern.until('config.loaded', () => true, from);
  t.match(await postern.control.call('queue.release', { target: id, who: 'ann', why: 'now a partner' }), { kind: 'done' });
  t.match(await untilOver(postern, id), [{ state: 'relayed', decision: { rule: 'partners', floor: 'tls-verified' } }]);
});

t.test('a draft beside it decides nothing, and says where it would have', async (t) => {
  const draft = POLICY.replace('hold: "Health data to an address that is no partner."', 'deliver: [relay]');
  const { postern, session } = await stage(
    t,
    ca,
    { other: {} },
    { policy: 'policy: { file: policy.yaml, draft: draft.yaml }' },
    { 'policy.yaml': POLICY, 'draft.yaml': draft, 'partners.txt': PARTNERS },
  );
  const { id } = await post(session, { to: ['pat@other.test'], body: RESULT });
  t.match(await untilOver(postern, id), [{ state: 'held' }]);
  const replayed = await replay(postern, 'draft.yaml');
  t.match(
    replayed,
    [
      { deliveryId: `${id}/0`, compared: 'weaker', before: { action: 'hold' } },
      { messages: 1, weaker: 1 },
    ],
    'and tried on past mail',
  );
  await postern.stop();
  t.same(await replay(postern, 'draft.yaml'), replayed, 'also where no service runs');
  t.match(await codesOf(postern, id, 'delivery.shadowed'), {
    compared: 'weaker',
    rule: 'phi-to-others',
    live: 'phi-to-others',
    action: 'deliver',
  });
});

t.test('without a policy that can be read nothing starts', async (t) => {
  const { postern } = await policed(t);
  await postern.stop();
  edit(join(postern.folder, 'policy.yaml'), POLICY.replace('deliver: [relay]', 'deliver: [relais]'));
  await t.rejects(postern.start(), /policy\.yaml:\d+:\d+: .*relais.*relay/);
});

t.test('a policy whose own cases fail is not activated', async (t) => {
  const cases = `version: 1
cases:
  - id: result-to-a-stranger
    message: { subject: Your result, text: "Dear Ms Quartermaine, your HbA1c came back at 9.2 %. Please call about your diabetes treatment." }
    sender: nurse@clinic.test
    to: pat@other.test
    expect: { action: hold, rule: phi-to-others }
`;
  const { postern, file } = await policed(t);
  const from = postern.log.length;
  edit(join(postern.folder, 'policy.cases.yaml'), cases);
  await postern.until('config.loaded', () => true, from);
  edit(file, POLICY.replace('hold: "Health data to an address that is no partner."', 'deliver: [relay]'));
  await postern.until('config.refused', () => true, from);
  t.equal((await recordsOf(postern)).filter(({ kind }) => kind === 'policy.activated').length, 1);
  await postern.stop();
  await t.rejects(postern.start(), /policy\.cases\.yaml:\d+:\d+: case result-to-a-stranger, to pat@other\.test: action is "?deliver/);
});
