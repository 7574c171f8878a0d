// What comes back on a notice, told by its header: reports, answers of machines, answers of people.
import fc from 'fast-check';
import t from 'tap';
import { cameBack } from '../../src/mime/automatic-mail.ts';
import { parseHeaderBlock } from '../../src/mime/header-block.ts';
import { fuzz } from '../support/fuzz.ts';
import { AUTOMATIC, AWAY, OF_PEOPLE, REPORTS, type ReturnedMail } from '../support/returned-mail.ts';

const kindOf = ({ message, reversePath }: Omit<ReturnedMail, 'name'>): string => cameBack(parseHeaderBlock(message), reversePath).kind;

await t.test('samples of real systems', async (t) => {
  for (const one of REPORTS) t.equal(kindOf(one), 'report', one.name);
  for (const one of AWAY) t.equal(kindOf(one), 'away', one.name);
  for (const one of AUTOMATIC) t.equal(kindOf(one), 'automatic', one.name);
  for (const one of OF_PEOPLE) t.equal(kindOf(one), 'person', one.name);
});

const signs: readonly (readonly [header: string, reversePath: string, kind: string, sign: string | undefined])[] = [
  ['Content-Type: multipart/report; boundary=b', 'a@example.net', 'report', 'report-type'],
  ['Content-Type: multipart/report; report-type=disposition-notification; boundary=b', '', 'automatic', 'report-type'],
  ['X-Failed-Recipients: a@example.net', 'a@example.net', 'report', 'failed-recipients'],
  ['From: "MAILER-DAEMON" <>', 'a@example.net', 'person', undefined],
  ['From: MAILER-DAEMON@example.net', 'a@example.net', 'report', 'mailer-daemon'],
  ['From: =?UTF-8?Q?Mail_Delivery_System?= <x@example.net>', 'a@example.net', 'report', 'mailer-daemon'],
  ['From: "Postmaster" <postmaster@example.net>', 'a@example.net', 'report', 'mailer-daemon'],
  ['Auto-Submitted: auto-replied; owner-email="a@example.net"', 'a@example.net', 'away', 'auto-submitted'],
  ['AUTO-SUBMITTED: Auto-Replied', 'a@example.net', 'away', 'auto-submitted'],
  ['Auto-Submitted: auto-notified', 'a@example.net', 'automatic', 'auto-submitted'],
  ['Auto-Submitted: no (by hand)', 'a@example.net', 'person', undefined],
  ['Auto-Submitted:', 'a@example.net', 'person', undefined],
  ['X-AutoReply: YES', 'a@example.net', 'away', 'auto-reply-field'],
  ['Precedence: auto_reply', 'a@example.net', 'away', 'precedence'],
  ['List-Unsubscribe: <mailto:x@example.net>\r\nPrecedence: bulk', 'a@example.net', 'automatic', 'list'],
  ['Subject: Out of Office', 'a@example.net', 'away', 'subject'],
  ['Subject: outofoffice is a word', 'a@example.net', 'person', undefined],
  ['Subject: Automata and replies', 'a@example.net', 'person', undefined],
  ['Subject: hello', '', 'report', 'null-reverse-path'],
  ['Received: by x\r\n'.repeat(51).trimEnd(), 'a@example.net', 'loop', undefined],
  ['Received: by x\r\n'.repeat(50).trimEnd(), 'a@example.net', 'person', undefined],
];
await t.test('each sign', async (t) => {
  for (const [header, reversePath, kind, sign] of signs) {
    const found = cameBack(parseHeaderBlock(Buffer.from(`${header}\r\n\r\n`)), reversePath);
    t.same(found, sign === undefined ? { kind } : { kind, sign }, `${header.slice(0, 60).replace(/\r\n/g, ' ')} from <${reversePath}>`);
  }
});

await t.test('any octets are something', async (t) => {
  const kinds = ['person', 'report', 'away', 'automatic', 'loop'];
  fuzz(
    t,
    200,
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => kinds.includes(kindOf({ message: Buffer.from(bytes), reversePath: 'a@b' }))),
  );
});
