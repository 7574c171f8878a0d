// A condition in plain words, for traces and for people who did not write the policy.
import type { Condition, ConditionKey, ConditionValue } from './condition.ts';
import type { Member } from './values.ts';

const WORDS: { readonly [K in ConditionKey]: (value: ConditionValue<K>) => string } = {
  sender: (value) => `the envelope sender is ${membersOf(value)}`,
  from: (value) => `a From address is ${membersOf(value)}`,
  from_domain: (value) => `the domain of a From address is ${membersOf(value)}`,
  account: (value) => `the account is ${membersOf(value)}`,
  network: (value) => `the client is in ${membersOf(value)}`,
  submitter: (value) =>
    `it was submitted by ${or(value.map(({ kind, name }) => (name === null ? SUBMITTERS[kind] : `the ${kind} ${name}`)))}`,
  recipient: (value) => `the recipient is ${membersOf(value)}`,
  to: (value) => `the recipient is ${membersOf(value)}`,
  to_domain: (value) => `the recipient's domain is ${membersOf(value)}`,
  inside: (value) => `the recipient is ${value === 'yes' ? 'inside' : 'outside of'} the organisation`,
  header: (value) => or(value.map(({ name, value: text }) => `the field ${name} ${text === null ? 'is there' : `is ${quoted(text)}`}`)),
  subject: ({ tag }) => `the subject carries ${or(tag.map(quoted))}`,
  size: ({ over, under }) =>
    [over === undefined ? [] : [`it has more than ${over} bytes`], under === undefined ? [] : [`it has less than ${under} bytes`]]
      .flat()
      .join(' and '),
  attachment: (value) =>
    typeof value === 'string' ? `there is ${value === 'yes' ? 'an' : 'no'} attachment` : `an attachment has ${or(value.map(attachmentOf))}`,
  phi: phiOf,
  findings: (value) => or(value.map(({ kind, atLeast }) => `${atLeast === 1 ? 'a finding' : `${atLeast} or more findings`} of ${kind}`)),
  reason: ({ code }) => `inspection says ${or(code)}`,
  blind_spots: (value) => {
    if (value === 'any') return 'something could not be read';
    return value === 'none' ? 'everything could be read' : `something could not be read: ${or(value)}`;
  },
  visible_outside: ({ atLeast }) => `${atLeast} or more outside addresses see each other`,
  first_mail: (value) => `it is the first mail to this ${value}`,
  one_slip: (value) => `the recipient is ${value === 'yes' ? '' : 'not '}one slip away from a known address`,
  role_address: (value) => `the recipient is ${value === 'yes' ? '' : 'not '}an office or a list`,
  automatic: (value) => `it was ${value === 'yes' ? '' : 'not '}made by a machine`,
  urgent: (value) => `it is ${value === 'yes' ? '' : 'not '}urgent`,
  encrypted: (value) => `it came ${or(value.map((one) => ENCRYPTED[one]))}`,
  time: ({ days, from, to }) => {
    const hours = from === 0 && to === 1_440 ? '' : ` between ${clock(from)} and ${clock(to)}`;
    return days.length === 7 ? `it was accepted${hours === '' ? ' on a day' : hours}` : `it was accepted on ${or(days)}${hours}`;
  },
  consent: (value) => `the consent ${or(value)} is on file`,
  purpose: (value) => `it is declared as ${or(value)}`,
  wish: (value) => `the originator asked for ${or(value)} protection`,
  attested: (value) => `the account has ${value === 'yes' ? 'an' : 'no'} attestation on file`,
};

const SUBMITTERS = {
  account: 'an account',
  certificate: 'a client certificate',
  network: 'a trusted network',
  gateway: 'this gateway',
} as const;
const ENCRYPTED = { yes: 'encrypted', no: 'unencrypted', smime: 'encrypted by S/MIME', openpgp: 'encrypted by OpenPGP' } as const;

/** The condition in words; `always` where there is none. */
export function describe(condition: Condition): string {
  switch (condition.node) {
    case 'atom':
      return wordsOf(condition.atom);
    case 'not':
      return `not (${describe(condition.of)})`;
    case 'all':
      return condition.of.length === 0 ? 'always' : condition.of.map(inside).join(', and ');
    case 'any':
      return condition.of.map(inside).join(', or ');
  }
}

function inside(condition: Condition): string {
  return condition.node === 'atom' || condition.node === 'not' ? describe(condition) : `(${describe(condition)})`;
}

function wordsOf<K extends ConditionKey>(atom: { readonly key: K; readonly value: ConditionValue<K> }): string {
  return WORDS[atom.key](atom.value);
}

function phiOf({ atLeast, atMost, found, labels, documents }: ConditionValue<'phi'>): string {
  const parts = [
    atLeast === null ? null : `PHI is ${atLeast}${atLeast === 'high' ? '' : ' or higher'}`,
    atMost === null ? null : `PHI is ${atMost}${atMost === 'none' ? '' : ' or lower'}`,
    found === null ? null : `PHI was really found at ${found}${found === 'high' ? '' : ' or higher'}`,
    labels === null ? null : `it is labelled ${or(labels)}`,
    documents === null ? null : `it holds a health document of ${or(documents)}`,
  ];
  return parts.filter((part) => part !== null).join(' and ');
}

function attachmentOf({ kinds, types, names }: Exclude<ConditionValue<'attachment'>, string>[number]): string {
  const parts = [
    kinds === null ? null : `the kind ${or(kinds)}`,
    types === null ? null : `the type ${or(types)}`,
    names === null ? null : `the name ${or(names)}`,
  ];
  return parts.filter((part) => part !== null).join(' and ');
}

function membersOf(members: readonly Member[]): string {
  return or(members.map((member) => ('list' in member ? `in the list ${member.list}` : member.entry === '<>' ? 'empty' : member.entry)));
}

function or(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
