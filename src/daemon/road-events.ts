// What the road tells, said to the log, counted in the metrics and, for messages it refuses, in the refusal counts.
// Addresses and names become keyed digests in the log.
import type { RoadEvents } from '../gateway/events.ts';
import type { RefusalCounts } from '../gateway/refusals.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../log/metrics.ts';
import { logDigest } from '../log/safe.ts';

export function roadEvents(log: Log, metrics: Metrics, refusals: RefusalCounts, keys: Pick<SealingKeys, 'digest'>): RoadEvents {
  const submitterDigest = (name: string) => logDigest(keys.digest('log', name));
  return {
    accepted({ messageId, listener, submitter, sizeBytes, recipients, repeated, replyMs }) {
      const digest = submitterDigest(submitter.name);
      log.messageAccepted({
        messageId,
        session: null,
        listener,
        submitterKind: submitter.kind,
        submitter: digest,
        sizeBytes,
        recipients,
        repeated,
        replyMs,
      });
      metrics.messageAccepted({ submitterKind: submitter.kind, sizeBytes, replySeconds: replyMs / 1000 });
      if (repeated > 0) metrics.messageRepeated('recognised');
    },
    refused({ submitter, address, code }) {
      log.messageRefused({ session: null, submitter: submitterDigest(submitter.name), code });
      metrics.messageRefused(code);
      refusals.add({ kind: 'message.refused', code, address, name: null });
    },
    read({ messageId, parts, blindSpots, defects, tookMs }) {
      log.messageRead({ messageId, parts, blindSpots: blindSpots.length, defects, tookMs });
      metrics.messageRead({ blindSpots, seconds: tookMs / 1000 });
    },
    settled({ deliveryId, destination, state, code, method, attempts, tls, sent, tookMs, ageMs }) {
      log.deliverySettled({
        deliveryId,
        destination: logDigest(destination),
        state,
        code,
        method,
        attempts,
        tlsLevel: tls,
        sent,
        tookMs,
        ageMs,
      });
      metrics.attemptEnded({ code, tlsLevel: tls, seconds: tookMs / 1000 });
      metrics.deliverySettled(state);
      if (sent === 'maybe-twice') metrics.maybeDuplicate();
    },
    backedOff({ destination, failures, forMs }) {
      log.destinationBackedOff({ destination: logDigest(destination), failures, forMs });
    },
    reported: (event) => log.reportAccepted(event),
    alarm(event) {
      switch (event.what) {
        case 'content-damaged':
          return log.contentDamaged({ messageId: event.messageId });
        case 'tls-downgraded':
          return log.tlsDowngraded({ destination: logDigest(event.destination), tlsLevel: event.level });
        case 'limit-reached':
          return log.limitReached({ limit: event.limit, submitter: submitterDigest(event.submitter), client: null, then: event.then });
        case 'disk-low':
          return log.diskLow({ mark: event.mark, freeBytes: event.freeBytes });
        case 'disk-recovered':
          return log.diskRecovered({ freeBytes: event.freeBytes });
        case 'clock-stepped':
          return log.clockStepped({ byMs: event.byMs });
      }
    },
    bug({ where, error }) {
      log.bug(where, error);
      metrics.bug();
    },
  };
}
