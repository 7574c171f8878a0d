// MAIL and RCPT with exactly the parameters that were offered, and never two commands in one.
import t from 'tap';
import { mailCommand, type MailFacts, needsSmtpUtf8, rcptCommand } from '../../src/transport/envelope-commands.ts';
import { recipient } from '../support/send-request.ts';

const ALL = new Map(['SIZE', '8BITMIME', 'SMTPUTF8', 'DSN', 'REQUIRETLS'].map((keyword) => [keyword, '']));
const NONE = new Map<string, string>();

interface Changes {
  readonly envelope?: Partial<MailFacts['envelope']>;
  readonly content?: Partial<MailFacts['content']>;
  readonly smtpUtf8?: 'ask';
  readonly requireTls?: 'ask';
}

function facts({ envelope, content, smtpUtf8 = undefined, requireTls = undefined }: Changes): MailFacts {
  return {
    envelope: { reversePath: 'a@clinic.test', ret: null, envid: null, ...envelope },
    content: { sizeBytes: 49, body: '7bit', ...content },
    smtpUtf8: smtpUtf8 ?? 'leave',
    requireTls: requireTls ?? 'leave',
  };
}

await t.test('MAIL', async (t) => {
  const table: readonly (readonly [string, Changes, ReadonlyMap<string, string>, string])[] = [
    ['nothing offered', { envelope: { ret: 'hdrs', envid: 'x' }, content: { body: '8bitmime' } }, NONE, 'MAIL FROM:<a@clinic.test>\r\n'],
    ['size', {}, ALL, 'MAIL FROM:<a@clinic.test> SIZE=49\r\n'],
    ['null reverse-path', { envelope: { reversePath: '' } }, ALL, 'MAIL FROM:<> SIZE=49\r\n'],
    ['8BITMIME', { content: { body: '8bitmime' } }, ALL, 'MAIL FROM:<a@clinic.test> SIZE=49 BODY=8BITMIME\r\n'],
    ['DSN', { envelope: { ret: 'hdrs', envid: 'QQ+3D1' } }, ALL, 'MAIL FROM:<a@clinic.test> SIZE=49 RET=HDRS ENVID=QQ+3D1\r\n'],
    ['RET=FULL alone', { envelope: { ret: 'full' } }, ALL, 'MAIL FROM:<a@clinic.test> SIZE=49 RET=FULL\r\n'],
    [
      'SMTPUTF8',
      { smtpUtf8: 'ask', envelope: { reversePath: 'ärztin@klinik.test' } },
      ALL,
      'MAIL FROM:<ärztin@klinik.test> SIZE=49 SMTPUTF8\r\n',
    ],
    ['a U-label goes as A-label', { envelope: { reversePath: 'a@bücher.test' } }, ALL, 'MAIL FROM:<a@xn--bcher-kva.test> SIZE=49\r\n'],
    ['REQUIRETLS', { requireTls: 'ask' }, ALL, 'MAIL FROM:<a@clinic.test> SIZE=49 REQUIRETLS\r\n'],
  ];
  for (const [name, changes, offer, command] of table) t.equal(mailCommand(facts(changes), offer), command, name);
});

await t.test('RCPT', async (t) => {
  const table: readonly (readonly [string, Parameters<typeof recipient>, ReadonlyMap<string, string>, string])[] = [
    ['plain', ['b@peer.test'], ALL, 'RCPT TO:<b@peer.test>\r\n'],
    ['DSN not offered', ['b@peer.test', { notify: ['never'], orcpt: 'rfc822;b@peer.test' }], NONE, 'RCPT TO:<b@peer.test>\r\n'],
    ['never', ['b@peer.test', { notify: ['never'] }], ALL, 'RCPT TO:<b@peer.test> NOTIFY=NEVER\r\n'],
    [
      'several and ORCPT',
      ['b@peer.test', { notify: ['success', 'failure', 'delay'], orcpt: 'rfc822;b+2Bx@peer.test' }],
      ALL,
      'RCPT TO:<b@peer.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b+2Bx@peer.test\r\n',
    ],
    ['quoted', ['"a b"@peer.test'], ALL, 'RCPT TO:<"a b"@peer.test>\r\n'],
    ['nothing made up', ['b@peer.test', { notify: [] }], ALL, 'RCPT TO:<b@peer.test>\r\n'],
  ];
  for (const [name, given, offer, command] of table) t.equal(rcptCommand(recipient(...given), 'leave', offer), command, name);
});

await t.test('a control character in a command is a fault of ours', async (t) => {
  for (const bad of ['a@b.test>\r\nRCPT TO:<c@d.test', 'a\n@b.test', 'a\0@b.test', 'a\x7f@b.test']) {
    t.throws(() => mailCommand(facts({ envelope: { reversePath: bad } }), ALL), JSON.stringify(bad));
    t.throws(() => rcptCommand(recipient(bad), 'ask', ALL), JSON.stringify(bad));
  }
  t.throws(() => mailCommand(facts({ envelope: { envid: 'x\r\nDATA' } }), ALL));
  t.throws(() => rcptCommand(recipient('b@peer.test', { orcpt: 'rfc822;x\r\nDATA' }), 'leave', ALL));
});

await t.test('which addresses need SMTPUTF8', async (t) => {
  const table: readonly (readonly [string, boolean])[] = [
    ['a@b.test', false],
    ['', false],
    ['a@bücher.test', false],
    ['ä@b.test', true],
  ];
  for (const [address, needs] of table) t.equal(needsSmtpUtf8(address), needs, address);
});
