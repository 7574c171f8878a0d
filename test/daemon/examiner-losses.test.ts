// What a message can cost: the thread that examines it, and its own examination; never that of its neighbours.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { blindOf, examining, from, kindsOf, letter } from '../support/examining.ts';

const HOSTILE_THREAD = new URL('../support/hostile-examine-thread.ts', import.meta.url);
const ANN = from('ann');
const RULES = "version: 1\nrules:\n  - name: study\n    kind: mrn\n    pattern: 'ZEBRA-\\d{6}'\n    role: patient\n    confidence: 0.9\n";

await t.test('a message that costs threads costs its neighbours nothing', async (t) => {
  const { examiner, sealed, lost } = await examining(t, { entry: HOSTILE_THREAD });
  const text = letter('hello');
  const contents = await Promise.all(Array.from({ length: 5 }, () => sealed(text)));
  const senders = ['ann', 'kills', 'bob', 'eve', 'kills'];
  const found = await Promise.all(contents.map((content, n) => examiner.examine(content, from(senders[n] ?? ''))));
  found.forEach((one, n) => {
    const kills = senders[n] === 'kills';
    t.same(blindOf(one), kills ? ['broken'] : [], `${n}: ${senders[n] ?? ''}`);
    if (one !== 'stopped') t.equal(one.content.subjectTags.length, kills ? 0 : 1);
  });
  t.same(
    lost,
    Array.from({ length: 3 }, () => 'exit-3'),
    'once for all together, then once for each that does it',
  );
  const again = contents[1];
  if (again === undefined) throw new Error('no content');
  t.same(blindOf(await examiner.examine(again, from('kills'))), ['broken'], 'known again');
  t.equal(lost.length, 3, 'and no further thread is spent on it');
  t.same(blindOf(await examiner.examine(await sealed(text), ANN)), [], 'the next is examined');
});

await t.test('a loss that does not come again is forgiven, and a new thread inspects by what was taken last', async (t) => {
  const { examiner, config, sealed, lost } = await examining(t, { entry: HOSTILE_THREAD });
  const file = join(config.folders.data, 'rules.yaml');
  writeFileSync(file, RULES);
  const once = await sealed(letter('Study ZEBRA-123456'));
  t.notOk(kindsOf(await examiner.examine(once, ANN)).includes('mrn'));
  t.same(await examiner.take({ ...config, inspection: { ...config.inspection, rulesFile: file } }), []);
  t.ok(kindsOf(await examiner.examine(once, from('kills-below-3'))).includes('mrn'), 'read by another thread');
  t.equal(lost.length, 1);
  t.ok(kindsOf(await examiner.examine(once, from('kills-below-5'))).includes('mrn'), 'it starts from nought again');
  t.equal(lost.length, 2);
  t.same(blindOf(await examiner.examineLetter(Buffer.from(letter('a')), from('kills'))), ['broken'], 'a letter costs one thread at most');
  t.equal(lost.length, 3);
});

await t.test('one answer that fails is said to fail, and the thread goes on to serve the others', async (t) => {
  const { examiner, config, sealed, lost } = await examining(t);
  const broken = Object.assign({}, config, { inspection: null });
  const before = examiner.examine(await sealed(letter('before')), ANN);
  await t.rejects(examiner.take(broken), /did not take/);
  t.same(blindOf(await before), []);
  t.same(blindOf(await examiner.examine(await sealed(letter('after')), ANN)), []);
  t.same(await examiner.take(config), [], 'and takes a configuration that is one');
  t.same(lost, []);
});
