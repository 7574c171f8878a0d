// The notice that an answer from the portal came back, as another parser sees it.
import t from 'tap';
import { composeAnswerBounced } from '../../src/mime/answer-bounced.ts';
import { seenMessages } from '../support/seen-message.ts';

const FACTS = {
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  at: Date.UTC(2026, 10, 22, 10, 15),
  hostname: 'mail.clinic.example',
  postmaster: 'it@clinic.example',
  to: ['it@clinic.example'],
  voice: { name: 'Mail Delivery', contact: null },
  deliveryId: '01HYYYYYYYYYYYYYYYYYYYYYYY/2',
  status: '5.1.1',
};

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

t.test('says what happened, what to do and where, and nothing of anybody', async (t) => {
  const [seen, without] = await seenMessages([composeAnswerBounced(FACTS), composeAnswerBounced({ ...FACTS, status: null })]);
  t.match(seen, {
    from: [['Mail Delivery', 'it@clinic.example']],
    to: ['it@clinic.example'],
    header: { subject: 'An answer from the portal came back: 01HYYYYYYYYYYYYYYYYYYYYYYY/2', 'auto-submitted': 'auto-generated' },
    defects: [],
  });
  const text = seen?.leaves[0]?.text ?? '';
  t.match(inOneLine(text), /came back from a mail server behind ours \(5\.1\.1\)\./);
  t.match(text, / postern pickup show 01HYYYYYYYYYYYYYYYYYYYYYYY\/2/);
  for (const line of text.split('\n')) t.ok(line.length <= 78, line);
  t.match(inOneLine(without?.leaves[0]?.text ?? ''), /came back from a mail server behind ours\. Whoever/);
});
