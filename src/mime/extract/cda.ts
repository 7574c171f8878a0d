// CDA documents and other HL7 V3 XML: header, narrative and entries as text, what they embed read in turn, and the document as data.
import { innerOf } from './base64-content.ts';
import { CdaNarrative } from './cda-narrative.ts';
import { CdaPeople } from './cda-people.ts';
import { CdaValues } from './cda-values.ts';
import { type Extractor, type Inner, LimitReached, type Output, type Source } from './extractor.ts';
import { type HealthContent, HealthRecord } from './health-record.ts';
import { isLoinc, isVitalSign, sectionContent } from './loinc.ts';
import { unpack } from './unpack.ts';
import { readXml, type XmlElement } from './xml.ts';

/** Reads ClinicalDocument (HL7 CDA R2, C-CDA R2.1) and messages of HL7 V3. */
export const cdaExtractor: Extractor = {
  kinds: ['cda'],
  async extract({ bytes }: Source, output: Output): Promise<void> {
    const record = new HealthRecord();
    const reading = new CdaReading(record, output);
    try {
      const end = readXml(bytes, {
        open: (element, depth) => reading.open(element, depth),
        close: (element, depth) => reading.close(element, depth),
        text: (text) => reading.text(text),
        comment: (text) => output.text({ area: 'comment' }, text.trim()),
        processingInstruction: (_target, body) => output.text({ area: 'hidden' }, body),
      });
      reading.end();
      if (end === 'broken') output.blind('broken');
    } finally {
      output.document(record.document('cda'));
    }
    for (const embedded of reading.embedded) await readEmbedded(embedded, output);
  },
};

/** A value of data type ED with representation B64. */
interface Embedded {
  readonly depth: number;
  readonly mediaType: string | null;
  readonly compression: string | null;
  readonly pieces: string[];
}

/** CompressionAlgorithm (HL7 V3 data types). */
const COMPRESSIONS: ReadonlyMap<string, 'deflate' | 'gzip' | 'zlib'> = new Map([
  ['DF', 'deflate'],
  ['GZ', 'gzip'],
  ['ZL', 'zlib'],
]);

async function readEmbedded({ mediaType, compression, pieces }: Embedded, output: Output): Promise<void> {
  const packed = Buffer.from(pieces.join(''), 'base64');
  if (packed.length === 0) return;
  const coding = COMPRESSIONS.get(compression ?? '');
  let inner: Inner;
  try {
    inner = innerOf(coding === undefined ? packed : unpack(packed, coding, output), mediaType);
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    output.blind('broken');
    return;
  }
  await output.inner(inner);
}

/** Interaction ids: what a V3 message is called by its root. */
const INTERACTION = /^[A-Z]{4}_[A-Z]{2}\d{6}[A-Z]{2}\d{0,2}$/;

/** Where a section has no code: what its entries are. */
const BY_ENTRY: Readonly<Record<string, HealthContent>> = {
  substanceAdministration: 'medication',
  procedure: 'procedure',
  encounter: 'encounter',
  encompassingEncounter: 'encounter',
  observationMedia: 'image',
  nonXMLBody: 'note',
};
/** Children of ClinicalDocument that a place may name. */
const HEADER: ReadonlySet<string> = new Set(
  (
    'recordTarget author dataEnterer informant custodian informationRecipient legalAuthenticator authenticator participant inFulfillmentOf ' +
    'documentationOf relatedDocument authorization componentOf'
  ).split(' '),
);
/** Rows of values are cut where an element ends behind this. */
const LONG_ROW = 4_000;

class CdaReading {
  readonly embedded: Embedded[] = [];
  readonly #record: HealthRecord;
  readonly #output: Output;
  readonly #people: CdaPeople;
  readonly #values = new CdaValues();
  readonly #path: string[] = [];
  /** Codes of the sections that are open, null for those without. */
  readonly #sections: (string | null)[] = [];
  #narrative: CdaNarrative | null = null;
  #embedded: Embedded | null = null;
  #participation = '';
  #field: string | null = null;
  #rows = 0;

