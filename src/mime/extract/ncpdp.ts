// NCPDP messages: SCRIPT in XML (prescriptions) and Telecommunication (pharmacy claims), as text and as data.
import type { Extractor, Output, Source } from './extractor.ts';
import { HealthRecord } from './health-record.ts';
import { RowSpans } from './marked-row.ts';
import { readScript } from './ncpdp-script.ts';
import { readTelecom } from './ncpdp-telecom.ts';
import { valueText } from './value-text.ts';

/** Reads NCPDP SCRIPT 10.6 to 2023011 in XML and Telecommunication 5.1 to F6. */
export const ncpdpExtractor: Extractor = {
  kinds: ['ncpdp'],
  extract({ bytes }: Source, output: Output): void {
    const record = new HealthRecord();
    try {
      const spans = new RowSpans(output, bytes.length / OCTETS_PER_ROW);
      const isXml = bytes.subarray(0, 200).includes('<') || bytes[1] === 0;
      if (!isXml) readTelecom(valueText(bytes, null), record, spans);
      else if (readScript(bytes, record, spans) === 'broken') output.blind('broken');
      spans.end();
    } finally {
      output.document(record.document('ncpdp'));
    }
  },
};

/** A segment of a claim is longer than this as a rule. */
const OCTETS_PER_ROW = 60;
