// NCPDP: pharmacy claims and prescriptions as text and as data.
import t from 'tap';
import { ncpdpExtractor } from '../../../src/mime/extract/ncpdp.ts';
import { fuzzFiles, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

async function read(text: string): ReturnType<typeof readPart> {
  return readPart(ncpdpExtractor, 'ncpdp', text);
}

function claim(first: string, last: string, code = 'B1'): string {
  const header = `610066D0${code}PCN       1011234567890     20240101SOFTWARE  `;
  const patient = [
    'AM01',
    'CX99',
    'C419610203',
    'C52',
    `CA${first}`,
    `CB${last}`,
    'CM12 WILLOW LN',
    'CNSPRINGFIELD',
    'COIL',
    'CQ5555550142',
  ];
  const insurance = ['AM04', 'C2M123', 'C1GROUP'];
  const drug = ['AM07', 'EM1', 'D2777', 'D700093721401', 'E730000'];
  const clinical = ['AM13', 'VE1', 'WE02', 'DOJ189'];
  return header + [patient, insurance, drug, clinical].map((fields) => `\x1e${fields.map((field) => `\x1c${field}`).join('')}`).join('');
}

const NEW_RX =
  '<?xml version="1.0"?><Message xmlns="http://www.ncpdp.org/schema/SCRIPT"><Header><To Qualifier="P">77</To></Header><Body><NewRx>' +
  '<Patient><HumanPatient><Identification><SocialSecurity>987654320</SocialSecurity></Identification><Name><LastName>Rivers</LastName><FirstName>Nadia</FirstName></Name>' +
  '<DateOfBirth><Date>1961-02-03</Date></DateOfBirth><Address><AddressLine1>12 Willow Ln</AddressLine1><City>Springfield</City></Address>' +
  '<CommunicationNumbers><PrimaryTelephone><Number>5550142</Number></PrimaryTelephone></CommunicationNumbers></HumanPatient></Patient>' +
  '<Prescriber><NonVeterinarian><Name><LastName>Doc</LastName></Name></NonVeterinarian></Prescriber>' +
  '<BenefitsCoordination><CardholderID>M1</CardholderID></BenefitsCoordination>' +
  '<MedicationPrescribed><DrugDescription>Lisinopril 10 mg</DrugDescription><Diagnosis><Primary><Code>I10</Code></Primary></Diagnosis></MedicationPrescribed>' +
  '</NewRx></Body></Message>';

await t.test('pharmacy claims', async (t) => {
  const message = await read(claim('NADIA', 'RIVERS'));
  t.equal(told(message), 'B1; 1; name birth-date address phone member-id other-id; diagnosis medication claim coverage');
  t.strictSame(marked(message.spans, 'CB'), ['RIVERS']);
  t.strictSame(marked(message.spans, 'D7'), ['00093721401']);
  t.strictSame(message.spans[1]?.place, { area: 'text', row: 2 });
  const batch = `\x0200T1234\x03\x02G1${claim('NADIA', 'RIVERS')}\x03\x02G1${claim('BEN', 'OKAFOR')}\x03\x02G1${claim('NADIA', 'RIVERS')}\x03`;
  t.match(told(await read(batch)), /^B1; 2; /, 'a batch');
  t.match(told(await read(claim('NADIA', 'RIVERS', 'E1'))), /^E1; 1; /, 'eligibility');
  const response = 'D0B11A011234567890     20240101\x1e\x1cAM20\x1cF4MESSAGE\x1d\x1e\x1cAM21\x1cANP\x1e\x1cAM23\x1cF5100{';
  t.equal(told(await read(response)).slice(0, 5), 'B1; 0', 'a response');
  const provider = await read('610066D0B1PCN       1011234567890     20240101SOFTWARE  \x1e\x1cAM03\x1cDRDOCTOR\x1cPM5550199');
  t.strictSame(provider.documents[0]?.identifiers, [], 'a prescriber is no patient');
  t.equal((await read('NADIA RIVERS\x1e\x1cAM01\x1cCAN')).documents[0]?.type, 'unknown');
});

await t.test('prescriptions', async (t) => {
  const message = await read(NEW_RX);
  t.equal(told(message), 'NewRx; 1; name birth-date address phone ssn member-id; diagnosis medication order coverage');
  t.strictSame(marked(message.spans, 'DrugDescription'), ['Lisinopril 10 mg']);
  t.strictSame(message.spans.find(({ text }) => text.includes('Rivers'))?.place.field, 'Patient');
  t.equal((await read(NEW_RX.replaceAll('NewRx', 'NadiaRivers'))).documents[0]?.type, 'unknown', 'a message that is none of NCPDP');
  const cut = await read(NEW_RX.slice(0, 700));
  t.match(textOf(cut), /Rivers/);
  t.strictSame(cut.blindSpots, [{ part: '', kind: 'broken' }]);
});

await t.test('hostile files', async (t) => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['only separators', `x${'\x1c'.repeat(500_000)}`],
    ['only segments', `x${'\x1e'.repeat(500_000)}`],
    ['many claims', claim('NADIA', 'RIVERS').repeat(5_000)],
    ['deep', '<Message>'.repeat(1_900)],
    ['nothing', ''],
  ];
  for (const [name, text] of cases) t.equal((await read(text)).documents.length, 1, name);
  await fuzzFiles(t, ncpdpExtractor, 'ncpdp', [Buffer.from(claim('NADIA', 'RIVERS')), Buffer.from(NEW_RX)], 300);
});
