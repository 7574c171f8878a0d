// postern scan: levels, reasons and blind spots for people and for machines, by real reading children; no value found is printed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { inOrder } from '../../src/cli/in-order.ts';
import { openScan } from '../../src/daemon/scan.ts';
import type { FileScanned, ScanAccess } from '../../src/daemon/work.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';

const NOTE = [
  'From: Dr Lee <lee@clinic.example>',
  'To: ward@partner.example',
  'Subject: transfer',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Patient: Maria Delgado, DOB 03/04/1961, MRN 84736251.',
  'Her A1c is 9.2; she takes metformin 1000 mg twice a day for type 2 diabetes.',
  '',
].join('\r\n');

const LUNCH = NOTE.replace(/Patient:[^]*/, 'Are you in on Friday? Noon at the usual place.\r\n');

/** Nobody's name in it: only to whom it goes tells whose it is. */
const RESULT = NOTE.replace(/Patient:[^]*/, 'Your A1c is 9.2, please keep taking the metformin twice a day.\r\n');

const LOCKED = [
  'From: a@b.example',
  'MIME-Version: 1.0',
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
  'Content-Transfer-Encoding: base64',
  '',
  // ContentInfo with the type envelopedData and nothing in it (RFC 5652 3)
  Buffer.from('300f06092a864886f70d010703a0023000', 'hex').toString('base64'),
  '',
].join('\r\n');

const VALUES = /Maria|Delgado|1961|84736251|metformin|9\.2/;

interface Scene extends CommandLine {
  readonly path: (name: string) => string;
}

async function scene(t: Parameters<typeof commandLine>[0]): Promise<Scene> {
  const line = await commandLine(t, { service: null, work: { openScan } });
  const path = (name: string): string => join(line.folder, name);
  writeFileSync(path('note.eml'), NOTE);
  writeFileSync(path('lunch.eml'), LUNCH);
  writeFileSync(path('result.eml'), RESULT);
  writeFileSync(path('locked.eml'), LOCKED);
  writeFileSync(path('list.csv'), 'Patient,DOB,MRN,Diagnosis\nMaria Delgado,03/04/1961,84736251,Type 2 diabetes mellitus\n');
  mkdirSync(path('folder'));
  return { ...line, path };
}

t.test('for people', async (t) => {
  const line = await scene(t);
  const { code, out, err } = await line.run(['scan', line.path('note.eml')], { columns: 80 });
  t.equal(err, '');
  t.equal(code, 1, 'medium and high are told by the exit code');
  t.match(out, /\nPHI: high {2}score 0\.\d\d\n/);
  t.match(out, /\nWhy\n {2}0\.\d\d {2}an identified person and health near one another\n {8}part 1 \(text\): /);
  t.match(out, /\n {2}Kind +Whose +Times +Values +Sure +How +Where\n/);
  t.match(out, /\n {2}mrn +patient +1 +1 +0\.\d\d +.* +part 1 \(text\)\n/);
  // A time may be 19.2 ms.
  t.notMatch(out.replaceAll(line.folder, '').replace(/"ms":[\d.]+/g, ''), VALUES, 'no value is printed');
  for (const one of out.split('\n')) if (!one.includes(line.folder)) t.ok(one.length <= 80, one);
});

t.test('a file as if attached is told by its kind', async (t) => {
  const line = await scene(t);
  const { out } = await line.run(['scan', line.path('list.csv')], { columns: 80 });
  t.match(out, /\n {8}file \(csv\), row \d+/);
});

t.test('nothing found', async (t) => {
  const line = await scene(t);
  const { code, out } = await line.run(['scan', line.path('lunch.eml')], { columns: 80 });
  t.equal(code, 0);
  t.match(out, /\nPHI: none {2}score 0\.\d\d\n/);
});

t.test('what cannot be read is said', async (t) => {
  const line = await scene(t);
  const { out } = await line.run(['scan', line.path('locked.eml')], { columns: 80 });
  t.match(out, /Cannot be read\n {2}part 1: encrypted only its recipient can open it/);
  t.match(out, /1 place could not be read\. To a policy that counts as PHI\.\n$/);
});

