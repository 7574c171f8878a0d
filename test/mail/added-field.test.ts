// Which fields policy may add: a name that is none, a field that makes the message what it is, and a value that could end its line are refused.
import t from 'tap';
import { addedFieldProblem } from '../../src/mail/added-field.ts';

const table: readonly (readonly [name: string, value: string, problem: RegExp | null])[] = [
  ['X-Checked', 'yes', null],
  ['x!#$%&~', 'yes', null],
  ['Reply-To', 'Desk <desk@clinic.example>', null],
  ['Organization', 'Klinik Köln', null],
  ['X-Long', 'x'.repeat(900), null],
  ['', 'x', /name/],
  ['X Checked', 'x', /name/],
  ['X:Checked', 'x', /name/],
  ['X-Checked:', 'x', /name/],
  ['X-Chäcked', 'x', /name/],
  ['X\r\nBcc', 'x', /name/],
  ['X'.repeat(71), 'x', /name/],
  ...['Content-Type', 'content-transfer-encoding', 'MIME-Version', 'From', 'Sender', 'To', 'CC', 'Bcc', 'Subject', 'Date'].map(
    (name) => [name, 'x', /part of the message/] as const,
  ),
  ...['Message-ID', 'Received', 'Return-Path', 'Resent-From', 'DKIM-Signature', 'ARC-Seal', 'X-Postern-Trace'].map(
    (name) => [name, 'x', /part of the message/] as const,
  ),
  ['X-Checked', '', /empty/],
  ['X-Checked', ' \t ', /empty/],
  ['X-Checked', 'x'.repeat(901), /longer/],
  ...['\r\nBcc: a@b', 'a\nb', 'a\rb', 'a\0b', 'a\tb', 'a\x7fb', 'a\x85b', 'a\u2028b', 'a\u2029b', '\ud800', 'a\ufeffb'].map(
    (value) => ['X-Checked', `a${value}`, /cannot be printed/] as const,
  ),
];

for (const [name, value, problem] of table) {
  const said = addedFieldProblem(name, value);
  const title = JSON.stringify([name, value.slice(0, 20)]).replace(/[^ -~]/g, '?');
  if (problem === null) t.equal(said, null, title);
  else t.match(said, problem, title);
}
