// Large made-up inputs for the bench of reading: one file for each family, and a message of 25 MB with 20 attachments.
import { makeGzip, makeTar, makeZip } from '../test/support/sentinel/archive-files.ts';
import { makeDicom } from '../test/support/sentinel/health-files.ts';
import { makeMail, makeMailWith } from '../test/support/sentinel/mail-files.ts';
import { makeMsg, makeTnef } from '../test/support/sentinel/outlook-files.ts';
import { makePdf } from '../test/support/sentinel/pdf-file.ts';
import { WRITERS } from '../test/support/sentinel/payloads.ts';
import { type Carried, numbersFrom, pick } from '../test/support/sentinel/sentence.ts';

const WORDS =
  'the patient was seen on ward with pain in left knee after fall and history of asthma diabetes hypertension given ibuprofen 400 mg three times daily blood pressure 140/90 no fever results normal follow up two weeks Dr Müller letter sent to practice'.split(
    ' ',
  );
/** Octets that each line has at least. */
const LINE = 100;

export function linesOf(sizeBytes: number, seed = 1): readonly string[] {
  const random = numbersFrom(seed);
  return Array.from({ length: Math.ceil(sizeBytes / LINE) }, () => {
    let line = '';
    while (line.length < LINE) line += `${pick(WORDS, random)} `;
    return line.trimEnd();
  });
}

const pages = (count: number): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, i) => linesOf(5_000, i).map((line) => line.replace('ü', 'ue')));

/** HTML as mail programs and newsletters write it: tables in tables, styles, links. */
export function makeNewsletter(sizeBytes: number): Buffer {
  const cell = (line: string): string =>
    `<table width="100%" cellpadding="0" style="border:0"><tr><td style="font-family:Arial;font-size:13px"><p>${line}</p><a href="https://clinic.example/a?b=1&amp;c=2">${line.slice(0, 20)}</a></td></tr></table>\n`;
  return Buffer.from(
    `<html><head><style>p { margin: 0 }</style></head><body>${linesOf(sizeBytes / 2.7)
      .map(cell)
      .join('')}</body></html>`,
  );
}

export const makeNestedHtml = (levels: number): Buffer =>
  Buffer.from(`<html><body>${'<div>'.repeat(levels)}deep${'</div>'.repeat(levels)}</body></html>`);

/** Octets that cannot be packed, and are no known format. */
function noise(sizeBytes: number): Buffer {
  const random = numbersFrom(9);
  return Buffer.from(Uint32Array.from({ length: sizeBytes / 4 }, () => random() * 4_294_967_296).buffer);
}

export interface Input extends Carried {
  readonly family: string;
}

const MB = 1_000_000;
/** Octets of text; what is packed, or wordy, is smaller or larger as a file. */
const TEXT_BYTES: Readonly<Record<string, number>> = {
  txt: 20 * MB,
  csv: 10 * MB,
  docx: 10 * MB,
  xlsx: 10 * MB,
  pptx: 0.2 * MB,
  odp: 1 * MB,
  pdf: 0,
};

export function largeInputs(): readonly (() => Input)[] {
  const written = WRITERS.filter(([family]) => !['pdf', 'html', 'html-cut', 'pptx', 'tnef', 'msg', 'eml', 'dicom'].includes(family)).map(
    ([family, name, type, make]) =>
      (): Input => ({ family, name, type, bytes: make(linesOf(TEXT_BYTES[family] ?? 5 * MB)) }),
  );
  const pptx = WRITERS.find(([family]) => family === 'pptx');
  const one = (family: string, name: string, type: string, make: () => Buffer) => (): Input => ({ family, name, type, bytes: make() });
  const texts = (): Record<string, Buffer> =>
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${i}.txt`, Buffer.from(linesOf(MB, i).join('\n'))]));
  return [
    ...written,
    one('txt quoted-printable', 'a.eml', 'message/rfc822', () =>
      makeMail(Buffer.from(linesOf(10 * MB).join('\r\n')), 'text/plain; charset=utf-8', 'quoted-printable'),
    ),
    one('txt base64', 'a.eml', 'message/rfc822', () =>
      makeMail(Buffer.from(linesOf(10 * MB).join('\r\n')), 'text/plain; charset=utf-8', 'base64'),
    ),
    one('txt ISO-8859-1', 'a.eml', 'message/rfc822', () =>
      makeMail(Buffer.from(linesOf(20 * MB).join('\r\n'), 'latin1'), 'text/plain; charset=iso-8859-1', '8bit'),
    ),
    one('html', 'a.html', 'text/html', () => makeNewsletter(10 * MB)),
    ...(pptx === undefined ? [] : [one('pptx 500 slides', 'a.pptx', pptx[2], () => pptx[3](linesOf(500 * LINE)))]),
    one('pdf 300 pages', 'a.pdf', 'application/pdf', () => makePdf(pages(300))),
    one('zip 20 texts', 'a.zip', 'application/zip', () => makeZip(texts())),
    one('tar.gz 20 texts', 'a.tgz', 'application/gzip', () =>
      makeGzip(makeTar(Object.entries(texts()).map(([name, bytes]) => ({ name, bytes, type: '' })))),
    ),
    one('tnef', 'winmail.dat', 'application/ms-tnef', () =>
      makeTnef(linesOf(5 * MB), [{ name: 'a.txt', type: 'text/plain', bytes: Buffer.from(linesOf(5 * MB).join('\n')) }]),
    ),
    one('msg', 'a.msg', 'application/vnd.ms-outlook', () =>
      makeMsg(linesOf(2 * MB), [{ name: 'a.txt', type: 'text/plain', bytes: Buffer.from(linesOf(5 * MB).join('\n')) }]),
    ),
    one('dicom 20 MB of pixels', 'a.dcm', 'application/dicom', () => makeDicom('A comment', { pixels: noise(20 * MB) })),
    one('noise', 'a.bin', 'application/octet-stream', () => noise(20 * MB)),
  ];
}

/** About 25 MB as sent, with 20 attachments of the families that people send. */
export function mixedMessage(): Buffer {
  const kinds = ['pdf', 'docx', 'xlsx', 'csv', 'txt', 'html', 'rtf', 'hl7v2', 'cda', 'fhir-json', 'x12', 'odt', 'pptx', 'ics'];
  const documents = WRITERS.filter(([family]) => kinds.includes(family)).map(([family, name, type, make]): Carried => {
    if (family === 'pdf') return { name, type, bytes: makePdf(pages(60)) };
    return { name, type, bytes: make(linesOf(family === 'pptx' ? 20_000 : 0.8 * MB)) };
  });
  const files: readonly Carried[] = [
    {
      name: 'files.zip',
      type: 'application/zip',
      bytes: makeZip({ 'a.txt': Buffer.from(linesOf(2 * MB).join('\n')), 'b.pdf': makePdf(pages(20)) }),
    },
    { name: 'winmail.dat', type: 'application/ms-tnef', bytes: makeTnef(['See attached'], documents.slice(0, 2)) },
    { name: 'image.dcm', type: 'application/dicom', bytes: makeDicom('A comment', { pixels: noise(2 * MB) }) },
    { name: 'forwarded.eml', type: 'message/rfc822', bytes: makeMailWith(documents.slice(8, 10), 'base64') },
    {
      name: 'photo.jpg',
      type: 'image/jpeg',
      bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), noise(2 * MB), Buffer.from([0xff, 0xd9])]),
    },
    { name: 'list.csv', type: 'text/csv', bytes: Buffer.from(linesOf(2 * MB).join('\n')) },
  ];
  return makeMailWith([...documents, ...files], 'base64');
}
