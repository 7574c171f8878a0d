// Settings and where each comes from: built-in, then what stands for all, for a domain, for an address. Of equal rank the later one wins.
import type { YamlPath } from '../yaml/positions.ts';
import type { HoldTerm } from '../mail/hold-term.ts';
import type { Level } from '../mail/finding.ts';
import type { TlsFloor } from '../mail/tls.ts';
import type { AddressSet } from './members.ts';
import type { BaseSettings, SettingsEntry, SettingValues } from './source.ts';
import { domainPart } from './situation.ts';

/** Every setting with its value. */
export interface Settings {
  /** Null: as the configuration says. */
  readonly holdFor: HoldTerm | null;
  readonly reviewers: readonly string[];
  readonly protection: TlsFloor;
  readonly otherwise: 'hold' | 'return';
  readonly releaseOwn: 'yes' | 'no';
  readonly language: string;
  readonly blindSpotLevel: Level;
}

export type SettingName = keyof Settings;

export interface SettingOrigin {
  readonly name: SettingName;
  readonly value: Settings[SettingName];
  readonly side: 'sender' | 'recipient';
  readonly from: 'built-in' | 'all' | 'domain' | 'address';
  /** Place in the policy, or null where it is built in. */
  readonly path: YamlPath | null;
}

/** Whose setting it is: the sender's, who answers for the mail, or the recipient's. */
export const SIDES: Readonly<Record<SettingName, 'sender' | 'recipient'>> = {
  holdFor: 'sender',
  reviewers: 'sender',
  protection: 'recipient',
  otherwise: 'sender',
  releaseOwn: 'sender',
  language: 'recipient',
  blindSpotLevel: 'sender',
};
const NAMES = Object.keys(SIDES) as SettingName[];
const RANKS = ['all', 'domain', 'address'] as const;

interface Applied {
  readonly entry: SettingsEntry;
  readonly rank: 0 | 1 | 2;
  readonly order: number;
}

type Side = (address: string) => readonly Applied[];

export interface SettingsBook {
  /** Both canonical. */
  readonly of: (sender: string, recipient: string) => Settings;
  readonly origins: (sender: string, recipient: string) => readonly SettingOrigin[];
}

/** An entry with the addresses it is for; null for all. */
export interface SettingsFor {
  readonly entry: SettingsEntry;
  readonly set: AddressSet | null;
}

export function settingsBook(entries: readonly SettingsFor[], base: BaseSettings): SettingsBook {
  const builtIn: Settings = {
    holdFor: null,
    reviewers: [],
    protection: base.protection,
    otherwise: base.otherwise,
    releaseOwn: 'no',
    language: 'en',
    blindSpotLevel: 'medium',
  };
  const sides = { sender: sideOf('sender', entries), recipient: sideOf('recipient', entries) };
  const applied = (sender: string, recipient: string): Record<'sender' | 'recipient', readonly Applied[]> => ({
    sender: sides.sender(sender),
    recipient: sides.recipient(recipient),
  });
  return {
    of(sender, recipient) {
      const found = applied(sender, recipient);
      if (found.sender.length === 0 && found.recipient.length === 0) return builtIn;
      return {
        holdFor: last(found.sender, 'holdFor') ?? builtIn.holdFor,
        reviewers: last(found.sender, 'reviewers') ?? builtIn.reviewers,
        protection: last(found.recipient, 'protection') ?? builtIn.protection,
        otherwise: last(found.sender, 'otherwise') ?? builtIn.otherwise,
        releaseOwn: last(found.sender, 'releaseOwn') ?? builtIn.releaseOwn,
        language: last(found.recipient, 'language') ?? builtIn.language,
        blindSpotLevel: last(found.sender, 'blindSpotLevel') ?? builtIn.blindSpotLevel,
      };
    },
    origins(sender, recipient) {
      const found = applied(sender, recipient);
      return NAMES.map((name): SettingOrigin => {
        const side = SIDES[name];
        const one = found[side].findLast(({ entry }) => entry.values[name] !== null);
        if (one === undefined) return { name, value: builtIn[name], side, from: 'built-in', path: null };
        return { name, value: one.entry.values[name], side, from: RANKS[one.rank], path: one.entry.path };
      });
    },
  };
}

/** The entries that apply to an address, weakest first. What names exact addresses and domains only is looked up. */
function sideOf(side: 'sender' | 'recipient', entries: readonly SettingsFor[]): Side {
  const all: Applied[] = [];
  const rest: { readonly entry: SettingsEntry; readonly set: AddressSet; readonly order: number }[] = [];
  const exact = new Map<string, Applied[]>();
  for (const [order, { entry, set }] of entries.entries()) {
    if (set === null) all.push({ entry, rank: 0, order });
    else if (entry.side === side) {
      const names = exactNames(entry);
      if (names === null) rest.push({ entry, set, order });
      else for (const name of names) exact.set(name, [...(exact.get(name) ?? []), { entry, rank: name.includes('@') ? 2 : 1, order }]);
    }
  }
  if (rest.length === 0 && exact.size === 0) return () => all;
  return (address) => {
    const domain = domainPart(address);
    const found = [...(exact.get(domain) ?? []), ...(exact.get(address) ?? [])];
    for (const { entry, set, order } of rest) {
      const rank = set.rank(address, domain);
      if (rank > 0) found.push({ entry, rank, order });
    }
    return found.length === 0 ? all : [...all, ...found.sort((a, b) => a.rank - b.rank || a.order - b.order)];
  };
}

/** Addresses and domains of an entry, in lower case; null where it has patterns, lists or other alphabets. */
function exactNames(entry: SettingsEntry): readonly string[] | null {
  const names = entry.of.map((member) => ('entry' in member ? member.entry.toLowerCase().replace(/^\*@/, '') : '*'));
  return names.every((name) => /^[a-z0-9._@-]+$/.test(name)) ? names : null;
}

function last<N extends keyof SettingValues>(applied: readonly Applied[], name: N): SettingValues[N] | null {
  for (let i = applied.length - 1; i >= 0; i--) {
    const value = applied[i]?.entry.values[name] ?? null;
    if (value !== null) return value;
  }
  return null;
}
