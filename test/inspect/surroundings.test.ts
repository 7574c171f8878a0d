// Who sends to whom, as far as inspection asks: outside recipients, and the names that stand in the header.
import t from 'tap';
import { type EnvelopeFacts, surroundingsOf } from '../../src/inspect/surroundings.ts';
import type { Message, Span } from '../../src/mail/message.ts';

const FACTS: EnvelopeFacts = { from: 'Ann@Clinic.example', to: [], organisation: [], sends: 'clinic', today: 20_784 };

function header(field: string, text: string, part = ''): Span {
  return { part, place: { area: 'header', field }, text, marks: [] };
}

function message(...spans: readonly Span[]): Message {
  return { parts: [], spans, defects: [], blindSpots: [], documents: [] };
}

t.test('recipients outside', async (t) => {
  const cases: readonly (readonly [name: string, facts: Partial<EnvelopeFacts>, outside: readonly string[]])[] = [
    ['none', {}, []],
    ['outside', { to: ['Jane@Example.org'] }, ['jane@example.org']],
    ["the sender's own domain is inside", { to: ['bob@clinic.example', 'BOB@CLINIC.EXAMPLE'] }, []],
    ['domains of the organisation', { to: ['a@lab.example', 'b@other.example'], organisation: ['lab.example'] }, ['b@other.example']],
    [
      'a domain that only ends alike',
      { to: ['a@myclinic.example', 'a@clinic.example.net'] },
      ['a@myclinic.example', 'a@clinic.example.net'],
    ],
    ['a subdomain is another', { to: ['a@mail.clinic.example'] }, ['a@mail.clinic.example']],
    ['an at sign in the local part', { to: ['"a@clinic.example"@example.org'] }, ['"a@clinic.example"@example.org']],
    ['null reverse-path', { from: '', to: ['jane@example.org'] }, ['jane@example.org']],
  ];
  for (const [name, facts, outside] of cases) t.same(surroundingsOf(message(), { ...FACTS, ...facts }).recipients, outside, name);
  t.match(surroundingsOf(message(), FACTS), { sender: 'ann@clinic.example', sends: 'clinic', today: 20_784 });
});

t.test('names in the header', async (t) => {
  const cases: readonly (readonly [
    name: string,
    field: string,
    text: string,
    senders: readonly string[],
    recipients: readonly string[],
  ])[] = [
    ['bare', 'from', 'Ann Lee <ann@clinic.example>', ['ann lee'], []],
    ['quoted, with a comma', 'from', '"Lee, Ann" <ann@clinic.example>', ['lee, ann'], []],
    ['several', 'to', 'Jane Doe <j@x.example>, "Roe, Bob" <b@x.example>', [], ['jane doe', 'roe, bob']],
    ['copies', 'cc', 'Jane Doe <j@x.example>', [], ['jane doe']],
    ['each once', 'to', 'Jane Doe <j@x.example>, Jane Doe <k@x.example>', [], ['jane doe']],
    ['only an address', 'to', 'jane@x.example', [], []],
    ['an address as its own name', 'to', '"jane@x.example" <jane@x.example>', [], []],
    ['another field', 'reply-to', 'Jane Doe <j@x.example>', [], []],
    ['of another tongue', 'from', 'Zoë Müller-Łukasz <z@x.example>', ['zoë müller-łukasz'], []],
    ['broken', 'to', '<<<>>> "x" <', [], []],
  ];
  for (const [name, field, text, senders, recipients] of cases) {
    const found = surroundingsOf(message(header(field, text)), FACTS);
    t.same(found.senderNames, senders, name);
    t.same(found.recipientNames, recipients, name);
  }
});

t.test('who writes', async (t) => {
  const cases: readonly (readonly [name: string, from: string, spans: readonly Span[], writers: readonly string[]])[] = [
    ['the envelope', 'Ann@Clinic.example', [], ['ann@clinic.example']],
    ['nobody', '', [], []],
    [
      'From as well',
      'bounce@clinic.example',
      [header('from', 'Ann Lee <Ann@Clinic.example>')],
      ['bounce@clinic.example', 'ann@clinic.example'],
    ],
    ['the same', 'ann@clinic.example', [header('from', 'ann@clinic.example')], ['ann@clinic.example']],
    [
      'who sent it for another',
      'bounce@clinic.example',
      [header('from', 'Ann <ann@clinic.example>'), header('sender', 'Bob <bob@clinic.example>')],
      ['bounce@clinic.example', 'ann@clinic.example', 'bob@clinic.example'],
    ],
    ['not who reads', 'ann@clinic.example', [header('to', 'jane@x.example'), header('from', '', '2')], ['ann@clinic.example']],
  ];
  for (const [name, from, spans, writers] of cases) t.same(surroundingsOf(message(...spans), { ...FACTS, from }).writers, writers, name);
});

t.test('a message inside it has its own header', async (t) => {
  t.same(surroundingsOf(message(header('from', 'Ann Lee <a@x.example>', '2')), FACTS).senderNames, []);
});

t.test('bounded and linear', async (t) => {
  const many = Array.from({ length: 500 }, (_, i) => `Name${i} Other <n${i}@x.example>`).join(', ');
  t.ok(surroundingsOf(message(header('to', many)), FACTS).recipientNames.length <= 50);
  t.same(surroundingsOf(message(header('to', '"'.repeat(100_000))), FACTS).recipientNames, []);
  t.same(surroundingsOf(message(header('to', 'a '.repeat(100_000))), FACTS).recipientNames, []);
});
