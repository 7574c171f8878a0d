// Rules, floors, declarations, wishes and settings as written, made into the source of a policy, with the faults that no shape can tell.
import type { z } from 'zod';
import type { YamlPath } from '../yaml/positions.ts';
import { addedFieldProblem } from '../mail/added-field.ts';
import { HIDDEN_FIELDS } from '../mail/facts.ts';
import type { Condition } from './condition.ts';
import { fault, keyFault, type PolicyFault } from './fault.ts';
import { OPPORTUNISTIC_RIGHT, permitsOpportunistic } from './opportunistic.ts';
import { RELEASE_METHODS } from './outcome.ts';
import { readCondition } from './read-condition.ts';
import { SIDES } from './settings.ts';
import type { declaration, requirement, rule, SETTINGS, settingsEntry, wishes } from './shape.ts';
import type { Declaration, Requirement, Rule, RuleAction, SettingsEntry, SettingValues, WishSource } from './source.ts';

type Written<S extends z.ZodType> = z.output<S>;

export function readDeclaration(written: Written<typeof declaration>, path: YamlPath): Declaration {
  return { id: written.id, path, when: readCondition(written.when, [...path, 'when']), as: written.as };
}

export function readRequirement(written: Written<typeof requirement>, path: YamlPath): Requirement {
  const { id, protection, unless_consent: unlessConsent = 'no' } = written;
  return { id, path, when: readCondition(written.when, [...path, 'when']), protection, unlessConsent };
}

/** Structure, transport and signatures of the message: a policy may not add or change them. */
const NOT_ADDED = /^(?:content-|resent-|arc-|list-unsubscribe|mime-version$|bcc$|auto-submitted$|require-recipient)/;

/** Null where it does not say what to do. With other faults it is read all the same: its lists and entries are looked at too. */
export function readRule(written: Written<typeof rule>, path: YamlPath, faults: PolicyFault[]): Rule | null {
  const action = readAction(written, path, faults);
  const when = readCondition(written.when, [...path, 'when']);
  const protection = written.protection ?? null;
  if (protection === 'opportunistic' && !permitsOpportunistic(when))
    faults.push(
      fault(
        [...path, 'protection'],
        'opportunistic lets mail out without protection, and this rule may match without what permits it',
        OPPORTUNISTIC_RIGHT,
      ),
    );
  const addFields = Object.entries(written.add_header ?? {}).map(([name, value]) => ({ name, value }));
  for (const { name, value } of addFields) {
    const problem = HIDDEN_FIELDS.has(name) || NOT_ADDED.test(name) ? 'it belongs to the message itself' : addedFieldProblem(name, value);
    if (problem !== null)
      faults.push(
        keyFault(
          [...path, 'add_header', name],
          `the field "${name}" cannot be added: ${problem}`,
          'add a field of your own, such as X-Checked-By',
        ),
      );
  }
  if (action === null) return null;
  return {
    id: written.id,
    path,
    when,
    action,
    protection,
    expireAfterMs: written.expire ?? null,
    notify: written.notify ?? [],
    stripTags: written.strip_tag ?? [],
    addFields,
    appendText: written.append_text ?? null,
  };
}

function readAction(written: Written<typeof rule>, path: YamlPath, faults: PolicyFault[]): RuleAction | null {
  const { deliver, hold, return: goesBack, then } = written;
  const given = [deliver, hold, goesBack].filter((one) => one !== undefined).length;
  if (given !== 1) {
    const what = given === 0 ? 'the rule does not say what to do' : 'the rule says more than one thing to do';
    faults.push(fault(path, what, 'write one of deliver, hold, return'));
    return null;
  }
  if (then !== undefined && hold === undefined) faults.push(keyFault([...path, 'then'], '"then" stands only with hold', 'remove it'));
  if (goesBack !== undefined)
    for (const key of ['protection', 'expire', 'strip_tag', 'add_header', 'append_text'] as const)
      if (written[key] !== undefined) faults.push(keyFault([...path, key], `"${key}" changes nothing of what is returned`, 'remove it'));
  if (deliver !== undefined) return { do: 'deliver', methods: [...new Set(deliver)] };
  if (hold !== undefined) return { do: 'hold', words: hold, methods: [...new Set(then ?? RELEASE_METHODS)] };
  return { do: 'return', words: goesBack ?? '' };
}

export function readWishes(written: Written<typeof wishes>): readonly WishSource[] {
  return (['more', 'less'] as const).flatMap((wish): readonly WishSource[] => {
    const one = written[wish];
    if (one === undefined) return [];
    const accounts = 'accounts' in one ? one.accounts : null;
    return [{ wish, path: ['wishes', wish], tags: one.tags ?? [], header: one.header ?? null, accounts }];
  });
}

/** A key of the file, and the setting that it is. */
export const SETTING_OF = {
  hold_for: 'holdFor',
  reviewers: 'reviewers',
  protection: 'protection',
  otherwise: 'otherwise',
  release_own: 'releaseOwn',
  language: 'language',
  blind_spot_level: 'blindSpotLevel',
} as const satisfies Record<keyof typeof SETTINGS, keyof SettingValues>;

export function readSettings(written: Written<typeof settingsEntry>, path: YamlPath, faults: PolicyFault[]): SettingsEntry {
  const side = typeof written.for === 'string' ? 'all' : 'sender' in written.for ? 'sender' : 'recipient';
  const keys = Object.keys(SETTING_OF) as (keyof typeof SETTING_OF)[];
  if (keys.every((key) => written[key] === undefined))
    faults.push(fault(path, 'no setting is written here', `write one of ${keys.join(', ')}`));
  for (const key of keys) {
    const belongs = SIDES[SETTING_OF[key]];
    if (side === 'all' || written[key] === undefined || belongs === side) continue;
    faults.push(
      keyFault([...path, key], `"${key}" belongs to the ${belongs}`, `write it in an entry for: { ${belongs}: ... } or for: all`),
    );
  }
  return {
    path,
    side,
    of: typeof written.for === 'string' ? [] : 'sender' in written.for ? written.for.sender : written.for.recipient,
    values: {
      holdFor: written.hold_for ?? null,
      reviewers: written.reviewers ?? null,
      protection: written.protection ?? null,
      otherwise: written.otherwise ?? null,
      releaseOwn: written.release_own ?? null,
      language: written.language ?? null,
      blindSpotLevel: written.blind_spot_level ?? null,
    },
  };
}

/** Does a condition name the consent 'other-way', not below a `not`? */
export function namesOtherWay(condition: Condition): boolean {
  switch (condition.node) {
    case 'atom':
      return condition.atom.key === 'consent' && condition.atom.value.includes('other-way');
    case 'not':
      return false;
    case 'all':
    case 'any':
      return condition.of.some(namesOtherWay);
  }
}
