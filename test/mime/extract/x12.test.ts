// X12: separators, loops and who is a patient in them, binary segments, and transactions as data.
import t from 'tap';
import { x12Extractor } from '../../../src/mime/extract/x12.ts';
import { fuzzFiles, healthFixture, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

const FILES = ['two-claims.837i', 'dependent.837', 'demo.835', 'enroll.834', 'demo.276', 'dependent.271'];

async function read(text: string | Buffer): ReturnType<typeof readPart> {
  return readPart(x12Extractor, 'x12', text);
}

function isa(element = '*', component = ':', terminator = '~', repetition = '^'): string {
  const fields = [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    'ZZ',
    'SENDER'.padEnd(15),
    'ZZ',
    'RECEIVER'.padEnd(15),
    '240101',
    '1200',
  ];
  return [...fields, repetition, '00501', '000000001', '0', 'P', component].join(element) + terminator;
}

const GS = 'GS*HC*S*R*20240101*1200*1*X*005010X222A1~';

await t.test('real transactions as data', async (t) => {
  const expected: Readonly<Record<string, string>> = {
    'two-claims.837i': '837I; 2; name birth-date address member-id account-number; diagnosis procedure encounter claim',
    'dependent.837': '837P; 1; name birth-date address ssn member-id account-number; diagnosis procedure claim',
    'demo.835': '835; 2; name member-id account-number; claim payment',
    'enroll.834': '834; 1; name birth-date address phone ssn member-id; coverage',
    'demo.276': '276; 3; name member-id account-number; procedure claim',
    'dependent.271': '271; 1; name birth-date address member-id; coverage',
  };
  for (const file of FILES) t.equal(told(await read(healthFixture(`x12/${file}`))), expected[file], file);
});

await t.test('separators', async (t) => {
  const body = `${GS}ST*837*1~HL*1**22*0~SBR*P*18~NM1*IL*1*RIVERS*NADIA****MI*M1~DMG*D8*19610203*F~CLM*ACC1*100~HI*ABK:J189~SE*7*1~GE*1*1~IEA*1*1~`;
  const same = '837P; 1; name birth-date member-id account-number; diagnosis claim';
  const other = (from: string): string => from.replaceAll('*', '|').replaceAll(':', '>').replaceAll('~', "'");
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['usual', isa() + body],
    ['other', isa('|', '>', "'") + other(body)],
    ['lines', (isa() + body).replaceAll('~', '~\r\n')],
    ['a line end ends segments', isa('*', ':', '\n') + body.replaceAll('~', '\n')],
    ['no ISA', body],
    ['spaces in front', `\r\n  ${isa()}${body}`],
    ['two interchanges with separators of their own', isa() + body + isa('|', '>', "'") + other(body)],
  ];
  for (const [name, text] of cases) {
    const message = await read(text);
    t.equal(told(message), same, name);
    t.strictSame([...new Set(marked(message.spans, 'NM1-03'))], ['RIVERS'], name);
    t.strictSame([...new Set(marked(message.spans, 'HI-01'))], ['ABK J189'], name);
  }
  const { spans } = await read(isa() + body);
  t.strictSame(spans[5]?.place, { area: 'text', row: 6, field: 'NM1' });
});

