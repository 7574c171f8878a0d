// What the content itself tells policy: tags of the subject, header fields, who sees whom, attachments, machines and hurry; and no more.
import fc from 'fast-check';
import t from 'tap';
import { contentFacts, phiFacts, tagsOf } from '../../src/mail/content-facts.ts';
import { HIDDEN_FIELDS } from '../../src/mail/facts.ts';
import type { Finding, InspectionReport } from '../../src/mail/finding.ts';
import type { Message, Part, Span } from '../../src/mail/message.ts';
import { fuzz } from '../support/fuzz.ts';
import { MIME_EXTRACTORS } from '../support/plain-leaves.ts';
import { readWith } from '../support/read.ts';

type Fields = readonly (readonly [name: string, value: string])[];

function span(field: string, text: string, part = ''): Span {
  return { part, place: { area: 'header', field }, text, marks: [] };
}

function part(path: string, change: Partial<Part> = {}): Part {
  return { path, kind: 'pdf', declaredType: 'application/pdf', name: 'a.pdf', role: 'attachment', sizeBytes: 1, digest: null, ...change };
}

function message(fields: Fields, parts: readonly Part[] = [], more: readonly Span[] = []): Message {
  return {
    parts: [part('', { kind: 'message', name: null, role: 'body' }), ...parts],
    spans: [...fields.map(([name, value]) => span(name, value)), ...more],
    defects: [],
    blindSpots: [],
    documents: [],
  };
}

