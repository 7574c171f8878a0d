// When a rule may go below the setting of protection: only by the person's own recorded consent, or for accounts that never write about patients.
import type { Facts } from '../mail/facts.ts';
import type { Atom, Condition } from './condition.ts';

/** Accounts in the list of this name are declared never to write to or about patients. */
export const NEVER_ABOUT_PATIENTS = 'never_about_patients';

export const OPPORTUNISTIC_RIGHT = `require consent: plain-mail on every path of "when", or account: { list: ${NEVER_ABOUT_PATIENTS} } with blind_spots: none`;

interface Known {
  readonly consent: boolean;
  readonly account: boolean;
  readonly read: boolean;
}

/** Does every way in which a condition can hold need the consent `plain-mail` (45 CFR 164.522(b)), or such an account and nothing unread? */
export function permitsOpportunistic(when: Condition): boolean {
  return permits([when], { consent: false, account: false, read: false });
}

/** Are facts such that opportunistic is permitted? Asked again at every decision. */
export function isOpportunisticPermitted({ message, recipient }: Facts, isNeverAboutPatients: (account: string) => boolean): boolean {
  if (recipient.consents.includes('plain-mail')) return true;
  return (
    message.submitter.kind === 'account' && message.blindSpots.length === 0 && isNeverAboutPatients(message.submitter.name.toLowerCase())
  );
}

/** All of `conditions` hold, and `known` is known already. */
function permits(conditions: readonly Condition[], known: Known): boolean {
  const flat = conditions.flatMap(conjuncts);
  const all = flat.reduce((now, one) => (one.node === 'atom' ? learnt(one.atom, now) : now), known);
  if (all.consent || (all.account && all.read)) return true;
  return flat.some((one) => one.node === 'any' && one.of.every((way) => permits([way], all)));
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.node === 'all' ? condition.of.flatMap(conjuncts) : [condition];
}

function learnt(atom: Atom, known: Known): Known {
  if (atom.key === 'consent' && atom.value.every((kind) => kind === 'plain-mail')) return { ...known, consent: true };
  if (atom.key === 'account' && atom.value.every((member) => 'list' in member && member.list === NEVER_ABOUT_PATIENTS))
    return { ...known, account: true };
  return atom.key === 'blind_spots' && atom.value === 'none' ? { ...known, read: true } : known;
}
