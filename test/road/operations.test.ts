// What an administrator does to a running gateway: reload by SIGHUP, and hold, release, cancel and retry on the command line. Every step
// is in evidence with who and why, and nobody releases below a floor.
import t from 'tap';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TLSSocket } from 'node:tls';
import { deliveriesOf, inWords, logIn, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import { ID, SLOW_RETRY, stage, type Stage } from '../support/stage.ts';
import { startPeer } from '../support/smtp-peer.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface Typed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line, as an administrator types it. */
function type({ postern }: Stage, ...words: readonly string[]): Typed {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, '--config', postern.configPath, ...words], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr.replace(/^.*warning:.*\n/gm, '') };
}

async function serialOf(scene: Stage): Promise<string> {
  const session = await logIn(scene.postern);
  const serial = (session.socket as TLSSocket).getPeerX509Certificate()?.serialNumber ?? '';
  session.destroy();
  return serial;
}

function writeCertificate(
  { postern }: Stage,
  { certificatePem, keyPem }: { readonly certificatePem: string; readonly keyPem: string },
): void {
  writeFileSync(join(postern.folder, 'tls/certificate.pem'), certificatePem);
  writeFileSync(join(postern.folder, 'tls/key.pem'), keyPem, { mode: 0o600 });
}

/** SIGHUP, and the line of the log that it leads to. */
async function reload({ postern }: Stage, event: 'config.loaded' | 'config.refused'): Promise<void> {
  const from = postern.log.length;
  process.kill(postern.pid, 'SIGHUP');
  await postern.until(event, () => true, from);
}

t.test('SIGHUP: a renewed certificate, without a restart', async (t) => {
  const scene = await stage(t, ca, { good: {} });
  const { postern, session } = scene;
  const before = await serialOf(scene);
  writeCertificate(scene, ca.issue({ names: ['localhost'] }));
  t.equal(await serialOf(scene), before, 'not before the signal');
  const { pid } = postern;
  await reload(scene, 'config.loaded');
  const renewed = await serialOf(scene);
  t.not(renewed, before);
  t.match((await post(session, { to: ['jane@good.test'] })).reply, /^250 /, 'open sessions go on');
  t.equal(postern.pid, pid);
  t.match((await recordsOf(postern)).findLast(({ kind }) => kind === 'config.loaded')?.codes, { config: /^[0-9a-f]+$/ });

  const { certificatePem } = ca.issue({ names: ['localhost'] });
  writeFileSync(join(postern.folder, 'tls/certificate.pem'), certificatePem);
  await reload(scene, 'config.refused');
  t.equal(await serialOf(scene), renewed, 'a certificate without its key changes nothing');
});

t.test('SIGHUP: a bad configuration keeps the last good one', async (t) => {
  const scene = await stage(t, ca, { good: {}, other: {} });
  const { postern, session } = scene;
  const good = scene.peer('good').port;
  const other = scene.peer('other').port;
  const route = (port: number): string =>
    `routes: [{ name: r, domains: ["*"], next_hops: [{ host: localhost, port: ${port} }], final_for: all }]`;
  const bad: Readonly<Record<string, string>> = {
    'no YAML': 'routes: [',
    'an unknown key': 'routes: []\nroute: 1',
    'a wrong type': 'routes: 7',
    'a missing file': 'routes: []\ndkim: [{ domain: a.test, selector: s, key_file: gone.pem }]',
  };
  for (const [name, routes] of Object.entries(bad)) {
    postern.configure({ routes });
    await reload(scene, 'config.refused');
    const { id } = await post(session, { to: ['jane@good.test'], header: [ID(name.replace(/\W/g, '-'))] });
    t.same((await untilOver(postern, id)).map(inWords), ['relayed relayed 2.0.0'], name);
    t.notMatch(postern.output, /route: 1|gone\.pem/, 'what stands there is not logged');
  }
  t.equal(scene.peer('good').messages.length, 4);
  t.match(type(scene, 'check'), { code: 3, err: /postern\.yaml:\d+:\d+: / }, 'the command says what and where');
  postern.configure({ routes: route(other) });
  t.match(type(scene, 'reload'), { code: 0 }, 'by the command too');
  const { id } = await post(session, { to: ['jane@good.test'], header: [ID('moved')] });
  await untilOver(postern, id);
  t.equal(scene.peer('other').messages.length, 1, 'a good one is in effect at once');
  postern.configure({ routes: route(good), mode: 'mode: sandbox' });
  await reload(scene, 'config.refused');
  t.pass('another mode would be another gateway');
});

/** The last record of a kind, of one message. */
async function lastOf({ postern }: Stage, id: string, kind: string) {
  return (await recordsOf(postern, id)).findLast((record) => record.kind === kind);
}