await t.test('tags of a subject', async (t) => {
  const table: readonly (readonly [subject: string, tags: readonly string[], why?: string])[] = [
    ['[secure] Results', ['[secure]']],
    ['Results [secure]', ['[secure]']],
    ['(secure) Results', ['(secure)']],
    ['Results (secure)', ['(secure)']],
    ['{secure} Results', ['{secure}']],
    ['Results {secure}', ['{secure}']],
    ['#secure Results', ['#secure']],
    ['Results #secure', ['#secure']],
    ['secure: Results', ['secure:']],
    ['[SeCuRe] Results', ['[secure]'], 'in lower case'],
    ['[secure]Results', ['[secure]'], 'no space behind it'],
    ['Results[secure]', ['[secure]'], 'no space before it'],
    [' \t[secure]\t Results', ['[secure]'], 'white space around'],
    ['Results [secure] \t', ['[secure]'], 'white space behind'],
    ['[secure]', ['[secure]'], 'nothing else, and counted once'],
    ['[a](b){c}#d e: Results', ['[a]', '(b)', '{c}', '#d', 'e:'], 'of every kind'],
    ['Results [a] (b) #c', ['#c', '(b)', '[a]'], 'several at the end'],
    ['[a] Results [b]', ['[a]', '[b]'], 'both ends'],
    ['[send secure now] Results', ['[send secure now]'], 'words in brackets are one tag'],
    ['#secure#now Results', ['#secure', '#now']],
    // look-alikes
    ['Results', []],
    ['', []],
    [' ', []],
    ['Our [secure] portal', [], 'in the middle'],
    ['secure Results', [], 'a word alone'],
    ['Results secure:', [], 'a colon tags in front only'],
    ['Results [secure].', [], 'not the end'],
    ['[secure Results', [], 'not closed'],
    ['secure] Results', [], 'not opened'],
    ['[] Results', [], 'nothing in it'],
    ['[secure) Results', [], 'closed by another'],
    ['[se[cure]] Results', [], 'brackets in brackets'],
    ['# secure Results', [], 'no word at the hash'],
    ['two words: Results', [], 'a colon takes one word'],
    ['\uff3bsecure\uff3d Results', [], 'full-width brackets are other characters'],
    [`[${'x'.repeat(40)}] Results`, [`[${'x'.repeat(40)}]`], 'the longest tag'],
    [`[${'x'.repeat(41)}] Results`, [], 'longer is none'],
    // answers and forwards
    ['Re: [secure] Results', ['[secure]']],
    ['RE: FW: Fwd: AW: WG: SV: TR: RV: [secure] Results', ['[secure]'], 'any chain of them'],
    ['Re:Re:[secure]Results', ['[secure]'], 'without spaces'],
    ['Re : [secure] Results', ['[secure]'], 'a space before the colon'],
    ['[a] Re: [b] Fwd: (c) Results', ['[a]', '[b]', '(c)'], 'tags between them'],
    ['Re: secure: Results', ['secure:']],
    ['Re: Results', [], 'the word of an answer is no tag'],
    ['Re: Re: Fwd : Results', [], 'nor a chain of them'],
    ['[a] Re: Results', ['[a]']],
    ['Re: Results [secure]', ['[secure]']],
    ['Antw: [secure] Results', ['antw:', '[secure]'], 'an answer in another tongue does not hide the tag'],
    ['Reply: [secure]', ['reply:', '[secure]'], 'a word that begins like one'],
    ['Re[2]: [secure] Results', ['[secure]'], 'a counted answer'],
    ['RE[12]: Fwd[3]: [secure] Results', ['[secure]'], 'a chain of them'],
    ['Re [2]: [secure] Results', ['[secure]']],
    ['Re(2): (secure) Results', ['(secure)'], 'counted in round brackets'],
    ['Re^2: #secure Results', ['#secure']],
    ['AW*3: {secure} Results', ['{secure}']],
    ['Antw[2]: [secure] Results', ['[secure]'], 'counted in another tongue: no tag itself'],
    ['Rép : [secure] Results', ['[secure]'], 'a space before the colon, as in French'],
    ['RES: ENC: [secure]', ['res:', 'enc:', '[secure]'], 'in Portuguese'],
    ['RV: [secure] Results', ['[secure]'], 'in Spanish'],
    ['Re：[secure] Results', ['[secure]'], 'a wide colon'],
    ['回复：[secure] Results', ['[secure]'], 'and what stands before it is no tag'],
    ['Re[2]: secure: Results', ['secure:']],
    ['[a] Re[2]: [b] Results', ['[a]', '[b]']],
    ['Re[2]: Results', [], 'nothing to find'],
    ['Re[2] [secure] Results', [], 'no colon, no answer'],
    ['Re[two]: [secure] Results', [], 'no number'],
    ['Results (2) [secure] text', [], 'in the middle'],
    // Unicode
    ['[geheim-\u00fc] Gr\u00fc\u00dfe', ['[geheim-\u00fc]']],
    ['#\u6f22\u5b57 Results', ['#\u6f22\u5b57']],
    ['\u56de\u590d: [secure] Results', ['\u56de\u590d:', '[secure]']],
    ['Results #\u{1f512}', [], 'a picture is no letter'],
    ['[\u{1f512}] Results', ['[\u{1f512}]'], 'in brackets it may stand'],
    ['[\u{1f512}'.repeat(3), [], 'pairs of surrogates without an end'],
    ['[\ud83d] Results', ['[\ud83d]'], 'half a pair does no harm'],
    ['\u00a0[secure]\u2003Results', ['[secure]'], 'other spaces'],
  ];
  for (const [subject, tags, why = ''] of table) t.same(tagsOf(subject), tags, `${JSON.stringify(subject.slice(0, 60))} ${why}`);
});

await t.test('tags that a limit must not hide', async (t) => {
  const eight = Array.from({ length: 8 }, (_, n) => `[${n}]`);
  const front = tagsOf(`${eight.join('')}[more] Results [secure]`);
  t.same(front, [...eight, '[secure]'], 'eight in front, and still the one behind');
  t.same(tagsOf(`${'Antw: '.repeat(12)}Results [secure]`).at(-1), '[secure]', 'a long chain of words that may be answers');
  t.same(tagsOf(`[secure] ${'word '.repeat(1_000)}`), ['[secure]'], 'in front of a very long subject');
  t.same(tagsOf(`${'word '.repeat(1_000)}[secure]`), ['[secure]'], 'behind a very long subject');
  t.same(tagsOf(`[a] ${'word '.repeat(1_000)}[b]`), ['[a]', '[b]'], 'at both ends of it');
  t.same(tagsOf(`${'word '.repeat(199)}[sec] ${'word '.repeat(300)}`), [], 'what lies at the cut is in the middle');
  t.equal(tagsOf('[a]'.repeat(10_000)).length, 16, 'so many at each end and no more');
});

