// What the properties of an Outlook item (MAPI) say, the same for winmail.dat and .msg: header fields, bodies, contacts and appointments,
// recipients and what is said about an attachment.
import type { PartRole, Place } from '../../mail/message.ts';
import { codePageLabel } from './code-page.ts';
import { readLooseHeader } from '../loose-header.ts';
import { tellFields } from './entity-fields.ts';
import type { Output } from './extractor.ts';
import { f64, fileTime, i32, u16, utf16 } from './little-endian.ts';
import { INTERNET_HEADERS, MAPI_TYPE, NAMED, PID, PLACES, TIMES } from './mapi-names.ts';
import { readableRuns } from './readable-runs.ts';
import { decompressRtf } from './rtf-compression.ts';

/** A named property: its set as a GUID, and its number or its name in the set. */
export interface MapiName {
  readonly set: string;
  readonly id: number | string;
}

/** One value; a property of many values stands as many times. */
export interface MapiProperty {
  readonly id: number;
  /** Without the flag of many values. */
  readonly type: number;
  readonly name: MapiName | null;
  /** Text, a time (RFC 3339) and numbers by their type; other types as they are. */
  readonly value: string | number | Buffer;
}

/** Reads a value of fixed size (MS-OXCDATA 2.11.1), null where the type has none or a reader would not show it. */
export function fixedValue(type: number, bytes: Buffer, at: number): string | number | null {
  switch (type) {
    case MAPI_TYPE.short:
    case MAPI_TYPE.boolean:
      return u16(bytes, at);
    case MAPI_TYPE.long:
      return i32(bytes, at);
    case MAPI_TYPE.double:
      return f64(bytes, at);
    case MAPI_TYPE.time:
      return fileTime(bytes, at);
    default:
      return null;
  }
}

/** GUID (MS-DTYP 2.3.4) as it is written. */
export function guidAt(bytes: Buffer, at: number): string {
  const hex = (from: number, to: number): string => bytes.toString('hex', at + from, at + to);
  const swapped = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(at + from, at + to))
      .reverse()
      .toString('hex');
  return `${swapped(0, 4)}-${swapped(4, 6)}-${swapped(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`;
}

export function numberOf(properties: readonly MapiProperty[], id: number): number | null {
  const found = properties.find((one) => one.id === id && typeof one.value === 'number')?.value;
  return typeof found === 'number' ? found : null;
}

export function textOfProperty(properties: readonly MapiProperty[], id: number): string | null {
  const found = properties.find((one) => one.id === id && typeof one.value === 'string' && one.value !== '')?.value;
  return typeof found === 'string' ? found : null;
}

/** Tells all that a message's own properties say; bodies in HTML and RTF are read as parts. @throws LimitReached */
export async function tellMessage(properties: readonly MapiProperty[], output: Output): Promise<void> {
  for (const one of properties) tellValue(one, output);
  for (const one of properties) await tellBody(one, properties, output);
}

/** Tells whom a message goes to: one span for each recipient. @throws LimitReached */
export function tellRecipient(properties: readonly MapiProperty[], output: Output): void {
  const field = ['from', 'to', 'cc', 'bcc'][(numberOf(properties, PID.recipientType) ?? 1) & 15] ?? 'to';
  const said = properties.map(({ value }) => value).filter((value) => typeof value === 'string');
  const texts = [...new Set(said)].filter((text) => text !== '' && text !== 'SMTP' && text !== 'EX');
  output.text({ area: 'header', field }, texts.join(' '));
}

export interface AttachmentAbout {
  readonly name: string | null;
  readonly declaredType: string | null;
  readonly role: PartRole;
}

