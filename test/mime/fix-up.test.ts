// RFC 6409 section 8 on submitted headers: exact bytes, what is told of them, and that all other octets stay as they were.
import fc from 'fast-check';
import t from 'tap';
import { fixUpHeader, type FixedHeader, type FixUpFacts } from '../../src/mime/fix-up.ts';
import { fuzz } from '../support/fuzz.ts';

const FACTS: FixUpFacts = {
  client: { address: '192.0.2.7', helo: 'ward-pc', protocol: 'ESMTPSA', tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } },
  clientAddress: 'hide',
  hostname: 'mail.clinic.example',
  messageId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  at: Date.UTC(2026, 10, 22, 10, 15),
  traceMark: 'markmarkmarkmarkmarkma',
  tenantProof: null,
};
const TRACE =
  'Received: from client.invalid (address withheld)\r\n (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n' +
  ' by mail.clinic.example with ESMTPSA id 01ARZ3NDEKTSV4RRFFQ69G5FAV;\r\n Sun, 22 Nov 2026 10:15:00 +0000\r\n' +
  'X-Postern-Trace: markmarkmarkmarkmarkma\r\n';
const DATE = 'Date: Sun, 22 Nov 2026 10:15:00 +0000\r\n';
const MESSAGE_ID = 'Message-ID: <01ARZ3NDEKTSV4RRFFQ69G5FAV@mail.clinic.example>\r\n';
const COMPLETE = 'Date: Sun, 22 Nov 2026 11:14:00 +0100\r\nFrom: Ann <ann@clinic.example>\r\nMessage-ID: <1@clinic.example>\r\n';

const fix = (header: string, facts: Partial<FixUpFacts> = {}): FixedHeader => fixUpHeader(Buffer.from(header), { ...FACTS, ...facts });
const text = ({ bytes }: FixedHeader): string => Buffer.from(bytes).toString();

await t.test('exact bytes', async (t) => {
  const table: readonly (readonly [name: string, header: string, expected: string])[] = [
    ['complete', `${COMPLETE}\r\n`, `${TRACE}${COMPLETE}\r\n`],
    ['no Date', 'From: a@b.example\r\nMessage-ID: <1@x>\r\n\r\n', `${TRACE}${DATE}From: a@b.example\r\nMessage-ID: <1@x>\r\n\r\n`],
    ['no Message-ID', 'Date: x\r\nFrom: a@b.example\r\n\r\n', `${TRACE}${MESSAGE_ID}Date: x\r\nFrom: a@b.example\r\n\r\n`],
    ['neither', 'From: a@b.example\r\n\r\n', `${TRACE}${DATE}${MESSAGE_ID}From: a@b.example\r\n\r\n`],
    [
      'both there and empty',
      'date:\r\nFrom: a@b.example\r\nMessage-Id: \r\n \r\n\r\n',
      `${TRACE}${DATE}${MESSAGE_ID}From: a@b.example\r\n\r\n`,
    ],
    ['an empty header', '\r\n', `${TRACE}${DATE}${MESSAGE_ID}\r\n`],
    ['nothing at all', '', `${TRACE}${DATE}${MESSAGE_ID}`],
    ['Bcc in the middle', `Bcc: bob@lab.example,\r\n carol@lab.example\r\n${COMPLETE}\r\n`, `${TRACE}${COMPLETE}\r\n`],
    ['Bcc at the end', `${COMPLETE}bcc : bob@lab.example\r\n\r\n`, `${TRACE}${COMPLETE}\r\n`],
    [
      'Bcc and Resent-Bcc, several',
      `BCC:\r\n${COMPLETE}Bcc: x@y\r\nTo: z@y\r\nResent-Bcc: x@y\r\nbCC: x@y\r\n\r\n`,
      `${TRACE}${COMPLETE}To: z@y\r\n\r\n`,
    ],
    ['Bcc without a line end', `${COMPLETE}Bcc: x@y`, `${TRACE}${COMPLETE}`],
    [
      'odd bytes are nobody else’s business',
      `${COMPLETE}X:\t a\t\r\n\t\tb  \r\nx : \u00fc\r\n\r\n`,
      `${TRACE}${COMPLETE}X:\t a\t\r\n\t\tb  \r\nx : \u00fc\r\n\r\n`,
    ],
    ['names that only begin so', `${COMPLETE}Bcc-Note: 1\r\nX-Bcc: 2\r\n\r\n`, `${TRACE}${COMPLETE}Bcc-Note: 1\r\nX-Bcc: 2\r\n\r\n`],
  ];
  for (const [name, header, expected] of table) t.equal(text(fix(header)), expected, name);
});

