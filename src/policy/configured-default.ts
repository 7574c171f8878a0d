// Until policies are written there is one configured default for every recipient. Pure.
import { hash } from 'node:crypto';
import { NO_MODIFIERS, type Decision } from '../mail/decision.ts';
import type { TlsFloor } from '../mail/tls.ts';

/** What decides for a recipient. The version changes whenever a decision could. */
export interface Policy {
  readonly version: string;
  decide(): Decision;
}

/** The default of the configuration: one floor, and what happens where it cannot be met. */
export function configuredDefault(settings: { readonly floor: TlsFloor; readonly otherwise: 'hold' | 'return' }): Policy {
  const version = hash('sha256', JSON.stringify(['configured-default', 1, settings.floor, settings.otherwise])).slice(0, 16);
  const decision: Decision = {
    rule: 'configured-default',
    policyVersion: version,
    action: 'deliver',
    floor: settings.floor,
    floors: [],
    methods: ['relay'],
    otherwise: settings.otherwise,
    reason: null,
    modifiers: NO_MODIFIERS,
  };
  return { version, decide: () => decision };
}
