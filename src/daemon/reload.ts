// Reload: a configuration read anew takes effect whole or not at all, one reload after another.
import type { Loaded } from '../config/load.ts';
import { dkimKeyName } from '../config/secrets.ts';
import { readSigningKeys, type SigningKeys } from '../dkim/signing-keys.ts';
import type { Log } from '../log/log.ts';
import { keepingReadOnce } from './needs-restart.ts';
import type { PoliciesInEffect, PolicyRefused } from './policy.ts';

/** What the gateway goes by now. */
export interface InEffect {
  readonly loaded: Loaded;
  readonly signingKeys: SigningKeys;
  readonly loadedAt: number;
  readonly policies: PoliciesInEffect;
}

export interface ReloadDeps {
  /** Reads the configuration anew; null where it is refused (said to the log already). */
  readonly readAgain: () => Promise<Loaded | null>;
  readonly inEffect: () => InEffect;
  /** What the configuration names (policies, own rules, patients) is read. Gives what is wrong with it: then nothing changes. */
  readonly prepare: (next: Loaded) => Promise<PoliciesInEffect | PolicyRefused>;
  /** What is set counts from now on. @throws where a part of the gateway cannot take it: what it had before stays there */
  readonly takeEffect: (next: InEffect) => void;
  readonly now: () => number;
  readonly log: Log;
  readonly bug: (error: unknown) => void;
  /** Evidence of what is in effect now. */
  readonly note: (next: InEffect, before: InEffect) => Promise<void>;
}

/** Gives `reload()`. Never rejects: null where nothing was changed, and the log says why. */
export function reloader(deps: ReloadDeps): () => Promise<Loaded | null> {
  let last: Promise<Loaded | null> = Promise.resolve(null);
  return () => {
    last = last
      .then(() => reload(deps))
      .catch((error: unknown) => {
        deps.bug(error);
        return null;
      });
    return last;
  };
}

/** The configuration as it is now in effect. @throws where a DKIM key cannot sign: its check has found it good, so that is a fault of ours */
export function inEffectFrom(loaded: Loaded, policies: PoliciesInEffect, loadedAt: number): InEffect {
  const { config, secrets } = loaded;
  const entries = config.dkim.flatMap((key) => {
    const pem = secrets.dkimKeys.get(dkimKeyName(key));
    return pem === undefined ? [] : [{ ...key, pem }];
  });
  const { keys, problems } = readSigningKeys(entries);
  if (problems.length > 0 || entries.length < config.dkim.length) throw new Error('a DKIM key that the configuration names cannot sign');
  return { loaded, signingKeys: keys, loadedAt, policies };
}

async function reload(deps: ReloadDeps): Promise<Loaded | null> {
  const read = await deps.readAgain();
  const before = deps.inEffect();
  const again = read === null ? null : reloadable(before.loaded, read);
  if (again === null) {
    if (read !== null) deps.log.configRefused({ errors: 1 });
    return null;
  }
  const policies = await deps.prepare(again);
  if (policies.kind === 'refused') {
    deps.log.configRefused({ errors: policies.issues.length });
    return null;
  }
  const next = inEffectFrom(again, policies, deps.now());
  try {
    deps.takeEffect(next);
  } catch (error) {
    deps.takeEffect(before);
    throw error;
  }
  await deps.note(next, before);
  deps.log.configLoaded({ fingerprint: again.fingerprint, warnings: again.warnings.length });
  return again;
}

/** What only a restart can change stays as it is, with a warning; a change of mode or folders is refused: it would be another gateway. */
function reloadable(before: Loaded, again: Loaded): Loaded | null {
  const { mode, folders } = before.config;
  if (again.config.mode !== mode || JSON.stringify(again.config.folders) !== JSON.stringify(folders)) return null;
  return keepingReadOnce(before.config, again);
}