await t.test('chains of what may be answers take no longer than they are', async (t) => {
  for (const word of ['re : ', 'Re[2]: ', 'antw : ', 'x\uff1a', 'aw (3) :', 're', 're :  :', 'Re [', 'a '])
    t.ok(tagsOf(`${word.repeat(300)}]`).length <= 16, word);
});

await t.test('any subject', async (t) => {
  const tag = fc.constantFrom('[secure]', '(secure)', '{secure}', '#secure', '[two words]');
  const chain = fc
    .array(fc.constantFrom('Re: ', 'Re[2]: ', 'FWD:', 'aw : ', '[x] ', 'sv:  ', 'Antw(3): '), { maxLength: 6 })
    .map((words) => words.join(''));
  const piece = fc.constantFrom('word ', 're:', '[', ']', '(', ')', '#', ' ', ':', 'Gr\u00fc\u00dfe', '\ud800', '{', '}');
  const body = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  const tagged = fc.tuple(chain, tag, body);
  fuzz(
    t,
    2_000,
    fc.property(tagged, ([answers, wanted, words]) => tagsOf(`${answers}${wanted} ${words}`).includes(wanted)),
  );
  const trailing = fc.tuple(body, tag);
  fuzz(
    t,
    2_000,
    fc.property(trailing, ([words, wanted]) => tagsOf(`text ${words} ${wanted}`).includes(wanted)),
  );
  fuzz(
    t,
    2_000,
    fc.property(body, (words) => tagsOf(words).every((one) => words.toLowerCase().includes(one) && one === one.toLowerCase())),
  );
});

/** Of a million characters each: what takes time with the square of its length does not come back from these. */
const HOSTILE: readonly string[] = [
  '[',
  '(',
  '#',
  '#a',
  're:',
  're :  ',
  'a:',
  '[a]',
  '[a',
  ' ',
  'a',
  '"',
  '@',
  'a@',
  'a@b,',
  '<a@b.example>',
  '\ud800',
];

await t.test('hostile subjects and lists of addresses', async (t) => {
  for (const unit of HOSTILE) {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    t.ok(tagsOf(text).length <= 16, `tags of ${JSON.stringify(unit)}`);
    t.ok(tagsOf(`${text}x`).length <= 16, `tags of ${JSON.stringify(unit)} and an end that does not fit`);
    const { visible } = contentFacts(message([['to', text]]));
    t.ok(visible.length <= 1, `addresses of ${JSON.stringify(unit)}`);
  }
  const pieces = fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 8 }).map((units) => units.join('').repeat(5_000));
  fuzz(
    t,
    60,
    fc.property(pieces, (text) => tagsOf(text).length <= 16 && contentFacts(message([['cc', text]])).visible.length <= 10),
  );
});

