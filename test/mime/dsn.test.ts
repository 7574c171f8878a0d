// DSNs as Python's email package reads them, field by field; nothing of the message and no remote text in them, whatever comes in.
import t from 'tap';
import { composeDsn, type DsnFacts } from '../../src/mime/dsn.ts';
import type { DsnRecipient } from '../../src/mime/dsn-text.ts';
import { MAIL_ERRORS } from '../../src/mail/mail-error.ts';
import { askPython } from '../support/python.ts';

interface ReadDsn {
  readonly headers: readonly (readonly [string, string])[];
  readonly defects: readonly string[];
  readonly parts: readonly { readonly type: string; readonly text: string; readonly blocks: readonly Readonly<Record<string, string>>[] }[];
  readonly reportType: string;
  readonly longest: number;
  readonly ascii: boolean;
}

const READ = `
import sys, json, base64, quopri
from email import message_from_bytes, policy
from email.parser import BytesHeaderParser
def blocks(data):
    out = []
    for block in data.replace(b'\\r\\n', b'\\n').strip(b'\\n').split(b'\\n\\n'):
        message = BytesHeaderParser(policy=policy.SMTPUTF8).parsebytes(block + b'\\n\\n')
        out.append({k: ' '.join(str(v).split()) for k, v in message.items()})
    return out
def decoded(message, raw):
    try: return str(message.policy.header_fetch_parse(*raw))
    except ValueError: return raw[1]
def read(data):
    message = message_from_bytes(data, policy=policy.SMTPUTF8)
    parts = []
    defects = [repr(d) for p in message.walk() for d in p.defects]
    raw = data.split(b'\\r\\n--' + message.get_boundary().encode())
    for part, source in zip(message.iter_parts(), raw[1:]):
        body = source.split(b'\\r\\n\\r\\n', 1)[1]
        encoding = str(part['content-transfer-encoding'])
        if encoding == 'quoted-printable': body = quopri.decodestring(body)
        is_text = part.get_content_type() == 'text/plain'
        parts.append({'type': part.get_content_type(), 'text': part.get_content().replace('\\r\\n', '\\n') if is_text else body.decode(), 'blocks': [] if is_text else blocks(body)})
    return {'headers': [[raw[0], decoded(message, raw)] for raw in message.raw_items()], 'defects': defects, 'parts': parts, 'reportType': str(message.get_param('report-type')),
            'longest': max(len(l) for l in data.split(b'\\r\\n')), 'ascii': data.isascii() and b'\\n' not in data.replace(b'\\r\\n', b'')}
print(json.dumps([read(base64.b64decode(d)) for d in json.load(sys.stdin)]))
`;

async function read(...facts: readonly DsnFacts[]): Promise<readonly ReadDsn[]> {
  return (await askPython(
    READ,
    facts.map((one) => Buffer.from(composeDsn(one)).toString('base64')),
  )) as readonly ReadDsn[];
}

const at = Date.UTC(2026, 10, 22, 10, 20);
const STATUS: DsnRecipient['status'] = {
  at: at - 60_000,
  status: '5.1.1',
  code: 'delivery.refused',
  diagnostic: '550 5.1.1',
  remoteMta: 'mx.lab.example',
};
const BOB: DsnRecipient = {
  recipient: 'bob@lab.example',
  orcpt: 'rfc822;bob+2Bx@lab.example',
  kind: 'failed',
  status: STATUS,
  expiresAt: at + 3_600_000,
};
const FACTS = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  at,
  hostname: 'mail.clinic.example',
  postmaster: 'postmaster@clinic.example',
  to: 'ann@clinic.example',
  voice: { name: 'Mail delivery (Postern)', contact: null },
  owed: {
    message: {
      acceptedAt: Date.UTC(2026, 10, 22, 10, 15),
      envelope: { envid: 'QQ+2B314159', recipients: [1, 2] },
      headerMessageId: '<1@clinic.example>',
      references: '<a@b> <c@d>',
    },
    deliveries: [BOB],
  },
} satisfies DsnFacts;
const withDeliveries = (...deliveries: readonly DsnRecipient[]): DsnFacts => ({ ...FACTS, owed: { ...FACTS.owed, deliveries } });
const withMessage = (message: Partial<(typeof FACTS)['owed']['message']> | { headerMessageId: null } | { references: null }): DsnFacts => ({
  ...FACTS,
  owed: { ...FACTS.owed, message: { ...FACTS.owed.message, ...message } },
});