t.test('for machines: an object a line, the files of the command line and of standard input in order', async (t) => {
  const line = await scene(t);
  const names = ['list.csv', 'lunch.eml', 'note.eml', 'locked.eml'];
  const input = names.slice(1).map(line.path).join('\n');
  const { code, out, err } = await line.run(['scan', '--json', line.path('list.csv'), '-'], { input: `${input}\n` });
  t.equal(err, '');
  t.equal(code, 1);
  const lines = out
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as Record<string, unknown>);
  t.same(
    lines.map(({ file }) => file),
    names.map(line.path),
  );
  t.same(
    lines.map(({ level }) => level),
    ['high', 'none', 'high', 'none'],
  );
  for (const one of lines) t.match(one, { score: Number, findings: Array, ms: Number, blind: Array });
  t.match(lines[3], { blind: [{ part: '1', kind: 'encrypted' }] });
  t.notMatch(out.replaceAll(line.folder, ''), VALUES, 'no value is printed');
});

t.test('the envelope: of the header, or as given', async (t) => {
  const line = await scene(t);
  const levelOf = async (...given: readonly string[]): Promise<string> => {
    const { out } = await line.run(['scan', '--json', line.path('result.eml'), ...given]);
    return (JSON.parse(out) as { level: string }).level;
  };
  t.match(await levelOf(), /medium|high/, 'To of the header is outside: it may be the patient');
  t.match(await levelOf('--from', 'lee@clinic.example', '--to', 'x@clinic.example', '--to', 'y@clinic.example'), /none|low/);
  t.match(await levelOf('--from', 'lee@clinic.example', '--to', 'x@clinic.example', '--to', 'ann@example.net'), /medium|high/);
});

t.test('files that cannot be had; the others are scanned', async (t) => {
  const line = await scene(t);
  const { code, out, err } = await line.run(['scan', line.path('none.eml'), line.path('folder'), line.path('lunch.eml')]);
  t.equal(code, 4);
  t.match(err, /none\.eml does not exist\.\n/);
  t.match(err, /folder is a folder\.\n/);
  t.match(out, /PHI: none/);
  t.match(await line.run(['scan']), { code: 2, err: /missing required argument 'file'/ });
});

t.test('several files end with a count; a file name cannot reach the terminal', async (t) => {
  const line = await scene(t);
  const hostile = line.path('a\u001b[31m.eml');
  writeFileSync(hostile, LUNCH);
  const { out } = await line.run(['scan', hostile, line.path('note.eml'), line.path('locked.eml')], { columns: 80 });
  t.match(out, /\n3 files: 1 high, 2 none; 1 with places that cannot be read\n$/);
  t.notMatch(out, /\p{Cc}(?<!\n)/u);
});

t.test('a configuration with errors is not passed over where it was named', async (t) => {
  const line = await scene(t);
  writeFileSync(line.configPath, 'version: 1\nfoo: bar\n');
  t.match(await line.run(['scan', line.path('note.eml')]), { code: 3, out: '' });
});

t.test('thousands of names: bounded at once, in the order given', async (t) => {
  let [running, most] = [0, 0];
  const access: ScanAccess = {
    kind: 'open',
    atOnce: 4,
    async scan(): Promise<FileScanned> {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      const report = { level: 'none', score: 0, reasons: [], findings: [], labels: [], documents: [], blindSpots: [] } as const;
      return { kind: 'scanned', report, parts: new Map(), sizeBytes: 1, tookMs: 1 };
    },
    close: () => Promise.resolve(),
  };
  const line = await commandLine(t, { service: null, work: { openScan: async () => access } });
  const names = Array.from({ length: 3_000 }, (_, i) => `${i}.eml`);
  const { code, out } = await line.run(['scan', '--json', '-'], { input: names.join('\n') });
  t.equal(code, 0);
  t.same(
    out
      .trim()
      .split('\n')
      .map((one) => (JSON.parse(one) as { file: string }).file),
    names,
  );
  t.equal(most, 4);
});

t.test('in order: what comes early waits, what fails is told in its turn', async (t) => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<string>());
  const taken = inOrder([0, 1, 2], 2, (one) => gates[one]?.promise ?? Promise.reject(new Error('no gate')));
  const first = taken.next();
  gates[1]?.reject(new Error('second'));
  gates[2]?.resolve('third');
  gates[0]?.resolve('first');
  t.match(await first, { value: 'first' });
  await t.rejects(taken.next(), { message: 'second' });
});
