// Files that hold the sentence: one of each family by our own writers, and those that real programs made.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { makeMail } from './mail-files.ts';
import { makeCda, makeDicom, makeFhirJson, makeFhirXml, makeHl7, makeNcpdp, makeScript, makeX12 } from './health-files.ts';
import { makeDocx, makeOdf, makePptx, makeXlsx } from './office-files.ts';
import { makeMsg, makeTnef } from './outlook-files.ts';
import { makePdf } from './pdf-file.ts';
import { type Carried, SENTENCE } from './sentence.ts';
import { makeCalendar, makeCard, makeCsv, makeCutHtml, makeHtml, makeJson, makeRtf, makeText, makeXml } from './text-files.ts';

export interface Payload extends Carried {
  /** What the misses are counted by: extension or standard. */
  readonly family: string;
}

const DATA = join(import.meta.dirname, '../../data/sentinel');
const OOXML = 'application/vnd.openxmlformats-officedocument';
const ODF = 'application/vnd.oasis.opendocument';

/** What our own writers make of some lines. */
export const WRITERS: readonly (readonly [family: string, name: string, type: string, make: (lines: readonly string[]) => Buffer])[] = [
  ['txt', 'note.txt', 'text/plain', makeText],
  ['csv', 'list.csv', 'text/csv', makeCsv],
  ['html', 'page.html', 'text/html', makeHtml],
  ['html-cut', 'cut.html', 'text/html', makeCutHtml],
  ['rtf', 'note.rtf', 'application/rtf', makeRtf],
  ['ics', 'visit.ics', 'text/calendar', makeCalendar],
  ['vcf', 'card.vcf', 'text/vcard', makeCard],
  ['xml', 'list.xml', 'application/xml', makeXml],
  ['json', 'list.json', 'application/json', makeJson],
  ['docx', 'letter.docx', `${OOXML}.wordprocessingml.document`, makeDocx],
  ['xlsx', 'list.xlsx', `${OOXML}.spreadsheetml.sheet`, makeXlsx],
  ['pptx', 'talk.pptx', `${OOXML}.presentationml.presentation`, makePptx],
  ['odt', 'letter.odt', `${ODF}.text`, (lines) => makeOdf('text', lines)],
  ['ods', 'list.ods', `${ODF}.spreadsheet`, (lines) => makeOdf('spreadsheet', lines)],
  ['odp', 'talk.odp', `${ODF}.presentation`, (lines) => makeOdf('presentation', lines)],
  ['pdf', 'report.pdf', 'application/pdf', (lines) => makePdf([lines])],
  ['hl7v2', 'result.hl7', 'application/hl7-v2', makeHl7],
  ['cda', 'summary.xml', 'application/xml', makeCda],
  ['fhir-json', 'bundle.json', 'application/fhir+json', makeFhirJson],
  ['fhir-xml', 'bundle.xml', 'application/fhir+xml', makeFhirXml],
  ['x12', 'claim.x12', 'application/edi-x12', makeX12],
  ['ncpdp', 'claim.ncpdp', 'application/octet-stream', makeNcpdp],
  ['ncpdp-script', 'rx.xml', 'application/xml', makeScript],
  ['dicom', 'image.dcm', 'application/dicom', (lines) => makeDicom(lines.join('\r\n'))],
  ['tnef', 'winmail.dat', 'application/ms-tnef', (lines) => makeTnef(lines)],
  ['msg', 'mail.msg', 'application/vnd.ms-outlook', (lines) => makeMsg(lines)],
  ['eml', 'mail.eml', 'message/rfc822', (lines) => makeMail(makeText(lines), 'text/plain; charset=utf-8', 'quoted-printable')],
];

export function ownPayloads(): readonly Payload[] {
  return WRITERS.map(([family, name, type, make]) => ({ family, name, type, bytes: make([SENTENCE]) }));
}

/** Committed files of a folder: 'found' must be found, 'encrypted' must be told as such, 'picture' needs OCR. */
export function realPayloads(folder: 'found' | 'encrypted' | 'picture'): readonly Payload[] {
  return readdirSync(join(DATA, folder))
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(DATA, folder, name));
      const family = name.endsWith('.ppt.gz') ? 'ppt' : name.slice(name.lastIndexOf('.') + 1);
      return family === 'ppt'
        ? { family, name: name.slice(0, -3), type: 'application/vnd.ms-powerpoint', bytes: gunzipSync(bytes) }
        : { family, name, type: family === 'eml' ? 'message/rfc822' : 'application/octet-stream', bytes };
    });
}

export interface CharsetSample {
  readonly charset: string;
  readonly letters: string;
  /** The sentence, and the letters on a line of their own where the charset has any but ASCII. */
  readonly octets: Buffer;
}

export function charsetSamples(): readonly CharsetSample[] {
  return readFileSync(join(DATA, 'charsets.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [charset = '', letters = '', octets = ''] = line.split('\t');
      return { charset, letters, octets: Buffer.from(octets, 'base64') };
    });
}