await t.test('what is told', async (t) => {
  const told = fix(
    `${COMPLETE}Sender: desk@clinic.example\r\nResent-From: c@clinic.example\r\nResent-Sender: d@clinic.example\r\nReferences: <a@b>\r\n <c@d>\r\nIn-Reply-To: <c@d>\r\n\r\n`,
  );
  t.match(told, {
    headerMessageId: '<1@clinic.example>',
    messageIdFrom: 'client',
    dateFrom: 'client',
    references: '<a@b> <c@d>',
    loop: 'none',
    receivedCount: 0,
    tenantProof: 'not-asked',
  });
  t.strictSame(
    [told.from, told.sender, told.resentFrom],
    [['ann@clinic.example'], ['desk@clinic.example'], ['c@clinic.example', 'd@clinic.example']],
  );
  t.strictSame([told.originDefects, told.defects], [[], []]);
  const added = fix('From: a@b.example\r\n\r\n');
  t.match(added, {
    headerMessageId: '<01ARZ3NDEKTSV4RRFFQ69G5FAV@mail.clinic.example>',
    messageIdFrom: 'gateway',
    dateFrom: 'gateway',
    references: null,
  });
  t.equal(fix('Message-ID: not an id\r\n\r\n').headerMessageId, null, 'an id that nothing can refer to');
});

await t.test('defects of the origin', async (t) => {
  const table: readonly (readonly [name: string, header: string, expected: readonly string[]])[] = [
    ['no From', 'Date: x\r\n\r\n', ['no-from']],
    ['several', 'From: a@b.example\r\nFrom: a@b.example\r\n\r\n', ['several-from']],
    ['several, one written otherwise', 'From: a@b.example\r\nfrom : c@d.example\r\n\r\n', ['several-from']],
    ['nothing in it', 'From:\r\n\r\n', ['unreadable']],
    ['no address', 'From: Ann\r\n\r\n', ['unreadable']],
    ['an address that is not UTF-8', 'From: \xff <a\xfe@b.example>\r\n\r\n', ['unreadable']],
    ['a name that is not UTF-8', 'From: M\xfcller <a@b.example>\r\n\r\n', []],
    ['Sender without an address', 'From: a@b.example\r\nSender: Ann\r\n\r\n', ['unreadable']],
    ['Resent-From without an address', 'From: a@b.example\r\nResent-From: Ann\r\n\r\n', ['unreadable']],
  ];
  for (const [name, header, expected] of table)
    t.strictSame(fixUpHeader(Buffer.from(header, 'latin1'), FACTS).originDefects, expected, name);
  const both = fix('From: a@b.example\r\nFrom: boss@clinic.example\r\n\r\n');
  t.strictSame(both.from, ['a@b.example', 'boss@clinic.example'], 'addresses of all of them');
  const hidden = fix('A: 1\r\nFrom: a@b.example\r\nno colon here\r\nFrom: boss@clinic.example\r\n\r\n');
  t.strictSame(hidden.defects, ['no-colon'], 'a line at which some readers end the header');
});

await t.test('loops', async (t) => {
  const received = (n: number): string => 'Received: from a by b; x\r\n'.repeat(n);
  const mark = 'X-Postern-Trace: markmarkmarkmarkmarkma\r\n';
  const table: readonly (readonly [name: string, header: string, loop: string, count: number])[] = [
    ['none', `${COMPLETE}\r\n`, 'none', 0],
    ['50 Received fields', `${received(50)}${COMPLETE}\r\n`, 'none', 50],
    ['51 Received fields', `${received(51)}${COMPLETE}\r\n`, 'too-many-received', 51],
    ['our mark', `${received(1)}${mark}${COMPLETE}\r\n`, 'own-trace', 1],
    ['our mark, written otherwise', `x-postern-trace :  markmarkmarkmarkmarkma \r\n${COMPLETE}\r\n`, 'own-trace', 0],
    ['the mark of another gateway', `X-Postern-Trace: other\r\n${COMPLETE}\r\n`, 'none', 0],
    ['resent by a person since', `Resent-From: a@b.example\r\nResent-Date: x\r\n${received(2)}${mark}${COMPLETE}\r\n`, 'none', 2],
    ['resent by a person, and passed here since', `${mark}Resent-From: a@b.example\r\n${mark}${COMPLETE}\r\n`, 'own-trace', 0],
  ];
  for (const [name, header, loop, count] of table) t.match(fix(header), { loop, receivedCount: count }, name);
  t.equal(fixUpHeader(fix(`${COMPLETE}\r\n`).bytes, FACTS).loop, 'own-trace', 'what we wrote, come back');
});

