// The lists of a policy and the sets made of them, each once, with faults for entries that are not good for what they are compared with.
import {
  accountSet,
  addressSet,
  domainSet,
  type AddressSet,
  type Made,
  networkSet,
  type NetworkSet,
  type Rank,
  type TextSet,
} from './members.ts';
import { fault, type PolicyFault, shortened, unknownWord } from './fault.ts';
import type { ListSource } from './source.ts';
import type { Member } from './values.ts';
import type { YamlPath } from '../yaml/positions.ts';

export interface Book {
  addresses(of: readonly Member[], path: YamlPath): AddressSet;
  domains(of: readonly Member[], path: YamlPath): TextSet;
  accounts(of: readonly Member[], path: YamlPath): TextSet;
  networks(of: readonly Member[], path: YamlPath): NetworkSet;
}

interface Kind<S> {
  readonly make: (entries: readonly string[]) => Made<S>;
  readonly join: (sets: readonly S[]) => S;
  readonly what: string;
  readonly right: string;
  /** Sets made of lists. */
  readonly made: Map<string, S>;
}

/** At most so many faults of one list. */
const MOST_FAULTS = 20;

/** Faults are pushed to `faults` when a list or an entry is first used. */
export function bookOf(lists: ReadonlyMap<string, ListSource>, faults: PolicyFault[]): Book {
  const ofList = <S>(kind: Kind<S>, name: string, path: YamlPath): S => {
    const before = kind.made.get(name);
    if (before !== undefined) return before;
    const list = lists.get(name);
    if (list === undefined) {
      faults.push(unknownWord(path, 'the list', name, [...lists.keys()]));
      return kind.make([]).set;
    }
    const { set, bad } = kind.make(list.entries.map((entry) => entry.text));
    kind.made.set(name, set);
    faults.push(...bad.slice(0, MOST_FAULTS).map((i) => entryFault(list, i, kind)));
    return set;
  };
  const setOf = <S>(kind: Kind<S>, of: readonly Member[], path: YamlPath): S => {
    const own = of.flatMap((member) => ('entry' in member ? [member.entry] : []));
    const sets = of.flatMap((member) => ('list' in member ? [ofList(kind, member.list, path)] : []));
    if (own.length > 0) {
      const { set, bad } = kind.make(own);
      faults.push(...bad.map((i) => fault(path, `"${shortened(own[i] ?? '')}" is not ${kind.what}`, kind.right)));
      sets.push(set);
    }
    return sets.length === 1 && sets[0] !== undefined ? sets[0] : kind.join(sets);
  };
  const kinds = kindsOfSets();
  return {
    addresses: (of, path) => setOf(kinds.addresses, of, path),
    domains: (of, path) => setOf(kinds.domains, of, path),
    accounts: (of, path) => setOf(kinds.accounts, of, path),
    networks: (of, path) => setOf(kinds.networks, of, path),
  };
}

function kindsOfSets(): {
  readonly addresses: Kind<AddressSet>;
  readonly domains: Kind<TextSet>;
  readonly accounts: Kind<TextSet>;
  readonly networks: Kind<NetworkSet>;
} {
  const anyText = (sets: readonly TextSet[]): TextSet => ({ has: (text) => sets.some((set) => set.has(text)) });
  return {
    addresses: {
      make: addressSet,
      join: (sets) => ({ rank: (address, domain) => sets.reduce<Rank>((best, set) => higher(best, set.rank(address, domain)), 0) }),
      what: 'an address or a domain',
      right: 'write ann@mercy.example, mercy.example, *@*.mercy.example, lab-*@mercy.example or <> for the empty sender',
      made: new Map(),
    },
    domains: {
      make: domainSet,
      join: anyText,
      what: 'a domain',
      right: 'write mercy.example or *.mercy.example',
      made: new Map(),
    },
    accounts: { make: accountSet, join: anyText, what: 'the name of an account', right: 'write it as it logs in', made: new Map() },
    networks: {
      make: networkSet,
      join: (sets) => ({ has: (client) => sets.some((set) => set.has(client)) }),
      what: 'a network',
      right: 'write a network such as 10.1.0.0/16 or 2001:db8::/32, without bits behind the prefix, or one address',
      made: new Map(),
    },
  };
}

function higher(a: Rank, b: Rank): Rank {
  return a >= b ? a : b;
}

function entryFault(list: ListSource, i: number, kind: { readonly what: string; readonly right: string }): PolicyFault {
  const entry = list.entries[i];
  const what = `"${shortened(entry?.text ?? '')}" in the list "${list.name}" is not ${kind.what}`;
  if (list.file === null) return fault([...list.path, entry?.place ?? 0], what, kind.right);
  return { ...fault([...list.path, 'file'], what, kind.right), file: { name: list.file, line: entry?.place ?? 1 } };
}
