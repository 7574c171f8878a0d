// An account at a limit: alarmed each time, recorded once an hour, and never in the way of the message.
import t from 'tap';
import { limitWatch } from '../../src/gateway/limit-watch.ts';
import { gatewayGround } from '../support/gateway-ground.ts';

const HOUR = 3_600_000;

t.test('once per account, limit, verdict and hour', async (t) => {
  const { store, clock, events, evidence } = await gatewayGround(t);
  const reached = limitWatch({ append: (records) => store.audit.append(records), clock, events });
  const steps: readonly (readonly [
    name: string,
    afterMs: number,
    submitter: string,
    limit: string,
    then: 'refused' | 'held',
    records: number,
  ])[] = [
    ['the first', 0, 'ehr', 'messages-per-hour', 'refused', 1],
    ['again', 0, 'ehr', 'messages-per-hour', 'refused', 1],
    ['late in the hour', HOUR - 1, 'ehr', 'messages-per-hour', 'refused', 1],
    ['beyond the hard limit', 0, 'ehr', 'messages-per-hour', 'held', 2],
    ['another limit', 0, 'ehr', 'new-recipients-per-day', 'refused', 3],
    ['another account', 0, 'lab', 'messages-per-hour', 'refused', 4],
    ['the next hour', 1, 'ehr', 'messages-per-hour', 'refused', 5],
    ['and again', 0, 'ehr', 'messages-per-hour', 'refused', 5],
  ];
  for (const [name, afterMs, submitter, limit, then, records] of steps) {
    clock.at += afterMs;
    await reached(submitter, limit, then);
    t.equal(evidence().filter(({ kind }) => kind === 'limit.reached').length, records, name);
  }
  t.equal(events.alarms.length, steps.length, 'an alarm each time');
  t.match(evidence()[0], { codes: { limit: 'messages-per-hour', then: 'refused' }, detail: { submitter: 'ehr' } });
  t.notMatch(JSON.stringify(evidence()[0]?.codes), /ehr/, 'the account is sealed');
});

t.test('many at the same moment make one record', async (t) => {
  const { store, clock, events, evidence } = await gatewayGround(t);
  const reached = limitWatch({ append: (records) => store.audit.append(records), clock, events });
  await Promise.all(Array.from({ length: 20 }, () => reached('ehr', 'messages-per-hour', 'refused')));
  t.equal(evidence().length, 1);
});

t.test('a record that cannot be written is told, and written with the next', async (t) => {
  const { store, clock, events, evidence } = await gatewayGround(t);
  let fails = 1;
  const append: Parameters<typeof limitWatch>[0]['append'] = (records) =>
    fails-- > 0 ? Promise.reject(new Error('full')) : store.audit.append(records);
  const reached = limitWatch({ append, clock, events });
  await reached('ehr', 'messages-per-hour', 'refused');
  t.match(events.bugs, [{ where: 'limits.evidence' }]);
  t.equal(evidence().length, 0);
  await reached('ehr', 'messages-per-hour', 'refused');
  t.equal(evidence().length, 1);
});
