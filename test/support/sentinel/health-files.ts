// Writers of health data as their standards spell it: HL7 v2, CDA, FHIR, X12, NCPDP, DICOM. One note or patient for each line.
import type { Carried } from './sentence.ts';

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const MSH = 'MSH|^~\\&|LAB|CLINIC|EHR|CLINIC|20261127||ORU^R01|1|P|2.5.1|||||USA|UNICODE UTF-8';
const PID = 'PID|1||4711^^^CLINIC^MR||Roe^Jane||19700101|F';

export function makeHl7(lines: readonly string[]): Buffer {
  const escaped = lines.map((line) =>
    line.replace(/[\\|^&~]/g, (one) => `\\${{ '\\': 'E', '|': 'F', '^': 'S', '&': 'T', '~': 'R' }[one] ?? ''}\\`),
  );
  return Buffer.from(`${[MSH, PID, ...escaped.map((line, i) => `OBX|${i + 1}|TX|1^Note||${line}||||||F`)].join('\r')}\r`);
}

/** HL7 v2 with a file in an OBX of type ED (2.A.24). */
export function makeHl7Around({ bytes, type }: Carried): Buffer {
  const [main = 'application', sub = 'octet-stream'] = type.split('/');
  return Buffer.from(`${[MSH, PID, `OBX|1|ED|1^Report||^${main}^${sub}^Base64^${bytes.toString('base64')}||||||F`].join('\r')}\r`);
}

const cda = (body: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title><recordTarget><patientRole><id root="1.2.3" extension="4711"/><patient><name><given>Jane</given><family>Roe</family></name></patient></patientRole></recordTarget><component>${body}</component></ClinicalDocument>`,
  );

export function makeCda(lines: readonly string[]): Buffer {
  return cda(
    `<structuredBody><component><section><title>Notes</title><text>${lines.map((line) => `<paragraph>${escapeXml(line)}</paragraph>`).join('\n')}</text></section></component></structuredBody>`,
  );
}

export function makeCdaAround({ bytes, type }: Carried): Buffer {
  return cda(`<nonXMLBody><text mediaType="${type}" representation="B64">${bytes.toString('base64')}</text></nonXMLBody>`);
}

const bundle = (resources: readonly object[]): Buffer =>
  Buffer.from(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) }));

export function makeFhirJson(lines: readonly string[]): Buffer {
  return bundle([
    { resourceType: 'Patient', id: 'p', name: [{ family: 'Roe', given: ['Jane'] }] },
    ...lines.map((text, i) => ({ resourceType: 'Condition', id: `${i}`, subject: { reference: 'Patient/p' }, code: { text } })),
  ]);
}

export function makeFhirJsonAround({ bytes, type, name }: Carried): Buffer {
  const attachment = { contentType: type, data: bytes.toString('base64'), title: name };
  return bundle([{ resourceType: 'DocumentReference', status: 'current', content: [{ attachment }] }]);
}

export function makeFhirXml(lines: readonly string[]): Buffer {
  const entries = lines.map(
    (line) => `<entry><resource><Condition><code><text value="${escapeXml(line)}"/></code></Condition></resource></entry>`,
  );
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>${entries.join('\n')}</Bundle>`,
  );
}

export function makeFhirXmlAround({ bytes, type }: Carried): Buffer {
  return Buffer.from(
    `<Binary xmlns="http://hl7.org/fhir"><contentType value="${type}"/><data value="${bytes.toString('base64')}"/></Binary>`,
  );
}

