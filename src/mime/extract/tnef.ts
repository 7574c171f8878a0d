// Transport-Neutral Encapsulation Format (MS-OXTNEF), Outlook's winmail.dat: a message's attributes and MAPI properties, its recipients
// and attachments, messages and objects in attachments.
import { codePageText } from './code-page.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { u16, u32 } from './little-endian.ts';
import { guidAt, type MapiProperty, tellAttachment, tellMessage, tellRecipient } from './mapi.ts';
import { MAPI_TYPE, PID } from './mapi-names.ts';
import { readProperties, readRows } from './tnef-properties.ts';

const SIGNATURE = 0x223e9f78;

/** Attributes (MS-OXTNEF 2.1.3.3) by the number that is left when their type is taken off, with that type. */
const ATT = {
  owner: 0x60000,
  sentFor: 0x60001,
  from: 0x08000,
  subject: 0x18004,
  dateSent: 0x38005,
  messageClass: 0x78008,
  messageId: 0x18009,
  body: 0x2800c,
  dateStart: 0x30006,
  dateEnd: 0x30007,
  attachData: 0x6800f,
  attachTitle: 0x18010,
  attachTransportFileName: 0x69001,
  attachRendData: 0x69002,
  mapiProperties: 0x69003,
  recipientTable: 0x69004,
  attachment: 0x69005,
  oemCodePage: 0x69007,
} as const;

const IID_MESSAGE = '00020307-0000-0000-c000-000000000046';

interface Attribute {
  readonly id: number;
  readonly level: number;
  readonly data: Buffer;
}

interface Attachment {
  data: Buffer | null;
  title: string | null;
  properties: readonly MapiProperty[];
}

export const tnefExtractor: Extractor = {
  kinds: ['tnef'],
  async extract(source: Source, output: Output): Promise<void> {
    if (u32(source.bytes, 0) !== SIGNATURE) throw new Error('not TNEF');
    const attributes = readAttributes(source.bytes, output);
    const codePage = u32(attributes.find(({ id }) => id === ATT.oemCodePage)?.data ?? Buffer.alloc(0), 0) || 1252;
    let attachment: Attachment | null = null;
    for (const attribute of attributes) {
      const { id, data } = attribute;
      // Each attachment begins with its rendering data (MS-OXTNEF 2.1.3.3.15); where that is missing, with what comes first.
      const begins = id === ATT.attachRendData || (attribute.level === 2 && attachment === null);
      if (begins && attachment !== null) await tellWhole(attachment, output);
      if (begins) attachment = { data: null, title: null, properties: [] };
      if (id === ATT.attachData && attachment !== null) attachment.data = data;
      else if (id === ATT.attachTitle && attachment !== null) attachment.title = codePageText(data, codePage, output);
      else if (id === ATT.attachment && attachment !== null) attachment.properties = readProperties(data, codePage, output);
      else await tellAttribute(attribute, codePage, output);
    }
    if (attachment !== null) await tellWhole(attachment, output);
  },
};

/** As far as they reach: a length beyond the end takes what is left, and costs the part a blind spot. */
function readAttributes(bytes: Buffer, output: Output): readonly Attribute[] {
  const found: Attribute[] = [];
  let at = 6;
  while (at + 9 <= bytes.length) {
    const length = u32(bytes, at + 5);
    const data = bytes.subarray(at + 9, at + 9 + length);
    found.push({ level: bytes[at] ?? 0, id: u32(bytes, at + 1), data });
    if (data.length < length || at + 11 + length > bytes.length) {
      output.defect('container-malformed');
      output.blind('broken');
      return found;
    }
    if (u16(bytes, at + 9 + length) !== checksum(data)) output.defect('container-malformed');
    at += 11 + length;
  }
  if (at < bytes.length) output.defect('container-malformed');
  return found;
}