await t.test('addresses that who gets it can see', async (t) => {
  const table: readonly (readonly [name: string, fields: Fields, visible: readonly string[]])[] = [
    [
      'To and Cc',
      [
        ['to', 'a@x.example'],
        ['cc', 'b@y.example'],
      ],
      ['a@x.example', 'b@y.example'],
    ],
    [
      'not Bcc',
      [
        ['to', 'a@x.example'],
        ['bcc', 'b@y.example'],
      ],
      ['a@x.example'],
    ],
    [
      'not From or Reply-To',
      [
        ['from', 'a@x.example'],
        ['reply-to', 'b@y.example'],
      ],
      [],
    ],
    [
      'one twice, and in both fields',
      [
        ['to', 'a@x.example, A@X.EXAMPLE'],
        ['cc', '<a@x.example>'],
      ],
      ['a@x.example'],
    ],
    [
      'a field twice',
      [
        ['to', 'a@x.example'],
        ['to', 'b@x.example'],
      ],
      ['a@x.example', 'b@x.example'],
    ],
    ['names before them', [['to', 'Ann <a@x.example>, "Bob" <b@x.example>']], ['a@x.example', 'b@x.example']],
    ['a name with a comma', [['to', '"Doe, Jane" <jane@x.example>']], ['jane@x.example']],
    ['a name with an at sign that is no address', [['to', '"Jane @ home" <jane@x.example>']], ['jane@x.example']],
    ['a group', [['to', 'team: a@x.example, B <b@x.example>; c@x.example']], ['a@x.example', 'b@x.example', 'c@x.example']],
    ['a group with nobody in it', [['to', 'undisclosed-recipients:;']], []],
    ['a comment', [['to', 'a@x.example (Ann)']], ['a@x.example']],
    ['an internationalised domain', [['to', 'a@b\u00fccher.example']], ['a@xn--bcher-kva.example']],
    ['one in both spellings', [['to', 'a@b\u00fccher.example, a@XN--BCHER-KVA.example']], ['a@xn--bcher-kva.example']],
    ['an internationalised local part', [['to', 'j\u00fcrgen@x.example']], ['j\u00fcrgen@x.example']],
    ['plus and dots', [['to', 'a.b+c@x.example']], ['a.b+c@x.example']],
    ['a domain that is none', [['to', 'a@-x-, b@x..example, c@1.2.3.4']], []],
    ['no address', [['to', 'Ann, at the desk']], []],
    ['nothing', [], []],
  ];
  for (const [name, fields, visible] of table) t.same(contentFacts(message(fields)).visible, visible, name);
  const many = Array.from({ length: 6_000 }, (_, n) => `a${n}@x.example`).join(',');
  t.ok(many.length > 64 * 1024);
  const some = contentFacts(message([['to', many]])).visible;
  t.ok(some.length > 3_000 && some.length <= 5_000, 'a field is looked at so far and no farther');
  const halves = [0, 1].map((half) => Array.from({ length: 3_000 }, (_, n) => `a${half}${n}@x.example`).join(','));
  t.equal(
    contentFacts(message(halves.map((half) => ['to', half] as const))).visible.length,
    5_000,
    'of any number of addresses only so many',
  );
  t.same(
    contentFacts(message([['from', '"Doe, J" <J@x.example>, k@x.example']])).from,
    ['j@x.example', 'k@x.example'],
    'From may name several',
  );
});

await t.test('made by a machine or sent to many', async (t) => {
  const table: readonly (readonly [field: string, value: string, automatic: boolean])[] = [
    ['auto-submitted', 'auto-generated', true],
    ['auto-submitted', 'auto-replied; owner-email="a@x.example"', true],
    ['auto-submitted', ' Auto-Notified', true],
    ['auto-submitted', '', true],
    ['auto-submitted', 'no', false],
    ['auto-submitted', ' NO ', false],
    ['auto-submitted', 'no; comment=x', false],
    ['auto-submitted', 'notified', true],
    ['list-id', '<news.x.example>', true],
    ['list-unsubscribe', '<mailto:leave@x.example>', true],
    ['list-post', '<mailto:news@x.example>', false],
    ['precedence', 'bulk', true],
    ['precedence', ' Junk ', true],
    ['precedence', 'LIST', true],
    ['precedence', 'first-class', false],
    ['precedence', 'bulky', false],
    ['precedence', 'not bulk', false],
    ['x-precedence', 'bulk', false],
    ['x-auto-submitted', 'auto-generated', false],
    ['subject', 'Auto-Submitted: auto-generated', false],
  ];
  for (const [field, value, automatic] of table)
    t.equal(contentFacts(message([[field, value]])).automatic, automatic, `${field}: ${value}`);
  t.equal(
    contentFacts(
      message([
        ['auto-submitted', 'no'],
        ['auto-submitted', 'auto-replied'],
      ]),
    ).automatic,
    true,
    'one of two says so',
  );
  t.equal(contentFacts(message([])).automatic, false);
});

