// Telephones for the desk, joined: the gateway that the configuration names, what it is signed in to by, the limits, and the sending that nobody waits
// for. At the stop what is on its way is given up; a code that was sent all the same still opens.
import { randomInt } from 'node:crypto';
import { phoneLimits } from '../access/phone-limits.ts';
import type { SmsConfig } from '../config/portal.ts';
import { lookupAddresses } from '../dns/mx.ts';
import type { FetchOptions } from '../fetch/https-fetch.ts';
import type { DeskPhone } from '../gateway/pickup/phone-codes.ts';
import { phoneGateway } from '../gateway/pickup/phone-gateway.ts';
import type { Log } from '../log/log.ts';
import { isOfPrefix } from '../mail/phone.ts';
import type { Outside } from './outgoing.ts';

export interface DeskPhoneParts {
  readonly sms: () => SmsConfig | null;
  readonly authorization: () => string | null;
  readonly outside: Pick<Outside, 'resolver' | 'trustAnchors'>;
  readonly log: Pick<Log, 'phoneCodeFailed' | 'bug'>;
}

/** RFC 6761 6.3: never asked of DNS. */
const LOCALHOST = ['127.0.0.1', '::1'];
/** Where no gateway is set up nothing is sent, so nothing is counted. */
const NONE = { perPersonPerDay: 0, perHour: 0 };

export function deskPhone({ sms, authorization, outside, log }: DeskPhoneParts, undo: AsyncDisposableStack): DeskPhone {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  undo.defer(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  const resolveHost = resolving(outside.resolver);
  return {
    ways: () => sms()?.kinds ?? [],
    mayGo: (number) => isOfPrefix(number, sms()?.countries ?? []),
    limits: phoneLimits(() => sms() ?? NONE),
    async send(message) {
      const gateway = sms();
      if (gateway === null || stopping.signal.aborted) return 'unreachable';
      const { trustAnchors } = outside;
      const send = phoneGateway({ sms: gateway, authorization: authorization(), trustAnchors, resolveHost });
      return send(message, stopping.signal);
    },
    later(work) {
      const done = work()
        .catch((error: unknown) => void log.bug('desk phone', error))
        .finally(() => running.delete(done));
      running.add(done);
    },
    failed: (deliveryId, way, why) => log.phoneCodeFailed({ deliveryId, way, why }),
  };
}

function resolving(resolver: Outside['resolver']): FetchOptions['resolveHost'] {
  const random = (): number => randomInt(2 ** 32) / 2 ** 32;
  return async (host, signal) => {
    if (host === 'localhost') return LOCALHOST;
    const found = await lookupAddresses(resolver, host, random, signal);
    return found.kind === 'failed' ? null : found.kind === 'none' ? [] : found.addresses;
  };
}
