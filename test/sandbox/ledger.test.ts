// The sink's memory: digests instead of addresses, bounded, counts of all.
import t from 'tap';
import { Ledger } from '../../src/sandbox/ledger.ts';

const message = (header: string, recipients: readonly string[] = ['Ann@Good.test']) => ({
  at: 1,
  host: 'mx.good.test',
  sizeBytes: 10,
  tls: null,
  recipients,
  header,
});

await t.test('one receipt per recipient', async (t) => {
  const ledger = new Ledger(Buffer.alloc(32, 1), 10);
  ledger.add(message('Message-ID: <a@b>', ['ann@good.test', 'bob@good.test']));
  t.match(ledger.receipts(), [
    { recipient: ledger.digest('ann@good.test'), headerMessageId: ledger.digest('<a@b>') },
    { recipient: ledger.digest('bob@good.test'), headerMessageId: ledger.digest('<A@B>') },
  ]);
  t.same(ledger.counts(), { messages: 1, recipients: 2, bytes: 10 });
  t.not(ledger.digest('x'), new Ledger(Buffer.alloc(32, 2), 10).digest('x'), 'digests of another run say nothing');
});

const HEADERS: readonly (readonly [name: string, header: string, id: string | null])[] = [
  ['plain', 'From: a\r\nMessage-ID: <1@x>', '<1@x>'],
  ['lower case, no blank', 'message-id:<1@x>', '<1@x>'],
  ['none', 'From: a\r\nTo: b', null],
  ['only inside another field', 'Subject: Message-ID: <1@x>', null],
  ['without brackets', 'Message-ID: 1@x', null],
  ['never closed', `Message-ID: <${'x'.repeat(2_000)}`, null],
];

await t.test('the Message-ID', async (t) => {
  for (const [name, header, id] of HEADERS) {
    const ledger = new Ledger(Buffer.alloc(32), 10);
    ledger.add(message(header));
    t.equal(ledger.receipts()[0]?.headerMessageId, id === null ? null : ledger.digest(id), name);
  }
});

await t.test('only the newest are kept, all are counted', async (t) => {
  const ledger = new Ledger(Buffer.alloc(32), 3);
  for (const n of [1, 2, 3, 4, 5]) ledger.add(message(`Message-ID: <${n}@x>`));
  t.same(
    ledger.receipts().map(({ headerMessageId }) => headerMessageId),
    ['<3@x>', '<4@x>', '<5@x>'].map((id) => ledger.digest(id)),
  );
  t.equal(ledger.counts().messages, 5);
});