await t.test('urgent', async (t) => {
  const table: readonly (readonly [field: string, value: string, urgent: boolean])[] = [
    ['importance', 'high', true],
    ['importance', ' HIGH', true],
    ['importance', 'high (very)', true],
    ['importance', 'highest', false],
    ['importance', 'not high', false],
    ['importance', 'normal', false],
    ['importance', 'urgent', false],
    ['priority', 'urgent', true],
    ['priority', 'Urgent', true],
    ['priority', 'non-urgent', false],
    ['priority', 'high', false],
    ['x-priority', '1', true],
    ['x-priority', '1 (Highest)', true],
    ['x-priority', ' 2', true],
    ['x-priority', '3', false],
    ['x-priority', '10', false],
    ['x-priority', '21', false],
    ['x-msmail-priority', 'high', false],
    ['subject', 'Importance: high', false],
  ];
  for (const [field, value, urgent] of table) t.equal(contentFacts(message([[field, value]])).urgent, urgent, `${field}: ${value}`);
  t.equal(
    contentFacts(
      message([
        ['importance', 'low'],
        ['x-priority', '1'],
      ]),
    ).urgent,
    true,
    'one of several says so',
  );
});

await t.test('header fields', async (t) => {
  const secret = 'Jane Doe';
  const hidden = contentFacts(message([...HIDDEN_FIELDS].map((name) => [name, secret] as const)));
  t.ok(HIDDEN_FIELDS.size > 20 && HIDDEN_FIELDS.has('subject') && HIDDEN_FIELDS.has('to'));
  t.notMatch(JSON.stringify(hidden), /Jane|Doe/, 'content and trace are not kept');
  t.same(hidden.header, []);
  const kept: Fields = [
    ['x-system', 'EHR'],
    ['x-class', 'a'],
    ['x-system', 'LAB'],
  ];
  t.same(
    contentFacts(message([kept[0]!, ['subject', secret], kept[1]!, kept[2]!])).header,
    kept,
    'in order, also the one that stands twice',
  );
  const long = contentFacts(message([['x-long', 'v'.repeat(500)]])).header;
  t.same(long, [['x-long', 'v'.repeat(400)]], 'cut');
  const many = contentFacts(message(Array.from({ length: 300 }, (_, n) => [`x-${n}`, 'v'] as const)));
  t.equal(many.header.length, 200, 'so many');
  t.same(many.header.at(-1), ['x-199', 'v'], 'the first of them');
  const late = contentFacts(
    message([...Array.from({ length: 300 }, (_, n) => [`x-${n}`, 'v'] as const), ['auto-submitted', 'auto-replied']]),
  );
  t.equal(late.automatic, true, 'what is told of the message does not depend on how many are kept');
});

await t.test('of the message itself, not of one inside it', async (t) => {
  const inside = [
    span('subject', '[inside] x', '1'),
    span('to', 'inside@x.example', '1'),
    span('auto-submitted', 'auto-replied', '1'),
    span('importance', 'high', '1'),
    span('x-system', 'inside', '1'),
    { part: '', place: { area: 'text', field: 'subject' }, text: '[text] x', marks: [] } as const,
  ];
  t.same(contentFacts(message([['subject', '[outside] x']], [], inside)), {
    from: [],
    visible: [],
    header: [],
    subjectTags: ['[outside]'],
    attachments: [],
    automatic: false,
    urgent: false,
    encryptedBy: null,
  });
  t.same(
    contentFacts(
      message([
        ['subject', '[a] x [b]'],
        ['subject', '[c] [a]'],
      ]),
    ).subjectTags,
    ['[a]', '[b]', '[c]'],
    'two subjects: each tag once',
  );
});

