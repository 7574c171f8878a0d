// FHIR: JSON and XML as the same text and data, Bundles and what lies in resources, narrative, attachments, patients by reference.
import t from 'tap';
import { fhirExtractor } from '../../../src/mime/extract/fhir.ts';
import { fuzzFiles, healthFixture, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

const FILES = ['observation-bundle.json', 'bundle.json', 'stu3-patient.json'];

async function json(value: unknown): ReturnType<typeof readPart> {
  return readPart(fhirExtractor, 'fhir-json', typeof value === 'string' ? value : JSON.stringify(value));
}

async function xml(text: string): ReturnType<typeof readPart> {
  return readPart(fhirExtractor, 'fhir-xml', text);
}

const PATIENT = {
  resourceType: 'Patient',
  id: 'p1',
  text: {
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>Nadia <b>Riv</b>ers</p><table><tr><td>born</td><td>1961&nbsp;</td></tr></table></div>',
  },
  identifier: [
    { type: { coding: [{ code: 'MR' }] }, system: 'urn:oid:1.2', value: '771' },
    { system: 'http://hl7.org/fhir/sid/us-ssn', value: '987-65-4320' },
  ],
  name: [{ use: 'official', family: 'Rivers', given: ['Nadia', 'J'] }],
  telecom: [
    { system: 'phone', value: '555-0142' },
    { system: 'email', value: 'n@r.example' },
  ],
  birthDate: '1961-02-03',
  address: [{ line: ['1 Road'], city: 'Springfield' }],
};

const PATIENT_XML =
  '<?xml version="1.0"?><Patient xmlns="http://hl7.org/fhir"><id value="p1"/><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">' +
  '<p>Nadia <b>Riv</b>ers</p><table><tr><td>born</td><td>1961</td></tr></table></div></text>' +
  '<identifier><type><coding><code value="MR"/></coding></type><system value="urn:oid:1.2"/><value value="771"/></identifier>' +
  '<identifier><system value="http://hl7.org/fhir/sid/us-ssn"/><value value="987-65-4320"/></identifier>' +
  '<name><use value="official"/><family value="Rivers"/><given value="Nadia"/><given value="J"/></name>' +
  '<telecom><system value="phone"/><value value="555-0142"/></telecom><telecom><system value="email"/><value value="n@r.example"/></telecom>' +
  '<birthDate value="1961-02-03"/><address><line value="1 Road"/><city value="Springfield"/></address></Patient>';

await t.test('real files as data', async (t) => {
  const expected: Readonly<Record<string, string>> = {
    'observation-bundle.json': 'Bundle; 1; name birth-date address phone mrn; result encounter',
    'bundle.json': 'Bundle; 2; name birth-date address phone mrn; result',
    'stu3-patient.json': 'Patient; 1; name birth-date phone mrn; ',
  };
  for (const file of FILES) t.equal(told(await readPart(fhirExtractor, 'fhir-json', healthFixture(`fhir/${file}`))), expected[file], file);
});

await t.test('JSON and XML are read alike', async (t) => {
  for (const message of [await json(PATIENT), await xml(PATIENT_XML), await json(`\ufeff${JSON.stringify(PATIENT, null, 2)}`)]) {
    t.equal(told(message), 'Patient; 1; name birth-date address phone email ssn mrn; ');
    t.strictSame(marked(message.spans, 'Patient.name'), ['Nadia J Rivers', 'official']);
    t.strictSame(marked(message.spans, 'Patient.birthDate'), ['1961-02-03']);
    t.strictSame(marked(message.spans, 'Patient.telecom').slice(0, 2), ['555-0142', 'n@r.example']);
    t.equal(message.spans[0]?.text.trim(), 'Nadia Rivers\nborn\t1961');
    t.strictSame(message.blindSpots, []);
  }
});

await t.test('Bundles, and what lies in resources', async (t) => {
  const bundle = {
    resourceType: 'Bundle',
    entry: [
      { fullUrl: 'urn:uuid:1', resource: PATIENT },
      {
        resource: {
          resourceType: 'Observation',
          contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'Lisinopril' } }],
          subject: { reference: 'urn:uuid:1' },
          code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
          valueQuantity: { value: 72, unit: '/min' },
        },
      },
      { resource: { resourceType: 'Bundle', entry: [{ resource: { ...PATIENT, id: 'p2', identifier: [], text: undefined } }] } },
    ],
  };
  for (const value of [bundle, { entry: bundle.entry, resourceType: 'Bundle' }]) {
    const message = await json(value);
    t.equal(told(message), 'Bundle; 2; name birth-date address phone email ssn mrn; medication vital-sign');
    const where = (field: string): unknown =>
      message.spans.find(({ marks, place }) => place.area === 'text' && marks.some((mark) => mark.field === field))?.place.field;
    t.equal(where('Patient.name'), 'Bundle.entry[0]');
    t.equal(where('Observation.valueQuantity'), 'Bundle.entry[1]');
    t.equal(where('Medication.code'), 'Bundle.entry[1].contained[0]');
    t.strictSame(marked(message.spans, 'Observation.valueQuantity'), ['72 /min']);
    t.ok(
      message.spans.some(({ place }) => place.field === 'Bundle.entry[2].entry[0]'),
      'nested',
    );
  }
  const inXml = `<Bundle xmlns="http://hl7.org/fhir"><entry><resource>${PATIENT_XML.replace(/<\?.*?\?>/, '')}</resource></entry></Bundle>`;
  const message = await xml(inXml);
  t.equal(told(message), 'Bundle; 1; name birth-date address phone email ssn mrn; ');
  t.equal(message.spans.find(({ marks }) => marks.some(({ field }) => field === 'Patient.name'))?.place.field, 'Bundle.entry[0]');
});

