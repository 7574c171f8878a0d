// All extractors, joined. A new family is a line here.
import type { PartKind } from '../mail/message.ts';
import { archiveExtractor } from '../mime/extract/archive.ts';
import { calendarExtractor } from '../mime/extract/calendar.ts';
import { cdaExtractor } from '../mime/extract/cda.ts';
import { csvExtractor } from '../mime/extract/csv.ts';
import { deliveryStatusExtractor } from '../mime/extract/delivery-status.ts';
import { dicomExtractor } from '../mime/extract/dicom.ts';
import { docExtractor } from '../mime/extract/doc.ts';
import { docxExtractor } from '../mime/extract/docx.ts';
import type { Extractor } from '../mime/extract/extractor.ts';
import { fhirExtractor } from '../mime/extract/fhir.ts';
import { gzipExtractor } from '../mime/extract/gzip.ts';
import { hl7v2Extractor } from '../mime/extract/hl7v2.ts';
import { htmlExtractor } from '../mime/extract/html.ts';
import { mboxExtractor } from '../mime/extract/mbox.ts';
import { messageExtractor, multipartExtractor } from '../mime/extract/message.ts';
import { ncpdpExtractor } from '../mime/extract/ncpdp.ts';
import { ocr, type Ocr, type OcrBudget } from '../mime/extract/ocr.ts';
import { OcrEngine } from '../mime/extract/ocr-engine.ts';
import { odfExtractor } from '../mime/extract/odf.ts';
import { oleObjectExtractor } from '../mime/extract/ole-object.ts';
import { outlookMessageExtractor } from '../mime/extract/outlook-message.ts';
import { pdfExtractor } from '../mime/extract/pdf.ts';
import { pgpExtractor } from '../mime/extract/pgp.ts';
import { pictureExtractor } from '../mime/extract/picture.ts';
import { pptExtractor } from '../mime/extract/ppt.ts';
import { pptxExtractor } from '../mime/extract/pptx.ts';
import { rtfExtractor } from '../mime/extract/rtf.ts';
import { smimeExtractor } from '../mime/extract/smime.ts';
import { tarExtractor } from '../mime/extract/tar.ts';
import { textExtractor } from '../mime/extract/text.ts';
import { tnefExtractor } from '../mime/extract/tnef.ts';
import { x12Extractor } from '../mime/extract/x12.ts';
import { vcardExtractor } from '../mime/extract/vcard.ts';
import { xlsExtractor } from '../mime/extract/xls.ts';
import { xlsxExtractor } from '../mime/extract/xlsx.ts';
import { zipExtractor } from '../mime/extract/zip.ts';
import { extractorsByKind } from '../mime/read-message.ts';

export interface Readers {
  readonly extractors: ReadonlyMap<PartKind, Extractor>;
  /** Before each message: its time for OCR, or null where pictures are not read. */
  beginMessage(settings: { readonly ocrMs: number | null }): void;
}

/** @param now milliseconds of a clock that only goes on */
export function readers(now: OcrBudget['now']): Readers {
  const engine = new OcrEngine();
  const reading: { ocr: Ocr | null } = { ocr: null };
  const extractors = extractorsByKind([
    messageExtractor,
    multipartExtractor,
    mboxExtractor,
    deliveryStatusExtractor,
    textExtractor,
    htmlExtractor,
    calendarExtractor,
    vcardExtractor,
    csvExtractor,
    pdfExtractor(reading),
    docxExtractor,
    xlsxExtractor,
    pptxExtractor,
    odfExtractor,
    rtfExtractor,
    docExtractor,
    xlsExtractor,
    pptExtractor,
    oleObjectExtractor,
    tnefExtractor,
    outlookMessageExtractor,
    zipExtractor,
    tarExtractor,
    gzipExtractor,
    archiveExtractor,
    hl7v2Extractor,
    cdaExtractor,
    fhirExtractor,
    x12Extractor,
    ncpdpExtractor,
    dicomExtractor,
    pictureExtractor(reading),
    smimeExtractor,
    pgpExtractor,
  ]);
  return {
    extractors,
    beginMessage({ ocrMs }) {
      reading.ocr = ocrMs === null ? null : ocr(engine, { budgetMs: ocrMs, now });
    },
  };
}
