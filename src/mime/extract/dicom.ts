// DICOM objects and DICOMDIRs: every element with text, by its tag, what is encapsulated read in turn, and the object as data. Pixels are a
// picture that nobody reads here.
import { innerOf } from './base64-content.ts';
import { readDataSet } from './dicom-data-set.ts';
import { CONTENTS, DIRECTORY, IDENTIFIERS, isModality, SHORT_TEXT } from './dicom-tags.ts';
import { charsetOf, textOf } from './dicom-text.ts';
import type { Extractor, Inner, Output, Source } from './extractor.ts';
import { HealthRecord } from './health-record.ts';
import { MarkedRow, RowSpans } from './marked-row.ts';

/** Reads files of DICOM PS3.10, with or without their meta information. */
export const dicomExtractor: Extractor = {
  kinds: ['dicom'],
  async extract({ bytes }: Source, output: Output): Promise<void> {
    const reading = new DicomReading(new RowSpans(output, bytes.length / OCTETS_PER_ROW));
    try {
      const end = readDataSet(
        bytes,
        {
          element: (tag, vr, value) => reading.element(tag, vr, value),
          open: (sequence) => reading.open(sequence),
          close: (sequence) => reading.close(sequence),
          fragments: (tag) => reading.pixels(tag),
        },
        output,
      );
      reading.end();
      if (end === 'broken') output.blind('broken');
    } finally {
      output.document(reading.document());
      if (reading.pictures === 'not-read') output.blind('picture-not-read');
    }
    const document = reading.encapsulated();
    if (document !== null) await output.inner(document);
  },
};

/** Rows have more than this as a rule; most of a large object is pixels. */
const OCTETS_PER_ROW = 1_000;
const LONG_ROW = 4_000;
const CONTENT_SEQUENCE = '(0040,A730)';
const OTHER_IDS = '(0010,1002)';
const DIRECTORY_RECORDS = '(0004,1220)';

/** A data set or an item of a sequence. */
interface Scope {
  readonly sequence: string;
  charset: string | null;
  readonly ids: string[];
  name: string;
  birthDate: string;
}

class DicomReading {
  readonly #record = new HealthRecord();
  readonly #spans: RowSpans;
  readonly #scopes: Scope[] = [{ sequence: '', charset: null, ids: [], name: '', birthDate: '' }];
  #shown = new MarkedRow();
  #hidden = new MarkedRow();
  #group = '';
  #items = 0;
  #modality = '';
  #isDirectory = false;
  #pixels = false;
  #burnedIn = '';
  #document: Buffer | null = null;
  #documentLength: number | null = null;
  #mediaType = '';

  constructor(spans: RowSpans) {
    this.#spans = spans;
  }

  get pictures(): 'none' | 'not-read' {
    return this.#pixels && this.#burnedIn !== 'NO' ? 'not-read' : 'none';
  }

  element(tag: string, vr: string, value: Buffer): void {
    const scope = this.#scopes.at(-1);
    if (scope === undefined || value.length === 0) return;
    const group = tag.slice(1, 5);
    if (this.#scopes.length === 1 && group !== this.#group) this.#putOut();
    this.#group = group;
    this.#tells(tag);
    if (group === '7FE0' || (group.startsWith('60') && tag.endsWith(',3000)'))) {
      this.#pixels ||= this.#scopes.length === 1;
      return;
    }
    if (tag === '(0042,0015)' && value.length === 4) this.#documentLength = value.readUInt32LE();
    if (tag === '(0042,0011)') {
      this.#document = value;
      return;
    }
    const text = textOf(vr === '' && SHORT_TEXT.has(tag) ? (tag === '(0010,0010)' ? 'PN' : 'SH') : vr, value, scope.charset);
    if (text === null || text === '') return;
    this.#said(tag, text, scope);
    const isPrivate = (Number.parseInt(group, 16) & 1) === 1;
    const row = isPrivate || vr === 'UI' || group === '0002' || vr === 'UN' || vr === 'OB' ? this.#hidden : this.#shown;
    row.cell(tag, text);
    if (row.length > LONG_ROW) this.#putOut();
  }

  open(sequence: string): void {
    const charset = this.#scopes.at(-1)?.charset ?? null;
    if (sequence === CONTENT_SEQUENCE || sequence === DIRECTORY_RECORDS || this.#scopes.length === 1) this.#putOut();
    this.#scopes.push({ sequence, charset, ids: [], name: '', birthDate: '' });
    this.#items++;
    this.#tells(sequence);
  }

  close(sequence: string): void {
    if (sequence === CONTENT_SEQUENCE || this.#scopes.length === 2) this.#putOut();
    const scope = this.#scopes.pop();
    if (scope === undefined) return;
    const around = this.#scopes.at(-1);
    // Other ids of the patient that the data set around is of.
    if (sequence === OTHER_IDS && around !== undefined) around.ids.push(...scope.ids);
    else this.#count(scope);
  }

  pixels(tag: string): void {
    this.#tells(tag);
    if (this.#scopes.length === 1) this.#pixels = true;
  }

  end(): void {
    this.#putOut();
    this.#spans.end();
    const [root] = this.#scopes;
    if (root !== undefined) this.#count(root);
  }

  document(): Parameters<Output['document']>[0] {
    return this.#record.document('dicom', this.#isDirectory ? 'DICOMDIR' : isModality(this.#modality) ? this.#modality : 'unknown');
  }

  encapsulated(): Inner | null {
    if (this.#document === null) return null;
    const whole = this.#document;
    const length = this.#documentLength;
    return innerOf(length !== null && length > 0 && length < whole.length ? whole.subarray(0, length) : whole, this.#mediaType);
  }

  #tells(tag: string): void {
    const content = CONTENTS.get(tag);
    if (content !== undefined) this.#record.content(content);
  }

  #said(tag: string, text: string, scope: Scope): void {
    const kind = IDENTIFIERS.get(tag);
    if (kind !== undefined) this.#record.identifier(kind === 'phone' && text.includes('@') ? 'email' : kind, text);
    switch (tag) {
      case '(0008,0005)':
        scope.charset = charsetOf(text.replaceAll('; ', '\\'));
        break;
      case '(0008,0060)':
        this.#modality ||= text;
        if (text === 'SR' || text === 'DOC') this.#record.content('note');
        break;
      case '(0002,0002)':
      case '(0008,0016)':
        this.#isDirectory ||= text === DIRECTORY;
        break;
      case '(0010,0010)':
        scope.name = text;
        break;
      case '(0010,0020)':
        scope.ids.push(text);
        break;
      case '(0010,0030)':
        scope.birthDate = text;
        break;
      case '(0028,0301)':
        if (this.#scopes.length === 1) this.#burnedIn = text;
        break;
      case '(0042,0012)':
        this.#mediaType = text;
        break;
    }
  }

  #count({ ids, name, birthDate }: Scope): void {
    this.#record.patient({ ids, name, birthDate });
  }

  #putOut(): void {
    const sequence = this.#scopes[1]?.sequence ?? '';
    const place = sequence === '' ? {} : { row: this.#items, field: sequence };
    this.#spans.row({ area: 'text', ...place }, this.#shown.marked());
    this.#spans.row({ area: 'hidden', ...place }, this.#hidden.marked());
    this.#shown = new MarkedRow();
    this.#hidden = new MarkedRow();
  }
}
