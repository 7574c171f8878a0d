// The dimensions of addresses: the sender of the envelope, From, the recipient, and the client's network.
import type { Atom } from '../condition.ts';
import type { PolicySource } from '../source.ts';
import { type Addresses, addressesFor } from './address-values.ts';
import { clientsFor } from './client-values.ts';
import { entriesOf, inMessage, inRecipient } from './put.ts';
import type { Asked } from './literals.ts';
import type { Dimension } from './space.ts';

export function addressDimensions(asked: Asked, source: PolicySource): readonly Dimension[] {
  const sender = addressesOf('sender', asked, source);
  const from = addressesOf('from', asked, source);
  const recipient = addressesOf('recipient', asked, source);
  const networks = (asked.get('client') ?? []).flatMap((atom) => (atom.key === 'network' ? entriesOf(atom.value, source) : []));
  return [
    {
      name: 'sender',
      kind: 'one',
      covers: sender.covers,
      // What has no sender is a report: made by a machine.
      values: [...sender.addresses.filter((one) => one !== ''), ''].map((reversePath) =>
        inMessage(({ automatic }) => ({ reversePath, automatic: automatic || reversePath === '' })),
      ),
      say: ({ message }) => `envelope sender: ${message.reversePath === '' ? '<>' : message.reversePath}`,
    },
    {
      name: 'from',
      kind: 'some',
      covers: from.covers,
      values: from.addresses.filter((one) => one !== '').map((one) => inMessage((message) => ({ from: [...message.from, one] }))),
      say: ({ message }) => `From: ${message.from.length === 0 ? 'none' : message.from.join(', ')}`,
    },
    {
      name: 'recipient',
      kind: 'one',
      covers: recipient.covers,
      values: recipient.addresses.filter((one) => one !== '').map((address) => inRecipient(() => ({ address }))),
      say: (facts) => `recipient: ${facts.recipient.address}`,
    },
    {
      name: 'client',
      kind: 'one',
      covers: 'all',
      values: clientsFor(networks).map((client) => inMessage(() => ({ client }))),
      say: ({ message }) => `client: ${message.client ?? 'the gateway itself'}`,
    },
  ];
}

function addressesOf(dimension: 'sender' | 'from' | 'recipient', asked: Asked, source: PolicySource): Addresses {
  const atoms = asked.get(dimension) ?? [];
  const settings = source.settings.filter(({ side }) => side === dimension).flatMap(({ of }) => entriesOf(of, source));
  const entries = atoms.flatMap((atom) => (isOfAddresses(atom) ? entriesOf(atom.value, source) : []));
  const domains = atoms.flatMap((atom) => (atom.key === 'to_domain' || atom.key === 'from_domain' ? entriesOf(atom.value, source) : []));
  return addressesFor(
    [...new Set([...entries, ...settings])],
    domains,
    atoms.some(({ key }) => key === 'role_address') ? 'asked' : 'not-asked',
  );
}

function isOfAddresses(atom: Atom): atom is Extract<Atom, { key: 'sender' | 'from' | 'recipient' | 'to' }> {
  return atom.key === 'sender' || atom.key === 'from' || atom.key === 'recipient' || atom.key === 'to';
}