await t.test('attachments', async (t) => {
  const parts = [
    part('1', { kind: 'text', role: 'body', name: null }),
    part('2', { name: 'Results.PDF' }),
    part('3', { kind: 'zip', declaredType: null, name: null }),
    part('3.1', { kind: 'docx', declaredType: null, name: 'Letter.docx', role: 'member' }),
    part('4', { kind: 'picture', role: 'inline' }),
    part('5', { kind: 'html', role: 'other-reading' }),
  ];
  t.same(contentFacts(message([], parts)).attachments, [
    { kind: 'pdf', declaredType: 'application/pdf', name: 'results.pdf' },
    { kind: 'zip', declaredType: null, name: null },
    { kind: 'docx', declaredType: null, name: 'letter.docx' },
  ]);
  const name = `${'x'.repeat(300)}.exe`;
  t.equal(
    contentFacts(message([], [part('1', { name })])).attachments[0]?.name,
    name.slice(-255),
    'the end of a name is what tells the kind',
  );
  t.equal(
    contentFacts(
      message(
        [],
        Array.from({ length: 300 }, (_, n) => part(`${n + 1}`)),
      ),
    ).attachments.length,
    200,
  );
});

await t.test('a message as it is read', async (t) => {
  const text = [
    'From: "Doe, Jane" <Jane@Clinic.example>',
    'To: =?utf-8?Q?J=C3=BCrgen?= <jurgen@partner.example>,',
    ' bob@partner.example',
    'Subject: Re: =?utf-8?Q?=5BSecure=5D_Gr=C3=BC=C3=9Fe?=',
    ' =?utf-8?B?I2xhYg==?=',
    'X-System: EHR',
    ' folded',
    'Importance: High',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: [inner] x',
    'To: inner@partner.example',
    '',
    'hello',
    '--b--',
    '',
  ];
  const facts = contentFacts(await readWith(MIME_EXTRACTORS, text.join('\r\n')));
  const { header, attachments, ...rest } = facts;
  t.same(rest, {
    from: ['jane@clinic.example'],
    visible: ['jurgen@partner.example', 'bob@partner.example'],
    subjectTags: ['[secure]', '#lab'],
    urgent: true,
    automatic: false,
    encryptedBy: null,
  });
  t.same(attachments, [{ kind: 'message', declaredType: 'message/rfc822', name: null }]);
  t.same(
    header.filter(([name]) => name.startsWith('x-')),
    [['x-system', 'EHR folded']],
  );
  t.notMatch(JSON.stringify(header), /Gr|jurgen|inner/, 'neither subject nor addresses are in the kept fields');
});

function finding(kind: Finding['kind'], digest: string): Finding {
  const place = { area: 'text' } as const;
  return { axis: 'who', kind, part: '1', place, at: 0, length: 4, confidence: 1, role: null, reason: 'labelled', digest, labels: [] };
}

function report(change: Partial<InspectionReport> = {}): InspectionReport {
  return { level: 'high', score: 0.9, reasons: [], findings: [], labels: [], documents: [], blindSpots: [], ...change };
}

await t.test('what a report says to policy', async (t) => {
  const findings = [finding('name', 'a'), finding('name', 'a'), finding('name', 'b'), finding('mrn', 'a'), finding('condition', 'c')];
  t.same(
    phiFacts(report({ findings })).counts,
    { name: 2, mrn: 1, condition: 1 },
    'distinct values of each kind; equal digests of two kinds are two',
  );
  t.same(phiFacts(report()).counts, {}, 'nothing found');
  const document = { part: '1', standard: 'hl7v2', type: 'ADT^A01', patients: 1, identifiers: [], contents: [] } as const;
  t.same(phiFacts(report({ documents: [document, document, { ...document, standard: 'fhir' }] })).documents, ['hl7v2', 'fhir']);
  const reasons = Array.from({ length: 120 }, (_, n) => ({
    code: `code-${Math.floor(n / 2)}`,
    weight: 1,
    part: '1',
    place: { area: 'text' } as const,
    kinds: [],
  }));
  const codes = phiFacts(report({ reasons })).reasons;
  t.same([codes.length, codes[0], codes.at(-1)], [50, 'code-0', 'code-49'], 'each code once, the strongest first, so many');
  t.match(phiFacts(report({ labels: ['hiv'] })), { level: 'high', score: 0.9, labels: ['hiv'] });
  t.notMatch(JSON.stringify(phiFacts(report({ findings: [finding('name', 'digest-of-a-value')] }))), /digest-of/, 'digests are not told');
});
