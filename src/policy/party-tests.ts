// Tests of who sends, how, and to whom.
import { globTest } from './glob.ts';
import { isRoleAddress } from './role-addresses.ts';
import { domainPart } from './situation.ts';
import { type TestMaker, type TestMakers, yes } from './test-maker.ts';

const recipient: TestMaker<'recipient' | 'to'> = (value, { book }, path) => {
  const set = book.addresses(value, path);
  return ({ facts, recipientDomain }) => set.rank(facts.recipient.address, recipientDomain) > 0;
};

export const PARTY_TESTS: TestMakers<
  | 'sender'
  | 'from'
  | 'from_domain'
  | 'account'
  | 'network'
  | 'submitter'
  | 'recipient'
  | 'to'
  | 'to_domain'
  | 'inside'
  | 'first_mail'
  | 'one_slip'
  | 'role_address'
  | 'attested'
  | 'consent'
> = {
  sender(value, { book }, path) {
    const set = book.addresses(value, path);
    return ({ facts, senderDomain }) => set.rank(facts.message.reversePath, senderDomain) > 0;
  },
  from(value, { book }, path) {
    const set = book.addresses(value, path);
    return ({ facts }) => facts.message.from.some((address) => set.rank(address, domainPart(address)) > 0);
  },
  from_domain(value, { book }, path) {
    const set = book.domains(value, path);
    return ({ facts }) => facts.message.from.some((address) => set.has(domainPart(address)));
  },
  account(value, { book }, path) {
    const set = book.accounts(value, path);
    return ({ facts }) => facts.message.submitter.kind === 'account' && set.has(facts.message.submitter.name.toLowerCase());
  },
  network(value, { book }, path) {
    const set = book.networks(value, path);
    return ({ client }) => client !== null && set.has(client);
  },
  submitter(value) {
    const wanted = value.map(({ kind, name }) => ({ kind, matches: name === null ? null : globTest(name) }));
    return ({ facts }) => {
      const { kind, name } = facts.message.submitter;
      return wanted.some((one) => one.kind === kind && (one.matches === null || one.matches(name.toLowerCase())));
    };
  },
  recipient,
  to: recipient,
  to_domain(value, { book }, path) {
    const set = book.domains(value, path);
    return ({ recipientDomain }) => set.has(recipientDomain);
  },
  inside: (value) => yes(value, ({ facts }) => facts.recipient.inside),
  first_mail: (value) => (value === 'address' ? ({ facts }) => !facts.recipient.seen.address : ({ facts }) => !facts.recipient.seen.domain),
  one_slip: (value) => yes(value, ({ facts }) => facts.recipient.oneSlipFromKnown),
  role_address: (value) => yes(value, ({ facts }) => isRoleAddress(facts.recipient.address)),
  attested: (value) => yes(value, ({ facts }) => facts.sender.attested),
  consent:
    (value) =>
    ({ facts }) =>
      facts.recipient.consents.some((kind) => value.includes(kind)),
};
