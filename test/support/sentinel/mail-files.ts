// Writers of messages (RFC 5322, MIME): bodies, attachments and header fields in every encoding.
import type { Carried } from './sentence.ts';

export const TRANSFER_ENCODINGS = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64', 'x-uuencode'] as const;
export type TransferEncoding = (typeof TRANSFER_ENCODINGS)[number];

export function encoded(bytes: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
      return bytes;
    case 'base64':
      return Buffer.from(bytes.toString('base64').replace(/.{76}/g, '$&\r\n'));
    case 'quoted-printable':
      return quotedPrintable(bytes);
    case 'x-uuencode':
      return uuencoded(bytes, 'file.bin');
  }
}

/** Every octet that is not plain, and a soft line break well inside words (RFC 2045 6.7). */
function quotedPrintable(bytes: Buffer): Buffer {
  const pieces: string[] = [];
  let width = 0;
  for (const octet of bytes) {
    const plain = octet > 0x20 && octet < 0x7f && octet !== 0x3d;
    const piece = plain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;
    if (width + piece.length > 70) {
      pieces.push('=\r\n');
      width = 0;
    }
    pieces.push(piece);
    width += piece.length;
  }
  return Buffer.from(pieces.join(''));
}

/** POSIX uuencode, the historical algorithm. */
export function uuencoded(bytes: Buffer, name: string): Buffer {
  const letter = (six: number): string => String.fromCharCode(six === 0 ? 0x60 : six + 0x20);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 45) {
    const piece = bytes.subarray(at, at + 45);
    let line = letter(piece.length);
    for (let i = 0; i < piece.length; i += 3) {
      const [a = 0, b = 0, c = 0] = piece.subarray(i, i + 3);
      line += letter(a >> 2) + letter(((a & 3) << 4) | (b >> 4)) + letter(((b & 15) << 2) | (c >> 6)) + letter(c & 63);
    }
    lines.push(line);
  }
  return Buffer.from(`begin 644 ${name}\r\n${lines.map((line) => `${line}\r\n`).join('')}\`\r\nend\r\n`);
}

const HEAD = [
  'From: ann@clinic.example',
  'To: bob@lab.example',
  'Date: Fri, 27 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@clinic.example>',
  'MIME-Version: 1.0',
];

/** A message of one part. */
export function makeMail(body: Buffer, type: string, encoding: TransferEncoding, more: readonly string[] = ['Subject: Report']): Buffer {
  const head = [...HEAD, ...more, `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), encoded(body, encoding), Buffer.from('\r\n')]);
}

/** A message with a line of text and files beside it; 'message/rfc822' goes as it is. */
export function makeMailWith(files: readonly Carried[], encoding: TransferEncoding, subtype = 'mixed'): Buffer {
  // Nested messages need boundaries of their own.
  const boundary = `=_${files.reduce((sum, { bytes }) => sum + bytes.length, files.length).toString(36)}_b`;
  const parts = files.flatMap(({ bytes, type, name }) => {
    const as = type === 'message/rfc822' ? '8bit' : encoding;
    const head = [
      `--${boundary}`,
      `Content-Type: ${type}; name="${name}"`,
      `Content-Transfer-Encoding: ${as}`,
      `Content-Disposition: attachment; filename="${name}"`,
    ];
    return [Buffer.from(`${head.join('\r\n')}\r\n\r\n`), encoded(bytes, as), Buffer.from('\r\n')];
  });
  const head = [
    ...HEAD,
    'Subject: Report',
    `Content-Type: multipart/${subtype}; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain',
    '',
    'See attached',
    '',
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n')), ...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

/** A body inside as many multiparts as said. */
export function makeNestedMultiparts(body: string, levels: number): Buffer {
  const at = (level: number): string => `=_level_${level}_`;
  const open = Array.from({ length: levels }, (_, i) => `Content-Type: multipart/mixed; boundary="${at(i)}"\r\n\r\n--${at(i)}\r\n`).join(
    '',
  );
  const close = Array.from({ length: levels }, (_, i) => `\r\n--${at(levels - 1 - i)}--\r\n`).join('');
  return Buffer.from(
    `${[...HEAD, 'Subject: Report'].join('\r\n')}\r\n${open}Content-Type: text/plain; charset=utf-8\r\n\r\n${body}${close}`,
  );
}

/** RFC 2047 encoded words of a whole text, `size` octets each at most. */
export function encodedWords(octets: Buffer, charset: string, coding: 'B' | 'Q', size = 30): string {
  const words: string[] = [];
  for (let at = 0; at < octets.length; at += size) {
    const piece = octets.subarray(at, at + size);
    const q = [...piece].map((octet) =>
      /[A-Za-z0-9]/.test(String.fromCharCode(octet)) ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    );
    words.push(`=?${charset}?${coding}?${coding === 'B' ? piece.toString('base64') : q.join('')}?=`);
  }
  return words.join('\r\n ');
}

/** RFC 2231 continuations of an extended parameter. */
export function extendedParameter(name: string, octets: Buffer, charset: string, size = 20): string {
  const pieces: string[] = [];
  for (let at = 0; at < octets.length; at += size) {
    const text = [...octets.subarray(at, at + size)].map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    pieces.push(`;\r\n ${name}*${pieces.length}*=${at === 0 ? `${charset}''` : ''}${text}`);
  }
  return pieces.join('');
}
