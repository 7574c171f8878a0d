// Smuggling: no false end of mail is taken for one, no message that holds one is kept, and what follows is never run as commands.
import t from 'tap';
import { MailError } from '../../src/mail/mail-error.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { FALSE_ENDS } from '../support/smuggling.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';
import type { TestSurface } from '../support/submission-surface.ts';

const SMUGGLED = 'MAIL FROM:<boss@hospital.example>\r\nRCPT TO:<victim@x.example>\r\nDATA\r\nSubject: smuggled\r\n\r\npay at once\r\n';

async function transaction(surface: TestSurface): Promise<Dialogue> {
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.startTls();
  for (const line of [
    `AUTH PLAIN ${Buffer.from(`\0ehr\0${PASSWORD}`).toString('base64')}`,
    'MAIL FROM:<a@hospital.example>',
    'RCPT TO:<b@x.example>',
    'DATA',
  ]) {
    const reply = await dialogue.say(line);
    if (!/^[23]/.test(reply)) throw new Error(reply);
  }
  return dialogue;
}

await t.test('every form, with a second message behind it', async (t) => {
  const surface = await startSurface(t);
  for (const [name, end] of FALSE_ENDS) {
    for (const how of ['in one write', 'octet by octet'] as const) {
      const dialogue = await transaction(surface);
      const octets = Buffer.from(`Subject: x\r\n\r\n${end}${SMUGGLED}.\r\nNOOP\r\n`, 'latin1');
      if (how === 'in one write') dialogue.write(octets);
      else for (const octet of octets) dialogue.write(Uint8Array.of(octet));
      t.equal((await dialogue.reply()).slice(0, 10), '554 5.6.0 ', `${name}, ${how}`);
      t.equal(await dialogue.reply(), '250 2.0.0 OK', `${name}: one message, and then the command behind its real end`);
      t.match(await dialogue.send('a@hospital.example', ['b@x.example'], 'all: well\r\n\r\n'), /^250 /, `${name}: the session goes on`);
      dialogue.destroy();
    }
  }
  t.equal(surface.accept.kept.length, FALSE_ENDS.length * 2);
  t.ok(
    surface.accept.kept.every(({ content }) => content.toString() === 'all: well\r\n\r\n'),
    'nothing smuggled was kept',
  );
  t.equal(surface.accept.messages.length, FALSE_ENDS.length * 4, 'every refused one was aborted');
});

await t.test('in the header and in the body, early and late', async (t) => {
  const surface = await startSurface(t);
  const table: readonly (readonly [name: string, content: string])[] = [
    ['first octet LF', '\nSubject: x\r\n\r\nbody\r\n'],
    ['first octet CR', '\rSubject: x\r\n\r\nbody\r\n'],
    ['first octet NUL', '\0Subject: x\r\n\r\nbody\r\n'],
    ['bare LF in the header', 'Subject: x\nBcc: y@x.example\r\n\r\nbody\r\n'],
    ['bare CR in the header', 'Subject: x\rBcc: y@x.example\r\n\r\nbody\r\n'],
    ['LF LF for the end of the header', 'Subject: x\n\nbody\r\n'],
    ['NUL in the header', 'Subject: x\0y\r\n\r\nbody\r\n'],
    ['CR CR LF', 'Subject: x\r\r\n\r\nbody\r\n'],
    ['after 100 kB', `a: b\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(1000)}\n\r\n`],
    ['last octet before the end', 'a: b\r\n\r\nbody\0\r\n'],
  ];
  const dialogue = await transaction(surface);
  for (const [name, content] of table) {
    dialogue.write(`${content}.\r\n`);
    t.equal((await dialogue.reply()).slice(0, 10), '554 5.6.0 ', name);
    for (const line of ['MAIL FROM:<a@hospital.example>', 'RCPT TO:<b@x.example>', 'DATA']) await dialogue.say(line);
  }
  t.equal(surface.accept.kept.length, 0);
});

await t.test('a client that takes LF.LF for the end is told why, soon, and the session is over', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await transaction(surface);
  dialogue.write('Subject: x\n\nbody\n.\n');
  const startedAt = performance.now();
  t.match(await dialogue.reply(), /^554 5\.6\.0 .*CRLF/);
  t.ok(performance.now() - startedAt < 6_000, 'not only when the session times out');
  dialogue.write(SMUGGLED);
  t.equal(await dialogue.closed(), '', 'nothing more is answered');
  t.equal(surface.accept.kept.length, 0);
});

await t.test('commands may end in LF, but not hold CR or NUL', async (t) => {
  const surface = await startSurface(t);
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  dialogue.write('EHLO x\n');
  t.match(await dialogue.reply(), /^250/);
  await dialogue.startTls();
  await dialogue.login('ehr', PASSWORD);
  for (const line of [
    'MAIL FROM:<a@hospital.example>\rRCPT TO:<x@y.example>',
    'MAIL FROM:<a@hospital.example>\0',
    'MAIL FROM:<a\r@hospital.example>',
  ]) {
    t.match(await dialogue.say(line), /^501 /);
  }
});

await t.test('content sent without waiting, behind a DATA that is refused, is not run as commands', async (t) => {
  const surface = await startSurface(t);
  for (const [name, before] of [
    ['no recipient', 'MAIL FROM:<a@hospital.example>\r\nRCPT TO:<nobody>\r\n'],
    ['no transaction', ''],
    ['no room', 'MAIL FROM:<a@hospital.example>\r\nRCPT TO:<b@x.example>\r\n'],
  ] as const) {
    const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
    await dialogue.reply();
    await dialogue.startTls();
    await dialogue.login('ehr', PASSWORD);
    surface.accept.behaviour = name === 'no room' ? () => Promise.reject(new MailError('store.disk-full')) : null;
    dialogue.write(`${before}DATA\r\nSubject: x\r\n\r\n${SMUGGLED}.\r\n`);
    const replies: string[] = [];
    for (let reply = await dialogue.reply(); reply !== ''; reply = await dialogue.reply()) replies.push(reply);
    t.match(replies.at(-2), /^500 /, `${name}: the first line of the content`);
    t.match(replies.at(-1), /^421 4\.7\.0 Client does not keep to SMTP/, `${name}: and that is the end`);
    t.notOk(
      replies.some((reply) => reply.startsWith('354')),
      name,
    );
  }
  surface.accept.behaviour = null;
  const polite = await Dialogue.connect(surface.port, { tls: surface.tls });
  await polite.reply();
  await polite.startTls();
  await polite.login('ehr', PASSWORD);
  t.match(await polite.say('DATA'), /^503 /);
  t.match(await polite.say('NOOP'), /^250 /);
  t.match(await polite.say('XYZZY'), /^500 /, 'a client that waited is not cut off for a slip');
  t.match(await polite.send('a@hospital.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250 /);
  t.equal(surface.accept.kept.length, 1);
});
