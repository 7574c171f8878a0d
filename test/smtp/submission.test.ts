// The words a Received field is made of, the capabilities, and the replies.
import t from 'tap';
import { MAIL_ERRORS, replyOf } from '../../src/mail/mail-error.ts';
import type { MailErrorCode } from '../../src/mail/mail-error.ts';
import { capabilities } from '../../src/smtp/capabilities.ts';
import { failureOf, replyError, successOf } from '../../src/smtp/replies.ts';
import { printableHelo, protocolWord } from '../../src/smtp/submission.ts';

await t.test('protocol words (RFC 3848, RFC 6531 4.3)', async (t) => {
  const tls = { protocol: 'TLSv1.3', cipher: 'x' };
  const table = [
    ['HELO', null, 'no', false, 'SMTP'],
    ['HELO', tls, 'yes', true, 'SMTP'],
    ['EHLO', null, 'no', false, 'ESMTP'],
    ['EHLO', tls, 'no', false, 'ESMTPS'],
    ['EHLO', null, 'yes', false, 'ESMTPA'],
    ['EHLO', tls, 'yes', false, 'ESMTPSA'],
    ['EHLO', null, 'no', true, 'UTF8SMTP'],
    ['EHLO', tls, 'no', true, 'UTF8SMTPS'],
    ['EHLO', null, 'yes', true, 'UTF8SMTPA'],
    ['EHLO', tls, 'yes', true, 'UTF8SMTPSA'],
  ] as const;
  for (const [greeting, secured, authenticated, smtpUtf8, word] of table) {
    t.equal(protocolWord({ greeting, tls: secured, authenticated }, { smtpUtf8 }), word, word);
  }
});

await t.test('a name for the trace field', async (t) => {
  t.equal(printableHelo('client.example'), 'client.example');
  t.equal(printableHelo('büro\ufffd'), 'b?ro?');
  t.equal(printableHelo('x'.repeat(300)).length, 255);
});

await t.test('capabilities', async (t) => {
  const always = ['PIPELINING', 'SIZE 1000', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'];
  const at = (tls: 'on' | 'off', login: 'offered' | 'done' | 'none') => capabilities({ tls, login, messageSizeBytes: 1000 });
  t.same(at('off', 'offered'), [...always, 'STARTTLS'], 'no AUTH in clear');
  t.same(at('on', 'offered'), [...always, 'REQUIRETLS', 'AUTH PLAIN LOGIN']);
  t.same(at('on', 'done'), [...always, 'REQUIRETLS']);
  t.same(at('on', 'none'), [...always, 'REQUIRETLS']);
  t.same(at('off', 'none'), [...always, 'STARTTLS']);
});

await t.test('whatever the library says, a reply of the catalogue leaves', async (t) => {
  const table: readonly (readonly [code: number, words: string, MailErrorCode])[] = [
    [421, 'Timeout - closing connection', 'session.timeout'],
    [421, 'Server shutting down', 'session.stopping'],
    [421, 'Error: Command line too long', 'session.line-too-long'],
    [421, 'Error: too many unrecognized commands', 'session.too-many-errors'],
    [421, 'mail.example You talk too soon', 'session.not-smtp'],
    [421, 'HTTP requests not allowed', 'session.not-smtp'],
    [421, 'Error: ENOENT /var/lib/postern/secret', 'session.fault'],
    [500, 'Error: command not recognized', 'session.unknown-command'],
    [501, 'Error: invalid userdata', 'session.bad-arguments'],
    [503, 'Error: send HELO/EHLO first', 'session.bad-sequence'],
    [504, 'Error: Unrecognized authentication type', 'auth.unknown-mechanism'],
    [535, 'Error: Authentication credentials invalid', 'auth.failed'],
    [451, 'Error: internal server error', 'session.internal'],
    [450, 'SQLITE_IOERR: disk I/O error', 'session.internal'],
    [550, 'subject: secret', 'session.internal'],
    [550, '5.7.1 toString', 'session.internal'],
    [550, 'constructor', 'session.internal'],
  ];
  for (const [code, words, wanted] of table) t.equal(failureOf(code, words), wanted, words);
});

await t.test('codes of ours go through the library and come out as themselves', async (t) => {
  for (const code of Object.keys(MAIL_ERRORS) as MailErrorCode[]) {
    const error = replyError(code);
    t.equal(failureOf(error.responseCode, error.message), code);
    t.equal(error.responseCode, replyOf(code).code);
  }
});

await t.test('good news', async (t) => {
  t.equal(successOf(220, 'mail.example ESMTP', 'plain'), 'mail.example ESMTP');
  t.equal(successOf(220, 'Ready to start TLS', 'fixed'), '2.0.0 Ready to start TLS');
  t.equal(successOf(334, 'VXNlcm5hbWU6', 'fixed'), 'VXNlcm5hbWU6');
  t.equal(successOf(235, 'Authentication successful', 'fixed'), '2.7.0 Logged in');
  t.equal(successOf(299, 'whatever it says', 'fixed'), '2.0.0 OK');
  t.same(successOf(250, ['a', 'b'], 'plain'), ['a', 'b']);
});
