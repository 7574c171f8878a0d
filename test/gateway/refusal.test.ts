// Which headers are refused, for whom, and with what code; read from whole headers as a client writes them.
import t from 'tap';
import type { Submission } from '../../src/gateway/intake.ts';
import { refusalOf } from '../../src/gateway/refusal.ts';
import type { MailErrorCode } from '../../src/mail/mail-error.ts';
import { fixUpHeader } from '../../src/mime/fix-up.ts';
import { submission } from '../support/submission.ts';
import { NOON } from '../support/gateway-ground.ts';

const MARK = 'a1b2c3';
const proof = { headerName: 'X-Clinic-Tenant', values: ['right-one', 'older-one'] };

function refused(lines: readonly string[], given: Partial<Submission>): MailErrorCode | null {
  const from = submission(given);
  const block = Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
  const { client, tenantProof } = from;
  const facts = { messageId: '01JD9Z0000000000000000TEST', at: NOON, hostname: 'mail.clinic.example', client, tenantProof };
  return refusalOf(fixUpHeader(block, { ...facts, clientAddress: 'hide', traceMark: MARK }), from);
}

const ours = ['*@clinic.example'];
const From = 'From: Ann <ann@clinic.example>';

interface Case {
  readonly name: string;
  readonly lines: readonly string[];
  readonly mayUse?: readonly string[];
  readonly tenantProof?: Submission['tenantProof'];
  readonly expect: MailErrorCode | null;
}

const cases: readonly Case[] = [
  { name: 'a From of its own', lines: [From, ''], expect: null },
  { name: 'a From of somebody else', lines: ['From: ann@other.example', ''], expect: 'content.from-not-allowed' },
  {
    name: 'a name that looks like an address of its own',
    lines: ['From: "ann@clinic.example" <x@other.example>', ''],
    expect: 'content.from-not-allowed',
  },
  { name: 'no From at all', lines: ['Subject: x', ''], expect: 'content.from-not-allowed' },
  { name: 'two From fields, both its own', lines: [From, 'From: bob@clinic.example', ''], expect: 'content.from-not-allowed' },
  {
    name: 'two addresses in From, one its own',
    lines: ['From: ann@clinic.example, x@other.example', ''],
    expect: 'content.from-not-allowed',
  },
  { name: 'two addresses in From, both its own', lines: ['From: ann@clinic.example, bob@clinic.example', ''], expect: null },
  { name: 'a Sender of somebody else', lines: [From, 'Sender: x@other.example', ''], expect: 'content.from-not-allowed' },
  { name: 'a Resent-From of somebody else', lines: ['Resent-From: x@other.example', From, ''], expect: 'content.from-not-allowed' },
  { name: 'a From that cannot be read', lines: ['From: ann', ''], expect: 'content.from-not-allowed' },
  { name: 'any address allowed: no From is needed', lines: ['Subject: x', ''], mayUse: ['*'], expect: null },
  { name: 'any address allowed: two From fields', lines: [From, 'From: x@other.example', ''], mayUse: ['*'], expect: null },
  { name: 'one address only', lines: ['From: bob@clinic.example', ''], mayUse: ['ann@clinic.example'], expect: 'content.from-not-allowed' },
  { name: 'case does not matter', lines: ['From: ANN@Clinic.Example', ''], mayUse: ['ann@clinic.example'], expect: null },
  { name: 'no empty line: all header, no body', lines: [From], expect: null },
  { name: 'a line that is no field', lines: [From, 'not a field', ''], mayUse: ['*'], expect: 'content.bad-header' },
  { name: 'a header that begins with a fold', lines: [' folded', From, ''], mayUse: ['*'], expect: 'content.bad-header' },
  { name: 'our own trace', lines: [`X-Postern-Trace: ${MARK}`, From, ''], expect: 'content.loop' },
  { name: 'the trace of another gateway', lines: ['X-Postern-Trace: f00', From, ''], expect: null },
  { name: '50 Received fields', lines: [...Array<string>(50).fill('Received: by a'), From, ''], expect: null },
  { name: '51 Received fields', lines: [...Array<string>(51).fill('Received: by a'), From, ''], expect: 'content.loop' },
  { name: 'the proof of our tenant', lines: ['X-Clinic-Tenant: right-one', From, ''], tenantProof: proof, expect: null },
  { name: 'the older proof, while it is changed', lines: ['X-Clinic-Tenant: older-one', From, ''], tenantProof: proof, expect: null },
  { name: 'a wrong proof', lines: ['X-Clinic-Tenant: wrong', From, ''], tenantProof: proof, expect: 'session.not-permitted' },
  { name: 'no proof', lines: [From, ''], tenantProof: proof, expect: 'session.not-permitted' },
  { name: 'no proof, any address allowed', lines: [From, ''], mayUse: ['*'], tenantProof: proof, expect: 'session.not-permitted' },
  {
    name: 'a proof that no value is known of',
    lines: ['X-Clinic-Tenant: ', From, ''],
    tenantProof: { ...proof, values: [] },
    expect: 'session.not-permitted',
  },
];

for (const { name, lines, mayUse = ours, tenantProof = null, expect } of cases) {
  t.test(name, async (t) => void t.equal(refused(lines, { mayUse, tenantProof }), expect));
}
