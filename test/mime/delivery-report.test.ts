// What reports about delivery say, by their machine-readable part or their words.
import fc from 'fast-check';
import t from 'tap';
import { readDeliveryReport, REPORT_OCTETS } from '../../src/mime/delivery-report.ts';
import { fuzz } from '../support/fuzz.ts';
import { REPORTS } from '../support/returned-mail.ts';

await t.test('samples of real systems', async (t) => {
  for (const { name, message, action, status } of REPORTS) t.match(readDeliveryReport(message), { action, status }, name);
});

const withStatus = (fields: string, encoding = '7bit'): Buffer =>
  Buffer.from(
    `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${fields}\r\n--b--\r\n`,
  );
const inWords = (subject: string, text: string): Buffer => Buffer.from(`Subject: ${subject}\r\n\r\n${text}\r\n`);

const cases: readonly (readonly [name: string, message: Buffer, action: string, status: string | null])[] = [
  ['failed with a status that is none', withStatus('Action: failed\r\nStatus: 9.9.9'), 'failed', null],
  ['failed for good though its status is temporary', withStatus('Action: FAILED\r\nStatus: 4.4.7 (expired)'), 'failed', '4.4.7'],
  ['in quoted-printable', withStatus('Action:=20failed\r\nStatus: 5.1.1', 'quoted-printable'), 'failed', '5.1.1'],
  ['expanded', withStatus('Action: expanded\r\nStatus: 2.0.0'), 'delivered', null],
  ['an action that nobody knows', withStatus('Action: pondered'), 'delivered', null],
  ['no action: its words count', withStatus('Status: 5.0.0'), 'unclear', null],
  ['a failure in the words', inWords('x', 'Your message could not be delivered: 550 (5.1.1) no such user'), 'failed', '5.1.1'],
  [
    'a delay beats a failure that it warns of',
    inWords('x', 'Delayed. If it cannot be sent, delivery failed will be told.'),
    'delayed',
    null,
  ],
  ['a subject beats the text', inWords('Undeliverable: hello', 'It was delayed for a week.'), 'failed', null],
  ['a status that is a version', inWords('Returned mail', 'Mailer 5.14.2.7'), 'failed', null],
  ['nothing', Buffer.alloc(0), 'unclear', null],
];
await t.test('read', async (t) => {
  for (const [name, message, action, status] of cases) t.match(readDeliveryReport(message), { action, status }, name);
});

const givenBack = (type: string, content: string, encoding = '7bit'): Buffer =>
  Buffer.from(
    `Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b\r\n` +
      `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${content}\r\n--b--\r\n`,
  );
const HEADER = 'Subject: x\r\nMessage-ID: <one@clinic.example>\r\n';

const originals: readonly (readonly [name: string, message: Buffer, original: string | null])[] = [
  ['its header', givenBack('text/rfc822-headers', HEADER), 'one@clinic.example'],
  ['all of it', givenBack('message/rfc822', `${HEADER}\r\nMessage-ID: <two@clinic.example>\r\n`), 'one@clinic.example'],
  ['in UTF-8', givenBack('message/global-headers', HEADER), 'one@clinic.example'],
  ['in base64', givenBack('text/rfc822-headers', Buffer.from(HEADER).toString('base64'), 'base64'), 'one@clinic.example'],
  ['folded', givenBack('message/rfc822', 'message-id:\r\n <one@clinic.example>\r\n\r\n'), 'one@clinic.example'],
  ['only in the body', givenBack('message/rfc822', 'Subject: x\r\n\r\nMessage-ID: <two@clinic.example>\r\n'), null],
  ['no id', givenBack('message/rfc822', 'Message-ID: one\r\n\r\n'), null],
  ['nothing given back', withStatus('Action: failed'), null],
  ['an id of its own', inWords('Returned mail', 'Message-ID: <one@clinic.example>'), null],
];
await t.test('which message it gives back', async (t) => {
  for (const [name, message, original] of originals) t.equal(readDeliveryReport(message).original, original, name);
});

await t.test('bounded', async (t) => {
  const filler = Buffer.alloc(REPORT_OCTETS, 'x\r\n');
  t.equal(readDeliveryReport(Buffer.concat([inWords('hello', 'fine'), filler, withStatus('Action: failed')])).action, 'unclear');
  const many = `${'Action: delivered\r\n\r\n'.repeat(2_000)}Action: failed`;
  t.equal(readDeliveryReport(withStatus(many)).action, 'delivered', 'of so many recipients not all are looked at');
});

await t.test('any octets are something', async (t) => {
  const actions = ['failed', 'delayed', 'delivered', 'unclear'];
  const octets = fc.array(
    fc.constantFrom('Content-Type: multipart/report; boundary=b\r\n', '\r\n', '--b', 'Action: failed', '\0', 'é', 'x'),
    { maxLength: 40 },
  );
  fuzz(
    t,
    200,
    fc.property(octets, (pieces) => actions.includes(readDeliveryReport(Buffer.from(pieces.join(''))).action)),
  );
});
