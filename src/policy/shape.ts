// The shape of a policy file, version 1: one definition for checking, the JSON Schema and the printed reference.
import { z } from 'zod';
import { METHOD_NAMES } from '../mail/decision.ts';
import { PURPOSES } from '../mail/facts.ts';
import { LEVELS } from '../mail/finding.ts';
import { PROTECTIONS, TLS_FLOORS } from '../mail/tls.ts';
import { CONDITION_KEYS, header } from './condition-keys.ts';
import type { ConditionKey, ConditionValue } from './condition.ts';
import {
  durationMs,
  fieldName,
  fixedText,
  holdTerm,
  id,
  keys,
  line,
  listName,
  mailbox,
  members,
  oneOrMany,
  tag,
  word,
  yesNo,
} from './values.ts';

/** A condition as it was read, before it is a tree. */
export type WrittenCondition = { readonly [K in ConditionKey]?: ConditionValue<K> | undefined } & {
  readonly all?: readonly WrittenCondition[] | undefined;
  readonly any?: readonly WrittenCondition[] | undefined;
  readonly not?: WrittenCondition | undefined;
};

const CONDITION = 'write conditions, such as { phi: medium }';
const atomShape = Object.fromEntries(Object.entries(CONDITION_KEYS).map(([name, { schema }]) => [name, (schema as z.ZodType).optional()]));
const several = (says: string): z.ZodType =>
  z
    .lazy(() => z.array(condition, CONDITION).min(1, CONDITION))
    .optional()
    .meta({ description: says });

/** Several keys in one mapping must all hold. */
export const condition: z.ZodType<WrittenCondition> = z
  .lazy(() =>
    keys(
      {
        ...atomShape,
        all: several('All of these hold.'),
        any: several('At least one of these holds.'),
        not: z
          .lazy(() => condition)
          .optional()
          .meta({ description: 'This does not hold.' }),
      },
      CONDITION,
    ).refine((read) => Object.keys(read).length > 0, 'write a condition, or leave "when" out for always'),
  )
  .meta({ id: 'condition' }) as z.ZodType<WrittenCondition>;

const floor = word(TLS_FLOORS);
const when = condition.optional().meta({ description: 'When it applies. Left out: always.' });
const says = <T>(schema: z.ZodType<T>, description: string): z.ZodType<T> => schema.meta({ description });

const LIST = 'write entries as [a, b], or { file: NAME }';
export const list = z.union(
  [z.array(z.string('write each entry in quotes').min(1).max(400), LIST).max(100_000), keys({ file: line(300) }, LIST)],
  { error: LIST },
);

export const declaration = keys(
  {
    id: says(id, 'Its name in traces.'),
    when,
    as: says(word(PURPOSES), 'What such mail is for, by law.'),
  },
  'write { id: NAME, when: { from: ADDRESS }, as: marketing }',
);

const asks = {
  tags: says(
    oneOrMany(tag, 'write tags in quotes, such as ["[secure]"]').optional(),
    'Tags of the subject that ask for it. They are removed before delivery.',
  ),
  header: says(header.optional(), 'A header field that asks for it.'),
};
const WISH = 'write { tags: ["[secure]"] }, { header: { name: x-postern-protect } } or both';
const accounts = says(
  members('write the name of an account, or { list: NAME }'),
  'Only these accounts, and only with an attestation on file.',
);
const asked = (read: { readonly tags?: unknown; readonly header?: unknown }): boolean =>
  read.tags !== undefined || read.header !== undefined;
export const wishes = keys(
  {
    more: says(keys(asks, WISH).refine(asked, WISH).optional(), 'How originators ask for more protection.'),
    less: says(
      keys({ ...asks, accounts }, WISH)
        .refine(asked, WISH)
        .optional(),
      'How originators ask for less. Floors still hold.',
    ),
  },
  'write more: and less:',
);

const FOR = 'write all, { sender: ADDRESS } or { recipient: ADDRESS }';
const side = members('write an address, a domain, or { list: NAME }');
/** Settings with the side that each belongs to. */
export const SETTINGS = {
  hold_for: {
    side: 'sender',
    schema: holdTerm,
    says: 'How long held mail waits for a reviewer before it is returned. `2wd` (or `2 working days`) counts Monday to Friday only, in UTC; `48h` and `2d` run through weekends.',
    example: '2wd',
  },
  reviewers: {
    side: 'sender',
    schema: oneOrMany(mailbox, 'write one or several addresses'),
    says: 'Who owns what is held.',
    example: 'privacy@clinic.example',
  },
  protection: { side: 'recipient', schema: floor, says: 'Floor where nothing says otherwise.', example: 'tls-verified' },
  otherwise: {
    side: 'sender',
    schema: word(['hold', 'return']),
    says: 'What happens where no method reaches at the floor.',
    example: 'hold',
  },
  release_own: { side: 'sender', schema: yesNo, says: 'May originators release their own held mail.', example: 'no' },
  language: {
    side: 'recipient',
    schema: z.string('write a language, such as en').regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?$/, 'write a language, such as en or pt-BR'),
    says: 'Language of what the recipient is written.',
    example: 'en',
  },
  blind_spot_level: {
    side: 'sender',
    schema: word(LEVELS),
    says: 'Level of PHI that what could not be read counts as; none: it does not count.',
    example: 'medium',
  },
} as const;

