// What the gateway needs to take in mail of its own, in tests: no places, so that what is made waits in the queue.
import type { AcceptOwnDeps } from '../../src/gateway/accept-own.ts';
import { Dispatcher } from '../../src/gateway/dispatcher.ts';
import { simplePolicy, someFacts } from './deciding.ts';
import type { GatewayGround } from './gateway-ground.ts';

export const POSTMASTER = 'it@clinic.example';

export function acceptingOwn(t: { teardown(handler: () => Promise<void>): void }, ground: GatewayGround): AcceptOwnDeps {
  const { store, spool, keys, clock, events, random } = ground;
  const dispatcher = new Dispatcher({
    queue: store.queue,
    deliver: async () => null,
    settings: { total: 0, perDestination: 0, perDestinationPerMinute: null, recipientsPerGroup: 100, leaseMs: 900_000 },
    owner: 'gateway',
    clock,
    events,
    mayDeliver: () => true,
    mayTry: () => true,
  });
  t.teardown(() => dispatcher.stop(0));
  return {
    journal: store.journal,
    spool,
    keys,
    ownMail: () => simplePolicy().decide(someFacts()),
    routes: () => [],
    owner: 'gateway',
    settings: () => ({
      mode: 'live',
      hostname: 'mail.clinic.example',
      postmaster: [POSTMASTER],
      expireAfterMs: 86_400_000,
      holdFor: { clockMs: 3_600_000 },
      repeatWindowMs: 86_400_000,
      replyWithinMs: 2_000,
      decideWithinMs: 1_000,
      recipientsPerGroup: 100,
      leaseMs: 900_000,
      clientAddress: 'hide',
      voice: { name: 'Mail Delivery', contact: 'telephone 555 0100' },
    }),
    reportsOwed: () => undefined,
    clock,
    random,
    events,
    dispatcher,
  };
}
