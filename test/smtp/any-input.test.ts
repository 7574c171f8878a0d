// Whatever a client says: every reply is well-formed and of the catalogue, nothing is a fault of ours, the listener lives on.
// Fixed seed, bounded count.
import fc from 'fast-check';
import t from 'tap';
import { MAIL_ERRORS } from '../../src/mail/mail-error.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';

const COMMANDS = [
  'EHLO x\r\n',
  'HELO x\r\n',
  'MAIL FROM:<a@hospital.example>\r\n',
  'MAIL FROM:<> SIZE=5\r\n',
  'MAIL FROM:<b@other.example> FOO\r\n',
  'RCPT TO:<b@x.example>\r\n',
  'RCPT TO:<postmaster> NOTIFY=NEVER\r\n',
  'DATA\r\n',
  'a: b\r\n\r\nbody\r\n',
  '.\r\n',
  '..\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'AUTH PLAIN\r\n',
  'AUTH LOGIN\r\n',
  'AHVzZXIAcGFzcw==\r\n',
  '*\r\n',
  'VRFY x\r\n',
  'QUIT\r\n',
  '\r\n',
  '\n',
  '\r',
  '\0',
  'x\u00ff\u00fe\r\n',
  'MAIL FROM:<\u00e4@hospital.example>\r\n',
  `${'y'.repeat(13_000)}\r\n`,
];

const words = new Set<string>(Object.values(MAIL_ERRORS).map(({ text }) => text));
const GOOD =
  /^(?:2(?:20|21|35|50|52)[ -]|334 |354 )(?:2\.\d\.\d |mail\.hospital\.example|PIPELINING|SIZE|8BITMIME|SMTPUTF8|ENHANCEDSTATUSCODES|DSN|REQUIRETLS|AUTH PLAIN LOGIN|STARTTLS|VXNlcm5hbWU6|UGFzc3dvcmQ6|End with|$)/;

/** A reply line that may leave: good news in the fixed words, or a failure of the catalogue with its status once or not at all. */
function isOurs(line: string): boolean {
  if (GOOD.test(line)) return true;
  const [, code, enhanced, text] = /^([45]\d\d) (?:([45]\.\d\.\d{1,2}) )?(.*)$/.exec(line) ?? [];
  return words.has(text ?? '') && (enhanced === undefined || enhanced[0] === code?.[0]);
}

await t.test('any order of commands, any octets', async (t) => {
  const surface = await startSurface(t, { failuresAllowed: 100_000, limits: { errorsPerSession: 30 } });
  const octets = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const dialogues = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...COMMANDS) }, octets), { minLength: 1, maxLength: 25 });
  const strange: string[] = [];
  let replies = 0;
  for (const [n, parts] of fc.sample(dialogues, { numRuns: 250, seed: 20261122 }).entries()) {
    const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
    await dialogue.reply();
    if (n % 2 === 0) await dialogue.startTls();
    if (n % 4 === 0) await dialogue.login('ehr', PASSWORD);
    // All at once, or piece by piece; the end closes a message that is open.
    if (n % 3 === 0) dialogue.write(Buffer.from(parts.join(''), 'latin1'));
    else for (const part of parts) dialogue.write(Buffer.from(part, 'latin1'));
    dialogue.write('\r\n.\r\nQUIT\r\n');
    for (let reply = await dialogue.reply(); reply !== ''; reply = await dialogue.reply()) {
      replies++;
      for (const line of reply.split('\r\n')) if (!isOurs(line)) strange.push(line);
      if (/^(?:221|421)/.test(reply)) break;
    }
    dialogue.destroy();
  }
  t.same([...new Set(strange)], []);
  t.ok(replies > 1_000, `${replies} replies`);
  t.same(surface.seen.named('bug'), []);
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  t.match(await dialogue.reply(), /^220/);
});