await t.test('who is a patient', async (t) => {
  const il = (name: string): string => `NM1*IL*1*${name}*A****MI*M1~`;
  const qc = (name: string): string => `NM1*QC*1*${name}*B~`;
  const cases: readonly (readonly [name: string, type: string, body: string, patients: number])[] = [
    ['the subscriber', '837', `HL*1**22*0~SBR*P*18~${il('R')}CLM*1*1~`, 1],
    ['a dependent', '837', `HL*1**22*1~SBR*P~${il('R')}HL*2*1*23*0~${qc('S')}CLM*1*1~`, 1],
    ['two dependents', '837', `HL*1**22*1~SBR*P~${il('R')}HL*2*1*23*0~${qc('S')}CLM*1*1~HL*3*1*23*0~${qc('T')}CLM*1*1~`, 2],
    ['other insurance of a claim', '837', `HL*1**22*0~SBR*P*18~${il('R')}CLM*1*1~SBR*S*01~${il('Q')}`, 1],
    ['two subscribers', '837', `HL*1**22*0~${il('R')}CLM*1*1~HL*2**22*0~${il('S')}CLM*1*1~`, 2],
    [
      'providers and payers',
      '837',
      'HL*1**20*1~NM1*85*1*DOC*ANN****XX*1~REF*SY*123456789~N3*1 Road~NM1*PR*2*PAYER~NM1*82*1*D*E~NM1*DN*1*F*G~',
      0,
    ],
    ['an employer that is insured', '837', 'HL*1**22*0~NM1*IL*2*ACME CORP~CLM*1*1~', 0],
    ['of a remittance', '835', `CLP*1*1*1~${qc('R')}${il('Q')}NM1*74*1*RR*B~CLP*2*1*1~${qc('S')}`, 2],
    ['one patient with two claims', '835', `CLP*1*1*1~${qc('R')}CLP*2*1*1~${qc('R')}`, 1],
    ['members enrolled', '834', `INS*Y*18~REF*0F*1~${il('R')}INS*N*01~REF*0F*1~${il('S')}INS*N*19~${il('T')}`, 3],
    ['asked for a dependent', '270', `HL*3*2*22*1~${il('R')}HL*4*3*23*0~NM1*03*1*S*B~`, 1],
    ['cut behind a name', '837', `HL*1**22*0~${il('R')}`, 1],
  ];
  for (const [name, type, body, patients] of cases) {
    const { documents } = await read(`${isa()}${GS}ST*${type}*1~${body}`);
    t.equal(documents[0]?.patients, patients, name);
  }
  const providers = await read(`${isa()}${GS}ST*837*1~NM1*85*1*DOC*ANN****XX*1~REF*SY*123456789~N3*1 Road~PER*IC*X*TE*5550142~`);
  t.strictSame(providers.documents[0]?.identifiers, [], 'providers are not patients');
});

await t.test('types', async (t) => {
  const cases: readonly (readonly [st: string, gs: string, type: string])[] = [
    ['837*1*005010X223A2', '', '837I'],
    ['837*1', '005010X224A2', '837D'],
    ['837*1', '004010X098A1', '837P'],
    ['837*1', '', '837'],
    ['277*1*005010X214', '', '277CA'],
    ['277*1*005010X212', '', '277'],
    ['278*1', '', '278'],
    ['820*1', '', '820'],
    ['999*1', '', '999'],
    ['NADIA RIVERS', '', 'unknown'],
  ];
  for (const [st, gs, type] of cases) {
    const { documents } = await read(`${isa()}GS*HC*S*R*20240101*1200*1*X*${gs}~ST*${st}~SE*1*1~`);
    t.equal(documents[0]?.type, type, st);
  }
});

await t.test('binary segments', async (t) => {
  const pdf = Buffer.from('%PDF-1.4~*~\0\xff ISA*x', 'latin1');
  const head = `${isa()}${GS}ST*275*1~NM1*QC*1*RIVERS*NADIA****MI*M1~`;
  const cases: readonly (readonly [name: string, segment: Buffer, size: number])[] = [
    ['BIN', Buffer.concat([Buffer.from(`BIN*${pdf.length}*`), pdf]), pdf.length],
    ['BDS', Buffer.concat([Buffer.from(`BDS*ASC*${pdf.length}*`), pdf]), pdf.length],
    ['BDS in base64', Buffer.from(`BDS*B64*${pdf.toString('base64').length}*${pdf.toString('base64')}`), pdf.length],
    ['a length beyond the end', Buffer.concat([Buffer.from('BIN*99999*'), pdf]), pdf.length + 8],
  ];
  for (const [name, segment, size] of cases) {
    const message = await read(Buffer.concat([Buffer.from(head), segment, Buffer.from('~SE*3*1~')]));
    t.strictSame(
      message.parts.slice(1).map(({ sizeBytes }) => sizeBytes),
      [size],
      name,
    );
    t.equal(told(message).slice(0, 6), '275; 1', name);
    t.notMatch(textOf(message), /PDF/, name);
  }
});

await t.test('hostile files', async (t) => {
  const many = await read(`${isa()}${GS}ST*837*1~${'NTE*ADD*x~'.repeat(300_000)}`);
  t.ok(many.spans.length <= 50_001, `${many.spans.length} spans`);
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['only elements', isa() + '*'.repeat(2_000_000)],
    ['only components', `${isa()}HI*${':'.repeat(2_000_000)}`],
    ['only ISA', 'ISA'.repeat(300_000)],
    ['ISA without end', `${'ISA*~'.repeat(200_000)}`],
    ['no terminator', isa() + 'NM1*QC*1*R*B'.repeat(100_000)],
    ['lengths of nothing', `${isa()}${'BIN*5*'.repeat(100_000)}`],
    ['nothing', ''],
  ];
  for (const [name, text] of cases) t.equal((await read(text)).documents.length, 1, name);
  await fuzzFiles(
    t,
    x12Extractor,
    'x12',
    FILES.map((file) => healthFixture(`x12/${file}`)),
    400,
  );
});
