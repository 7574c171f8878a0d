// The catalogue of failures: every entry is a sound SMTP reply, and an exception's cause never shows in it.
import t from 'tap';
import { MAIL_ERRORS, MailError, replyOf } from '../../src/mail/mail-error.ts';
import type { MailErrorCode } from '../../src/mail/mail-error.ts';
import { formatReply } from '../../src/mail/reply.ts';

const CODES = Object.keys(MAIL_ERRORS) as MailErrorCode[];

/** RFC 3463 3.5 gives delivery time expired as X.4.7; mail systems report it as 4.4.7 in a final DSN. */
const CLASS_MAY_DIFFER: readonly MailErrorCode[] = ['delivery.expired'];

await t.test('every entry', async (t) => {
  for (const code of CODES) {
    const entry = MAIL_ERRORS[code];
    t.match(code, /^[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*$/, `${code}: area.reason`);
    t.equal(entry.kind, entry.code >= 500 ? 'permanent' : 'temporary', `${code}: kind and code agree`);
    t.ok(entry.code >= 400 && entry.code <= 599, `${code}: a failure`);
    t.match(entry.enhanced, /^[45]\.\d{1,3}\.\d{1,3}$/, `${code}: enhanced status`);
    if (!CLASS_MAY_DIFFER.includes(code)) t.equal(entry.enhanced[0], String(entry.code)[0], `${code}: classes agree (RFC 2034 4)`);
    t.match(entry.text, /^[A-Z][\x20-\x7e]{9,199}$/, `${code}: one printable line`);
    t.notMatch(entry.text, /\d+\.\d+\.\d+\.\d+|@|[$%{}]/, `${code}: nothing of ours or of the message in it`);
    t.ok(formatReply(replyOf(code)).length <= 512, `${code}: fits a reply line (RFC 5321 4.5.3.1.5)`);
  }
});

await t.test('replies that clients are known to depend on', async (t) => {
  const table: readonly (readonly [MailErrorCode, number, string])[] = [
    ['session.tls-required', 530, '5.7.0'],
    ['session.auth-required', 530, '5.7.0'],
    ['auth.failed', 535, '5.7.8'],
    ['envelope.unknown-parameter', 555, '5.5.4'],
    ['envelope.too-many-recipients', 452, '4.5.3'],
    ['envelope.too-large', 552, '5.3.4'],
    ['envelope.needs-smtputf8', 553, '5.6.7'],
    ['store.disk-full', 452, '4.3.1'],
    ['route.null-mx', 556, '5.1.10'],
    ['delivery.requiretls-missing', 550, '5.7.30'],
    ['content.loop', 554, '5.4.6'],
  ];
  for (const [code, number, enhanced] of table) t.match(replyOf(code), { code: number, enhanced }, code);
});

await t.test('what a client did wrong is permanent, what is wrong here is temporary', async (t) => {
  for (const code of CODES) {
    if (code.startsWith('store.') || code.startsWith('limit.') || code.startsWith('session.too-'))
      t.equal(MAIL_ERRORS[code].kind, 'temporary', code);
    if (code.startsWith('content.') && code !== 'content.unreadable') t.equal(MAIL_ERRORS[code].kind, 'permanent', code);
  }
});

await t.test('the cause stays inside', async (t) => {
  const error = new MailError('store.unavailable', { cause: new Error('SQLITE_IOERR /var/lib/postern/queue.db') });
  t.equal(error.message, 'store.unavailable');
  t.equal(error.name, 'MailError');
  t.same(error.reply, { code: 451, enhanced: '4.3.0', text: 'Message could not be stored, try again' });
  t.notMatch(JSON.stringify(error), /SQLITE/);
  t.match(error.cause, { message: /SQLITE_IOERR/ });
});
