// Messages as mail programs write them, each with what a reader shall see of it. Synthetic: structure and habits only are theirs.

export const PNG_BASE64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export interface Letter {
  readonly name: string;
  readonly message: Buffer;
  /** `text` or `html`, a colon and what is shown; `none`. */
  readonly body: string;
  /** `place name type preview`. */
  readonly attachments: readonly string[];
}

/** Lines with CRLF. */
export function lines(...all: readonly string[]): Buffer {
  return Buffer.from(all.join('\r\n'), 'latin1');
}

const HEAD = ['From: a@clinic.example', 'To: b@example.net', 'Subject: hello', 'MIME-Version: 1.0'];

/** A multipart with its parts, each as lines. */
export function multipart(subtype: string, boundary: string, ...parts: readonly (readonly string[])[]): readonly string[] {
  const type = `Content-Type: multipart/${subtype}; boundary="${boundary}"`;
  return [type, '', ...parts.flatMap((part) => [`--${boundary}`, ...part]), `--${boundary}--`];
}

export function part(type: string, body: string, ...fields: readonly string[]): readonly string[] {
  return [`Content-Type: ${type}`, ...fields, '', body];
}

const PLAIN = part('text/plain; charset=utf-8', 'words');
const HTML = part('text/html; charset=utf-8', '<p>words</p>');
const PICTURE = part(
  'image/png; name=logo.png',
  PNG_BASE64,
  'Content-ID: <logo@x>',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: inline',
);
const HTML_WITH_PICTURE = part('text/html', '<p>words <img src="cid:logo@x"></p>');
const PDF = part('application/pdf; name="a.pdf"', '%PDF-1.4', 'Content-Disposition: attachment; filename="a.pdf"');

function letter(name: string, entity: readonly string[], body: string, ...attachments: readonly string[]): Letter {
  return { name, message: lines(...HEAD, ...entity, ''), body, attachments };
}