  constructor(record: HealthRecord, output: Output) {
    this.#record = record;
    this.#output = output;
    this.#people = new CdaPeople(record);
  }

  open(element: XmlElement, depth: number): void {
    const parent = this.#path.at(-1) ?? '';
    this.#path.push(element.name);
    if (this.#narrative !== null) {
      this.#narrative.open(element);
      return;
    }
    if (parent === 'section' && (element.name === 'text' || element.name === 'title')) this.#beginNarrative(element, depth);
    else {
      this.#structure(element, parent);
      this.#people.open(element, depth, parent, this.#participation);
      this.#values.open(element);
    }
    if (this.#embedded === null && element.attribute('representation') === 'B64') {
      this.#embedded = { depth, mediaType: element.attribute('mediaType'), compression: element.attribute('compression'), pieces: [] };
      this.embedded.push(this.#embedded);
    }
  }

  text(text: string): void {
    if (this.#embedded !== null) this.#embedded.pieces.push(text);
    else if (this.#narrative !== null) this.#narrative.text(text);
    else {
      this.#people.text(text);
      this.#values.text(text);
    }
  }

  close(element: XmlElement, depth: number): void {
    this.#path.pop();
    if (this.#embedded?.depth === depth) this.#embedded = null;
    if (this.#narrative !== null) {
      if (this.#narrative.close(element, depth) === 'ended') this.#narrative = null;
      return;
    }
    this.#people.close(depth);
    this.#values.close();
    const isHeader = this.#path.at(-1) === 'ClinicalDocument' && HEADER.has(element.name);
    const isUnit = isHeader || element.name === 'entry' || element.name === 'section';
    if (isUnit || this.#values.length > LONG_ROW) this.#putOut();
    if (isUnit && this.#sections.length === 0) this.#field = null;
    if (element.name === 'section') this.#sections.pop();
  }

  end(): void {
    this.#putOut();
  }

  #beginNarrative(element: XmlElement, depth: number): void {
    this.#putOut();
    const code = this.#sections.at(-1);
    const field = code === null || code === undefined ? {} : { field: code };
    this.#narrative = new CdaNarrative(depth, {
      block: ({ text, marks }) => this.#output.text({ area: 'text', row: ++this.#rows, ...field }, text, marks),
      link: (target) => this.#output.text({ area: 'link', ...field }, target),
    });
    this.#narrative.open(element);
  }

  #structure(element: XmlElement, parent: string): void {
    const { name } = element;
    const code = element.attribute('code') ?? '';
    if (parent === '' && INTERACTION.test(name)) this.#record.type(name);
    if (parent === 'ClinicalDocument' && HEADER.has(name)) {
      this.#putOut();
      this.#field = name;
    }
    if (name === 'participant') this.#participation = element.attribute('typeCode') ?? '';
    if (name === 'section' || name === 'entry') this.#putOut();
    if (name === 'section') this.#sections.push(null);
    const content = this.#sections.at(-1) === null || this.#sections.length === 0 ? BY_ENTRY[name] : undefined;
    if (content !== undefined) this.#record.content(content);
    if (name !== 'code' || !isLoinc(code)) return;
    if (isVitalSign(code)) this.#record.content('vital-sign');
    if (parent === 'section') this.#sections[this.#sections.length - 1] = code;
    if (parent === 'ClinicalDocument') this.#record.type(code);
    const told = parent === 'section' || parent === 'ClinicalDocument' ? sectionContent(code) : null;
    if (told !== null) this.#record.content(told);
  }

  #putOut(): void {
    const { text, marks } = this.#values.take();
    if (text === '') return;
    const section = this.#sections.at(-1) ?? null;
    const field = section ?? (this.#sections.length === 0 ? this.#field : null);
    const area = this.#sections.length > 0 ? 'hidden' : 'text';
    this.#output.text(field === null ? { area } : { area, field }, text, marks);
  }
}
