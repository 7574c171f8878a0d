// The delivery methods that are set up here, in this one place: what policy names beside them could reach nobody, and would only be waited for.
import type { Config } from '../config/config.ts';
import type { PolicyInEffect } from '../gateway/decide-again.ts';
import type { Decision, MethodName } from '../mail/decision.ts';
import type { BaseSettings } from '../policy/source.ts';

export const METHODS_SET_UP: readonly MethodName[] = ['relay'];

/** What decisions of a policy depend on beside the policy: a version of it is of these too. */
export function baseSettings({ floor, otherwise }: Config['delivery'], methodsSetUp = METHODS_SET_UP): BaseSettings {
  return { protection: floor, otherwise, methodsSetUp };
}

/** The decision by what is set up. */
export function bySetUp<D extends Pick<Decision, 'methods'>>(decision: D, methodsSetUp = METHODS_SET_UP): D {
  return { ...decision, methods: decision.methods.filter((method) => methodsSetUp.includes(method)) };
}

/** The policy, deciding by what is set up. */
export function policyBySetUp({ version, settings, decide }: PolicyInEffect): PolicyInEffect {
  return { version, settings, decide: (facts) => bySetUp(decide(facts)) };
}
