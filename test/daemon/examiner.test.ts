// The examining thread with real reading children: what is examined, what is damaged, own rules taken anew, and the end.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { openExaminer } from '../../src/daemon/examiner.ts';
import { MailError } from '../../src/mail/mail-error.ts';
import type { SealedContent } from '../../src/spool/spool.ts';
import { blindOf, examining, from, kindsOf, letter } from '../support/examining.ts';

const ANN = from('ann');
const HOSTILE_CHILD = fileURLToPath(new URL('../support/hostile-read-child.ts', import.meta.url));
const RULES = "version: 1\nrules:\n  - name: study\n    kind: mrn\n    pattern: 'ZEBRA-\\d{6}'\n    role: patient\n    confidence: 0.9\n";

await t.test('a message is examined, from a row, from a file and from memory', async (t) => {
  const { examiner, sealed, lost } = await examining(t);
  const text = letter('Patient: Mary Hopper, DOB 03/14/1961, MRN 4471920. Diagnosis: diabetes mellitus type 2.');
  const row = await examiner.examine(await sealed(text), ANN);
  if (row === 'stopped') throw new Error('stopped');
  t.match(row, { report: { level: 'high' }, content: { subjectTags: ['[secure]'], from: ['ann@hospital.example'], visible: ANN.to } });
  t.same(row.message.spans, [], 'the text stays in the thread');
  t.notMatch(JSON.stringify(row), /Hopper|4471920|diabetes/, 'what was found is told by kind, not by value');
  t.ok(row.tookMs > 0);
  const long = await sealed(`${text}${'and so on. '.repeat(40_000)}`);
  t.equal(long.place, 'file');
  t.same(kindsOf(await examiner.examine(long, ANN)).includes('mrn'), true, 'from a file as well');
  const memory = await examiner.examineLetter(Buffer.from(text), ANN);
  t.same(kindsOf(memory), kindsOf(row));
  if (memory === 'stopped') throw new Error('stopped');
  t.same(
    memory.report.findings.map(({ digest }) => digest),
    row.report.findings.map(({ digest }) => digest),
    'the same value has the same digest under one key',
  );
  t.match(await examiner.examine(await sealed(letter('See you at lunch.')), ANN), { report: { level: 'none' } });
  t.same(lost, []);
});

await t.test('damaged content is an error of its own', async (t) => {
  const { examiner, sealed, lost } = await examining(t);
  const whole = await sealed(letter('hello'));
  const damaged = Buffer.from(whole.sealed ?? []);
  damaged.writeUInt8(damaged.readUInt8(20) ^ 1, 20);
  const wrong: readonly (readonly [name: string, content: SealedContent])[] = [
    ['one bit changed', { ...whole, sealed: damaged }],
    ['another key', { ...whole, key: Buffer.alloc(32, 9) }],
    ['a file that is gone', { ...whole, place: 'file', sealed: null }],
  ];
  for (const [name, content] of wrong) {
    const error: unknown = await examiner.examine(content, ANN).catch((reason: unknown) => reason);
    t.ok(error instanceof MailError && error.code === 'content.unreadable', name);
  }
  t.match(await examiner.examine(whole, ANN), { report: { level: 'none' } }, 'the next is read');
  t.same(lost, [], 'no thread was lost for it');
});

await t.test('what a part does to a reading child costs that part', async (t) => {
  const { examiner, sealed, lost } = await examining(t, { readChild: HOSTILE_CHILD });
  t.same(blindOf(await examiner.examine(await sealed('before\nexit\nafter'), ANN)), ['2 broken']);
  t.same(blindOf(await examiner.examine(await sealed('before\nthrow\nnonsense'), ANN)), ['2 broken', '3 broken']);
  t.same(blindOf(await examiner.examine(await sealed('before\nafter'), ANN)), []);
  t.same(lost, []);
});

await t.test('own rules are taken anew, or the ones before stay', async (t) => {
  let file = '';
  const { examiner, config, ground } = await examining(t, {}, (plain) => {
    file = join(plain.folders.data, 'rules.yaml');
    writeFileSync(file, RULES);
    return { ...plain, inspection: { ...plain.inspection, rulesFile: file } };
  });
  t.ok(file.startsWith(ground.dataFolder));
  const kinds = async (): Promise<readonly string[]> =>
    kindsOf(await examiner.examineLetter(Buffer.from(letter('Study ZEBRA-123456, YAK-123456')), ANN));
  const before = await kinds();
  t.ok(before.includes('mrn'), 'the rule it began with');
  const refused: readonly (readonly [name: string, text: string, line: number])[] = [
    ['no YAML', 'version: 1\nrules: [', 2],
    ['a pattern that runs away', RULES.replace('ZEBRA-\\d{6}', '(?=a)b'), 5],
    ['a kind that is none', RULES.replace('mrn', 'zebra'), 4],
  ];
  for (const [name, text, line] of refused) {
    writeFileSync(file, text);
    const issues = await examiner.take(config);
    t.match(issues, [{ file, line, weight: 'error' }], name);
    t.same(await kinds(), before, `${name}: the rules before stay`);
  }
  const missing = { ...config, inspection: { ...config.inspection, rulesFile: `${file}.missing` } };
  t.match(await examiner.take(missing), [{ file: `${file}.missing`, what: 'the file of own rules cannot be read' }]);
  t.same(await kinds(), before);
  writeFileSync(file, RULES.replace('mrn', 'device').replace('ZEBRA', 'YAK'));
  t.same(await examiner.take(config), []);
  const after = await kinds();
  t.ok(after.includes('device') && !after.includes('mrn'), 'the new rule in place of the old one');
  t.same(await examiner.take({ ...config, inspection: { ...config.inspection, rulesFile: null } }), []);
  t.notOk((await kinds()).includes('device'), 'none any more');
});

await t.test('a configuration whose rules are wrong does not open', async (t) => {
  const { config } = await examining(t);
  const file = join(config.folders.data, 'rules.yaml');
  writeFileSync(file, 'version: 2\n');
  const opened = await openExaminer({
    config: { ...config, inspection: { ...config.inspection, rulesFile: file } },
    findingKey: Buffer.alloc(32, 7),
    readChild: null,
    lost: () => undefined,
  });
  t.equal(opened.kind, 'refused');
  if (opened.kind === 'refused') t.match(opened.issues[0], { file, weight: 'error' });
});

await t.test('closing', async (t) => {
  const { examiner, sealed, lost } = await examining(t, { readChild: HOSTILE_CHILD });
  const waiting = [await sealed('never'), await sealed('loop'), await sealed('before')].map((content) => examiner.examine(content, ANN));
  waiting.push(examiner.examine(await sealed('before'), ANN));
  const closing = examiner.close();
  const found = await Promise.all(waiting);
  await closing;
  for (const one of found) t.ok(one === 'stopped' || one.message.parts.length > 0, 'what was begun ends, as stopped or as read');
  t.same(found.slice(0, 2), ['stopped', 'stopped'], 'what would not end is stopped');
  t.equal(await examiner.examine(await sealed('after'), ANN), 'stopped', 'nothing begins any more');
  t.same(lost, [], 'a thread that was asked to end is not lost');
});