await t.test('proof of our tenant', async (t) => {
  const tenantProof = { headerName: 'X-Clinic-Proof', values: ['old-secret', 'new-secret'] };
  const table: readonly (readonly [name: string, fields: string, verdict: string])[] = [
    ['the new value', 'X-Clinic-Proof: new-secret\r\n', 'proved'],
    ['the old value', 'x-clinic-proof:old-secret\r\n', 'proved'],
    ['folded', 'X-Clinic-Proof:\r\n new-secret\r\n', 'proved'],
    ['one of several', 'X-Clinic-Proof: x\r\nX-Clinic-Proof: new-secret\r\n', 'proved'],
    ['missing', '', 'missing'],
    ['wrong', 'X-Clinic-Proof: new-secreT\r\n', 'missing'],
    ['empty', 'X-Clinic-Proof:\r\n', 'missing'],
    ['longer', 'X-Clinic-Proof: new-secretx\r\n', 'missing'],
    ['in another field', 'X-Clinic-Proofs: new-secret\r\n', 'missing'],
  ];
  for (const [name, fields, verdict] of table) {
    const fixed = fix(`${fields}${COMPLETE}\r\n`, { tenantProof });
    t.equal(fixed.tenantProof, verdict, name);
    t.notMatch(text(fixed), /^x-clinic-proof *:/im, `${name}: taken out`);
  }
  t.equal(
    fix(`${COMPLETE}\r\n`, { tenantProof: { headerName: 'X-Clinic-Proof', values: [] } }).tenantProof,
    'missing',
    'no value proves anything',
  );
});

/** Another reading of the block than the code under test: by regular expressions over lines. */
function expectedRest(header: string): string {
  const end = /(?:^|\n)\r?\n/.exec(header);
  const cut =
    end === null
      ? header.length
      : end.index + (end[0].startsWith('\n') && end[0].length > 1 ? 1 : header.startsWith('\n') || header.startsWith('\r\n') ? 0 : 1);
  const fields = header.slice(0, cut).split(/(?<=\n)(?![ \t])/);
  const kept = fields.filter((field) => !/^(?:bcc|resent-bcc)[ \t]*:/i.test(field));
  const filled = (name: string): boolean => kept.some((field) => new RegExp(`^${name}[ \\t]*:[^]*[^ \\t\\r\\n]`, 'i').test(field));
  const without = (name: string): ((field: string) => boolean) =>
    filled(name) ? () => true : (field) => !new RegExp(`^${name}[ \\t]*:`, 'i').test(field);
  return kept.filter(without('date')).filter(without('message-id')).join('') + header.slice(cut);
}

await t.test('whatever comes in: it never throws, and octets outside the changed fields stay', async (t) => {
  const pieces = [
    '\r\n',
    '\r\n',
    '\r\n ',
    '\n',
    ' ',
    '\t',
    ':',
    'Bcc: x@y\r\n',
    'Resent-Bcc:',
    'bcc :',
    'Date: 1\r\n',
    'Date:\r\n',
    'Message-ID: <a@b>\r\n',
    'From: a@b.example\r\n',
    'From',
    'X',
    '\u00fc',
    '=?utf-8?Q?a?=',
    '<',
    '"',
    '(',
    '\0',
    '\r',
  ];
  fuzz(
    t,
    10_000,
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
      const header = parts.join('');
      const fixed = fixUpHeader(Buffer.from(header, 'latin1'), FACTS);
      const out = Buffer.from(fixed.bytes).toString('latin1');
      const added = TRACE + (fixed.dateFrom === 'gateway' ? DATE : '') + (fixed.messageIdFrom === 'gateway' ? MESSAGE_ID : '');
      return out === added + expectedRest(header);
    }),
  );
});

await t.test('fixed up again, only our own fields are added', async (t) => {
  const once = fix(`Bcc: x@y\r\nFrom: a@b.example\r\n\r\n`);
  t.equal(text(fixUpHeader(once.bytes, FACTS)), TRACE + text(once));
});
