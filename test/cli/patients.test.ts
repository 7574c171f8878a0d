// postern patients and own rules by the command line: an export becomes keyed hashes, bad rows are told by place and lose nothing else, no
// plain value is on disk or printed, and postern scan uses table, rules and kinds of sender.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { patientsOfExport } from '../../src/daemon/patient-export.ts';
import { readRulesFile } from '../../src/daemon/own-inspection.ts';
import { openPatients } from '../../src/daemon/patient-table.ts';
import { openScan } from '../../src/daemon/scan.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { keysInUse } from '../support/key-folder.ts';

const EXPORT = [
  'Patient Name,DOB,MRN,E-mail',
  '"Delgado, Maria",03/04/1961,0084736251,maria.delgado@example.net',
  'Zoë Müller,1980-12-31,H-445566,zoe@example.org',
  'Ann Poe,31/31/1990,7781234,ann@example.org',
  'too,few',
  ',,,',
  'Tom Roe,1970-01-02,9982211,not an address',
  'Bad "Quote,1970-01-02,9982212,x@example.org',
  '',
].join('\r\n');
const PLAIN = ['Delgado', 'Maria', '84736251', 'zoe@example.org', '445566', '1961', 'Müller', '7781234', 'not an address'];
const NO_TITLES = { name: null, first_name: null, last_name: null, birth_date: null, mrn: null, email: null } as const;

async function scene(t: Parameters<typeof commandLine>[0], keys: 'keys' | 'no-keys' = 'keys'): Promise<CommandLine> {
  const line = await commandLine(t, { service: null, work: { openScan, openPatients } });
  if (keys === 'keys') keysInUse(line.folder);
  writeFileSync(join(line.folder, 'export.csv'), EXPORT);
  return line;
}

function configure(line: CommandLine, inspection: string): void {
  writeFileSync(line.configPath, `${readFileSync(line.configPath, 'utf8')}inspection:\n${inspection}`);
}

t.test('import tells what is wrong by its place, and keeps the rest', async (t) => {
  const line = await scene(t);
  const file = join(line.folder, 'export.csv');
  const { code, out, err } = await line.run(['patients', 'import', file]);
  t.equal(code, 1);
  t.match(out, /^4 patients in the table; 5 faults in the file\.\n$/);
  t.same(
    err
      .trimEnd()
      .split('\n')
      .map((one) => one.replace(line.folder, '').replace(/;.*/, '')),
    [
      '/export.csv:4:9: this is no day',
      '/export.csv:5:1: this row has 2 fields, the header 4',
      '/export.csv:6:1: nothing here tells a patient',
      '/export.csv:7:28: this is no mail address',
      '/export.csv:8:1: a quote is not closed or stands inside a field',
    ],
  );
  for (const value of PLAIN) t.notOk(`${out}${err}`.replaceAll(line.folder, '').includes(value), value);
});

t.test('no plain value is on disk, and nobody else reads the hashes', async (t) => {
  const line = await scene(t);
  await line.run(['patients', 'import', join(line.folder, 'export.csv')]);
  const data = join(line.folder, 'data');
  t.equal(statSync(join(data, 'patients.hashes')).mode & 0o777, 0o600);
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(data, name)).isFile()) continue;
    const bytes = readFileSync(join(data, name), 'latin1').toLowerCase();
    for (const value of PLAIN) t.notOk(bytes.includes(value.toLowerCase()), `${name}: ${value.replace(/[^ -~]/g, '?')}`);
    t.notMatch(name, /\.new-/);
  }
});

t.test('status', async (t) => {
  const line = await scene(t);
  t.match(await line.run(['patients', 'status']), { code: 1, out: 'No patients have been imported.\n' });
  await line.run(['patients', 'import', join(line.folder, 'export.csv')]);
  t.match(await line.run(['patients', 'status']), { code: 0, out: /^4 patients, imported .*patients\.hashes\n$/ });
  const { out } = await line.run(['patients', 'status', '--json']);
  t.match(JSON.parse(out), { patients: 4, importedAt: /^20\d\d-/ });
  writeFileSync(join(line.folder, 'data/patients.hashes'), 'x'.repeat(100));
  t.match(await line.run(['patients', 'status']), { code: 4, err: /is no patient table/ });
});

t.test('what cannot be done', async (t) => {
  const line = await scene(t);
  const file = join(line.folder, 'export.csv');
  t.match(await line.run(['patients', 'import', `${file}.gone`]), { code: 2, err: /cannot be read/ });
  t.match(await line.run(['patients', 'import', '--columns', 'nmae=X', file]), { code: 2, err: /--columns takes name, / });
  t.match(await line.run(['patients', 'import', '--columns', 'mrn=None', file]), { code: 1, err: /:1:1: there is no column for mrn/ });
  writeFileSync(file, 'a,b\n1,2\n');
  t.match(await line.run(['patients', 'import', file]), { code: 1, out: /the table is as it was/, err: /:1:1: no column tells a patient/ });
  configure(line, '  patients_file: gone/patients.hashes\n');
  writeFileSync(file, EXPORT);
  t.match(await line.run(['patients', 'import', file]), { code: 4, err: /cannot be written \(ENOENT\)/ });
  const fresh = await scene(t, 'no-keys');
  t.match(await fresh.run(['patients', 'status']), { code: 4, err: /the first start makes it/ });
});

