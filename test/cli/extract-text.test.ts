// What `postern extract` prints: every kind of blind spot and defect in words, text by place, nothing that a terminal would obey.
import t from 'tap';
import { extractText } from '../../src/cli/extract-text.ts';
import { BLIND_SPOT_KINDS, DEFECT_CODES, type Message, type Place, type Span } from '../../src/mail/message.ts';

const LOOK = { columns: 80, style: (_name: string, text: string) => text };
const span = (part: string, place: Place, text: string): Span => ({ part, place, text, marks: [] });

function shown(message: Partial<Message>, columns: number | null = 80): string {
  const whole: Message = { parts: [], spans: [], defects: [], blindSpots: [], documents: [], ...message };
  return extractText('a.eml', { kind: 'read', message: whole, sizeBytes: 1_234, tookMs: 0.4 }, { ...LOOK, columns });
}

t.test('nothing in it', async (t) => {
  const text = shown({});
  t.match(text, /^a\.eml {2}1\.2 kB, read in 1 ms\n/);
  t.match(text, /\nText\n {2}none\n/);
  t.match(text, /\nEverything was read\.$/);
  t.notMatch(text, /Defects|Cannot be read|Health documents/);
});

t.test('every blind spot and defect has its sentence', async (t) => {
  for (const kind of BLIND_SPOT_KINDS) {
    const text = shown({ blindSpots: [{ part: '2.1', kind }] });
    t.match(text, new RegExp(`Cannot be read\\n  part 2\\.1: ${kind} [a-z].{8,}\\n`), kind);
    t.match(text, /\n1 place could not be read\. To a policy that counts as PHI\.$/);
  }
  for (const code of DEFECT_CODES)
    t.match(shown({ defects: [{ part: '', code }] }), new RegExp(`Defects\\n  message: ${code} [a-z].{8,}\\n`), code);
});

t.test('text by place', async (t) => {
  const text = shown({
    spans: [
      span('', { area: 'header', field: 'subject' }, 'Results'),
      span('1', { area: 'text' }, 'First line\nsecond'),
      span('2', { area: 'text', page: 1 }, 'page one'),
      span('2', { area: 'text', page: 2 }, 'page two'),
      span('3', { area: 'text', sheet: 1, row: 7 }, 'Doe\tJane'),
      span('3', { area: 'text', sheet: 1, row: 8 }, 'Roe\tBob'),
      span('3', { area: 'hidden', sheet: 2 }, 'not shown'),
      span('4', { area: 'text', row: 2, field: 'PID' }, 'SMITH JOHN'),
    ],
  });
  for (const lines of [
    '  message, header\n    subject: Results\n',
    '  part 1, text\n    First line\n    second\n',
    '  part 2, page 1, text\n    page one\n  part 2, page 2, text\n    page two\n',
    '  part 3, sheet 1, text\n    7: Doe   Jane\n    8: Roe   Bob\n  part 3, sheet 2, hidden\n    not shown\n',
    '  part 4, text\n    2 PID: SMITH JOHN\n',
  ])
    t.ok(text.includes(lines), lines.slice(0, 30).trim());
});

t.test('long lines', async (t) => {
  const long = shown({ spans: [span('1', { area: 'text' }, 'word '.repeat(60).trim())] }, 60);
  const body = long.split('\n').filter((line) => line.startsWith('    word'));
  t.ok(body.length >= 5 && body.every((line) => line.length <= 60), `${body.length} lines`);
  t.equal(body.join(' ').match(/word/g)?.length, 60, 'no word is lost');
  const wide = shown({ spans: [span('1', { area: 'text' }, 'x'.repeat(200))] }, 60);
  t.ok(
    wide.split('\n').every((line) => line.length <= 60),
    'also where there is no space',
  );
  const file = shown({ spans: [span('1', { area: 'text' }, 'x'.repeat(200))] }, null);
  t.ok(file.includes('x'.repeat(200)), 'in a file nothing is cut');
});

t.test('nothing that a terminal would obey', async (t) => {
  const nasty = '\u001b[2J\u0007\u202eabc\u2028d\re';
  const text = shown({
    spans: [span('1', { area: 'text', field: nasty }, nasty)],
    parts: [{ path: '', kind: 'pdf', declaredType: null, name: nasty, role: 'attachment', sizeBytes: 1, digest: null }],
    documents: [{ part: '', standard: 'fhir', type: nasty, patients: 1, identifiers: [], contents: [] }],
  });
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
});

t.test('health documents', async (t) => {
  const text = shown({
    documents: [
      { part: '2', standard: 'hl7v2', type: 'ORU^R01', patients: 1, identifiers: ['name', 'mrn'], contents: ['result'] },
      { part: '3', standard: 'x12', type: '837P', patients: 2, identifiers: [], contents: [] },
    ],
  });
  t.ok(text.includes('  part 2: hl7v2 ORU^R01, 1 patient; identifiers: name, mrn; about: result\n'));
  t.ok(text.includes('  part 3: x12 837P, 2 patients\n'));
});

t.test('encrypted by the mail program', async (t) => {
  const message: Partial<Message> = {
    parts: [
      { path: '', kind: 'message', declaredType: null, name: null, role: 'body', sizeBytes: 9, digest: null },
      { path: '1', kind: 'pgp-encrypted', declaredType: null, name: null, role: 'body', sizeBytes: 9, digest: null },
    ],
    blindSpots: [{ part: '1', kind: 'encrypted' }],
  };
  t.match(shown(message), /The mail program has encrypted it to its recipient \(OpenPGP\)\.$/);
});
