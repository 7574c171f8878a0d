// Every key that a condition may have: how it is written, what it means, an example. Checking, the JSON Schema and the printed reference
// come from here.
import { z } from 'zod';
import { CONSENT_KINDS, HIDDEN_FIELDS, PURPOSES } from '../mail/facts.ts';
import { HEALTH_KINDS, LABELS, WHO_KINDS } from '../mail/finding.ts';
import { BLIND_SPOT_KINDS, HEALTH_STANDARDS, PART_KINDS } from '../mail/message.ts';
import { REASONS, type ReasonCode } from '../mail/reasons.ts';
import { fieldName, glob, keys, members, oneOrMany, sizeBytes, someKeys, tag, timeOfDay, wholeNumber, word, yesNo } from './values.ts';

interface ConditionKeyOf<T> {
  readonly schema: z.ZodType<T>;
  /** When it holds, in whole sentences. */
  readonly says: string;
  /** Values as they would stand in the file. */
  readonly examples: readonly string[];
}

function key<T>(schema: z.ZodType<T>, says: string, ...examples: readonly string[]): ConditionKeyOf<T> {
  return { schema: schema.meta({ description: says }), says, examples };
}

const address = members('write an address, a domain, *@*.domain, or { list: NAME }');
const domain = members('write a domain, *.domain, or { list: NAME }');
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SUBMITTERS = ['account', 'certificate', 'network', 'gateway'] as const;
const REASON_CODES = Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]];

/** What to write instead of a header field that no condition sees. */
function insteadOf(name: string): string {
  if (name === 'subject') return 'only tags of the subject are looked at: write subject: { tag: "[secure]" }';
  if (name === 'from' || name === 'sender' || name === 'reply-to' || name === 'return-path')
    return 'write from: or sender: with an address';
  if (name === 'to' || name === 'cc' || name === 'bcc') return 'write recipient: with an address, or visible_outside: { at_least: 10 }';
  if (name.startsWith('content-')) return 'write attachment: { type: "image/*" }, or phi';
  return 'this field is content or says only the way; conditions look at other fields';
}

/** A header field that facts keep. */
export const header = keys({ name: fieldName, value: glob.optional() }, 'write { name: X-Sent-By } or { name: X-Sent-By, value: "ehr*" }')
  .superRefine(({ name }, context) => {
    if (HIDDEN_FIELDS.has(name)) context.addIssue({ code: 'custom', path: ['name'], message: insteadOf(name) });
  })
  .transform(({ name, value }) => ({ name, value: value ?? null }));

const levels = ['low', 'medium', 'high'] as const;
const level = z.enum(levels, {
  error: ({ input }) =>
    input === 'none' ? 'for no PHI at all write phi: { at_most: none }' : (word(levels).safeParse(input).error?.issues[0]?.message ?? ''),
});
const PHI = 'write low, medium or high for that or more, or { at_most: low }, { found: high }, { labels: [hiv] }, { documents: [fhir] }';
const phi = z
  .union(
    [
      level.transform((at_least) => ({ at_least })),
      someKeys(
        {
          at_least: level.optional(),
          at_most: word(['none', 'low', 'medium']).optional(),
          found: level.optional(),
          labels: oneOrMany(word(LABELS), `write one or several of ${LABELS.join(', ')}`).optional(),
          documents: oneOrMany(word(HEALTH_STANDARDS), `write one or several of ${HEALTH_STANDARDS.join(', ')}`).optional(),
        },
        PHI,
      ),
    ],
    { error: PHI },
  )
  .transform((read: PhiWritten) => ({
    atLeast: read.at_least ?? null,
    atMost: read.at_most ?? null,
    found: read.found ?? null,
    labels: read.labels ?? null,
    documents: read.documents ?? null,
  }));

interface PhiWritten {
  readonly at_least?: (typeof levels)[number] | undefined;
  readonly at_most?: 'none' | 'low' | 'medium' | undefined;
  readonly found?: (typeof levels)[number] | undefined;
  readonly labels?: readonly (typeof LABELS)[number][] | undefined;
  readonly documents?: readonly (typeof HEALTH_STANDARDS)[number][] | undefined;
}

