// What a file can lie in: each carrier makes a file around another.
import { makeGzip, makeTar, makeZip } from './archive-files.ts';
import { makeCdaAround, makeDicom, makeFhirJsonAround, makeFhirXmlAround, makeHl7Around } from './health-files.ts';
import { makeMailWith, type TransferEncoding } from './mail-files.ts';
import { makeDocx } from './office-files.ts';
import { makeMsg, makeTnef } from './outlook-files.ts';
import { makePdf } from './pdf-file.ts';
import type { Carried } from './sentence.ts';
import { makeCalendarAround, makeHtmlAround, makeRtfAround } from './text-files.ts';

export interface Carrier {
  readonly name: string;
  /** Levels of depth that it adds. */
  readonly levels: number;
  /** Null where it cannot hold such a file. */
  wrap(file: Carried): Carried | null;
}

function carrier(name: string, file: string, type: string, make: (inside: Carried) => Buffer, levels = 1): Carrier {
  return { name, levels, wrap: (inside) => ({ name: file, type, bytes: make(inside) }) };
}

const mail = (encoding: TransferEncoding): Carrier =>
  carrier(`eml-${encoding}`, 'mail.eml', 'message/rfc822', (inside) => makeMailWith([inside], encoding));

export const CARRIERS: readonly Carrier[] = [
  carrier('zip', 'files.zip', 'application/zip', ({ name, bytes }) => makeZip({ [name]: bytes })),
  carrier('zip-stored', 'files.zip', 'application/zip', ({ name, bytes }) => makeZip({ [`folder/${name}`]: bytes }, 0)),
  carrier('tar', 'files.tar', 'application/x-tar', (inside) => makeTar([inside])),
  carrier('gzip', 'file.gz', 'application/gzip', ({ bytes }) => makeGzip(bytes)),
  carrier('tgz', 'files.tgz', 'application/gzip', (inside) => makeGzip(makeTar([inside])), 2),
  mail('base64'),
  mail('quoted-printable'),
  mail('binary'),
  mail('x-uuencode'),
  carrier('tnef', 'winmail.dat', 'application/ms-tnef', (inside) => makeTnef(['See attached'], [inside])),
  carrier('msg', 'mail.msg', 'application/vnd.ms-outlook', (inside) => makeMsg(['See attached'], [inside])),
  carrier('pdf', 'report.pdf', 'application/pdf', (inside) => makePdf([['See the attached file']], [inside])),
  carrier('docx', 'letter.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', (inside) =>
    makeDocx(['See the file'], [inside]),
  ),
  carrier('rtf', 'note.rtf', 'application/rtf', makeRtfAround),
  carrier('html-data', 'page.html', 'text/html', makeHtmlAround),
  carrier('ics', 'visit.ics', 'text/calendar', makeCalendarAround),
  carrier('hl7v2', 'result.hl7', 'application/hl7-v2', makeHl7Around),
  carrier('cda', 'summary.xml', 'application/xml', makeCdaAround),
  carrier('fhir-json', 'bundle.json', 'application/fhir+json', makeFhirJsonAround),
  carrier('fhir-xml', 'binary.xml', 'application/fhir+xml', makeFhirXmlAround),
  {
    name: 'dicom',
    levels: 1,
    wrap: ({ bytes, type }) =>
      type === 'application/pdf'
        ? { name: 'document.dcm', type: 'application/dicom', bytes: makeDicom('Nothing here', { document: bytes }) }
        : null,
  },
];
