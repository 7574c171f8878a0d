// What the control socket answers, joined once: for the service, and for a command where none runs.
import type { ControlHandlers } from '../control/commands.ts';
import type { PoliciesInEffect } from './policy.ts';
import { type AccountCommandDeps, accountCommands } from './account-commands.ts';
import { consentCommands } from './consent-commands.ts';
import type { Deciding } from './deciding.ts';
import type { Ground } from './ground.ts';
import { helpDeskOf, type HelpDeskParts } from './help-desk.ts';
import { pickupCommands } from './pickup-commands.ts';
import { policyCommands } from './policy-commands.ts';
import { type QueueCommandDeps, queueCommands } from './queue-commands.ts';
import { revealer } from './reveal.ts';
import { reviewCommands } from './review-commands.ts';
import { type StatusDeps, statusCommands } from './status-commands.ts';

export interface HandlerParts
  extends
    Omit<StatusDeps, 'store' | 'reader'>,
    Pick<Ground, 'store' | 'keys' | 'spool' | 'reader' | 'clock'>,
    Pick<AccountCommandDeps, 'passwords' | 'sessions'>,
    Pick<QueueCommandDeps, 'acted'> {
  readonly deciding: Deciding;
  readonly live: () => PoliciesInEffect['live'];
  readonly wake: () => void;
  readonly waitingEnded: () => void;
  /** Of the portal's readers. */
  readonly portalSessions: HelpDeskParts['sessions'];
}

export function controlHandlers(parts: HandlerParts): ControlHandlers {
  const { store, keys, spool, reader, clock, deciding, loaded } = parts;
  const { accounts } = store;
  const config = () => loaded().config;
  const reviewing: QueueCommandDeps = {
    reader: reader.queue,
    review: {
      queue: store.queue,
      reader: reader.queue,
      accounts,
      ...deciding,
      clock,
      holdFor: () => config().delivery.holdFor,
      wake: parts.wake,
    },
    acted: parts.acted,
  };
  const countries = (): readonly string[] | null => config().portal?.sms?.countries ?? null;
  const reveal = revealer({ config, keys, spool, journal: store.journal });
  return {
    ...statusCommands({ ...parts, reader: reader.queue }),
    ...queueCommands(reviewing),
    ...reviewCommands({
      ...reviewing,
      reviews: store.reviews,
      audit: store.audit,
      explain: (facts) => parts.live().policy.explain(facts),
      reveal,
    }),
    ...accountCommands({ accounts, passwords: parts.passwords, sessions: parts.sessions, clock }),
    ...pickupCommands({
      ...helpDeskOf({ store, keys, clock, sessions: parts.portalSessions, wake: parts.wake, countries }),
      reader: reader.pickups,
      queue: reader.queue,
      acted: parts.acted,
      ended: parts.waitingEnded,
    }),
    ...policyCommands({ reader: reader.facts, onFile: deciding.onFile }),
    ...consentCommands({ consents: deciding.consents, reader: reader.consents, accounts, keys, clock }),
  };
}
