// The shape of a cases file, version 1: messages made up beside a policy, and what it must decide for them. One definition for checking and
// for the docs.
import { z } from 'zod';
import { addressOctets } from '../fetch/ip-address.ts';
import { METHOD_NAMES } from '../mail/decision.ts';
import { CONSENT_KINDS, PURPOSES } from '../mail/facts.ts';
import { HEALTH_KINDS, LABELS, LEVELS, WHO_KINDS } from '../mail/finding.ts';
import { BLIND_SPOT_KINDS, HEALTH_STANDARDS, PART_KINDS } from '../mail/message.ts';
import { REASONS, type ReasonCode } from '../mail/reasons.ts';
import { PROTECTIONS } from '../mail/tls.ts';
import { DAYS } from './condition-keys.ts';
import {
  durationMs,
  fieldName,
  holdTerm,
  id,
  keys,
  line,
  mailbox,
  oneOrMany,
  sizeBytes,
  someKeys,
  tag,
  timeOfDay,
  wholeNumber,
  word,
  yesNo,
} from './values.ts';

const says = <S extends z.ZodType>(schema: S, description: string): S => schema.meta({ description });
/** A value, or a list that may be empty. */
const listed = <T>(item: z.ZodType<T>, right: string): z.ZodType<readonly T[]> =>
  z
    .union([item, z.array(item, right).max(1_000, right)], { error: right })
    .transform((read) => (Array.isArray(read) ? read : [read]) as readonly T[]);
const words = <const W extends readonly [string, ...string[]]>(of: W): z.ZodType<readonly W[number][]> =>
  listed(word(of) as z.ZodType<W[number]>, `write one or several of ${of.join(', ')}, or []`);

const SENDER = 'write an address, or "<>" for the empty sender';
const sender = z.union([z.literal('<>').transform(() => ''), mailbox], { error: SENDER });
const CLIENT = 'write an IP address, such as 10.1.2.3';
const client = z.string(CLIENT).refine((text) => addressOctets(text) !== null, CLIENT);
const TIME = 'write a day and a time, such as "fri 17:30"';
const time = z.string(TIME).transform((text, context) => {
  const [day, at = '', ...more] = text.split(' ');
  const minute = timeOfDay.safeParse(at);
  const found = DAYS.find((one) => one === day);
  if (found !== undefined && minute.success && minute.data < 1_440 && more.length === 0) return { day: found, minute: minute.data };
  context.addIssue({ code: 'custom', message: TIME });
  return z.NEVER;
});
const SUBMITTER = 'write network, gateway, or { kind: certificate, name: ehr }';
const submitter = z
  .union(
    [
      word(['account', 'certificate', 'network', 'gateway']),
      keys({ kind: word(['account', 'certificate', 'network', 'gateway']), name: line(255) }, SUBMITTER),
    ],
    {
      error: SUBMITTER,
    },
  )
  .transform((read) => (typeof read === 'string' ? { kind: read, name: '' } : read));

const COUNTS = 'write kinds and numbers, such as { ssn: 3 }';
const counts = z.partialRecord(z.enum([...WHO_KINDS, ...HEALTH_KINDS]), wholeNumber(0, 100_000), COUNTS);
const level = word(LEVELS);
const PHI =
  'write none, low, medium or high, or { level: high, labels: [hiv], counts: { ssn: 3 }, documents: [fhir], reasons: [exact-match] }';
const PHI_KEYS = keys(
  {
    level,
    counts: counts.optional(),
    labels: words(LABELS).optional(),
    documents: words(HEALTH_STANDARDS).optional(),
    reasons: words(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]]).optional(),
  },
  PHI,
);
const phi = z.union([level.transform((read): z.output<typeof PHI_KEYS> => ({ level: read })), PHI_KEYS], { error: PHI });
const ATTACHMENT = 'write { kind: pdf, type: application/pdf, name: letter.pdf }';
const attachment = someKeys({ kind: word(PART_KINDS).optional(), type: line(200).optional(), name: line(200).optional() }, ATTACHMENT);
const TEXT = 'write the text of the message, at most 20000 characters';

const FIELD = 'write a text, or a list of texts';

export const MESSAGE = {
  eml: says(line(300).optional(), 'A message in a file, relative to the cases file. It is read and inspected as the gateway does.'),
  text: says(z.string(TEXT).max(20_000, TEXT).optional(), 'Text of the body. It is read and inspected as the gateway does.'),
  subject: says(line(400).optional(), 'Only its tags count, and what inspection finds in it.'),
  from: says(oneOrMany(mailbox, 'write one or several addresses').optional(), 'The From field. Left out: the sender.'),
  header: says(
    z.record(fieldName, oneOrMany(z.string(FIELD).max(2_000), FIELD), 'write fields as { X-Ehr-Type: lab }').optional(),
    'Other header fields; a list is a field that stands several times. Left out: To with all recipients.',
  ),
  attachments: says(oneOrMany(attachment, ATTACHMENT).optional(), 'What policy sees of attachments: kind by content, declared type, name.'),
  size: says(sizeBytes.optional(), 'Size. Left out: that of the text, or 4kB.'),
  visible_outside: says(wholeNumber(0, 100_000).optional(), "How many outside addresses see each other's. Left out: those in To and Cc."),
  phi: says(phi.optional(), 'What inspection found, given straight. Not with text or eml. Left out: none.'),
  blind_spots: says(words(BLIND_SPOT_KINDS).optional(), 'What could not be read. Not with text or eml.'),
  automatic: says(yesNo.optional(), 'Made by a machine. Left out: as the header says.'),
  urgent: says(yesNo.optional(), 'Marked as urgent. Left out: as the header says.'),
  encrypted: says(word(['no', 'smime', 'openpgp']).optional(), 'The whole message came encrypted. Not with text or eml.'),
} as const;

