// CDA: header, narrative and entries, what is embedded, other HL7 V3 XML, and documents as data.
import { deflateRawSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { cdaExtractor } from '../../../src/mime/extract/cda.ts';
import { fuzzFiles, healthFixture, marked, told } from '../../support/health.ts';
import { readPart, textOf } from '../../support/read.ts';

const FILES = ['direct-address', 'unstructured', 'multiple-identifiers', 'rtf-note', 'results', 'policy', 'deceased'];

async function read(text: string | Buffer): ReturnType<typeof readPart> {
  return readPart(cdaExtractor, 'cda', text);
}

function patient(id: string, family: string): string {
  return (
    `<recordTarget><patientRole><id root="1.2.3" extension="${id}"/><addr><streetAddressLine>1 Road</streetAddressLine></addr>` +
    `<telecom value="tel:5550142"/><patient><name><given>Nadia</given><family>${family}</family></name>` +
    `<birthTime value="19610203"/></patient></patientRole></recordTarget>`
  );
}

function clinicalDocument(body: string, code = '34133-9', header = patient('1', 'Rivers')): string {
  return `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><code code="${code}" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title>${header}${body}</ClinicalDocument>`;
}

function section(code: string, text: string, entries = ''): string {
  return `<component><structuredBody><component><section><code code="${code}"/><title>Heading</title><text>${text}</text>${entries}</section></component></structuredBody></component>`;
}

await t.test('real documents as data', async (t) => {
  const expected: Readonly<Record<string, string>> = {
    'direct-address': '34133-9; 1; name birth-date address phone email mrn; ',
    unstructured: '11490-0; 1; name birth-date address phone mrn; note',
    'multiple-identifiers': 'unknown; 1; name birth-date address phone email mrn; ',
    'rtf-note': 'unknown; 0; ; note',
    results: 'unknown; 0; ; result',
    policy: 'unknown; 0; name birth-date address member-id; ',
    deceased: 'unknown; 1; name birth-date death-date address mrn; ',
  };
  for (const file of FILES) t.equal(told(await read(healthFixture(`cda/${file}.xml`))), expected[file], file);
});

await t.test('patients', async (t) => {
  const cases: readonly (readonly [name: string, header: string, patients: number])[] = [
    ['one', patient('1', 'Rivers'), 1],
    ['two', patient('1', 'Rivers') + patient('2', 'Okafor'), 2],
    ['one twice', patient('1', 'Rivers') + patient('1', 'Rivers'), 1],
    ['without id', patient('', 'Rivers').replace(/<id[^>]*>/, '') + patient('', 'Okafor').replace(/<id[^>]*>/, ''), 2],
    ['none', '', 0],
    [
      'nothing but null',
      '<recordTarget><patientRole><id nullFlavor="UNK"/><patient><name nullFlavor="UNK"/></patient></patientRole></recordTarget>',
      0,
    ],
  ];
  for (const [name, header, patients] of cases) {
    const { documents } = await read(clinicalDocument('', '34133-9', header));
    t.equal(documents[0]?.patients, patients, name);
  }
  const author =
    '<author><assignedAuthor><id extension="9"/><addr>1 Road</addr><assignedPerson><name>Dr X</name></assignedPerson></assignedAuthor></author>';
  t.strictSame((await read(clinicalDocument('', '34133-9', author))).documents[0]?.identifiers, [], 'an author is no patient');
  const ssn = patient('987-65-4320', 'Rivers').replace('1.2.3', '2.16.840.1.113883.4.1');
  t.ok((await read(clinicalDocument('', '34133-9', ssn))).documents[0]?.identifiers.includes('ssn'));
  const odd = clinicalDocument('', 'Nadia Rivers');
  t.equal((await read(odd)).documents[0]?.type, 'unknown', 'a type that is text');
});

await t.test('narrative', async (t) => {
  const table =
    '<table><thead><tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td><content ID="m1">Lisi<sub/>nopril</content></td><td>10 <br/> mg</td></tr></tbody></table>';
  const list =
    '<list><item>One</item><item>Two<footnote>small</footnote></item></list><paragraph>Para &amp; more</paragraph><linkHtml href="https://x.example/n">here</linkHtml>';
  const { spans, documents } = await read(clinicalDocument(section('10160-0', table + list)));
  const own = spans.filter(({ place }) => place.field === '10160-0' && place.area === 'text');
  t.strictSame(
    own.map(({ text }) => text),
    ['Heading', 'Drug\tDose', 'Lisinopril\t10\nmg', 'One', 'Two', 'small', 'Para & more', 'here'],
  );
  t.strictSame(own[2]?.marks, [
    { at: 0, field: 'A2' },
    { at: 11, field: 'B2' },
  ]);
  t.strictSame(
    spans.filter(({ place }) => place.area === 'link').map(({ text }) => text),
    ['https://x.example/n'],
  );
  t.strictSame(documents[0]?.contents, ['medication']);
});

await t.test('contents by section', async (t) => {
  const cases: readonly (readonly [code: string, content: string])[] = [
    ['11450-4', 'diagnosis'],
    ['30954-2', 'result'],
    ['47519-4', 'procedure'],
    ['48765-2', 'allergy'],
    ['11369-6', 'immunization'],
    ['8716-3', 'vital-sign'],
    ['46240-8', 'encounter'],
    ['18776-5', 'order'],
    ['48768-6', 'coverage'],
    ['10164-2', 'note'],
  ];
  for (const [code, content] of cases)
    t.strictSame((await read(clinicalDocument(section(code, 'x')))).documents[0]?.contents, [content], code);
});

await t.test('header and entries', async (t) => {
  const entry =
    '<entry><observation classCode="OBS" moodCode="EVN"><code code="8302-2" displayName="Body height"><originalText>Tall</originalText></code>' +
    '<text><reference value="#m1"/></text><value xsi:type="PQ" value="177" unit="cm"/></observation></entry>';
  const { spans } = await read(
    clinicalDocument(section('8716-3', 'x', entry)).replace('<ClinicalDocument', '<ClinicalDocument xmlns:xsi="u"'),
  );
  const header = spans.find(({ place }) => place.field === 'recordTarget');
  t.equal(header?.place.area, 'text');
  t.strictSame(marked(spans, 'patient/name'), ['Nadia Rivers']);
  t.strictSame(marked(spans, 'patient/birthTime'), ['19610203']);
  t.strictSame(marked(spans, 'patientRole/telecom'), ['5550142']);
  const hidden = spans.find(({ place, text }) => place.area === 'hidden' && text.includes('Body height'));
  t.equal(hidden?.place.field, '8716-3');
  t.match(hidden?.text, /8302-2 Body height\tTall\t.*177 cm/);
  const odd = await read(clinicalDocument('<nadiaRivers><name>X</name></nadiaRivers>'));
  t.notOk(
    odd.spans.some(({ marks, place }) => JSON.stringify([marks, place]).includes('nadia')),
    'names that are none of the standard are in no mark',
  );
});

await t.test('what is embedded', async (t) => {
  const pdf = Buffer.from('%PDF-1.4 a document');
  const body = (attributes: string, data: Buffer): string =>
    clinicalDocument(
      `<component><nonXMLBody><text mediaType="application/pdf" representation="B64" ${attributes}>\n${data.toString('base64')}\n</text></nonXMLBody></component>`,
    );
  const media = section(
    '30954-2',
    'x',
    `<entry><observationMedia><value mediaType="image/png" representation="B64">${pdf.toString('base64')}</value></observationMedia></entry>`,
  );
  const cases: readonly (readonly [name: string, text: string, declared: string])[] = [
    ['nonXMLBody', body('', pdf), 'application/pdf'],
    ['deflated', body('compression="DF"', deflateRawSync(pdf)), 'application/pdf'],
    ['gzip', body('compression="GZ"', gzipSync(pdf)), 'application/pdf'],
    ['observationMedia', clinicalDocument(media), 'image/png'],
  ];
  for (const [name, text, declared] of cases) {
    const message = await read(text);
    t.strictSame(
      message.parts.slice(1).map(({ path, declaredType, sizeBytes }) => [path, declaredType, sizeBytes]),
      [['1', declared, pdf.length]],
      name,
    );
    t.notMatch(textOf(message), pdf.toString('base64'), name);
  }
  const plain = await read(
    clinicalDocument('<component><nonXMLBody><text mediaType="text/plain">Seen today for a cough</text></nonXMLBody></component>'),
  );
  t.match(textOf(plain), /Seen today for a cough/);
  const broken = await read(body('compression="DF"', Buffer.from('no deflate')));
  t.strictSame(broken.blindSpots, [{ part: '', kind: 'broken' }]);
  const bomb = await readPart(cdaExtractor, 'cda', body('compression="DF"', deflateRawSync(Buffer.alloc(50_000_000))), {}, [], {
    limits: { unpackedBytes: 1_000_000 },
  });
  t.strictSame(bomb.blindSpots, [{ part: '', kind: 'too-large' }], 'a bomb');
  t.equal(bomb.documents.length, 1);
});

await t.test('other HL7 V3', async (t) => {
  const registry =
    '<PRPA_IN201305UV02 xmlns="urn:hl7-org:v3"><controlActProcess><queryByParameter><parameterList><livingSubjectBirthTime><value value="19610203"/></livingSubjectBirthTime>' +
    '<livingSubjectName><value><given>Nadia</given><family>Rivers</family></value></livingSubjectName></parameterList></queryByParameter></controlActProcess></PRPA_IN201305UV02>';
  t.equal(told(await read(registry)), 'PRPA_IN201305UV02; 1; name birth-date; ');
  const person =
    '<PRPA_IN201306UV02><subject1><patient><id root="1.2" extension="7"/><patientPerson><name><given>N</given></name><birthTime value="1961"/></patientPerson></patient></subject1></PRPA_IN201306UV02>';
  t.equal(told(await read(person)), 'PRPA_IN201306UV02; 1; name birth-date mrn; ');
});

await t.test('hostile files', async (t) => {
  const cases: readonly (readonly [name: string, text: string])[] = [
    ['cut', clinicalDocument(section('10160-0', 'Lisinopril')).slice(0, -60)],
    ['deep', clinicalDocument(`${'<component><section>'.repeat(900)}x`)],
    ['deep narrative', clinicalDocument(section('10160-0', `${'<list><item>'.repeat(900)}x`))],
    ['wide', clinicalDocument(section('10160-0', '<br/>x'.repeat(100_000)))],
    ['cells', clinicalDocument(section('10160-0', `<table><tr>${'<td>x</td>'.repeat(100_000)}</tr></table>`))],
    ['attributes', clinicalDocument(`<component ${Array.from({ length: 20_000 }, (_, i) => `a${i}="word ${i}"`).join(' ')}/>`)],
    ['patients', clinicalDocument('', '34133-9', patient('1', 'R').repeat(20_000))],
    ['nothing', ''],
  ];
  for (const [name, text] of cases) t.equal((await read(text)).documents.length, 1, name);
  t.match(
    textOf(await read(clinicalDocument(section('10160-0', 'Lisinopril')).slice(0, -60))),
    /Lisinopril/,
    'what stands before a cut is read',
  );
  await fuzzFiles(
    t,
    cdaExtractor,
    'cda',
    FILES.map((file) => healthFixture(`cda/${file}.xml`)),
    400,
  );
});