function checksum(data: Buffer): number {
  let sum = 0;
  for (const octet of data) sum = (sum + octet) & 0xffff;
  return sum;
}

async function tellAttribute({ id, data }: Attribute, codePage: number, output: Output): Promise<void> {
  const text = (): string => codePageText(data, codePage, output);
  switch (id) {
    case ATT.subject:
      return output.text({ area: 'header', field: 'subject' }, text());
    case ATT.messageId:
      return output.text({ area: 'header', field: 'message-id' }, text());
    case ATT.body:
      return output.text({ area: 'text' }, text());
    case ATT.messageClass:
      return output.text({ area: 'property', field: 'PidTagMessageClass' }, text());
    case ATT.from:
      return output.text({ area: 'header', field: 'from' }, tripleText(data, codePage, output));
    case ATT.owner:
    case ATT.sentFor:
      return output.text({ area: 'header', field: 'sender' }, pairText(data, codePage, output));
    case ATT.attachTransportFileName:
      return output.text({ area: 'file-name' }, text());
    case ATT.dateSent:
      return output.text({ area: 'header', field: 'date' }, dateText(data));
    case ATT.dateStart:
      return output.text({ area: 'property', field: 'PidLidAppointmentStartWhole' }, dateText(data));
    case ATT.dateEnd:
      return output.text({ area: 'property', field: 'PidLidAppointmentEndWhole' }, dateText(data));
    case ATT.mapiProperties:
      return await tellMessage(readProperties(data, codePage, output), output);
    case ATT.recipientTable:
      for (const row of readRows(data, codePage, output)) tellRecipient(row, output);
      return;
    default:
      return;
  }
}

/** DTR (MS-OXTNEF 2.1.3.2): year, month, day, hour, minute, second as 16-bit numbers. */
function dateText(data: Buffer): string {
  const two = (at: number): string => `${u16(data, at)}`.padStart(2, '0');
  return data.length < 12 ? '' : `${u16(data, 0)}-${two(2)}-${two(4)}T${two(6)}:${two(8)}:${two(10)}`;
}

/** TRP (MS-OXTNEF 2.1.3.3.6): sizes of a name and an address, then both. */
function tripleText(data: Buffer, codePage: number, output: Output): string {
  const nameBytes = u16(data, 4);
  const texts = [data.subarray(8, 8 + nameBytes), data.subarray(8 + nameBytes)].map((piece) => codePageText(piece, codePage, output));
  return texts.join(' ').trim();
}

/** Name and address, each with its size before it (MS-OXTNEF 2.1.3.3.8). */
function pairText(data: Buffer, codePage: number, output: Output): string {
  const nameBytes = u16(data, 0);
  const texts = [data.subarray(2, 2 + nameBytes), data.subarray(4 + nameBytes)].map((piece) => codePageText(piece, codePage, output));
  return texts.join(' ').trim();
}

/** An attachment by value, as message or as object; one that is only a link has no octets. */
async function tellWhole({ data, title, properties }: Attachment, output: Output): Promise<void> {
  const about = tellAttachment(properties, title, output);
  const object = properties.find(({ id, value }) => id === PID.attachData && Buffer.isBuffer(value));
  const found = object === undefined ? null : ofObject(object);
  const bytes = found?.bytes ?? data;
  if (bytes === null || bytes.length === 0) return;
  await output.inner({ ...about, declaredType: found?.declaredType ?? about.declaredType, bytes, parameters: new Map() });
}

function ofObject({ type, value }: MapiProperty): { readonly bytes: Buffer; readonly declaredType: string | null } | null {
  if (!Buffer.isBuffer(value)) return null;
  // An object has the identifier of its interface before its data (MS-OXTNEF 2.1.3.4).
  if (type !== MAPI_TYPE.object) return { bytes: value, declaredType: null };
  return { bytes: value.subarray(16), declaredType: guidAt(value, 0) === IID_MESSAGE ? 'application/ms-tnef' : null };
}
