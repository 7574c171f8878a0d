// Components of calendars and cards (`BEGIN:VEVENT` ... `END:VEVENT`) as spans: a cell for each property, marked with its name.
import type { Inner, Output } from './extractor.ts';
import type { ContentLine } from './content-lines.ts';
import { dataUri } from './html-attributes.ts';
import { MarkedRow } from './marked-row.ts';

const COMPONENTS: ReadonlySet<string> = new Set(
  'VCALENDAR VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE VALARM VAVAILABILITY AVAILABLE STANDARD DAYLIGHT PARTICIPANT VLOCATION VRESOURCE VCARD'.split(
    ' ',
  ),
);
/** Parameters that only programs read. */
const TECHNICAL: ReadonlySet<string> = new Set(
  'VALUE ENCODING FMTTYPE TZID LANGUAGE CUTYPE PARTSTAT ROLE RSVP RELATED RELTYPE RANGE FBTYPE TYPE PREF PID CHARSET ALTID MEDIATYPE CALSCALE INDEX LEVEL DISPLAY QUOTED-PRINTABLE BASE64 B'.split(
    ' ',
  ),
);
const MOST_WAITING_OCTETS = 1 << 24;

export class ContentComponents {
  readonly #output: Output;
  readonly #names: ReadonlySet<string>;
  readonly #open: { readonly field: string | null; readonly row: MarkedRow }[] = [];
  readonly #waiting: Inner[] = [];
  #waitingOctets = 0;

  /** @param names properties of the standard: others are content, their names too */
  constructor(output: Output, names: ReadonlySet<string>) {
    this.#output = output;
    this.#names = names;
    this.#open.push({ field: null, row: new MarkedRow() });
  }

  begin(name: string): void {
    const field = name.trim().toUpperCase();
    this.#open.push({ field: COMPONENTS.has(field) ? field : null, row: new MarkedRow() });
    if (!COMPONENTS.has(field)) this.text(name);
  }

  end(): void {
    if (this.#open.length > 1) this.#tell();
  }

  /** @param shown the value as a reader sees it */
  property({ name, parameters }: ContentLine, shown: string): void {
    const row = this.#open.at(-1)?.row;
    const isKnown = this.#names.has(name);
    line(row, isKnown ? name : null, isKnown ? shown : `${name}: ${shown}`);
    for (const [parameter, value] of parameters) {
      if (TECHNICAL.has(parameter) || value.trim() === '') continue;
      const file = dataUri(value);
      if (file !== null) this.file(file.bytes, file.declaredType, null);
      else line(row, isKnown && /^[A-WYZ][A-Z-]{1,20}$/.test(parameter) ? `${name};${parameter}` : null, value);
    }
  }

  /** A line that is no property. */
  text(value: string): void {
    line(this.#open.at(-1)?.row, null, value);
  }

  file(bytes: Buffer, declaredType: string | null, name: string | null): void {
    if (bytes.length === 0) return;
    this.#waiting.push({ bytes, declaredType, parameters: new Map(), name, role: 'attachment' });
    this.#waitingOctets += bytes.length;
  }

  html(text: string): void {
    const parameters = new Map([['charset', 'utf-8']]);
    this.#waiting.push({ bytes: Buffer.from(text), declaredType: 'text/html', parameters, name: null, role: 'inline' });
    this.#waitingOctets += text.length;
  }

  /** Files wait until the text around them has come out, but not all at once. */
  get isFull(): boolean {
    return this.#waitingOctets >= MOST_WAITING_OCTETS;
  }

  async readFiles(): Promise<void> {
    this.#waitingOctets = 0;
    for (const file of this.#waiting.splice(0)) await this.#output.inner(file);
  }

  /** Ends what is open and reads what waits. */
  async finish(): Promise<void> {
    while (this.#open.length > 0) this.#tell();
    await this.readFiles();
  }

  #tell(): void {
    const component = this.#open.pop();
    if (component === undefined || component.row.length === 0) return;
    const { text, marks } = component.row.marked();
    this.#output.text({ area: 'text', ...(component.field === null ? {} : { field: component.field }) }, text, marks);
  }
}

function line(row: MarkedRow | undefined, field: string | null, text: string): void {
  row?.cell(field, text);
}

/** Octets of a value that is base64, by its parameters or as a `data:` URI, or null. */
export function fileOf({ parameters, value }: ContentLine): { readonly bytes: Buffer; readonly declaredType: string | null } | null {
  const encoding = parameters.get('ENCODING')?.toUpperCase();
  if (encoding === 'BASE64' || encoding === 'B' || parameters.has('BASE64') || parameters.has('B'))
    return { bytes: Buffer.from(value, 'base64'), declaredType: mediaTypeOf(parameters) };
  const file = dataUri(value);
  return file === null ? null : { bytes: file.bytes, declaredType: file.declaredType };
}

function mediaTypeOf(parameters: ReadonlyMap<string, string>): string | null {
  const declared = (parameters.get('FMTTYPE') ?? parameters.get('MEDIATYPE') ?? '').split(';', 1).join('').trim().toLowerCase();
  if (/^[\w.+-]+\/[\w.+-]+$/.test(declared)) return declared;
  const picture = /^(?:image\/)?(jpe?g|png|gif|tiff|bmp|webp)$/i.exec(parameters.get('TYPE') ?? '')?.[1]?.toLowerCase();
  return picture === undefined ? null : `image/${picture === 'jpg' ? 'jpeg' : picture}`;
}
