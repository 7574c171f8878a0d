// Messages as a clinic writes them, for the portal's pages: a letter with files, an HTML message with pictures of both kinds, and what an attacker writes.
import { deflateSync } from 'node:zlib';
import type { MemoryMessage } from './desk-in-memory.ts';

const SENT = Date.UTC(2026, 10, 27, 14, 5);
const DAY_MS = 86_400_000;
export const PAT = 'pat@home.example';

const id = (letter: string): string => `01M00000000000000000000P0${letter}/0`;
export const MESSAGE_IDS = {
  letter: id('A'),
  html: id('B'),
  clinicOnly: id('C'),
  belowFloor: id('D'),
  recalled: id('E'),
  expired: id('F'),
  hostile: id('G'),
} as const;
export type PortalMessageName = keyof typeof MESSAGE_IDS;
export const MESSAGE_NAMES = Object.keys(MESSAGE_IDS) as readonly PortalMessageName[];

/** A PNG of one colour, so large. */
export function png(width: number, height: number, rgb: readonly [number, number, number]): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array.from({ length: width }, () => Buffer.from(rgb)))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(octets: Buffer): number {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** One page with one line of text. */
export function pdf(text: string): Buffer {
  const stream = `BT /F1 24 Tf 40 200 Td (${text}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>\nstream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let file = '%PDF-1.4\n';
  const places: number[] = [];
  for (const [i, object] of objects.entries()) {
    places.push(file.length);
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  );
}

interface File {
  readonly name: string;
  readonly type: string;
  readonly octets: Buffer;
  readonly cid?: string;
}

function mail(subject: string, from: string, body: string, files: readonly File[] = []): Buffer {
  const part = ({ name, type, octets, cid }: File): string =>
    [
      '--b1',
      `Content-Type: ${type}; name*=UTF-8''${encodeURIComponent(name)}`,
      'Content-Transfer-Encoding: base64',
      cid === undefined ? `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}` : `Content-ID: <${cid}>`,
      '',
      octets.toString('base64').replace(/.{76}/g, '$&\r\n'),
      '',
    ].join('\r\n');
  return Buffer.from(
    [
      `From: ${from}`,
      `To: Pat Doe <${PAT}>, "Sam O'Hara" <sam@home.example>`,
      'Cc: Reception <desk@clinic.example>',
      `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`,
      'Date: Fri, 27 Nov 2026 14:05:00 +0000',
      'Message-ID: <one@clinic.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      `Content-Type: ${body.startsWith('<') ? 'text/html' : 'text/plain'}; charset=utf-8`,
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n'),
      '',
      ...files.map(part),
      '--b1--',
      '',
    ].join('\r\n'),
  );
}

const JANE = 'Dr. Jane Roe <jane.roe@clinic.example>';
const LETTER = `Dear Pat,

thank you for coming on Tuesday. The picture of your knee shows no break. Please rest it for two weeks, and walk a little every day.

I have added the picture and a sheet with exercises. Call us if it swells again.

Kind regards
Jane Roe`;
const HTML = `<div style="font-family:sans-serif"><h1 style="color:#7a3e9d">Your visit on Friday</h1><p>Dear Pat, please come at <b>nine</b>.</p>
<img src="cid:map" alt="Map"><img src="https://pictures.example/track.png" alt="Banner">
<table border="1"><tr><td>Blood test</td><td>do not eat before</td></tr></table>
<p><a href="https://clinic.example/way">How to find us</a></p></div>`;

/** Texts that would do something where they are not escaped. */
export const SCRIPT = '<script>document.title="hit"</script><img src=x onerror="document.title=\'hit\'">';

const usual = {
  brand: 'default',
  from: 'Dr. Jane Roe',
  sentAt: SENT,
  expiresAt: SENT + 30 * DAY_MS,
  state: 'open',
  opened: false,
  wants: 'address',
  address: PAT,
  mailedCode: 'may-travel',
} as const;

export const PORTAL_MESSAGES: readonly MemoryMessage[] = [
  {
    ...usual,
    deliveryId: MESSAGE_IDS.letter,
    content: mail('Your knee: what the picture shows', JANE, LETTER, [
      { name: 'knee.png', type: 'image/png', octets: png(320, 200, [70, 90, 110]) },
      { name: 'exercises.pdf', type: 'application/pdf', octets: pdf('Bend and stretch ten times.') },
      { name: 'notes.txt', type: 'text/plain', octets: Buffer.from('Ice, rest, and a short walk.\n') },
      { name: 'table.xlsx', type: 'application/vnd.ms-excel', octets: Buffer.alloc(52_000, 'PK\x03\x04') },
    ]),
  },
  {
    ...usual,
    sentAt: SENT - DAY_MS,
    deliveryId: MESSAGE_IDS.html,
    content: mail('Your visit on Friday', JANE, HTML, [
      { name: 'map.png', type: 'image/png', octets: png(200, 100, [30, 120, 60]), cid: 'map' },
    ]),
  },
  { ...usual, deliveryId: MESSAGE_IDS.clinicOnly, wants: 'clinic', content: mail('Result', JANE, 'The result is here, and it is good.') },
  {
    ...usual,
    deliveryId: MESSAGE_IDS.belowFloor,
    wants: 'clinic',
    mailedCode: 'below-floor',
    from: 'Laboratory',
    content: mail('Result', JANE, 'It is normal.'),
  },
  { ...usual, deliveryId: MESSAGE_IDS.recalled, state: 'recalled', content: mail('Sent by mistake', JANE, 'Not for you.') },
  { ...usual, deliveryId: MESSAGE_IDS.expired, state: 'expired', expiresAt: SENT - DAY_MS, content: mail('Old', JANE, 'Old.') },
  {
    ...usual,
    deliveryId: MESSAGE_IDS.hostile,
    from: `Jane ${SCRIPT}`,
    content: mail(
      `Hello ${SCRIPT}`,
      `"${SCRIPT.replaceAll('"', "'")}" <jane.roe@clinic.example>`,
      `<p onclick="top.location='https://evil.example/'">Please call us about Friday.</p>${SCRIPT}<form action="https://evil.example/"><input name="a"><button>Go</button></form><iframe src="https://evil.example/"></iframe><a href="javascript:alert(1)">link</a>`,
      [
        { name: `<img src=x onerror=alert(1)>.png`, type: 'image/png', octets: png(8, 8, [1, 2, 3]) },
        {
          name: 'picture.svg',
          type: 'image/svg+xml',
          octets: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>`),
        },
        { name: 'page.html', type: 'image/png', octets: Buffer.from(`<html>${SCRIPT}</html>`) },
        { name: '../../etc/passwd\u202egnp.exe', type: 'text/html', octets: Buffer.from(SCRIPT) },
      ],
    ),
  },
];
