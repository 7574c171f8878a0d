// Metrics: what is counted, and that labels are words of ours only.
import t from 'tap';
import { createMetrics } from '../../src/log/metrics.ts';
import type { Metrics } from '../../src/log/metrics.ts';

const metrics = (): Metrics =>
  createMetrics({ version: '1.2.3', queue: async () => ({ queued: 3, held: 1 }), freeDiskBytes: async () => 12_345 });

await t.test('everything that is counted is rendered', async (t) => {
  const m = metrics();
  m.messageAccepted({ submitterKind: 'account', sizeBytes: 2_000, replySeconds: 0.004 });
  m.messageAccepted({ submitterKind: 'network', sizeBytes: 2_000_000, replySeconds: 3 });
  m.messageRefused('auth.failed');
  m.messageRepeated('recognised');
  m.login('throttled');
  m.connectionOpened('submission');
  m.connectionOpened('submission');
  m.connectionClosed('submission');
  m.clientTls('TLSv1.3');
  m.deliverySettled('relayed');
  m.attemptEnded({ code: 'delivery.below-floor', tlsLevel: 'tls', seconds: 0.2 });
  m.attemptEnded({ code: 'delivery.connect-failed', tlsLevel: null, seconds: 30 });
  m.maybeDuplicate();
  m.commit(12, 0.003);
  m.bug();
  const { body, contentType } = await m.render();
  t.match(contentType, /^text\/plain; version=0\.0\.4/);
  for (const line of [
    'postern_messages_accepted_total{submitter="account"} 1',
    '# HELP postern_messages_refused_total Refused commands, recipients and messages, each answered with a failure, by code',
    'postern_messages_refused_total{code="auth.failed"} 1',
    'postern_messages_repeated_total{kind="recognised"} 1',
    'postern_logins_total{result="throttled"} 1',
    'postern_connections_total{listener="submission"} 2',
    'postern_connections_open{listener="submission"} 1',
    'postern_client_tls_total{result="TLSv1.3"} 1',
    'postern_deliveries_total{state="relayed"} 1',
    'postern_attempts_total{code="delivery.below-floor"} 1',
    'postern_attempt_tls_total{level="tls"} 1',
    'postern_possible_duplicates_total 1',
    'postern_bugs_total 1',
    'postern_reply_to_dot_seconds_bucket{le="0.005"} 1',
    'postern_reply_to_dot_seconds_bucket{le="4"} 2',
    'postern_reply_to_dot_seconds_count 2',
    'postern_message_size_bytes_sum 2002000',
    'postern_commit_units_sum 12',
    'postern_attempt_seconds_count 2',
    'postern_queue_deliveries{state="queued"} 3',
    'postern_queue_deliveries{state="held"} 1',
    'postern_disk_free_bytes 12345',
    'postern_info{version="1.2.3"} 1',
  ]) {
    t.ok(body.split('\n').includes(line), line);
  }
  t.match(body, /^process_resident_memory_bytes \d+$/m);
});

await t.test('each instance has a registry of its own', async (t) => {
  const [one, other] = [metrics(), metrics()];
  one.bug();
  t.match((await one.render()).body, /^postern_bugs_total 1$/m);
  t.match((await other.render()).body, /^postern_bugs_total 0$/m);
});

await t.test('every metric is explained', async (t) => {
  const { body } = await metrics().render();
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  t.ok(names.length >= 19);
  for (const name of names) t.match(body, new RegExp(`^# HELP ${name} .{5,}`, 'm'), name);
});