export const settingsEntry = keys(
  {
    for: says(
      z.union([word(['all']), keys({ sender: side }, FOR), keys({ recipient: side }, FOR)], { error: FOR }),
      'Whose mail: all, or of senders, or to recipients.',
    ),
    hold_for: says(SETTINGS.hold_for.schema.optional(), SETTINGS.hold_for.says),
    reviewers: says(SETTINGS.reviewers.schema.optional(), SETTINGS.reviewers.says),
    protection: says(SETTINGS.protection.schema.optional(), SETTINGS.protection.says),
    otherwise: says(SETTINGS.otherwise.schema.optional(), SETTINGS.otherwise.says),
    release_own: says(SETTINGS.release_own.schema.optional(), SETTINGS.release_own.says),
    language: says(SETTINGS.language.schema.optional(), SETTINGS.language.says),
    blind_spot_level: says(SETTINGS.blind_spot_level.schema.optional(), SETTINGS.blind_spot_level.says),
  },
  'write for: and settings, such as { for: all, hold_for: 2wd }',
);

export const requirement = keys(
  {
    id: says(id, 'Its name in traces and evidence.'),
    when,
    protection: says(floor, 'Nothing leaves weaker than this.'),
    unless_consent: says(
      yesNo.optional(),
      'yes: a rule with protection: opportunistic may go below it for a recipient with the consent plain-mail.',
    ),
  },
  'write { id: NAME, when: { phi: medium }, protection: tls-verified }',
);

const methods = oneOrMany(word(METHOD_NAMES), `write one or several of ${METHOD_NAMES.join(', ')}`);
const HEADER_VALUE = 'write 1 to 200 printable characters of US-ASCII';
const headerValue = z.string(HEADER_VALUE).regex(/^[!-~](?:[ -~]{0,198}[!-~])?$/, HEADER_VALUE);
export const rule = keys(
  {
    id: says(id, 'Its name in traces and evidence.'),
    when,
    deliver: says(methods.optional(), 'Deliver by the first of these that reaches the recipient and meets the floor.'),
    hold: says(line(200).optional(), 'Hold for a reviewer; these words go to the originator.'),
    return: says(line(200).optional(), 'Return to the originator with these words.'),
    then: says(methods.optional(), 'With hold: what a release may use. Left out: relay, portal.'),
    protection: says(word(PROTECTIONS).optional(), 'Raises the floor. opportunistic: see the introduction.'),
    expire: says(durationMs.optional(), 'How long it can be picked up.'),
    notify: says(oneOrMany(mailbox, 'write one or several addresses').optional(), 'Who is told that this rule decided.'),
    strip_tag: says(oneOrMany(tag, 'write tags in quotes, such as ["[internal]"]').optional(), 'Tags that are removed from the subject.'),
    add_header: says(
      z.record(fieldName, headerValue, 'write fields as { X-Checked-By: Postern }').optional(),
      'Header fields that are added.',
    ),
    append_text: says(fixedText.optional(), 'A text under the body.'),
  },
  'write a rule, such as { id: NAME, when: { phi: high }, deliver: [portal] }',
);

const LISTS = 'write each list by its name, such as partners: [mercy.example]';
const many = <T>(item: z.ZodType<T>, most: number, right: string): z.ZodOptional<z.ZodArray<z.ZodType<T>>> =>
  z.array(item, right).max(most, right).optional();
export const MOST = { lists: 500, declare: 500, settings: 5_000, require: 1_000, rules: 5_000 } as const;

/** Sections in the order in which they are explained. */
export const SECTIONS = {
  version: says(z.literal(1, 'write version: 1'), 'Version of this language: 1.'),
  timezone: says(
    z.string('write a time zone, such as America/Chicago').optional(),
    'Time zone of conditions on time, by its IANA name. Left out: UTC.',
  ),
  lists: says(
    z.record(listName, list, LISTS).optional(),
    'Addresses, domains, accounts or networks by a name: written here, or one a line in a file.',
  ),
  declare: says(
    many(declaration, MOST.declare, 'write each declaration after "- "'),
    'Mail for purposes that law binds. Every one that matches counts; nothing is guessed.',
  ),
  wishes: says(wishes.optional(), 'What originators may ask for.'),
  settings: says(
    many(settingsEntry, MOST.settings, 'write each entry after "- "'),
    'Settings by sender or recipient: built-in, all, domain, address; what is nearer wins, of equals the later one.',
  ),
  require: says(
    many(requirement, MOST.require, 'write each floor after "- "'),
    'Floors: every one that matches applies, the strictest wins, no rule can undercut it.',
  ),
  rules: says(many(rule, MOST.rules, 'write each rule after "- "'), 'In order; the first that matches decides, for each recipient.'),
} as const;

export const POLICY_SHAPE = keys(SECTIONS, 'begin with "version: 1"');
