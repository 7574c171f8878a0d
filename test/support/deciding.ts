// What decides in tests of the gateway: a policy, facts from the store where there is one, nothing on file, nobody known.
import { type PolicyInEffect, standingUnknown, type DecideAgainDeps } from '../../src/gateway/decide-again.ts';
import { ownMail } from '../../src/gateway/decided.ts';
import { type Examination, type Examine, unexaminable } from '../../src/gateway/examination.ts';
import type { Facts } from '../../src/mail/facts.ts';
import { METHOD_NAMES } from '../../src/mail/decision.ts';
import type { TlsFloor } from '../../src/mail/tls.ts';
import { createProcessor, type ProcessDeps, type Processor } from '../../src/gateway/process.ts';
import type { ReviewDeps } from '../../src/gateway/review.ts';
import type { GatewayGround } from './gateway-ground.ts';
import { digestOf } from './store-names.ts';
import { storedFacts } from './store-units.ts';

export function decidingBy(
  policy: PolicyInEffect,
  change: Partial<DecideAgainDeps> = {},
): DecideAgainDeps & Pick<ProcessDeps, 'acquaintance' | 'draft'> & Pick<ReviewDeps, 'methodsSetUp'> {
  return {
    policy: () => policy,
    ownMail: () => ownMail(policy.version, 'tls-verified', 'hold'),
    readings: { facts: async () => null },
    onFile: async (_, recipients) => ({ consents: recipients.map(() => []), attested: false, revision: 0 }),
    consentsRevision: () => 0,
    organisation: () => [],
    methodsSetUp: METHOD_NAMES,
    draft: () => null,
    acquaintance: async (reversePath, recipients) =>
      recipients.map((address) => ({
        standing: standingUnknown(address, reversePath, []),
        correspondent: { address: digestOf(address), domain: digestOf(`domain of ${address}`), rests: null },
      })),
    ...change,
  };
}

/** One floor for all, by relay. */
export function simplePolicy(floor: TlsFloor = 'tls-verified', otherwise: 'hold' | 'return' = 'hold'): PolicyInEffect {
  const version = `simple ${floor} ${otherwise}`;
  const decision = { ...ownMail(version, floor, otherwise), rule: 'simple' };
  return {
    version,
    decide: () => decision,
    settings: () => ({
      reviewers: [],
      holdFor: null,
      protection: floor,
      otherwise,
      releaseOwn: 'no',
      language: 'en',
      blindSpotLevel: 'medium',
    }),
  };
}

/** Facts of a message of somebody to somebody. */
export function someFacts(
  change: { readonly message?: Partial<Facts['message']>; readonly recipient?: Partial<Facts['recipient']> } = {},
): Facts {
  const { message, recipients } = storedFacts();
  const [standing] = recipients;
  if (standing === undefined) throw new Error('no recipient');
  return {
    message: { ...message, ...change.message },
    recipient: { ...standing, consents: [], ...change.recipient },
    sender: { attested: false, consentsRevision: 0 },
  };
}

/** Nothing odd was found. */
export function examinedAs(change: Partial<Examination['report']> = {}): Examination {
  const { message, report, content } = unexaminable();
  return { message: { ...message, blindSpots: [] }, report: { ...report, blindSpots: [], ...change }, content, tookMs: 1 };
}

/** A processor over the real store. */
export function processorOn(
  { store, keys, clock, events }: GatewayGround,
  policy: PolicyInEffect,
  examine: Examine = async () => examinedAs(),
  change: Partial<ProcessDeps> = {},
): Processor {
  return createProcessor({
    ...decidingBy(policy),
    readings: store.readings,
    journal: store.journal,
    keys,
    examine,
    holdFor: () => ({ clockMs: 3_600_000 }),
    clock,
    events,
    decided: () => undefined,
    ...change,
  });
}
