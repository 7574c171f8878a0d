// Review on the road: what policy holds is told to its reviewers without a word of it, looked into with a reason, and decided by hand.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import type { ContentReport } from '../../src/control/review-commands.ts';
import { post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import { ID, stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ca = createTestCa();
const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const RESULT = ['Dear Ms Quartermaine,', '', 'your HbA1c came back at 9.2 %. Please call about your diabetes treatment.'];
const POLICY = `version: 1
settings:
  - { for: all, reviewers: privacy@clinic.test, hold_for: 4h }
rules:
  - { id: look-first, when: { phi: medium }, hold: Somebody looks first, then: [relay] }
  - { id: rest, deliver: [relay] }
`;

t.test('held by policy: noticed, looked into, released; and returned with words', async (t) => {
  const file = join(temporaryFolder(t), 'policy.yaml');
  writeFileSync(file, POLICY);
  const scene = await stage(t, ca, { good: {} }, { policy: `policy: { file: ${file} }` });
  const { postern, session, mailbox } = scene;
  const type = async (...words: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, '--config', postern.configPath, 'review', ...words])).stdout;
  const to = ['zoe@good.test', 'yan@good.test'];
  const { id } = await post(session, { to, header: [ID('held'), 'Subject: HbA1c of Quartermaine'], body: RESULT });
  await untilOver(postern, id);

  const notices = (): readonly string[] =>
    mailbox.messages.map(({ content }) => content.toString('utf8')).filter((text) => text.includes('Subject: Held for review'));
  await mailbox.until(() => notices().length > 0);
  const [notice = ''] = notices();
  t.match(notice, /^To: privacy@clinic\.test\r$/m);
  t.match(notice, `  Message   ${id}`);
  t.match(notice, /^ {2}Recipients {0,2}2\r$/m);
  t.notMatch(notice, /zoe|yan|good\.test|Quartermaine|HbA1c|diabetes/i, 'nothing of the message, nobody outside');
  const [report] = await scene.reportsOn('held');
  t.match(report?.text, /privacy@clinic\.test/, 'and the originator knows whom to ask');

  t.match(await type('list'), /zoe@good\.test[^]*privacy@clinic\.test/);
  t.notMatch(await type('show', id), /Quartermaine|HbA1c/);
  const content = JSON.parse(await type('show', id, '--content', '--why', 'is it a form?', '--json')) as ContentReport;
  t.match(content.message.spans.map(({ text }) => text).join('\n'), /HbA1c came back/);
  await type('release', `${id}/0`, '--why', 'she asked for it', '--not-phi', '--as', 'kim');
  await type('return', `${id}/1`, '--why', 'wrong person', '--tell', 'Yan is no patient of ours', '--as', 'kim');
  const ended = await untilEach(postern, id, ({ state }) => state === 'relayed' || state === 'returned');
  t.same(
    ended.map(({ state }) => state),
    ['relayed', 'returned'],
  );
  t.equal(scene.peer('good').messages.length, 1);
  t.match((await scene.reportsOn('held', 2))[1]?.text, /Yan is no patient of ours/);
  t.match(await type('verdicts'), /messages +1 +0 +100 %/);
  const kinds = (await recordsOf(postern, id)).map(({ kind }) => kind);
  for (const kind of ['review.told', 'content.revealed', 'delivery.released', 'review.judged', 'delivery.returned'] as const)
    t.ok(kinds.includes(kind), kind);
  t.equal(kinds.filter((kind) => kind === 'review.told').length, 2, 'each recipient once');
  t.equal(notices().length, 1, 'in one notice');
});