t.test('hold, release, cancel, retry', async (t) => {
  let isOpen = false;
  const later = { script: (step: string) => (step === 'mail' && !isOpen ? '451 4.7.1 not now\r\n' : undefined) };
  const scene = await stage(t, ca, { later }, SLOW_RETRY);
  const { postern, session } = scene;
  const who = userInfo().username;
  const { id } = await post(session, { to: ['jane@later.test', 'john@later.test'] });
  await untilEach(postern, id, ({ state }) => state === 'deferred');

  t.match(type(scene, 'queue', 'hold', id), { code: 2, err: /--why/ }, 'no reason, no hold');
  t.match(type(scene, 'queue', 'hold', `${id}/0`, '--why', 'waiting for the lab'), { code: 0, out: /Held: 1 delivery/ });
  t.match(await lastOf(scene, id, 'delivery.held'), {
    deliveryId: `${id}/0`,
    codes: { by: 'person' },
    detail: { who, why: 'waiting for the lab' },
  });
  const [held] = await deliveriesOf(postern, id);
  t.match(held, { state: 'held', hold: { reason: 'person', owner: who } }, 'a hold has an owner');
  t.ok((held?.hold?.deadline ?? 0) > Date.now() + 3_600_000, 'and a deadline');
  t.match(type(scene, 'queue', 'list', '--state', 'held'), { code: 0, out: /jane@later\.test/ });

  isOpen = true;
  t.match(type(scene, 'queue', 'retry', `${id}/1`), { code: 0, out: /Retried: 1 delivery/ });
  await scene.peer('later').until(({ messages }) => messages.length === 1);
  t.match(
    (await untilOver(postern, id)).map(({ state }) => state),
    ['held', 'relayed'],
    'what is held is not sent',
  );
  t.match(await lastOf(scene, id, 'delivery.retried'), { codes: { by: 'person' }, detail: { who } });
  t.match(type(scene, 'queue', 'retry', `${id}/1`), { code: 1 }, 'what has ended is left as it is');

  t.match(type(scene, 'queue', 'release', `${id}/0`, '--why', 'the lab has called'), { code: 0, out: /Released/ });
  t.match(
    (await untilEach(postern, id, ({ state }) => state === 'relayed')).map(({ state }) => state),
    ['relayed', 'relayed'],
  );
  t.match(await lastOf(scene, id, 'delivery.released'), {
    codes: { by: 'person', floor: 'tls-verified' },
    detail: { who, why: 'the lab has called' },
  });

  isOpen = false;
  const { id: second } = await post(session, { to: ['jane@later.test', 'john@later.test'], header: [ID('second')] });
  await untilEach(postern, second, ({ state }) => state === 'deferred');
  t.match(
    type(scene, 'queue', 'cancel', second, '--why', 'sent to the wrong clinic'),
    { code: 0, out: /Cancelled: 2 deliveries/ },
    'a whole message',
  );
  t.match(await lastOf(scene, second, 'delivery.cancelled'), { detail: { who, why: 'sent to the wrong clinic' } });
  t.match(type(scene, 'queue', 'release', second, '--why', 'changed my mind'), { code: 1, err: /cancelled/ }, 'an end is an end');
  t.equal(scene.peer('later').messages.length, 2);
  t.match(type(scene, 'audit', 'verify'), { code: 0, out: /Every record is as it was written/ });
  t.notMatch(postern.output, /waiting for the lab|wrong clinic|@later/, 'reasons are sealed');
});

t.test('nobody releases below a floor', async (t) => {
  const scene = await stage(t, ca, { weak: { faults: ['no-starttls'] } }, SLOW_RETRY);
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@weak.test'] });
  await untilOver(postern, id);
  t.match(type(scene, 'queue', 'release', id, '--why', 'it is urgent'), { code: 0 });
  await untilEach(postern, id, ({ attempts, state }) => state === 'held' && attempts >= 0);
  const held = async (): Promise<number> => (await recordsOf(postern, id)).filter(({ kind }) => kind === 'delivery.held').length;
  while ((await held()) < 2) await postern.happened();
  t.equal(scene.peer('weak').messages.length, 0, 'tried again, and held again');
  t.notOk(scene.peer('weak').lines.some((line) => line.startsWith('MAIL')));
});

t.test('what was held is released to a next hop that has been mended', async (t) => {
  const scene = await stage(t, ca, { weak: { faults: ['no-starttls'] } }, SLOW_RETRY);
  const { id } = await post(scene.session, { to: ['jane@weak.test'] });
  await untilOver(scene.postern, id);
  const { port } = scene.peer('weak');
  await scene.peer('weak').close();
  const mended = await startPeer(t, { identity: ca.issue({ names: ['localhost'] }), port });
  type(scene, 'queue', 'release', id, '--why', 'they have TLS now');
  t.same((await untilEach(scene.postern, id, ({ state }) => state === 'relayed')).map(inWords), ['relayed relayed 2.0.0']);
  t.equal(mended.messages.length, 1);
});

t.test('a hold that nobody releases ends at its deadline', async (t) => {
  const scene = await stage(
    t,
    ca,
    { weak: { faults: ['no-starttls'] } },
    { delivery: 'delivery: { hold_for: 1s, retry: { first: 1h, longest: 1h } }' },
  );
  const { postern, session } = scene;
  const { id } = await post(session, { to: ['jane@weak.test'], header: [ID('held')] });
  t.same(
    (await untilOver(postern, id)).map(({ state }) => state),
    ['held'],
  );
  // Holds are looked at a moment after a start, and then once a minute.
  await postern.restart();
  await untilEach(postern, id, ({ state }) => state === 'returned');
  const reports = await scene.reportsOn('held', 2);
  t.same(
    reports.map(({ recipients }) => [recipients[0]?.['action'], recipients[0]?.['status']]),
    [
      ['delayed', '4.7.10'],
      ['failed', '5.7.1'],
    ],
  );
  t.match(reports[1]?.text, /held for a check, and nobody released it/);
  t.match(await lastOf(scene, id, 'delivery.returned'), { codes: { code: 'delivery.hold-expired' } });
});