const ATTACHMENT = 'write yes, no, or { kind: pdf }, { type: "image/*" }, { name: "*.zip" }';
const attachment = z.union(
  [
    yesNo,
    oneOrMany(
      someKeys(
        {
          kind: oneOrMany(word(PART_KINDS), 'write one or several kinds of parts').optional(),
          type: oneOrMany(glob, 'write a media type in quotes, such as "image/*"').optional(),
          name: oneOrMany(glob, 'write a file name in quotes, such as "*.zip"').optional(),
        },
        ATTACHMENT,
      ).transform((read) => ({ kinds: read.kind ?? null, types: read.type ?? null, names: read.name ?? null })),
      ATTACHMENT,
    ),
  ],
  { error: ATTACHMENT },
);

const TIME = 'write { days: [mon, fri], from: "08:00", to: "18:00" }';
const time = someKeys(
  { days: oneOrMany(word(DAYS), 'write days as [mon, tue]').optional(), from: timeOfDay.optional(), to: timeOfDay.optional() },
  TIME,
)
  .refine(({ from, to }) => (from === undefined) === (to === undefined), 'write from and to together, or neither')
  .refine(({ from, to }) => from === undefined || from !== to, 'from and to must differ; leave both out for whole days')
  .transform(({ days, from, to }) => ({ days: days ?? DAYS, from: from ?? 0, to: to ?? 1_440 }));

const SUBMITTER = 'write account, certificate, network or gateway, or { kind: certificate, name: ehr }';
const submitter = z.union([word(SUBMITTERS), keys({ kind: word(SUBMITTERS), name: glob }, SUBMITTER)], { error: SUBMITTER });
const FINDINGS = 'write { kind: ssn } or { kind: ssn, at_least: 5 }';
const BLIND = 'write any, none, or a list of kinds';

