// What the road tells, joined to the log, the metrics and the refusal counts: each event once in each.
import t from 'tap';
import { roadEvents } from '../../src/daemon/road-events.ts';
import { sessionEvents } from '../../src/daemon/session-events.ts';
import { RefusalCounts } from '../../src/gateway/refusals.ts';
import { createLog } from '../../src/log/create-log.ts';
import { createMetrics } from '../../src/log/metrics.ts';
import { NOON } from '../support/gateway-ground.ts';

t.test('a message that the intake refuses is one line, one count and one record of the minute', async (t) => {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) }, newId: () => 'bug-1' });
  const metrics = createMetrics({ version: '1', queue: async () => ({}), freeDiskBytes: async () => 1 });
  const refusals = new RefusalCounts();
  const keys = { digest: () => Buffer.alloc(32, 7) };
  const road = roadEvents(log, metrics, refusals, keys);
  const surface = sessionEvents(log, metrics, refusals, keys);
  const refused = { submitter: { kind: 'account', name: 'ehr' }, address: '192.0.2.33' } as const;
  road.refused({ ...refused, messageId: '01JDB2V3X8QK4T6M9W0YHZ5RCE', code: 'content.from-not-allowed' });
  surface.refused({ ...refused, session: 's1', listener: 'submissions', code: 'envelope.sender-not-allowed' });
  const record = { kind: 'message.refused', at: NOON, messageId: null, deliveryId: null, detail: { address: '192.0.2.33' } };
  t.same(refusals.take(NOON), [
    { ...record, codes: { code: 'content.from-not-allowed', count: 1 } },
    { ...record, codes: { code: 'envelope.sender-not-allowed', count: 1 } },
  ]);
  const { body } = await metrics.render();
  t.match(body, 'postern_messages_refused_total{code="content.from-not-allowed"} 1');
  t.match(body, 'postern_messages_refused_total{code="envelope.sender-not-allowed"} 1');
  t.equal(lines.length, 1, 'the road says it to the log');
  t.notMatch(lines.join(), /192\.0\.2|ehr/, 'without address and name');
});