await t.test('who is counted', async (t) => {
  const observation = (subject: unknown): unknown => ({ resourceType: 'Observation', subject });
  const bundle = (...resources: unknown[]): unknown => ({ resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) });
  const cases: readonly (readonly [name: string, value: unknown, patients: number])[] = [
    ['a patient', PATIENT, 1],
    [
      'a patient and references to it',
      bundle(PATIENT, observation({ reference: 'Patient/p1' }), observation({ reference: 'https://x.example/fhir/Patient/p1/_history/2' })),
      1,
    ],
    ['references to two', bundle(observation({ reference: 'Patient/1' }), observation({ reference: 'Patient/2' })), 2],
    [
      'by identifier',
      bundle(observation({ identifier: { system: 's', value: '1' } }), observation({ identifier: { system: 's', value: '1' } })),
      1,
    ],
    ['by name to show', bundle(observation({ display: 'Nadia Rivers' })), 1],
    ['a group, a device', bundle(observation({ reference: 'Group/1' }), observation({ reference: 'Device/1' })), 0],
    ['an urn of nobody in the bundle', observation({ reference: 'urn:uuid:9' }), 1],
    ['a provider', { resourceType: 'Practitioner', name: [{ family: 'Doc' }], identifier: [{ value: '9' }] }, 0],
    ['the same in two versions', bundle(PATIENT, { ...PATIENT, birthDate: '1961-02-04' }), 1],
    ['without ids', bundle({ resourceType: 'Patient', name: [{ family: 'A' }] }, { resourceType: 'Patient', name: [{ family: 'B' }] }), 2],
    [
      'a family on one policy',
      bundle(
        { ...PATIENT, id: 'a', identifier: [{ type: { coding: [{ code: 'MB' }] }, value: '1' }] },
        { ...PATIENT, id: 'b', identifier: [{ type: { coding: [{ code: 'MB' }] }, value: '1' }] },
      ),
      2,
    ],
  ];
  for (const [name, value, patients] of cases) t.equal((await json(value)).documents[0]?.patients, patients, name);
  const practitioner = (await json(cases[7]?.[1])).documents[0];
  t.strictSame(practitioner?.identifiers, [], 'a provider is no patient');
  const lines = [PATIENT, { ...PATIENT, id: 'p2', identifier: [] }].map((one) => JSON.stringify(one)).join('\n');
  t.equal(told(await json(lines)).slice(0, 10), 'Patient; 2', 'NDJSON');
});

await t.test('identifiers and contents of other resources', async (t) => {
  const cases: readonly (readonly [value: Readonly<Record<string, unknown>>, told: string])[] = [
    [{ resourceType: 'Coverage', subscriberId: 'M1' }, 'Coverage; 0; member-id; coverage'],
    [
      { resourceType: 'ExplanationOfBenefit', patient: { reference: 'Patient/1' }, identifier: [{ value: 'C1' }] },
      'ExplanationOfBenefit; 1; account-number; claim payment',
    ],
    [{ resourceType: 'RelatedPerson', name: [{ text: 'Omar' }], telecom: [{ value: '5' }] }, 'RelatedPerson; 0; name phone; '],
    [{ resourceType: 'FamilyMemberHistory', name: 'Omar', bornDate: '1940' }, 'FamilyMemberHistory; 0; name birth-date; diagnosis'],
    [{ resourceType: 'Device', patient: { reference: 'Patient/1' }, serialNumber: 'S1' }, 'Device; 1; device; '],
    [{ resourceType: 'Immunization' }, 'Immunization; 0; ; immunization'],
    [{ resourceType: 'Observation', category: [{ coding: [{ code: 'vital-signs' }] }] }, 'Observation; 0; ; vital-sign'],
    [{ resourceType: 'Invoice' }, 'Invoice; 0; ; payment'],
    [{ resourceType: 'Nadia Rivers' }, 'unknown; 0; ; '],
    [
      { resourceType: 'Patient', deceasedDateTime: '2020', photo: [{ data: 'iVBORw0KGgo=', contentType: 'image/png' }] },
      'Patient; 0; death-date photo; ',
    ],
  ];
  for (const [value, expected] of cases) t.equal(told(await json(value)), expected, String(value['resourceType']));
  const odd = await json({ resourceType: 'Patient', nadiaRivers: 'x', 'Nadia Rivers': 'y' });
  t.notOk(
    odd.spans.some(({ marks, place }) => /nadia/i.test(JSON.stringify([marks, place]))),
    'names that are none of FHIR are in no mark',
  );
  t.match(textOf(odd), /Nadia Rivers/, 'but are text');
});

