// One transaction: reverse-path bound to what the submitter may use, recipients, limits, the envelope that comes of it.
import t from 'tap';
import { Transaction } from '../../src/smtp/transaction.ts';

const OFFERED = { requireTls: 'yes', auth: 'yes' } as const;
const LIMITS = { messageSizeBytes: 1_000, recipientsPerMessage: 3 };
const begin = (line: string, mayUse: readonly string[] = ['*@hospital.example']) =>
  Transaction.begin(Buffer.from(line), mayUse, OFFERED, LIMITS);

function begun(line = 'MAIL FROM:<a@hospital.example>'): Transaction {
  const checked = begin(line);
  if (checked.kind === 'bad') throw new Error(checked.code);
  return checked.value;
}

await t.test('MAIL', async (t) => {
  const table: readonly (readonly [line: string, code: string | null])[] = [
    ['MAIL FROM:<a@hospital.example>', null],
    ['MAIL FROM:<A@HOSPITAL.example>', null],
    ['MAIL FROM:<>', null],
    ['MAIL FROM:<a@other.example>', 'envelope.sender-not-allowed'],
    ['MAIL FROM:<a@sub.hospital.example>', 'envelope.sender-not-allowed'],
    ['MAIL FROM:<a@hospital.example.evil.example>', 'envelope.sender-not-allowed'],
    ['MAIL FROM:<"a@hospital.example"@evil.example>', 'envelope.sender-not-allowed'],
    ['MAIL FROM:<@hospital.example:a@evil.example>', 'envelope.sender-not-allowed'],
    ['MAIL FROM:<postmaster>', 'envelope.bad-address'],
    ['MAIL FROM:<hospital.example>', 'envelope.bad-address'],
    ['MAIL FROM:<a..b@hospital.example>', 'envelope.bad-address'],
    ['MAIL FROM:<a@-hospital.example>', 'envelope.bad-address'],
    [`MAIL FROM:<${'a'.repeat(65)}@hospital.example>`, 'envelope.bad-address'],
    [`MAIL FROM:<a@${'b.'.repeat(125)}example>`, 'envelope.bad-address'],
    ['MAIL FROM:<zoë@hospital.example>', 'envelope.needs-smtputf8'],
    ['MAIL FROM:<zoë@hospital.example> SMTPUTF8', null],
    ['MAIL FROM:<a@hospitäl.example>', 'envelope.needs-smtputf8'],
    ['MAIL FROM:<a\u200f@hospital.example> SMTPUTF8', 'envelope.bad-address'],
    ['MAIL FROM:<a@hospital.example> SIZE=1000', null],
    ['MAIL FROM:<a@hospital.example> SIZE=1001', 'envelope.too-large'],
    ['MAIL FROM:<a@hospital.example> FOO', 'envelope.unknown-parameter'],
    ['MAIL FROM:a@hospital.example', 'envelope.bad-syntax'],
  ];
  for (const [line, code] of table) {
    const checked = begin(line);
    t.equal(checked.kind === 'bad' ? checked.code : null, code, line);
  }
});

await t.test('RCPT', async (t) => {
  const table: readonly (readonly [line: string, code: string | null])[] = [
    ['RCPT TO:<b@partner.example>', null],
    ['RCPT TO:<postmaster>', null],
    ['RCPT TO:<Postmaster>', null],
    ['RCPT TO:<b@[192.0.2.1]>', null],
    ['RCPT TO:<>', 'envelope.bad-address'],
    ['RCPT TO:<nobody>', 'envelope.bad-address'],
    ['RCPT TO:<b@partner.example,c@partner.example>', 'envelope.bad-address'],
    ['RCPT TO:<zoë@partner.example>', 'envelope.needs-smtputf8'],
    ['RCPT TO:<b@192.0.2.1>', 'envelope.bad-address'],
    ['RCPT TO:<b@partner.example> FOO=1', 'envelope.unknown-parameter'],
    ['RCPT TO:<b@partner.example> NOTIFY=X', 'envelope.bad-parameter'],
    ['RCPT TO:b@partner.example', 'envelope.bad-syntax'],
  ];
  for (const [line, code] of table) t.equal(begun().add(Buffer.from(line), LIMITS), code, line);
  const utf8 = begun('MAIL FROM:<a@hospital.example> SMTPUTF8');
  t.equal(utf8.add(Buffer.from('RCPT TO:<zoë@münchen.example>'), LIMITS), null, 'with SMTPUTF8');
});

await t.test('so many recipients; the same again is not one more', async (t) => {
  const transaction = begun();
  const add = (line: string) => transaction.add(Buffer.from(line), LIMITS);
  t.equal(add('RCPT TO:<a@x.example>'), null);
  t.equal(add('RCPT TO:<b@x.example>'), null);
  t.equal(add('RCPT TO:<c@x.example> NOTIFY=NEVER'), null);
  t.equal(add('RCPT TO:<d@x.example>'), 'envelope.too-many-recipients');
  t.equal(add('RCPT TO:<C@X.EXAMPLE> NOTIFY=DELAY'), null);
  t.equal(transaction.recipients, 3);
  t.same(transaction.envelope().recipients.at(2), { address: 'C@X.EXAMPLE', notify: ['delay'], orcpt: null }, 'the later parameters count');
});

await t.test('the envelope is what the client wrote', async (t) => {
  const transaction = begun('MAIL FROM:<Anna.Berg@Hospital.EXAMPLE> BODY=8BITMIME RET=HDRS ENVID=a+2Bb SMTPUTF8 REQUIRETLS SIZE=10');
  transaction.add(Buffer.from('RCPT TO:<"odd one"@XN--MNCHEN-3YA.example> ORCPT=rfc822;odd+20one@x NOTIFY=SUCCESS,FAILURE'), LIMITS);
  t.same(transaction.envelope(), {
    reversePath: 'Anna.Berg@Hospital.EXAMPLE',
    body: '8bitmime',
    smtpUtf8: true,
    requireTls: true,
    ret: 'hdrs',
    envid: 'a+2Bb',
    recipients: [{ address: '"odd one"@XN--MNCHEN-3YA.example', notify: ['success', 'failure'], orcpt: 'rfc822;odd+20one@x' }],
  });
});