await t.test('a failure, field by field', async (t) => {
  const [dsn] = await read(FACTS);
  t.strictSame(dsn?.headers, [
    ['From', '"Mail delivery (Postern)" <postmaster@clinic.example>'],
    ['To', 'ann@clinic.example'],
    ['Subject', 'Not delivered (1 of 2 recipients): your message of 22 November 2026, 10:15 UTC'],
    ['Date', 'Sun, 22 Nov 2026 10:20:00 +0000'],
    ['Message-ID', '<01ARZ3NDEKTSV4RRFFQ69G5FAV@mail.clinic.example>'],
    ['In-Reply-To', '<1@clinic.example>'],
    ['References', '<a@b> <c@d> <1@clinic.example>'],
    ['Auto-Submitted', 'auto-replied'],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'multipart/report; report-type="delivery-status"; boundary="=_01ARZ3NDEKTSV4RRFFQ69G5FAV"'],
  ]);
  t.strictSame([dsn?.reportType, dsn?.defects, dsn?.ascii], ['delivery-status', [], true]);
  t.strictSame(
    dsn?.parts.map(({ type }) => type),
    ['text/plain', 'message/delivery-status', 'text/rfc822-headers'],
  );
  t.strictSame(dsn?.parts[1]?.blocks, [
    { 'Original-Envelope-Id': 'QQ+314159', 'Reporting-MTA': 'dns; mail.clinic.example', 'Arrival-Date': 'Sun, 22 Nov 2026 10:15:00 +0000' },
    {
      'Original-Recipient': 'rfc822; bob+x@lab.example',
      'Final-Recipient': 'rfc822; bob@lab.example',
      Action: 'failed',
      Status: '5.1.1',
      'Remote-MTA': 'dns; mx.lab.example',
      'Diagnostic-Code': 'smtp; 550 5.1.1',
      'Last-Attempt-Date': 'Sun, 22 Nov 2026 10:19:00 +0000',
    },
  ]);
  t.strictSame(dsn?.parts[2]?.blocks, [{ 'Message-ID': '<1@clinic.example>', References: '<a@b> <c@d>' }]);
  t.match(dsn?.parts[0]?.text, /It was NOT delivered to:\n\n {2}bob@lab\.example\n {4}There is no mailbox with this address\./);
});

await t.test('actions and status', async (t) => {
  const table: readonly (readonly [
    kind: DsnRecipient['kind'],
    status: string,
    action: string,
    written: string,
    subject: RegExp,
    more: readonly string[],
  ])[] = [
    ['failed', '5.7.1', 'failed', '5.7.1', /^Not delivered: /, []],
    ['failed', '4.4.7', 'failed', '4.4.7', /^Not delivered: /, []],
    ['failed', '2.0.0', 'failed', '5.0.0', /^Not delivered: /, []],
    ['failed', 'rubbish\r\nX: y', 'failed', '5.0.0', /^Not delivered: /, []],
    ['delayed', '4.4.1', 'delayed', '4.4.1', /^Delayed: /, ['Will-Retry-Until']],
    ['delayed', '5.7.10', 'delayed', '4.7.10', /^Delayed: /, ['Will-Retry-Until']],
    ['held', '5.7.10', 'delayed', '4.7.10', /^Held: /, []],
    ['relayed', '2.1.5', 'relayed', '2.1.5', /^Passed on: /, []],
    ['relayed', '5.0.0', 'relayed', '2.0.0', /^Passed on: /, []],
    ['expanded', '2.0.0', 'expanded', '2.0.0', /^Passed on: /, []],
  ];
  const facts = table.map(([kind, status]) => {
    const one = withDeliveries({ ...BOB, kind, status: { ...STATUS, status } });
    return { ...one, owed: { ...one.owed, message: { ...one.owed.message, envelope: { envid: null, recipients: [1] } } } };
  });
  const dsns = await read(...facts);
  for (const [i, [kind, status, action, written, subject, more]] of table.entries()) {
    const block = dsns[i]?.parts[1]?.blocks[1];
    t.match(block, { Action: action, Status: written }, `${kind} ${status}`);
    t.match(Object.fromEntries(dsns[i]?.headers ?? [])['Subject'], subject);
    t.equal(block?.['Will-Retry-Until'] !== undefined, more.includes('Will-Retry-Until'), 'Will-Retry-Until');
    t.equal(block?.['Last-Attempt-Date'] !== undefined, kind !== 'expanded', 'Last-Attempt-Date');
    t.equal(dsns[i]?.parts[1]?.blocks[0]?.['Original-Envelope-Id'], undefined);
  }
});