t.test('titles of the configuration, of the command line, and those that are usual', async (t) => {
  const row = 'Poe,Ann,1970-01-02,4455667,ann@example.org\n';
  const named = (header: string, titles: Parameters<typeof patientsOfExport>[1] = NO_TITLES): unknown =>
    patientsOfExport(`${header}\n${row}`, titles).patients;
  const whole = [{ name: 'ann poe', birthDate: '1970-01-02', recordNumber: '4455667', address: 'ann@example.org' }];
  t.same(named('Last Name,First Name,Date of Birth,Medical Record Number,Email Address'), whole);
  t.same(named('PAT_LAST_NAME,PAT_FIRST_NAME,BIRTH_DATE,PAT_MRN_ID,E_MAIL'), whole);
  t.same(named('\uFEFFa,b,c,d,e', { name: null, last_name: 'a', first_name: 'b', birth_date: 'c', mrn: 'd', email: 'e' }), whole);
  const line = await scene(t);
  writeFileSync(join(line.folder, 'export.csv'), `A,B,C,D,E\n${row}`);
  configure(line, '  patient_columns: { mrn: X, email: E }\n');
  t.match(await line.run(['patients', 'import', '--columns', 'mrn=D', join(line.folder, 'export.csv')]), { code: 0, out: /^1 patient in/ });
});

t.test('a quote that is never closed loses its line and no more', async (t) => {
  const text = `MRN,Note\n1112223,"open\n4445556,"two\nlines"\n7778889,x\n`;
  const { patients, faults } = patientsOfExport(text, NO_TITLES);
  t.same(
    patients.map(({ recordNumber }) => recordNumber),
    ['4445556', '7778889'],
  );
  t.same(
    faults.map(({ line, column }) => [line, column]),
    [[2, 9]],
  );
});

const LETTER =
  'From: lee@clinic.example\r\nTo: zoe@example.org\r\nSubject: visit\r\n\r\nMaria Delgado, born March 4, 1961, comes on Friday.\r\n';

t.test('the example of the documentation reads well', async (t) => {
  const line = await scene(t);
  const text = readFileSync(join(import.meta.dirname, '../../docs/inspection-rules.md'), 'utf8');
  const file = join(line.folder, 'rules.yaml');
  writeFileSync(file, /```yaml\n([^]*?)```/.exec(text)?.[1] ?? '');
  const { rules, issues } = await readRulesFile(file);
  t.same(issues, []);
  t.equal(rules.length, 3);
});

t.test('scan uses the table', async (t) => {
  const line = await scene(t);
  const file = join(line.folder, 'letter.eml');
  writeFileSync(file, LETTER);
  await line.run(['patients', 'import', join(line.folder, 'export.csv')]);
  const { code, out, err } = await line.run(['scan', file], { columns: 80 });
  t.equal(err, '');
  t.equal(code, 1);
  t.match(out, /about one patient of the table, to the address of another/);
  for (const value of PLAIN) t.notOk(out.includes(value), value);
  writeFileSync(join(line.folder, 'data/patients.hashes'), 'x'.repeat(100));
  t.match(await line.run(['scan', file]), { code: 3, err: /patients\.hashes: .*is no patient table/ });
});

t.test('scan uses own rules, and refuses wrong ones with their place', async (t) => {
  const line = await scene(t);
  const file = join(line.folder, 'note.eml');
  writeFileSync(file, 'From: lee@clinic.example\r\nTo: jo@example.org\r\n\r\nZB-123456 came with type 2 diabetes.\r\n');
  const rules = join(line.folder, 'rules.yaml');
  configure(line, '  rules_file: rules.yaml\n  organisation: [clinic.example]\n  sends: clinic\n');
  writeFileSync(rules, "version: 1\nrules:\n  - name: study\n    kind: mrn\n    role: patient\n    pattern: 'ZB-\\d{6}'\n");
  const { out } = await line.run(['scan', '--json', file]);
  const found = JSON.parse(out) as { readonly findings: readonly { readonly reason: string; readonly kind: string }[] };
  t.ok(found.findings.some(({ reason, kind }) => reason === 'own-rule study' && kind === 'mrn'));
  writeFileSync(
    rules,
    "version: 1\nrules:\n  - name: study\n    kind: mrn\n    pattern: 'ZB(?=-)'\n  - name: x\n    kind: mnr\n    words: [a]\n",
  );
  const { code, err } = await line.run(['scan', file]);
  t.equal(code, 3);
  t.match(err, /rules\.yaml:5:14: at character 3 of the pattern: a look-around is not linear; /);
  t.match(err, /rules\.yaml:7:11: "kind" is not right; write one of name, /);
  writeFileSync(rules, 'version: 1\nrules: [\n');
  t.match(await line.run(['scan', file]), { code: 3, err: /rules\.yaml:\d+:\d+: / });
});
