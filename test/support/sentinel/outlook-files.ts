// Writers of Outlook's own: winmail.dat ([MS-OXTNEF]) and .msg files ([MS-OXMSG]).
import * as CFB from 'cfb';
import type { Carried } from './sentence.ts';

const u16 = (n: number): Buffer => Buffer.from(Uint16Array.of(n).buffer);
const u32 = (n: number): Buffer => Buffer.from(Uint32Array.of(n).buffer);
const z = (text: string): Buffer => Buffer.from(`${text}\0`, 'latin1');

/** Codes of [MS-OXTNEF] 2.1.3.2. */
const ATTRIBUTES = {
  subject: 0x00018004,
  body: 0x0002800c,
  attachData: 0x0006800f,
  attachTitle: 0x00018010,
  attachRendData: 0x00069002,
  messageClass: 0x00078008,
  version: 0x00089006,
  codePage: 0x00069007,
} as const;

function attribute(level: 1 | 2, code: number, data: Buffer): Buffer {
  const sum = data.reduce((total, octet) => (total + octet) & 0xffff, 0);
  return Buffer.concat([Buffer.from([level]), u32(code), u32(data.length), data, u16(sum)]);
}

export function makeTnef(lines: readonly string[], inside: readonly Carried[] = []): Buffer {
  const files = inside.flatMap(({ name, bytes }) => [
    attribute(2, ATTRIBUTES.attachRendData, Buffer.concat([u16(1), Buffer.alloc(12, 0xff)])),
    attribute(2, ATTRIBUTES.attachTitle, z(name)),
    attribute(2, ATTRIBUTES.attachData, bytes),
  ]);
  return Buffer.concat([
    u32(0x223e9f78),
    u16(1),
    attribute(1, ATTRIBUTES.version, u32(0x10000)),
    attribute(1, ATTRIBUTES.codePage, Buffer.concat([u32(1252), u32(0)])),
    attribute(1, ATTRIBUTES.messageClass, z('IPM.Microsoft Mail.Note')),
    attribute(1, ATTRIBUTES.subject, z('Report')),
    attribute(1, ATTRIBUTES.body, z(lines.join('\r\n'))),
    ...files,
  ]);
}

type Streams = readonly (readonly [path: string, bytes: Buffer])[];

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** A property of fixed length in a property stream (2.4.2.1). */
const fixed = (tag: number, value: number): Buffer => Buffer.concat([u32(tag), u32(6), u32(value), u32(0)]);
const variable = (tag: number, size: number): Buffer => Buffer.concat([u32(tag), u32(6), u32(size), u32(0)]);

function messageStreams(folder: string, lines: readonly string[], files: number, header: number): Streams {
  const [subject, body] = ['Report', lines.join('\r\n')];
  const head = Buffer.alloc(header);
  head.writeUInt32LE(files, 12);
  head.writeUInt32LE(files, 20);
  const properties = [
    variable(0x0037001f, subject.length * 2 + 2),
    variable(0x1000001f, body.length * 2 + 2),
    variable(0x001a001f, 18),
    fixed(0x340d0003, 0x40000),
  ];
  return [
    [`${folder}__properties_version1.0`, Buffer.concat([head, ...properties])],
    [`${folder}__substg1.0_0037001F`, wide(subject)],
    [`${folder}__substg1.0_1000001F`, wide(body)],
    [`${folder}__substg1.0_001A001F`, wide('IPM.Note')],
  ];
}

/** @param inside files; a message given as lines of text is embedded as Outlook embeds one, not as a file */
export function makeMsg(lines: readonly string[], inside: readonly (Carried | readonly string[])[] = []): Buffer {
  const attachments = inside.flatMap((one, i): Streams => {
    const folder = `__attach_version1.0_#${`${i}`.padStart(8, '0')}/`;
    if (!('bytes' in one)) {
      const properties = Buffer.concat([Buffer.alloc(8), fixed(0x37050003, 5), variable(0x3701000d, 0)]);
      return [[`${folder}__properties_version1.0`, properties], ...messageStreams(`${folder}__substg1.0_3701000D/`, one, 0, 24)];
    }
    const properties = [fixed(0x37050003, 1), variable(0x37010102, one.bytes.length), variable(0x3707001f, one.name.length * 2 + 2)];
    return [
      [`${folder}__properties_version1.0`, Buffer.concat([Buffer.alloc(8), ...properties])],
      [`${folder}__substg1.0_37010102`, one.bytes],
      [`${folder}__substg1.0_3707001F`, wide(one.name)],
      [`${folder}__substg1.0_370E001F`, wide(one.type)],
    ];
  });
  const names: Streams = ['00020102', '00030102', '00040102'].map((tag) => [`__nameid_version1.0/__substg1.0_${tag}`, Buffer.alloc(0)]);
  const file = CFB.utils.cfb_new();
  for (const [path, bytes] of [...messageStreams('', lines, inside.length, 32), ...names, ...attachments])
    CFB.utils.cfb_add(file, `/${path}`, bytes);
  CFB.utils.cfb_del(file, '/\u0001Sh33tJ5');
  const written: unknown = CFB.write(file, { type: 'buffer' });
  if (!Buffer.isBuffer(written)) throw new Error('no octets');
  return written;
}