export const EXPECT = {
  level: says(level.optional(), 'Level of PHI as it counts, with what could not be read.'),
  rule: says(
    z
      .string('write the id of a rule')
      .regex(/^(?:[a-z0-9-]{1,40}|<[a-z-]{1,40}>)$/, 'write the id of a rule, or <no-rule>, <other-way>, <marketing>, <fundraising>')
      .optional(),
    'The rule that decides, or <no-rule>, <other-way>, <marketing>, <fundraising>.',
  ),
  action: says(word(['deliver', 'hold', 'return']).optional(), 'What happens.'),
  methods: says(words(METHOD_NAMES).optional(), 'Methods in their order, after the floor has ruled some out.'),
  floor: says(word(PROTECTIONS).optional(), 'The floor.'),
  floors: says(listed(id, 'write ids of floors, or []').optional(), 'Entries of require that apply, in any order.'),
  otherwise: says(word(['hold', 'return']).optional(), 'What happens where no method reaches.'),
  says: says(line(200).optional(), 'Words for the originator.'),
  purpose: says(words(PURPOSES).optional(), 'What it is declared as; [] for nothing.'),
  wish: says(word(['more', 'less', 'none']).optional(), 'The wish that counts.'),
  strip_tags: says(listed(tag, 'write tags in quotes, or []').optional(), 'Tags that are removed from the subject.'),
  add_header: says(z.record(fieldName, z.string('write a text'), 'write fields, or {}').optional(), 'Header fields that are added.'),
  append_text: says(yesNo.optional(), 'A text is added under the body.'),
  notify: says(listed(mailbox, 'write addresses, or []').optional(), 'Who is told.'),
  expire: says(
    z.union([z.literal('no').transform(() => null), durationMs], { error: 'write a time such as 30d, or no' }).optional(),
    'Term of a pickup; no: the usual one.',
  ),
  unsubscribe: says(word(['marketing', 'fundraising', 'no']).optional(), 'One-click unsubscribe from this is added.'),
  hold_for: says(
    z.union([z.literal('no').transform(() => null), holdTerm], { error: 'write a time such as 2wd or 2d, or no' }).optional(),
    'How long it waits where it is held; no: as configured.',
  ),
  reviewers: says(listed(mailbox, 'write addresses, or []').optional(), 'Who owns it where it is held.'),
  release_own: says(yesNo.optional(), 'May originators release it.'),
  language: says(line(20).optional(), 'Language of what the recipient is written.'),
} as const;

const EXPECTED = 'write what must be decided, such as { rule: everything-else, floor: tls-verified }';
const expect = someKeys(EXPECT, EXPECTED);

export const RECIPIENT = {
  address: mailbox,
  inside: says(yesNo.optional(), "Is it of the organisation. Left out: by the sender's domain and organisation."),
  seen: says(word(['yes', 'domain', 'no']).optional(), 'Had mail before: the address, somebody at its domain, nobody. Left out: yes.'),
  one_slip: says(yesNo.optional(), 'One slip of a finger away from an address that gets mail regularly. Left out: no.'),
  consents: says(words(CONSENT_KINDS).optional(), 'What is on file for it.'),
  expect: says(expect.optional(), 'For this recipient; what it does not say is as the case expects.'),
} as const;
const RECIPIENT_RIGHT = 'write an address, or { address: ann@mercy.example, seen: no }';
const RECIPIENT_KEYS = keys(RECIPIENT, RECIPIENT_RIGHT);
const recipient = z.union([mailbox.transform((address): z.output<typeof RECIPIENT_KEYS> => ({ address })), RECIPIENT_KEYS], {
  error: RECIPIENT_RIGHT,
});

const PARTIES = {
  sender: says(sender.optional(), 'Sender of the envelope.'),
  account: says(line(255).optional(), 'Account that submitted it. Left out: the name of the sender.'),
  submitter: says(submitter.optional(), 'How it was submitted, where not by an account.'),
  client: says(client.optional(), 'Address of the client. Left out: 192.0.2.1.'),
  attested: says(yesNo.optional(), 'The account has an attestation on file. Left out: no.'),
  time: says(time.optional(), "When it was accepted, in the policy's timezone. Left out: wed 12:00."),
} as const;
const DELIVERY = 'write { floor: tls-verified, otherwise: hold }';
export const GIVEN = {
  ...PARTIES,
  delivery: says(
    keys({ floor: word(['tls', 'tls-verified', 'tls-authenticated']), otherwise: word(['hold', 'return']) }, DELIVERY).optional(),
    'What the configuration says under delivery. Left out: what yours says.',
  ),
  organisation: says(listed(line(255), 'write domains').optional(), "Domains of the organisation beside the sender's own."),
} as const;
export const given = someKeys(GIVEN, 'write what stands for every case, such as { sender: ann@clinic.example }');

const CASE_RIGHT = 'write a case, such as { id: NAME, message: { phi: high }, to: [ann@mercy.example], expect: { rule: NAME } }';
export const CASE = {
  id: says(id, 'Its name.'),
  ...PARTIES,
  message: says(
    keys(MESSAGE, 'write the message, such as { phi: high } or { text: "..." }').optional(),
    'The message. Left out: one without PHI.',
  ),
  to: says(oneOrMany(recipient, RECIPIENT_RIGHT), 'Recipients of the envelope.'),
  expect: says(expect.optional(), 'What is decided, for each recipient.'),
} as const;
export const policyCase = keys(CASE, CASE_RIGHT);

export type WrittenGiven = z.output<typeof given>;
export type WrittenCase = z.output<typeof policyCase>;
export type Expected = z.output<typeof expect>;