await t.test('attachments', async (t) => {
  const pdf = Buffer.from('%PDF-1.4 a document');
  const data = pdf.toString('base64');
  const cases: readonly (readonly [name: string, value: unknown, declared: string | null, file: string | null])[] = [
    ['Binary', { resourceType: 'Binary', contentType: 'application/pdf', data }, 'application/pdf', null],
    ['Binary of DSTU2', { resourceType: 'Binary', contentType: 'application/pdf', content: data }, 'application/pdf', null],
    [
      'DocumentReference',
      { resourceType: 'DocumentReference', content: [{ attachment: { contentType: 'application/pdf', data, title: 'a.pdf' } }] },
      'application/pdf',
      'a.pdf',
    ],
    ['a data URL', { resourceType: 'Media', content: { url: `data:application/pdf;base64,${data}` } }, 'application/pdf', null],
    ['an extension', { resourceType: 'Patient', extension: [{ url: 'x', valueBase64Binary: data }] }, null, null],
  ];
  for (const [name, value, declared, file] of cases) {
    const message = await json(value);
    t.strictSame(
      message.parts.slice(1).map((part) => [part.declaredType, part.name, part.sizeBytes]),
      [[declared, file, pdf.length]],
      name,
    );
    t.notOk(textOf(message).includes(data), name);
  }
  const sampled = await json({ resourceType: 'Observation', valueSampledData: { origin: { value: 0 }, data: '2 3 E L' } });
  t.match(textOf(sampled), /2 3 E L/);
  t.equal(sampled.parts.length, 1);
});

await t.test('JSON that is not quite JSON', async (t) => {
  const cases: readonly (readonly [name: string, text: string, seen: RegExp, end: 'broken' | 'whole'])[] = [
    ['repeated names', '{"resourceType":"Patient","birthDate":"1961","birthDate":"1962"}', /1961\t1962/, 'whole'],
    ['large numbers', '{"resourceType":"Patient","id":12345678901234567890}', /12345678901234567890/, 'whole'],
    ['escapes', '{"resourceType":"Patient","id":"a\\u00e9\\n\\"\\\\b\\/"}', /aé\s*"\\b\//, 'whole'],
    ['cut in a string', '{"resourceType":"Patient","name":[{"family":"Rivers', /Rivers/, 'broken'],
    ['cut behind a name', '{"resourceType":"Patient","id":"x","name":', /x/, 'broken'],
    ['brackets that do not match', '{"resourceType":"Patient","name":[{"family":"Rivers"]}}', /Rivers/, 'broken'],
    ['a bare word', '{"resourceType":"Patient","id":Rivers}', /Rivers/, 'whole'],
  ];
  for (const [name, text, seen, end] of cases) {
    const message = await json(text);
    t.match(textOf(message), seen, name);
    t.strictSame(message.blindSpots, end === 'broken' ? [{ part: '', kind: 'broken' }] : [], name);
    t.equal(message.documents[0]?.type, 'Patient', name);
  }
});

await t.test('hostile files', async (t) => {
  const head = '{"resourceType":"Patient","x":';
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['deep arrays', head + '['.repeat(1_000_000)],
    ['deep objects', head + '{"a":'.repeat(300_000)],
    ['closing brackets', '}'.repeat(1_000_000)],
    ['backslashes', `${head}"${'\\'.repeat(1_000_000)}"}`],
    ['quotes', `${head}"${'\\"'.repeat(500_000)}"}`],
    ['no quote at the end', '"'.repeat(1_000_001)],
    ['contained in contained', `${'{"resourceType":"Patient","contained":['.repeat(50_000)}`],
    ['many entries', `{"resourceType":"Bundle","entry":[${'{"resource":{"resourceType":"Patient","id":"1"}},'.repeat(60_000)}]}`],
    ['one div', JSON.stringify({ resourceType: 'Patient', text: { div: '<div>'.repeat(100_000) } })],
    ['nothing', ''],
  ];
  for (const [name, text] of cases) t.equal((await json(text)).documents.length, 1, name);
  const large = await json(`${head}[${'{"a":1},'.repeat(1_600_000)}]}`);
  t.strictSame(large.blindSpots, [{ part: '', kind: 'too-large' }], 'more nodes than memory should hold');
  await fuzzFiles(
    t,
    fhirExtractor,
    'fhir-json',
    FILES.map((file) => healthFixture(`fhir/${file}`)),
    300,
  );
  await fuzzFiles(t, fhirExtractor, 'fhir-xml', [Buffer.from(PATIENT_XML)], 200);
});
