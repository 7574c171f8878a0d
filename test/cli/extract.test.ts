// postern extract: what the scanner sees, for people and for machines, read by a real reading child.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openExtract } from '../../src/daemon/extract.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';

const LETTER = [
  'From: Dr Lee <lee@clinic.example>',
  'To: ann@example.org',
  'Subject: =?utf-8?Q?Your_results=2C_J=C3=B6rg?=',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Your A1c is 9.2. \u001b[31mRed\u001b[0m',
  '--b',
  'Content-Disposition: attachment; filename="result.hl7"',
  'Content-Type: application/octet-stream',
  '',
  'MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|202611270900||ORU^R01|1|P|2.5.1',
  'PID|1||12345^^^HOSPITAL^MR||SMITH^JOHN||19700101|M',
  '--b--',
  '',
].join('\r\n');

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

async function scene(t: Parameters<typeof commandLine>[0]): Promise<CommandLine> {
  const line = await commandLine(t, { service: null, work: { openExtract } });
  writeFileSync(join(line.folder, 'letter.eml'), LETTER);
  writeFileSync(join(line.folder, 'locked.eml'), LOCKED);
  writeFileSync(join(line.folder, 'list.csv'), 'Name,Born\nJane Doe,1970-01-01\n');
  mkdirSync(join(line.folder, 'folder'));
  return line;
}

t.test('for people', async (t) => {
  const line = await scene(t);
  const { code, out, err } = await line.run(['extract', join(line.folder, 'letter.eml')], { columns: 80 });
  t.equal(err, '');
  t.equal(code, 0);
  t.match(out, /^Part +Kind +Role +Size +Name$/m);
  t.match(out, /^2 +hl7v2 +attachment +\d+ B +result\.hl7$/m);
  t.match(out, / {4}subject: Your results, Jörg\n/);
  t.match(out, / {2}part 1, text\n {4}Your A1c is 9\.2\. /);
  t.notMatch(out, /\p{Cc}(?<!\n)/u, 'no control reaches the terminal');
  t.match(out, / {4}2 PID: .*SMITH JOHN/);
  t.match(out, /Health documents\n {2}part 2: hl7v2 ORU\^R01, 1 patient; identifiers: .*name/);
  t.match(out, /\nEverything was read\.\n$/);
  for (const one of out.split('\n')) if (!one.includes(line.folder)) t.ok(one.length <= 80, one);
});

t.test('what cannot be read is said, and shows in the exit code', async (t) => {
  const line = await scene(t);
  const { code, out } = await line.run(['extract', join(line.folder, 'locked.eml')], { columns: 80 });
  t.equal(code, 1);
  t.match(out, /Cannot be read\n {2}part 1: encrypted only its recipient can open it/);
  t.match(out, /The mail program has encrypted it to its recipient \(S\/MIME\)\.\n$/);
});

t.test('for machines, several files, any other file as if attached', async (t) => {
  const line = await scene(t);
  const files = ['letter.eml', 'list.csv'].map((name) => join(line.folder, name));
  const { code, out } = await line.run(['extract', '--json', ...files]);
  t.equal(code, 0);
  const [letter, list] = out
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as { file: string; parts: unknown[]; spans: unknown[] });
  t.match(letter, { file: files[0], sizeBytes: Buffer.byteLength(LETTER), documents: [{ standard: 'hl7v2', patients: 1 }] });
  t.match(list, {
    file: files[1],
    parts: [{ path: '', kind: 'csv', role: 'attachment', name: 'list.csv' }],
    spans: [
      { place: { area: 'file-name' } },
      { text: /Name/ },
      {
        text: 'Jane Doe\t1970-01-01',
        marks: [
          { at: 0, field: 'A2' },
          { at: 9, field: 'B2' },
        ],
      },
    ],
  });
  const attached = await line.run(['extract', '--attached', '--json', files[0] ?? '']);
  t.match(JSON.parse(attached.out), { parts: [{ path: '', kind: 'message', role: 'attachment' }, { path: '1' }, { path: '2' }] });
});

t.test('files that cannot be had; the others are read', async (t) => {
  const line = await scene(t);
  const { code, out, err } = await line.run([
    'extract',
    join(line.folder, 'none.eml'),
    join(line.folder, 'folder'),
    join(line.folder, 'list.csv'),
  ]);
  t.equal(code, 4);
  t.match(err, /none\.eml does not exist\.\n/);
  t.match(err, /folder is a folder\.\n/);
  t.match(out, 'Jane Doe');
  t.match(await line.run(['extract']), { code: 2, err: /missing required argument 'file'/ });
  t.match(await line.run(['extract', '--ocr', 'maybe', 'x']), { code: 2, err: /Allowed choices are on, off/ });
});

t.test('limits of the configuration hold', async (t) => {
  const line = await scene(t);
  writeFileSync(
    line.configPath,
    'version: 1\nhostname: x.example\npostmaster: [it@x.example]\nfolders: { data: data, keys: keys, run: run }\nreading: { parts: 2 }\n',
  );
  const { code, out } = await line.run(['extract', join(line.folder, 'letter.eml')]);
  t.equal(code, 1);
  t.match(out, /too-large/);
});
