// HL7 v2: segments with their fields, escapes, charsets and framing, what OBX encapsulates, and messages as data.
import t from 'tap';
import { hl7v2Extractor } from '../../../src/mime/extract/hl7v2.ts';
import { fuzzFiles, healthFixture, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

const FILES = ['ADT-A01-01', 'ADT-A40-02', 'ORU-R01-01', 'VXU-V04-01', 'SIU-S12-01', 'RDE-O11-01', 'OUL-R22-01'];

async function read(text: string | Buffer): ReturnType<typeof readPart> {
  return readPart(hl7v2Extractor, 'hl7v2', text);
}

const MSH = 'MSH|^~\\&|A|B|C|D|20240101||ORU^R01^ORU_R01|1|P|2.5.1';
const PID =
  'PID|1||771^^^HOSP^MR~987-65-4329^^^USA^SS||Rivers^Nadia^J||19610203|F|||12 Willow Ln^^Springfield^IL^62701||^PRN^PH^^1^555^5550142~^NET^X.400^n@r.example';

await t.test('real messages as data', async (t) => {
  const all = 'name birth-date death-date address phone ssn mrn member-id account-number licence other-id';
  const expected: Readonly<Record<string, string>> = {
    'ADT-A01-01': `ADT^A01; 1; ${all}; diagnosis procedure allergy vital-sign encounter coverage`,
    'ADT-A40-02': 'ADT^A40; 2; name birth-date address phone mrn account-number other-id; ',
    'ORU-R01-01': 'ORU^R01; 1; name birth-date address mrn account-number; result vital-sign encounter order note claim',
    'VXU-V04-01': `VXU^V04; 1; ${all}; result immunization vital-sign encounter order note coverage`,
    'SIU-S12-01':
      'SIU^S12; 1; name birth-date death-date address phone ssn mrn account-number licence; diagnosis vital-sign encounter appointment note',
    'RDE-O11-01':
      'RDE^O11; 1; name birth-date death-date address phone ssn mrn member-id account-number other-id; medication vital-sign encounter order claim coverage',
    'OUL-R22-01': 'OUL^R22; 1; name birth-date address phone ssn mrn; result vital-sign encounter order note',
  };
  for (const file of FILES) t.equal(told(await read(healthFixture(`hl7v2/${file}.hl7`))), expected[file], file);
});

await t.test('line ends and framing', async (t) => {
  const lines = [MSH, PID, 'OBX|1|NM|8867-4^Heart rate^LN||72|/min'];
  const same = 'ORU^R01; 1; name birth-date address phone email ssn mrn; vital-sign';
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['CR', lines.join('\r')],
    ['LF', lines.join('\n')],
    ['CRLF', `${lines.join('\r\n')}\r\n`],
    ['blank lines', lines.join('\r\n\r\n')],
    ['MLLP', `\x0b${lines.join('\r')}\r\x1c\r`],
    ['a byte order mark', `\ufeff${lines.join('\r')}`],
    ['other separators', lines.join('\r').replace('^~\\&', '#*?$').replaceAll('^', '#').replaceAll('~', '*').replaceAll('|', '!')],
    ['no MSH', lines.slice(1).join('\r')],
  ];
  for (const [name, text] of cases) {
    const message = await read(text);
    t.equal(told(message), name === 'no MSH' ? same.replace('ORU^R01', 'unknown') : same, name);
    t.strictSame(marked(message.spans, 'PID-5'), ['Rivers Nadia J'], name);
    t.strictSame(marked(message.spans, 'OBX-5'), ['72'], name);
  }
  const utf16 = await read(Buffer.from(`\ufeff${lines.join('\r')}`, 'utf16le'));
  t.equal(told(utf16), same, 'UTF-16');
});

await t.test('where it stands', async (t) => {
  const { spans } = await read([MSH, PID, 'NTE|1||one~two'].join('\r'));
  t.strictSame(
    spans.map(({ place }) => place),
    [
      { area: 'text', row: 1, field: 'MSH' },
      { area: 'text', row: 2, field: 'PID' },
      { area: 'text', row: 3, field: 'NTE' },
    ],
  );
  t.strictSame(marked(spans, 'PID-3'), ['771 HOSP MR; 987-65-4329 USA SS']);
  t.strictSame(marked(spans, 'NTE-3'), ['one\ntwo']);
  t.strictSame(marked(spans, 'MSH-3'), ['A']);
});