/** A professional claim (837P) with a note for each line. */
export function makeX12(lines: readonly string[]): Buffer {
  const segments = [
    'ISA*00*          *00*          *ZZ*CLINIC         *ZZ*PAYER          *261127*1000*^*00501*000000001*0*T*:',
    'GS*HC*CLINIC*PAYER*20261127*1000*1*X*005010X222A1',
    'ST*837*0001*005010X222A1',
    'BHT*0019*00*1*20261127*1000*CH',
    'NM1*IL*1*ROE*JANE****MI*4711',
    ...lines.map((line) => `NTE*ADD*${line.replace(/[*~:^]/g, ' ')}`),
    `SE*${lines.length + 4}*0001`,
    'GE*1*1',
    'IEA*1*000000001',
  ];
  return Buffer.from(`${segments.join('~\n')}~\n`);
}

/** NCPDP Telecommunication D.0, a billing request; a patient's segment for each line. */
export function makeNcpdp(lines: readonly string[]): Buffer {
  const header = `610066D0B1${'PCN'.padEnd(10)}1${'01'}${'1234567890'.padEnd(15)}20261127${'VENDOR'.padEnd(10)}`;
  const patients = lines.map((line) => `\x1e\x1cAM01\x1cCX01\x1cC419700101\x1cCAJANE\x1cCB${line}`);
  return Buffer.from(`${header}${patients.join('')}\x1e\x1cAM04\x1cC24711\x1d\x1e\x1cAM07\x1cEM1\x1cD2123456`);
}

/** NCPDP SCRIPT, a new prescription with a note for each line. */
export function makeScript(lines: readonly string[]): Buffer {
  const notes = lines.map((line) => `<Note>${escapeXml(line)}</Note>`).join('');
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Message xmlns="http://www.ncpdp.org/schema/SCRIPT"><Header><To>1</To></Header><Body><NewRx><Patient><HumanPatient><Name><LastName>Roe</LastName><FirstName>Jane</FirstName></Name></HumanPatient></Patient><MedicationPrescribed><DrugDescription>Drug</DrugDescription>${notes}</MedicationPrescribed></NewRx></Body></Message>`,
  );
}

/** A DICOM file (PS3.10), explicit VR little endian, with a comment on the patient, or with a document and the pixels given. */
export function makeDicom(comment: string, inside: { readonly document?: Buffer; readonly pixels?: Buffer } = {}): Buffer {
  const element = (group: number, number: number, vr: string, value: Buffer | string): Buffer => {
    const octets = typeof value === 'string' ? Buffer.from(value) : value;
    const even = octets.length % 2 === 0 ? octets : Buffer.concat([octets, Buffer.from(vr === 'UI' || vr === 'OB' ? '\0' : ' ')]);
    const long = ['OB', 'OW', 'UT', 'SQ', 'UN'].includes(vr);
    const head = Buffer.alloc(long ? 12 : 8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(number, 2);
    head.write(vr, 4);
    if (long) head.writeUInt32LE(even.length, 8);
    else head.writeUInt16LE(even.length, 6);
    return Buffer.concat([head, even]);
  };
  const storage = inside.document === undefined ? '1.2.840.10008.5.1.4.1.1.7' : '1.2.840.10008.5.1.4.1.1.104.1';
  const meta = [
    element(2, 1, 'OB', Buffer.from([0, 1])),
    element(2, 2, 'UI', storage),
    element(2, 3, 'UI', '1.2.3'),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ];
  const length = Buffer.from(Uint32Array.of(Buffer.concat(meta).length).buffer);
  const data = [
    element(8, 5, 'CS', 'ISO_IR 192'),
    element(8, 0x16, 'UI', storage),
    element(8, 0x60, 'CS', inside.document === undefined ? 'OT' : 'DOC'),
    element(0x10, 0x10, 'PN', 'Roe^Jane'),
    element(0x10, 0x20, 'LO', '4711'),
    element(0x10, 0x4000, 'LT', comment),
  ];
  if (inside.document !== undefined) data.push(element(0x42, 0x11, 'OB', inside.document), element(0x42, 0x12, 'LO', 'application/pdf'));
  if (inside.pixels !== undefined) data.push(element(0x7fe0, 0x10, 'OW', inside.pixels));
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(2, 0, 'UL', length), ...meta, ...data]);
}
