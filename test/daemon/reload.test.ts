// A running service reads its configuration anew: whole or not at all, also when several reloads come at once.
import t from 'tap';
import { Postern } from '../support/postern.ts';

const WHO = { who: 'test' };

await t.test('a reload takes effect; a bad one, and one of another gateway, change nothing', async (t) => {
  const postern = await Postern.start(t, { routes: [] });
  const status = async () => {
    const call = await postern.control.call('status', {});
    return call.kind === 'done' ? call.value.running?.configFingerprint : null;
  };
  const first = await status();
  postern.configure({ repeats: 'repeats: { window: 2h }' });
  t.match(await postern.control.call('reload', WHO), { kind: 'done' });
  const second = await status();
  t.not(second, first);

  postern.configure({ repeats: 'repeats: { window: never }' });
  t.match(await postern.control.call('reload', WHO), { kind: 'failed', code: 'refused' });
  postern.configure({ repeats: 'repeats: { window: 2h }', mode: 'mode: sandbox' });
  t.match(await postern.control.call('reload', WHO), { kind: 'failed', code: 'refused' });
  t.equal(await status(), second);

  postern.configure({ mode: 'mode: live', repeats: 'repeats: { window: 3h }' });
  const many = await Promise.all(Array.from({ length: 5 }, () => postern.control.call('reload', WHO)));
  t.same(
    many.map(({ kind }) => kind),
    Array.from({ length: 5 }, () => 'done'),
  );
  t.not(await status(), second);
});

await t.test('what only a restart can change is said, each time, and stays', async (t) => {
  const postern = await Postern.start(t, { routes: [] });
  postern.configure({
    hostname: 'hostname: other.clinic.test',
    login: 'login: { failures_allowed: 3 }',
    log: 'log: { level: warn }',
    repeats: 'repeats: { window: 2h }',
    retention: 'retention: { content: 3d }',
  });
  const named = ['hostname', 'login', 'retention', 'log.level'].map((name) => `${name}: needs a restart`);
  for (const time of ['first', 'second']) {
    const call = await postern.control.call('reload', WHO);
    const warnings = call.kind === 'done' ? call.value.warnings : [];
    t.same(
      warnings.filter((warning) => warning.includes('restart')),
      named,
      time,
    );
    await postern.until('config.loaded', (line) => line['warnings'] === warnings.length);
  }
  const status = await postern.control.call('status', {});
  t.match(status, { kind: 'done', value: { hostname: 'gateway.test' } }, 'what is in effect is what is shown');
});
