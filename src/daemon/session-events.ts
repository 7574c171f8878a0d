// What the submission surface tells, said to the log, counted in the metrics and, for what strangers cause, in the refusal counts.
import type { RefusalCounts } from '../gateway/refusals.ts';
import type { SealingKeys } from '../keys/keys.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../log/metrics.ts';
import { logDigest, type LogDigest } from '../log/safe.ts';
import type { SmtpEvents } from '../smtp/smtp-events.ts';

export function sessionEvents(log: Log, metrics: Metrics, refusals: RefusalCounts, keys: Pick<SealingKeys, 'digest'>): SmtpEvents {
  const digest = (value: string): LogDigest => logDigest(keys.digest('log', value));
  return {
    connected: ({ listener }) => metrics.connectionOpened(listener),
    secured: ({ protocol }) => {
      if (protocol === 'TLSv1.2' || protocol === 'TLSv1.3') metrics.clientTls(protocol);
    },
    tlsFailed({ listener, code }) {
      metrics.clientTls('failed');
      log.tlsFailed({ session: '', listener, code });
    },
    turnedAway({ address, code }) {
      metrics.messageRefused(code);
      refusals.add({ kind: 'message.refused', code, address, name: null });
    },
    refused({ address, code }) {
      metrics.messageRefused(code);
      refusals.add({ kind: 'message.refused', code, address, name: null });
    },
    loginOk({ session, account, verified, tookMs }) {
      metrics.login(verified === 'remembered' ? 'remembered' : 'accepted');
      log.loginAccepted({ session, account: digest(account), remembered: verified === 'remembered', tookMs });
    },
    loginFailed({ session, address, account, code }) {
      metrics.login(code === 'auth.throttled' ? 'throttled' : 'refused');
      log.loginRefused({ session, account: digest(account), client: digest(address), code });
      refusals.add({ kind: 'login.refused', code, address, name: account });
    },
    accepted: () => undefined,
    ended({ session, listener, address, tls, messages, errors, tookMs, end }) {
      metrics.connectionClosed(listener);
      log.sessionEnded({ session, listener, client: digest(address), tls, messages, errors, tookMs, end });
    },
    bug({ where, error }) {
      log.bug(where, error);
      metrics.bug();
    },
  };
}
