// Settings of a policy as rows: the words of the file, the value, whose it is, and where it comes from.
import type { PolicySettings } from '../daemon/policy-work.ts';
import type { SettingName, SettingOrigin } from '../policy/settings.ts';
import { spanOf } from './amounts.ts';

/** As the policy file spells them. */
export const SETTING_WORDS: Readonly<Record<SettingName, string>> = {
  holdFor: 'hold_for',
  reviewers: 'reviewers',
  protection: 'protection',
  otherwise: 'otherwise',
  releaseOwn: 'release_own',
  language: 'language',
  blindSpotLevel: 'blind_spot_level',
};

export function settingRows({ settings, lineOf }: Pick<PolicySettings, 'settings' | 'lineOf'>): readonly (readonly string[])[] {
  return settings.map((one) => [SETTING_WORDS[one.name], valueOf(one), one.side, originOf(one, lineOf)]);
}

function valueOf({ value }: SettingOrigin): string {
  if (value === null) return 'as configured';
  if (typeof value === 'string') return value;
  if ('clockMs' in value) return spanOf(value.clockMs);
  if ('workingDays' in value) return `${value.workingDays} working day${value.workingDays === 1 ? '' : 's'}`;
  return value.length === 0 ? 'nobody' : value.join(', ');
}

/** Settings that the configuration has where the policy says nothing. */
const CONFIGURED: ReadonlySet<SettingName> = new Set(['holdFor', 'protection', 'otherwise']);

function originOf({ name, from, path }: SettingOrigin, lineOf: PolicySettings['lineOf']): string {
  return path === null
    ? CONFIGURED.has(name)
      ? 'configuration'
      : 'built in'
    : `line ${lineOf(path)}, for ${from === 'all' ? 'all' : `the ${from}`}`;
}