export const LETTERS: readonly Letter[] = [
  letter('plain text', PLAIN, 'text:words'),
  letter('no type', ['', 'words'], 'text:words'),
  letter('HTML alone', HTML, 'html:<p>words</p>'),
  letter('alternatives', multipart('alternative', 'a', PLAIN, HTML), 'html:<p>words</p>'),
  letter(
    'alternatives, the last of which cannot be shown',
    multipart('alternative', 'a', PLAIN, part('application/x-own', 'x')),
    'text:words',
    '2 attachment-2.txt text/plain text',
  ),
  letter('alternatives with an empty one', multipart('alternative', 'a', PLAIN, part('text/html', '')), 'text:words'),
  letter(
    'an invitation (Exchange)',
    multipart('alternative', 'a', PLAIN, HTML, part('text/calendar; method=REQUEST', 'BEGIN:VCALENDAR')),
    'html:<p>words</p>',
    '3 attachment-3.ics text/calendar text',
  ),
  letter(
    'a newsletter with AMP',
    multipart('alternative', 'a', PLAIN, part('text/x-amp-html', '<html amp>'), HTML),
    'html:<p>words</p>',
    '2 attachment-2.bin application/octet-stream none',
  ),
  letter(
    'pictures of Outlook',
    multipart('related', 'r', [...multipart('alternative', 'a', PLAIN, HTML_WITH_PICTURE)], PICTURE),
    'html:<p>words <img src="part:2"></p>',
  ),
  letter(
    'pictures of Thunderbird',
    multipart('alternative', 'a', PLAIN, [...multipart('related', 'r', HTML_WITH_PICTURE, PICTURE)]),
    'html:<p>words <img src="part:2.2"></p>',
  ),
  letter(
    'a root that is not the first',
    [
      'Content-Type: multipart/related; boundary=r; start="<root@x>"',
      '',
      '--r',
      ...PICTURE,
      '--r',
      ...part('text/html', '<p>words</p>', 'Content-ID: <root@x>'),
      '--r--',
    ],
    'html:<p>words</p>',
    '1 logo.png image/png picture',
  ),
  letter('a picture that nothing shows', multipart('related', 'r', HTML, PICTURE), 'html:<p>words</p>', '2 logo.png image/png picture'),
  letter(
    'a picture in mixed parts',
    multipart('mixed', 'm', HTML_WITH_PICTURE, PICTURE, PDF),
    'html:<p>words <img src="part:2"></p>',
    '3 a.pdf application/pdf pdf',
  ),
  letter('text and a file', multipart('mixed', 'm', PLAIN, PDF), 'text:words', '2 a.pdf application/pdf pdf'),
  letter(
    'Apple Mail: text, file, text',
    multipart('mixed', 'm', PLAIN, PDF, part('text/plain', 'more')),
    'text:words\n\nmore',
    '2 a.pdf application/pdf pdf',
  ),
  letter(
    'Apple Mail: a file among the alternatives',
    multipart('alternative', 'a', PLAIN, [...multipart('mixed', 'm', HTML, PDF, part('text/html', '<p>more</p>'))]),
    'html:<p>words</p><p>more</p>',
    '2.2 a.pdf application/pdf pdf',
  ),
  letter(
    'a file in the alternative that is not shown',
    multipart('alternative', 'a', [...multipart('mixed', 'm', PLAIN, PDF)], HTML),
    'html:<p>words</p>',
    '1.2 a.pdf application/pdf pdf',
  ),
  letter(
    'the line of a list',
    multipart('mixed', 'm', HTML, part('text/plain', '-- \r\nlist <a@b>')),
    'html:<p>words</p><div style="white-space: pre-wrap">--\nlist &lt;a@b&gt;</div>',
  ),
  letter('signed with S/MIME', multipart('signed', 's', PLAIN, part('application/pkcs7-signature; name=smime.p7s', 'MII=')), 'text:words'),
  letter(
    'signed with OpenPGP',
    multipart('signed', 's', [...multipart('mixed', 'm', PLAIN, PDF)], part('application/pgp-signature', '-----BEGIN')),
    'text:words',
    '1.2 a.pdf application/pdf pdf',
  ),
  letter(
    'encrypted with OpenPGP',
    multipart(
      'encrypted',
      'e',
      part('application/pgp-encrypted', 'Version: 1'),
      part('application/octet-stream; name=encrypted.asc', '-----BEGIN PGP MESSAGE-----'),
    ),
    'none',
    '1 attachment-1.txt text/plain text',
    '2 encrypted.asc text/plain text',
  ),
  letter(
    'a message that was forwarded',
    multipart('mixed', 'm', PLAIN, part('message/rfc822', 'From: c@d.example\r\nSubject: =?utf-8?q?Die_=C3=9Cberweisung?=\r\n\r\nhello')),
    'text:words',
    '2 Die Überweisung.eml message/rfc822 none',
  ),
  letter(
    'a digest',
    multipart('digest', 'd', ['', 'Subject: one', '', 'x'], ['', 'Subject: two', '', 'y']),
    'none',
    '1 one.eml message/rfc822 none',
    '2 two.eml message/rfc822 none',
  ),
  letter(
    'a delivery report',
    multipart(
      'report; report-type=delivery-status',
      'p',
      PLAIN,
      part('message/delivery-status', 'Action: failed'),
      part('text/rfc822-headers', 'Subject: x'),
    ),
    'text:words\n\nSubject: x',
    '2 attachment-2.txt text/plain text',
  ),
  letter(
    'winmail.dat',
    multipart('mixed', 'm', PLAIN, part('application/ms-tnef; name=winmail.dat', 'eJ8+IgEAAAAAAA==', 'Content-Transfer-Encoding: base64')),
    'text:words',
    '2 winmail.dat application/octet-stream none',
  ),
  letter(
    'text that is a file',
    multipart('mixed', 'm', PLAIN, part('text/plain; name=notes.txt', 'notes', 'Content-Disposition: inline; filename=notes.txt')),
    'text:words',
    '2 notes.txt text/plain text',
  ),
  letter(
    'a page that is a file',
    multipart('mixed', 'm', PLAIN, part('text/html; name=page.html', '<p>x</p>', 'Content-Disposition: attachment')),
    'text:words',
    '2 page.html application/octet-stream none',
  ),
  letter('a file alone', PDF, 'none', '1 a.pdf application/pdf pdf'),
  letter('a body that is called something', part('text/plain; name=message.txt', 'words'), 'text:words'),
  letter('flowed text', part('text/plain; format=flowed', 'one \r\ntwo\r\nthree'), 'text:one two\nthree'),
  letter('flowed text with DelSp', part('text/plain; format=flowed; delsp=yes', 'one \r\ntwo'), 'text:onetwo'),
  letter(
    'quoted-printable',
    part('text/plain; charset=utf-8', 'Gr=C3=BC=\r\n=C3=9Fe', 'Content-Transfer-Encoding: quoted-printable'),
    'text:Grüße',
  ),
  letter('base64', part('text/plain; charset=iso-8859-1', 'R3L832U=', 'Content-Transfer-Encoding: base64'), 'text:Grüße'),
  letter('a charset of Japan', part('text/plain; charset=iso-2022-jp', '\x1b$B$3$s$K$A$O\x1b(B'), 'text:こんにちは'),
  letter(
    'a charset that the page names',
    part('text/html', '<meta charset=windows-1251><p>\xcf\xf0\xe8\xe2\xe5\xf2</p>'),
    'html:<p>Привет</p>',
  ),
  letter('text of an unknown kind', part('text/x-own', 'words'), 'text:words'),
  letter('no parts', ['Content-Type: multipart/mixed; boundary=m', '', 'only words'], 'text:only words'),
  letter('no boundary', ['Content-Type: multipart/mixed', '', '--x', 'words'], 'text:--x\nwords'),
  letter('not closed', ['Content-Type: multipart/mixed; boundary=m', '', '--m', ...PLAIN], 'text:words'),
  letter(
    'an encoding on the multipart',
    ['Content-Transfer-Encoding: quoted-printable', ...multipart('mixed', 'm', PLAIN, PDF)],
    'text:words',
    '2 a.pdf application/pdf pdf',
  ),
  letter('a comment in the type', ['Content-Type: multipart/mixed (mixed); boundary=m', '', '--m', ...PLAIN, '--m--'], 'text:words'),
  letter(
    'a boundary in pieces',
    ['Content-Type: multipart/mixed; boundary*0=m; boundary*1=n', '', '--mn', ...PLAIN, '--mn--'],
    'text:words',
  ),
];