await t.test('escapes', async (t) => {
  const cases: readonly (readonly [raw: string, seen: string])[] = [
    ['a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f', 'a|b^c&d~e\\f'],
    ['\\H\\bold\\N\\ text', 'bold text'],
    ['one\\.br\\two\\.sp+1\\three', 'one\ntwo\nthree'],
    ['\\X4E6164\\ia', 'Nadia'],
    ['\\XC3A9\\', 'é'],
    ['a \\ b', 'a \\ b'],
    ['C:\\temp\\F\\x', 'C:\\temp|x'],
    ['\\C2842\\x', 'x'],
    ['""', ''],
  ];
  for (const [raw, seen] of cases) t.equal(marked((await read(`${MSH}\rOBX|1|FT|1||${raw}|u`)).spans, 'OBX-5')[0] ?? '', seen, raw);
});

await t.test('charsets', async (t) => {
  const cases: readonly (readonly [msh18: string, octets: string, seen: string])[] = [
    ['UNICODE UTF-8', 'M\xc3\xbcller', 'Müller'],
    ['8859/1', 'M\xfcller', 'Müller'],
    ['8859/5', '\xb8\xd2\xd0\xdd\xde\xd2', 'Иванов'],
    ['', 'M\xfcller', 'Müller'],
    ['8859/1', 'M\xc3\xbcller', 'Müller'],
    ['~ISO IR87', '\x1b$B;3ED\x1b(B', '山田'],
    ['GB 18030-2000', '\xcd\xf5', '王'],
    ['KS X 1001', '\xb1\xe8', '김'],
    ['nonsense', 'M\xfcller', 'Müller'],
  ];
  for (const [msh18, octets, seen] of cases) {
    const { spans } = await read(Buffer.from(`${MSH}||||||${msh18}\rPID|1||1||${octets}^A`, 'latin1'));
    t.strictSame(marked(spans, 'PID-5'), [`${seen} A`], msh18);
  }
});

await t.test('lines that go on', async (t) => {
  const add = await read([MSH, 'OBX|1|TX|1||first half,', 'ADD| second half|u', PID].join('\r'));
  t.strictSame(marked(add.spans, 'OBX-5'), ['first half, second half'], 'ADD');
  t.strictSame(marked(add.spans, 'OBX-6'), ['u']);
  const wrapped = await read(`${MSH}\rNTE|1||one\ntwo three\n\nfour\r${PID}`);
  t.match(textOf(wrapped), /one\s+two three\s+four/);
  t.strictSame(marked(wrapped.spans, 'PID-5'), ['Rivers Nadia J']);
  t.match(textOf(await read(`a line before\n${MSH}\n${PID}`)), /^a line before/);
});

await t.test('batches, and who is counted', async (t) => {
  const message = (id: string, name: string, type = 'ADT^A01'): string =>
    `MSH|^~\\&|||||||${type}|1|P|2.5\rPID|1||${id}||${name}||19610203`;
  const cases: readonly (readonly [name: string, text: string, types: string, patients: number])[] = [
    ['a batch', ['FHS|^~\\&|x', 'BHS|^~\\&|x', message('1', 'A^B'), message('2', 'C^D'), 'BTS|2', 'FTS|1'].join('\r'), 'ADT^A01', 2],
    ['one patient twice', [message('1', 'A^B'), message('1', 'A^B')].join('\r'), 'ADT^A01', 1],
    ['one id, two names', [message('1', 'A^B'), message('1', 'X^B')].join('\r'), 'ADT^A01', 1],
    ['one number of two hospitals', [message('1^^^H1', 'A^B'), message('1^^^H2', 'C^D')].join('\r'), 'ADT^A01', 2],
    ['two ids that a third message joins', [message('1', 'A^B'), message('2', 'A^B'), message('1~2', 'A^B')].join('\r'), 'ADT^A01', 1],
    ['no id: by name', [message('', 'A^B'), message('', 'a^b'), message('', 'C^D')].join('\r'), 'ADT^A01', 2],
    ['an id, then only the name', [message('1', 'A^B'), message('', 'A^B')].join('\r'), 'ADT^A01', 1],
    ['events differ', [message('1', 'A^B'), message('1', 'A^B', 'ADT^A08')].join('\r'), 'ADT', 1],
    ['messages differ', [message('1', 'A^B'), message('1', 'A^B', 'ORU^R01')].join('\r'), 'unknown', 1],
    ['a type that is text', message('1', 'A^B', 'RIVERS^NADIA'), 'unknown', 1],
    ['an event that is text', message('1', 'A^B', 'ADT^NADIA'), 'ADT', 1],
    ['nobody', MSH, 'ORU^R01', 0],
    ['null values', `${MSH}\rPID|1||""||""^""||""`, 'ORU^R01', 0],
  ];
  for (const [name, text, type, patients] of cases) {
    const [document] = (await read(text)).documents;
    t.strictSame([document?.type, document?.patients], [type, patients], name);
  }
  const nulls = (await read(`${MSH}\rPID|1||""||""^""||""|||||||||||""`)).documents[0];
  t.strictSame(nulls?.identifiers, [], 'null values identify nobody');
  const provider = (await read(`${MSH}\rPV1|1|I||||||7788^Doctor^Ann\rROL|1|AD|AT|7^Doctor`)).documents[0];
  t.strictSame(provider?.identifiers, [], 'providers are not patients');
});

