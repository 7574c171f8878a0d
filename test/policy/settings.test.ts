// Settings: looked up as if every entry were tried, whatever is written in "for".
import fc from 'fast-check';
import t from 'tap';
import { addressSet, type Rank } from '../../src/policy/members.ts';
import { type SettingName, type Settings, settingsBook, type SettingsFor, SIDES } from '../../src/policy/settings.ts';
import { domainPart } from '../../src/policy/situation.ts';
import type { SettingsEntry, SettingValues } from '../../src/policy/source.ts';
import { fuzz } from '../support/fuzz.ts';
import { BASE, parsedPolicy, policyOf } from '../support/policy-facts.ts';

const NOTHING: SettingValues = {
  holdFor: null,
  reviewers: null,
  protection: null,
  otherwise: null,
  releaseOwn: null,
  language: null,
  blindSpotLevel: null,
};
const BUILT_IN: Settings = {
  holdFor: null,
  reviewers: [],
  protection: BASE.protection,
  otherwise: BASE.otherwise,
  releaseOwn: 'no',
  language: 'en',
  blindSpotLevel: 'medium',
};
const NAMES = Object.keys(SIDES) as SettingName[];
const ADDRESSES = ['ann@a.example', 'bob@a.example', 'ann@b.a.example', 'lab-1@b.a.example', ''];
const FOR = ['ann@a.example', 'a.example', '*@a.example', '*.a.example', 'lab-*@b.a.example', '*', '<>', 'A.Example', 'ANN@A.EXAMPLE'];

/** What an entry sets, by its number: a value that tells which entry it was. */
function valuesOf(mask: number, order: number): SettingValues {
  const has = (bit: number): boolean => (mask & (1 << bit)) !== 0;
  return {
    ...NOTHING,
    holdFor: has(0) ? { clockMs: order } : null,
    reviewers: has(1) ? [`r${order}@x.example`] : null,
    language: has(2) ? `l${order}` : null,
    releaseOwn: has(3) ? (order % 2 === 0 ? 'yes' : 'no') : null,
  };
}

const anyEntries: fc.Arbitrary<readonly SettingsFor[]> = fc
  .array(
    fc.record({
      side: fc.constantFrom('all' as const, 'sender' as const, 'recipient' as const),
      of: fc.subarray(FOR, { minLength: 1, maxLength: 3 }),
      mask: fc.nat(15),
    }),
    { maxLength: 8 },
  )
  .map((all) =>
    all.map(({ side, of, mask }, order): SettingsFor => {
      const members = side === 'all' ? [] : of.map((entry) => ({ entry }));
      const entry: SettingsEntry = { path: ['settings', order], side, of: members, values: valuesOf(mask, order) };
      return { entry, set: side === 'all' ? null : addressSet(of).set };
    }),
  );

/** Every entry tried, in the plainest way. */
function tried(entries: readonly SettingsFor[], name: SettingName, sender: string, recipient: string): Settings[SettingName] {
  const side = SIDES[name];
  const address = side === 'sender' ? sender : recipient;
  let best: { readonly rank: Rank; readonly value: Settings[SettingName] } = { rank: 0, value: BUILT_IN[name] };
  for (const { entry, set } of entries) {
    const value = entry.values[name];
    if (value === null || (set !== null && entry.side !== side)) continue;
    const rank = set === null ? 0 : set.rank(address, domainPart(address));
    if (set !== null && rank === 0) continue;
    if (rank >= best.rank) best = { rank, value };
  }
  return best.value;
}

t.test('settings are those that trying every entry gives', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(anyEntries, fc.constantFrom(...ADDRESSES), fc.constantFrom(...ADDRESSES.filter(Boolean)), (entries, sender, recipient) => {
      const book = settingsBook(entries, BASE);
      const found = book.of(sender, recipient);
      return NAMES.every((name) => {
        const origin = book.origins(sender, recipient).find((one) => one.name === name);
        const wanted = JSON.stringify(tried(entries, name, sender, recipient));
        return JSON.stringify(found[name]) === wanted && JSON.stringify(origin?.value) === wanted;
      });
    }),
  );
});

t.test('where a setting comes from leads to an entry that writes it', async (t) => {
  fuzz(
    t,
    500,
    fc.property(anyEntries, (entries) =>
      settingsBook(entries, BASE)
        .origins('ann@a.example', 'bob@a.example')
        .every(({ name, from, path, value }) => {
          if (path === null) return from === 'built-in';
          const entry = entries.find((one) => one.entry.path.join() === path.join())?.entry;
          return (
            from !== 'built-in' &&
            JSON.stringify(entry?.values[name]) === JSON.stringify(value) &&
            (entry?.side === 'all') === (from === 'all')
          );
        }),
    ),
  );
});

const VALUES: readonly (readonly [written: string, name: SettingName, value: Settings[SettingName]])[] = [
  ['hold_for: 90m', 'holdFor', { clockMs: 5_400_000 }],
  ['hold_for: 2d', 'holdFor', { clockMs: 172_800_000 }],
  ['hold_for: 2wd', 'holdFor', { workingDays: 2 }],
  ['hold_for: 1 working day', 'holdFor', { workingDays: 1 }],
  ['reviewers: Privacy@Clinic.example', 'reviewers', ['privacy@clinic.example']],
  ['reviewers: [a@b.example, c@d.example]', 'reviewers', ['a@b.example', 'c@d.example']],
  ['protection: tls', 'protection', 'tls'],
  ['protection: sealed', 'protection', 'sealed'],
  ['otherwise: return', 'otherwise', 'return'],
  ['release_own: yes', 'releaseOwn', 'yes'],
  ['language: pt-BR', 'language', 'pt-BR'],
  ['blind_spot_level: none', 'blindSpotLevel', 'none'],
  ['blind_spot_level: high', 'blindSpotLevel', 'high'],
];

t.test('values as they are written', async (t) => {
  for (const [written, name, value] of VALUES) {
    const policy = policyOf(`version: 1\nsettings: [{ for: all, ${written} }]\nrules: [{ id: a, deliver: relay }]`);
    t.same(policy.settings('a@b.example', 'c@d.example')[name], value, written);
  }
});

t.test('values that are none', async (t) => {
  for (const written of [
    'hold_for: 0',
    'hold_for: 2 days',
    'hold_for: 0wd',
    'reviewers: []',
    'reviewers: x',
    'language: English',
    'release_own: true',
    'blind_spot_level: some',
    'otherwise: deliver',
  ])
    t.equal(parsedPolicy(`version: 1\nsettings: [{ for: all, ${written} }]\nrules: [{ id: a, deliver: relay }]`).faults.length, 1, written);
});
