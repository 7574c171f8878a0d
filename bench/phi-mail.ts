// Messages made from labelled items as each folder's SOURCE.txt says: text as a body, a file as an attachment beside a neutral body.
import { encoded } from '../test/support/sentinel/mail-files.ts';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** Ordinary addresses of two organisations: nothing in them tells of health. */
export const NEUTRAL: Envelope = { from: 'office@example.org', to: ['reader@example.net'] };

const DATE = 'Fri, 27 Nov 2026 10:00:00 +0000';

function head({ from, to }: Envelope, subject: string, more: readonly string[]): string {
  return [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    `Date: ${DATE}`,
    'Message-ID: <1@example.org>',
    'MIME-Version: 1.0',
    ...more,
    '',
    '',
  ].join('\r\n');
}

/** One text part in quoted-printable. */
export function textMail(text: string, subtype: 'plain' | 'html', envelope: Envelope = NEUTRAL, subject = 'A question'): Buffer {
  const fields = [`Content-Type: text/${subtype}; charset=utf-8`, 'Content-Transfer-Encoding: quoted-printable'];
  return Buffer.concat([Buffer.from(head(envelope, subject, fields)), encoded(Buffer.from(text), 'quoted-printable'), Buffer.from('\r\n')]);
}

/** A body that says nothing, and the file in base64. */
export function fileMail(bytes: Buffer, name: string): Buffer {
  const fields = ['Content-Type: multipart/mixed; boundary="=_phi_"'];
  const parts = [
    '--=_phi_',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Please see the attached.',
    '',
    '--=_phi_',
    `Content-Type: ${typeOf(name)}; name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename="${name}"`,
    '',
    '',
  ];
  return Buffer.concat([
    Buffer.from(head(NEUTRAL, 'Attached', fields)),
    Buffer.from(parts.join('\r\n')),
    encoded(bytes, 'base64'),
    Buffer.from('\r\n--=_phi_--\r\n'),
  ]);
}

function typeOf(name: string): string {
  if (/\.(?:ccda|xml)$/i.test(name)) return 'application/xml';
  if (/\.hl7$/i.test(name)) return 'application/hl7-v2';
  if (/\.dcm$/i.test(name)) return 'application/dicom';
  if (/\.json$/i.test(name)) return 'application/json';
  return 'application/octet-stream';
}

/** A message as it lies in a mailbox, without the line that mbox puts before it. */
export function storedMail(bytes: Buffer): Buffer {
  return bytes.subarray(0, 5).toString('latin1') === 'From ' ? bytes.subarray(bytes.indexOf(10) + 1) : bytes;
}

const FILLED: Readonly<Record<string, string>> = {
  name: 'Dana Whitfield',
  commenter_name: 'Marcus Oyelaran',
  invite_sender_name: 'Priya Raman',
  sender_name: 'Priya Raman',
  product_name: 'Tallybook',
  company_name: 'Tallybook Software, LLC',
  company_address: '1200 Harbor Street, Suite 4, Portland, OR 97209',
  support_email: 'support@tallybook.example',
  email: 'dana.whitfield@example.net',
  username: 'dwhitfield',
  invoice_id: '2026-10442',
  receipt_id: '88-20317',
  date: 'November 27, 2026',
  due_date: 'December 11, 2026',
  total: '$129.00',
  amount: '$43.00',
  description: 'Team plan, monthly',
  credit_card_brand: 'Visa',
  credit_card_last_four: '4242',
  body: 'I moved the milestone to Thursday, is that fine?',
  operating_system: 'Windows 11',
  browser_name: 'Firefox',
};

/** A template of transactional mail with its variables filled: identifiers without health. */
export function filled(template: string): string {
  return template
    .replace(/\{\{[#/^]\s*(?:each\s+)?[\w.]*\s*\}\}/g, '')
    .replace(
      /\{\{\{?\s*([\w.]+)\s*\}?\}\}/g,
      (_, name: string) => FILLED[name] ?? (/url$/.test(name) ? 'https://tallybook.example/a/7f3' : '12'),
    );
}