await t.test('relatives and insured', async (t) => {
  const segments = [
    MSH,
    'NK1|1|Rivers^Omar|FTH|1 Road||5550143',
    'GT1|1||Rivers^Omar||1 Road|5550143||19400101||||987654320',
    `IN1|1|P|X${'|'.repeat(13)}Rivers^Omar||19400101${'|'.repeat(18)}POL1`,
    'IN2|1|987654320',
    'MRG|OLD-1',
  ];
  t.equal(told(await read(segments.join('\r'))), 'ORU^R01; 0; name birth-date address phone ssn mrn member-id other-id; coverage');
});

await t.test('what is encapsulated', async (t) => {
  const pdf = Buffer.from(`%PDF-1.4\n${'x'.repeat(300)}`);
  const cases: readonly (readonly [name: string, obx: string, declared: string | null, size: number])[] = [
    ['ED', `ED|1||SYS^application^pdf^Base64^${pdf.toString('base64')}`, 'application/pdf', pdf.length],
    ['ED by table', `ED|1||SYS^IM^jpeg^Base64^${pdf.toString('base64')}`, 'image/jpeg', pdf.length],
    ['hexadecimal', `ED|1||SYS^application^pdf^Hex^${pdf.toString('hex')}`, 'application/pdf', pdf.length],
    ['in lines', `ED|1||^application^pdf^Base64^${pdf.toString('base64').replace(/.{76}/g, '$&\r\n')}`, 'application/pdf', pdf.length],
    ['where text should be', `TX|1||${pdf.toString('base64')}`, null, pdf.length],
    ['escaped', 'ED|1||^text^html^A^<p>a \\T\\ b</p>', 'text/html', 12],
  ];
  for (const [name, obx, declared, size] of cases) {
    const message = await read(`${MSH}\rOBX|1|${obx}|u\r${PID}`);
    t.strictSame(
      message.parts.slice(1).map(({ path, declaredType, sizeBytes }) => [path, declaredType, sizeBytes]),
      [['1', declared, size]],
      name,
    );
    t.strictSame(marked(message.spans, 'PID-5'), ['Rivers Nadia J'], name);
  }
});

await t.test('hostile files', async (t) => {
  const many = `${MSH}\r${'OBX|1|TX|1||x\r'.repeat(500_000)}`;
  const { spans, documents } = await read(many);
  t.ok(spans.length <= 50_001, `${spans.length} spans of half a million segments`);
  t.equal(documents.length, 1);
  t.equal(
    spans.reduce((sum, { marks }) => sum + marks.filter(({ field }) => field === 'OBX-5').length, 0),
    500_000,
    'every field is marked',
  );
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['only separators', `${MSH}\rPID${'|'.repeat(2_000_000)}`],
    ['only components', `${MSH}\rPID|1||${'^'.repeat(2_000_000)}`],
    ['only repetitions', `${MSH}\rPID|1||${'~'.repeat(2_000_000)}`],
    ['only escapes', `${MSH}\rNTE|1||${'\\'.repeat(2_000_001)}`],
    ['only ADD', `${MSH}\rNTE|1||a${'\rADD|b'.repeat(300_000)}`],
    ['lines that are no segments', `${MSH}\r${'abc\n'.repeat(500_000)}`],
    ['blank lines and ADD', `${MSH}\rNTE|1||ADD${'\r'.repeat(500_000)}x`],
    ['nearly base64', `${MSH}\rNTE|1||${'aB3'.repeat(100)}${'\r'.repeat(500_000)}!`],
    ['only MSH', `${MSH}\r`.repeat(20_000)],
    ['nothing', ''],
  ];
  for (const [name, text] of cases) t.equal((await read(text)).documents.length, 1, name);
  await fuzzFiles(
    t,
    hl7v2Extractor,
    'hl7v2',
    FILES.map((file) => healthFixture(`hl7v2/${file}.hl7`)),
    400,
  );
});