/** What properties say about an attachment. Names and paths that the part itself does not carry are told. @throws LimitReached */
export function tellAttachment(properties: readonly MapiProperty[], title: string | null, output: Output): AttachmentAbout {
  const names = [PID.attachLongFileName, PID.attachFileName, PID.displayName].map((id) => textOfProperty(properties, id));
  const name = names.find((one) => one !== null) ?? title;
  for (const other of new Set([...names, title])) if (other !== null && other !== name) output.text({ area: 'file-name' }, other);
  const carried: readonly number[] = [PID.attachLongFileName, PID.attachFileName, PID.displayName, PID.attachMimeTag, PID.attachExtension];
  for (const one of properties) {
    if (one.id === PID.attachLongPathName || one.id === PID.attachPathName) output.text({ area: 'link' }, `${one.value as string}`);
    else if (typeof one.value === 'string' && !carried.includes(one.id)) tellValue(one, output);
  }
  const hidden = numberOf(properties, PID.attachmentHidden) === 1 || ((numberOf(properties, PID.attachFlags) ?? 0) & 4) !== 0;
  return {
    name,
    declaredType: textOfProperty(properties, PID.attachMimeTag)?.toLowerCase() ?? null,
    role: hidden ? 'inline' : 'attachment',
  };
}

function tellValue(one: MapiProperty, output: Output): void {
  const { id, name, value } = one;
  if (id === PID.transportHeaders && typeof value === 'string') tellHeaders(value, output);
  else if (one.type === MAPI_TYPE.time) tellTime(one, output);
  else if (typeof value === 'string' && id !== PID.html) {
    // How an address is written, not one.
    if (value === 'SMTP' || value === 'EX') return;
    // Programs set pieces apart by controls.
    const shown = id === PID.body ? value : value.replace(/[\0-\x08\x0e-\x1f]+/g, ' ');
    if (name !== null && typeof name.id === 'string') output.text(namedPlace(name), `${name.id}: ${shown}`);
    else output.text(name === null ? placeOf(id) : namedPlace(name), shown);
  } else if (Buffer.isBuffer(value) && one.type === MAPI_TYPE.binary && name !== null) {
    // Recurrences keep the subjects and locations of their exceptions; what others keep is not known.
    const place: Place = { area: 'hidden', field: namedPlace(name).field ?? '' };
    const wide = readableRuns(value, 6).join('\n');
    output.text(place, wide);
  }
}

function placeOf(id: number): Place {
  return PLACES.get(id) ?? { area: 'property', field: `0x${id.toString(16).padStart(4, '0')}` };
}

function namedPlace({ set, id }: MapiName): Place {
  if (set === INTERNET_HEADERS) return { area: 'header' };
  return { area: 'property', field: typeof id === 'string' ? 'named' : (NAMED.get(`${set}:${id}`) ?? `0x${id.toString(16)}`) };
}

function tellTime({ id, name, value }: MapiProperty, output: Output): void {
  if (typeof value !== 'string') return;
  const known = name === null ? TIMES.get(id) : NAMED.has(`${name.set}:${name.id}`) ? namedPlace(name) : undefined;
  if (known !== undefined) output.text(known, value);
}

/** Header fields as they came over the wire (MS-OXOMSG 2.2.1.60); Outlook puts a line of its own before them. */
function tellHeaders(text: string, output: Output): void {
  const header = readLooseHeader(Buffer.from(`${text.replace(/^Microsoft Mail Internet Headers[^\r\n]*[\r\n]+/, '').trimEnd()}\r\n\r\n`));
  tellFields(header, output);
  output.text({ area: 'header' }, header.bytes.toString('utf8', header.bodyStart).trim());
}

async function tellBody(one: MapiProperty, all: readonly MapiProperty[], output: Output): Promise<void> {
  if (one.id === PID.html) {
    const label = codePageLabel(numberOf(all, PID.internetCodePage) ?? numberOf(all, PID.messageCodePage) ?? 65001);
    const text = typeof one.value === 'string' ? one.value : null;
    const bytes = text !== null ? Buffer.from(text) : one.value;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) return;
    const charset = text !== null ? 'utf-8' : label;
    await output.inner({ bytes, declaredType: 'text/html', parameters: new Map([['charset', charset]]), name: null, role: 'body' });
  }
  if (one.id === PID.rtfCompressed && Buffer.isBuffer(one.value) && one.value.length > 0) {
    const bytes = decompressRtf(one.value, output);
    if (bytes === null) output.blind('broken');
    else await output.inner({ bytes, declaredType: 'application/rtf', parameters: new Map(), name: null, role: 'body' });
  }
}

/** Text of PtypString. */
export function wideText(bytes: Buffer): string {
  return utf16(bytes, 0, bytes.length);
}