export const CONDITION_KEYS = {
  sender: key(
    address,
    'The sender of the envelope is one of these. "<>" is the empty sender of reports.',
    '"*@lab.clinic.example"',
    '{ list: partners }',
  ),
  from: key(address, 'An address of the From field is one of these.', 'news@clinic.example', '[news@clinic.example, { list: partners }]'),
  from_domain: key(domain, 'The domain of an address of the From field is one of these.', '[clinic.example, "*.clinic.example"]'),
  account: key(
    members('write the name of an account, or { list: NAME }'),
    'Submitted by login of one of these accounts.',
    'reception@clinic.example',
    '{ list: trusted-senders }',
  ),
  network: key(
    members('write a network such as 10.1.0.0/16, or { list: NAME }'),
    'The client that submitted it has an address in one of these networks.',
    '10.1.0.0/16',
  ),
  submitter: key(
    oneOrMany(
      submitter.transform((read) => (typeof read === 'string' ? { kind: read, name: null } : read)),
      SUBMITTER,
    ),
    'How it was submitted: by a login, a client certificate, a trusted network, or by this gateway itself.',
    'network',
    '{ kind: certificate, name: "ehr-*" }',
  ),
  recipient: key(address, 'The recipient is one of these.', 'ann@mercy.example', '{ list: partners }'),
  to: key(address, 'The same as recipient: the address that this copy goes to, not the To field.', '"*@mercy.example"'),
  to_domain: key(domain, "The recipient's domain is one of these.", 'mercy.example', '"*.lab.example"'),
  inside: key(yesNo, "The recipient's domain is the organisation's own.", 'yes'),
  header: key(
    oneOrMany(header, 'write { name: X-Sent-By, value: "ehr*" }'),
    'A header field is there, with this value where one is written; "*" stands for any text.',
    '{ name: x-ehr-type, value: "lab*" }',
  ),
  subject: key(
    keys({ tag: oneOrMany(tag, 'write a tag in quotes, such as "[secure]"') }, 'write { tag: "[secure]" }'),
    'The subject begins or ends with one of these tags. The rest of the subject is not looked at.',
    '{ tag: "[secure]" }',
  ),
  size: key(
    someKeys({ over: sizeBytes.optional(), under: sizeBytes.optional() }, 'write { over: 10MB }'),
    'The message is larger, or smaller, than this.',
    '{ over: 10MB }',
  ),
  attachment: key(
    attachment,
    'Some attachment has this kind (by its content), declared media type and name; "*" stands for any text. yes: there is one.',
    '{ kind: [zip, archive] }',
    '{ type: "image/*" }',
    '{ name: "*.csv" }',
    'yes',
  ),
  phi: key(
    phi,
    'PHI was found at this level or higher; what could not be read counts as blind_spot_level says. With found, only what was really found counts; of several labels or documents one is enough.',
    'medium',
    '{ at_most: low }',
    '{ found: high }',
    '{ labels: [hiv, substance-use] }',
  ),
  findings: key(
    oneOrMany(
      keys({ kind: word([...WHO_KINDS, ...HEALTH_KINDS]), at_least: wholeNumber(1, 100_000).optional() }, FINDINGS).transform(
        ({ kind, at_least }) => ({ kind, atLeast: at_least ?? 1 }),
      ),
      FINDINGS,
    ),
    'So many different values of a kind were found (at least one).',
    '{ kind: ssn, at_least: 5 }',
  ),
  reason: key(
    keys({ code: oneOrMany(word(REASON_CODES), 'write codes of reasons') }, 'write { code: other-patients-address }'),
    'Inspection gave one of these reasons.',
    '{ code: other-patients-address }',
  ),
  blind_spots: key(
    z.union([word(['any', 'none']), oneOrMany(word(BLIND_SPOT_KINDS), BLIND)], { error: BLIND }),
    'Something could not be read (any), nothing was left unread (none), or something of one of these kinds was.',
    'any',
    'none',
    '[encrypted, too-large]',
  ),
  visible_outside: key(
    keys({ at_least: wholeNumber(1, 100_000) }, 'write { at_least: 10 }').transform(({ at_least }) => ({ atLeast: at_least })),
    "So many addresses outside of the organisation see each other's addresses.",
    '{ at_least: 10 }',
  ),
  first_mail: key(word(['address', 'domain']), 'The organisation never sent mail to this address, or to anyone at its domain.', 'address'),
  one_slip: key(yesNo, 'The recipient is one slip of a finger away from an address that gets mail regularly, and never got any.', 'yes'),
  role_address: key(yesNo, 'The recipient is an office, not a person: info@, reception@, billing@, a mailing list.', 'yes'),
  automatic: key(yesNo, 'Made by a machine: reports, notices, list mail.', 'yes'),
  urgent: key(yesNo, 'Marked as urgent or important.', 'yes'),
  encrypted: key(
    oneOrMany(word(['yes', 'no', 'smime', 'openpgp']), 'write yes, no, smime or openpgp'),
    'The whole message was encrypted before it came here.',
    'yes',
    'smime',
  ),
  time: key(
    time,
    "It was accepted on these days, between these times, in the policy's timezone. A window over midnight belongs to the day on which it begins.",
    '{ days: [sat, sun] }',
    '{ from: "18:00", to: "08:00" }',
  ),
  consent: key(
    oneOrMany(word(CONSENT_KINDS), `write one or several of ${CONSENT_KINDS.join(', ')}`),
    'One of these is on file for the recipient and in force.',
    'plain-mail',
  ),
  purpose: key(oneOrMany(word(PURPOSES), 'write marketing or fundraising'), 'Declared to be for this purpose (see declare).', 'marketing'),
  wish: key(
    oneOrMany(word(['more', 'less']), 'write more or less'),
    'The originator asked for more protection, or for less and may.',
    'more',
  ),
  attested: key(yesNo, 'The account has an attestation on file.', 'yes'),
} as const;
