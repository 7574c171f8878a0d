// What a policy names and nothing in it uses: lists, wishes, purposes that are asked for and never declared.
import { type Atom, atomsOf, type Condition } from '../condition.ts';
import type { PolicyFault } from '../fault.ts';
import { NEVER_ABOUT_PATIENTS } from '../opportunistic.ts';
import type { PolicySource } from '../source.ts';
import { remark } from './rules.ts';

export function unusedIn(source: PolicySource): readonly PolicyFault[] {
  const conditions: readonly Condition[] = [...source.declare, ...source.require, ...source.rules].map(({ when }) => when);
  const atoms = conditions.flatMap(atomsOf);
  const lists = new Set([
    ...atoms.flatMap(listsOf),
    ...source.settings.flatMap(({ of }) => listsIn(of)),
    ...source.wishes.flatMap(({ accounts }) => listsIn(accounts)),
  ]);
  const wishes = new Set(atoms.flatMap((atom): readonly string[] => (atom.key === 'wish' ? atom.value : [])));
  const declared = new Set(source.declare.map(({ as }) => as));
  return [
    ...[...source.lists.values()].flatMap(({ name, path, entries }) => {
      if (!lists.has(name) && name !== NEVER_ABOUT_PATIENTS)
        return [remark(path, `the list "${name}" is not used`, 'use it in a condition, or remove it')];
      return entries.length === 0
        ? [remark(path, `the list "${name}" is empty: nothing is in it`, 'add entries, or remove what uses it')]
        : [];
    }),
    ...source.wishes.flatMap(({ wish, path }) =>
      wishes.has(wish)
        ? []
        : [
            remark(
              path,
              `no rule asks for "wish: ${wish}": the wish changes nothing`,
              `write a rule with when: { wish: ${wish} }, or remove it`,
            ),
          ],
    ),
    ...(['more', 'less'] as const).flatMap((wish) =>
      !wishes.has(wish) || source.wishes.some((one) => one.wish === wish)
        ? []
        : conditions.flatMap((one) =>
            askingFor(
              one,
              (atom) => atom.key === 'wish' && atom.value.includes(wish),
              `wishes: says nothing of "${wish}": nobody can ask for it`,
              `write wishes: { ${wish}: ... }`,
            ),
          ),
    ),
    ...(['marketing', 'fundraising'] as const).flatMap((purpose) =>
      declared.has(purpose)
        ? []
        : conditions.flatMap((one) =>
            askingFor(
              one,
              (atom) => atom.key === 'purpose' && atom.value.includes(purpose),
              `nothing is declared as ${purpose}: this never holds`,
              `write declare: with as: ${purpose}`,
            ),
          ),
    ),
  ];
}

function askingFor(condition: Condition, is: (atom: Atom) => boolean, what: string, right: string): readonly PolicyFault[] {
  if (condition.node === 'atom') return is(condition.atom) ? [remark(condition.path, what, right)] : [];
  return (condition.node === 'not' ? [condition.of] : condition.of).flatMap((one) => askingFor(one, is, what, right));
}

function listsOf(atom: Atom): readonly string[] {
  const { value } = atom;
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const list: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'list') : null;
    return typeof list === 'string' ? [list] : [];
  });
}

function listsIn(members: readonly ({ readonly entry: string } | { readonly list: string })[] | null): readonly string[] {
  return (members ?? []).flatMap((member) => ('list' in member ? [member.list] : []));
}