await t.test('several recipients: the worst gives the subject, each has its words', async (t) => {
  const held: DsnRecipient = {
    ...BOB,
    recipient: 'carol@lab.example',
    orcpt: null,
    kind: 'held',
    status: { ...STATUS, status: '5.7.10', code: 'delivery.below-floor', diagnostic: null },
  };
  const late: DsnRecipient = {
    ...BOB,
    recipient: 'dan@lab.example',
    orcpt: null,
    kind: 'delayed',
    status: { ...STATUS, status: '4.4.1', code: 'delivery.connect-failed', remoteMta: null },
  };
  const [dsn] = await read(withDeliveries(late, held, BOB));
  t.match(dsn?.headers[2]?.[1], /^Not delivered \(1 of 2/);
  t.equal(dsn?.parts[1]?.blocks.length, 4);
  const words = dsn?.parts[0]?.text.replace(/\s+/g, ' ') ?? '';
  t.match(words, "carol@lab.example The recipient's mail server cannot be reached over a connection that is safe enough");
  t.match(
    words,
    'dan@lab.example The mail server of the recipient could not be reached. It is tried again until 22 November 2026, 11:20 UTC.',
  );
});

await t.test('original recipient (RFC 3461 4.2, 6.3; RFC 6533 3)', async (t) => {
  const table: readonly (readonly [orcpt: string | null, expected: string | undefined])[] = [
    [null, undefined],
    ['rfc822;bob@lab.example', 'rfc822; bob@lab.example'],
    ['RFC822;a+2Bb+3Dc@lab.example', 'RFC822; a+b=c@lab.example'],
    ['x400;/C=US/O=Clinic', undefined],
    ['x400;/C+3DUS/O+3DClinic', 'x400; /C=US/O=Clinic'],
    ['utf-8;b\\x{F8}b@lab.example', 'utf-8; b\\x{F8}b@lab.example'],
    ['rfc822;a+0D+0AX:+20y', undefined],
    ['rfc822;a+2', undefined],
    ['rfc822;a+zz', undefined],
    ['no type', undefined],
    [';x', undefined],
    ['rfc822;', undefined],
    [`rfc822;${'x'.repeat(600)}`, undefined],
  ];
  const dsns = await read(...table.map(([orcpt]) => withDeliveries({ ...BOB, orcpt })));
  for (const [i, [orcpt, expected]] of table.entries()) {
    t.equal(dsns[i]?.parts[1]?.blocks[1]?.['Original-Recipient'], expected, String(orcpt));
    t.equal(dsns[i]?.parts[1]?.type, 'message/delivery-status');
  }
});

await t.test('an address beyond US-ASCII (RFC 6533)', async (t) => {
  const [dsn] = await read(
    withDeliveries({ ...BOB, recipient: 'bøb@lab.example', orcpt: 'utf-8;bøb@lab.example' }, { ...BOB, recipient: 'carol@lab.example' }),
  );
  t.equal(dsn?.parts[1]?.type, 'message/global-delivery-status');
  t.match(dsn?.parts[1]?.blocks[1], { 'Final-Recipient': 'utf-8; bøb@lab.example', 'Original-Recipient': 'utf-8; bøb@lab.example' });
  t.match(dsn?.parts[1]?.blocks[2], { 'Final-Recipient': 'rfc822; carol@lab.example' });
  t.match(dsn?.parts[0]?.text, 'bøb@lab.example');
  t.ok(dsn?.ascii, 'still 7-bit');
});

await t.test('without a Message-ID there is nothing to refer to', async (t) => {
  const dsns = await read(
    withMessage({ headerMessageId: null }),
    withMessage({ headerMessageId: 'x <not an id>' }),
    withMessage({ references: null }),
  );
  for (const dsn of dsns.slice(0, 2)) {
    t.equal(dsn.parts.length, 2);
    t.notOk(dsn.headers.some(([name]) => name === 'In-Reply-To'));
  }
  t.strictSame(dsns[2]?.parts[2]?.blocks, [{ 'Message-ID': '<1@clinic.example>' }]);
});

await t.test('the voice', async (t) => {
  const [dsn] = await read({ ...FACTS, voice: { name: 'Klinik Poststelle Süd', contact: 'the IT desk, telephone 4711' } });
  t.equal(dsn?.headers[0]?.[1], 'Klinik Poststelle Süd <postmaster@clinic.example>');
  t.match(dsn?.parts[0]?.text, 'For help: the IT desk, telephone 4711');
});

await t.test('canaries: nothing of the message, nothing that another server said', async (t) => {
  const canary = 'CANARY Diagnosis F32.1';
  const status = { at, status: `5.1.1 ${canary}`, code: canary, diagnostic: `550 5.1.1 ${canary}`, remoteMta: `mx ${canary}` };
  const deliveries = [{ ...BOB, orcpt: `rfc822;${canary}`, status, subject: canary, body: canary }];
  const message = {
    ...FACTS.owed.message,
    envelope: { envid: canary, recipients: [1], subject: canary },
    references: `<a@b> ${canary} <c@d>`,
    subject: canary,
    threadTopic: canary,
    'X-Patient': canary,
  };
  for (const headerMessageId of [`<1@x> ${canary}`, `${canary}`, `<${canary}>`]) {
    const bytes = Buffer.from(composeDsn({ ...FACTS, owed: { message: { ...message, headerMessageId }, deliveries } })).toString();
    t.notMatch(bytes, /CANARY|F32/, headerMessageId);
    t.notMatch(bytes, /^(?:Thread-|X-|Cc:)/im, 'no field but our own');
  }
});

await t.test('no value ends its line', async (t) => {
  const evil = '\r\nX-Injected: yes\r\n\r\n--=_01ARZ3NDEKTSV4RRFFQ69G5FAV--\r\n';
  const facts: DsnFacts = {
    ...FACTS,
    to: `ann@clinic.example${evil}`,
    postmaster: `postmaster${evil}@clinic.example`,
    voice: { name: `Mail${evil}`, contact: `me${evil}` },
    owed: {
      message: {
        ...FACTS.owed.message,
        envelope: { envid: `x${evil}`, recipients: [1] },
        headerMessageId: `<1${evil}@x>`,
        references: `<a@b>${evil}`,
      },
      deliveries: [
        {
          ...BOB,
          recipient: `bob${evil}@lab.example`,
          orcpt: `rfc822;bob${evil}`,
          status: { at, code: evil, status: evil, diagnostic: `550${evil}`, remoteMta: `mx${evil}` },
        },
      ],
    },
  };
  const bytes = Buffer.from(composeDsn(facts)).toString();
  t.notMatch(bytes, /^X-Injected/m);
  const [dsn] = await read(facts);
  t.strictSame(
    dsn?.parts.map(({ type }) => type),
    ['text/plain', 'message/delivery-status'],
  );
  t.equal(dsn?.headers.length, 9, 'Message-ID was none, so no In-Reply-To');
  t.strictSame(Object.keys(dsn?.parts[1]?.blocks[1] ?? {}), ['Final-Recipient', 'Action', 'Status', 'Last-Attempt-Date']);
});

await t.test('every code has words for a person, in lines that pass anywhere', async (t) => {
  const codes = Object.keys(MAIL_ERRORS).filter((code) => !/^(?:session|auth)\./.test(code));
  const dsns = await read(...codes.map((code) => withDeliveries({ ...BOB, status: { ...STATUS, status: '5.0.0', code } })));
  for (const [i, code] of codes.entries()) {
    const words = dsns[i]?.parts[0]?.text ?? '';
    t.ok(words.length > 200 && !/\b(?:SMTP|MX|DNS|TLS|STARTTLS|RFC|550|MTA)\b/.test(words), code);
    t.ok((dsns[i]?.longest ?? 999) <= 78, `${code}: lines of at most 78 octets`);
  }
});

await t.test('what the next hop’s status says more', async (t) => {
  const table: readonly (readonly [code: string, status: string, words: RegExp])[] = [
    ['delivery.refused', '5.1.1', /There is no mailbox with this address/],
    ['delivery.refused', '5.2.2', /The mailbox of the recipient is full/],
    ['delivery.refused-temporarily', '4.2.2', /The mailbox of the recipient is full/],
    ['delivery.refused', '5.3.4', /larger than the mail server/],
    ['delivery.refused', '5.9.9', /The mail server of the recipient refused the message/],
    ['delivery.refused', '5.constructor', /The mail server of the recipient refused the message/],
    ['delivery.below-floor', '5.1.1', /safe enough/],
    ['unheard-of', '5.0.0', /The mail server of the recipient refused the message/],
    ['constructor', '5.0.0', /The mail server of the recipient refused the message/],
  ];
  for (const [code, status, words] of table) {
    const dsn = Buffer.from(composeDsn(withDeliveries({ ...BOB, status: { ...STATUS, code, status } }))).toString();
    t.match(dsn.replace(/\s+/g, ' '), words, `${code} ${status}`);
  }
});
