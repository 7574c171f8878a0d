// The delivery methods that are set up here, in this one place: what policy names beside them could reach nobody, and would only be waited for.
import type { Config } from '../config/config.ts';
import type { PolicyInEffect } from '../gateway/decide-again.ts';
import type { Decision, MethodName } from '../mail/decision.ts';
import type { BaseSettings } from '../policy/source.ts';

export function methodsSetUp({ portal }: Pick<Config, 'portal'>): readonly MethodName[] {
  return portal === null ? ['relay'] : ['relay', 'portal'];
}

/** What decisions of a policy depend on beside the policy: a version of it is of these too. */
export function baseSettings(config: Pick<Config, 'delivery' | 'portal'>): BaseSettings {
  const { floor, otherwise } = config.delivery;
  return { protection: floor, otherwise, methodsSetUp: methodsSetUp(config) };
}

/** The decision by what is set up. */
export function bySetUp<D extends Pick<Decision, 'methods'>>(decision: D, setUp: readonly MethodName[]): D {
  return { ...decision, methods: decision.methods.filter((method) => setUp.includes(method)) };
}

/** The policy, deciding by what is set up. */
export function policyBySetUp({ version, settings, decide }: PolicyInEffect, setUp: readonly MethodName[]): PolicyInEffect {
  return { version, settings, decide: (facts) => bySetUp(decide(facts), setUp) };
}
