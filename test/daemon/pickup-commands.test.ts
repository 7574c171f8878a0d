// The help desk's commands over the real store: what may be taken back and what not, a code that is said once, lost factors, a recipient forgotten,
// and the record of who did it and why.
import t from 'tap';
import { portalSessions } from '../../src/access/portal-sessions.ts';
import type { ControlResult } from '../../src/control/commands.ts';
import { helpDeskOf } from '../../src/daemon/help-desk.ts';
import { pickupCommands } from '../../src/daemon/pickup-commands.ts';
import { openReader } from '../../src/store/sqlite/reader.ts';
import { sealerFrom } from '../../src/keys/column-sealer.ts';
import { pickupAddress } from '../../src/methods/portal/portal.ts';
import { type GatewayGround, gatewayGround } from '../support/gateway-ground.ts';
import { idOf } from '../support/store-names.ts';
import { acceptUnit, evidence, newPickup, settlement } from '../support/store-units.ts';

const BY = { who: 'kim', why: 'she called' } as const;
const BOB = 'bob@partner.example';

async function deskOn(t: Parameters<typeof gatewayGround>[0], countries: readonly string[] | null = ['+1']) {
  const ground = await gatewayGround(t);
  const { store, keys, clock } = ground;
  const reader = openReader({ dataFolder: ground.dataFolder, sealer: sealerFrom(keys.sealerMaterial(), clock.now) });
  t.teardown(() => reader.close());
  const sessions = portalSessions(clock.steady);
  const woken: string[] = [];
  const acted: (readonly [string, string])[] = [];
  const commands = pickupCommands({
    ...helpDeskOf({ store, keys, clock, sessions, wake: () => void woken.push('woken'), countries: () => countries }),
    reader: reader.pickups,
    queue: ground.reader,
    acted: (kind, id) => void acted.push([kind, id]),
    ended: () => void woken.push('ended'),
  });
  const address = pickupAddress((label, ...values) => keys.digest(label, ...values), BOB);
  return { ground, commands, sessions, woken, acted, address };
}

/** A message of that number that waits at the portal for Bob. Gives its delivery. */
async function waiting({ store, clock }: GatewayGround, address: Uint8Array, number: number): Promise<string> {
  const result = await store.journal.accept(acceptUnit({ number, state: 'active', at: clock.at }));
  const [one] = result.kind === 'accepted' ? result.active : [];
  if (one === undefined) throw new Error('nothing was claimed');
  const { deliveryId } = one.lease;
  const after = { state: 'waiting', pickup: newPickup({ address, expiresAt: clock.at + 86_400_000 * 30 }) } as const;
  const written = [evidence('delivery.waiting', idOf(number), deliveryId)];
  await store.queue.settle([settlement(one.lease, { at: clock.at, after, status: null, evidence: written })], null);
  return deliveryId;
}

function valueOf<T>(result: ControlResult<T>): T {
  if (result.kind === 'done') return result.value;
  throw new Error(`${result.code}: ${result.text}`);
}

const refusal = (result: ControlResult<unknown>): string => (result.kind === 'failed' ? `${result.code}: ${result.text}` : 'done');

await t.test('taken back, given again, told of anew; what was read stays read', async (t) => {
  const { ground, commands, woken, acted, address } = await deskOn(t);
  const id = await waiting(ground, address, 1);
  t.same(valueOf(await commands['pickup.recall']({ target: id.slice(0, 26), ...BY })), { changed: [id], unchanged: [] });
  const recalled = valueOf(await commands['pickup.show']({ deliveryId: id }));
  t.equal(recalled.pickup.recalledAt, ground.clock.at);
  t.equal(recalled.pickup.state, 'waiting', 'restoring is possible until its term');
  t.match(refusal(await commands['pickup.recall']({ target: id, ...BY })), /is taken back already/);
  t.equal(refusal(await commands['pickup.restore']({ target: id, ...BY })), 'done');
  t.match(refusal(await commands['pickup.restore']({ target: id, ...BY })), /was not taken back/);
  const change = { deliveryId: id, at: ground.clock.at, report: null, evidence: [] };
  t.equal((await ground.store.pickups.change({ ...change, event: { what: 'opened' } })).kind, 'done');
  t.match(refusal(await commands['pickup.recall']({ target: id, ...BY })), /has been read and cannot be taken back/);
  t.match(refusal(await commands['pickup.recall']({ target: `${id.slice(0, 26)}/7`, ...BY })), /not-found/);
  t.equal(woken.length, 2);
  t.same(acted, [
    ['pickup.recalled', id],
    ['pickup.restored', id],
  ]);
  const written = ground.evidence().filter(({ kind }) => kind === 'pickup.recalled' || kind === 'pickup.restored');
  t.same(
    written.map(({ codes, detail }) => [codes, detail]),
    [
      [{ by: 'person' }, BY],
      [{ by: 'person' }, BY],
    ],
    'only what was done is evidence',
  );
});

await t.test('list and show: what is open, nothing that opens', async (t) => {
  const { ground, commands, address } = await deskOn(t);
  const ids = [await waiting(ground, address, 1), await waiting(ground, address, 2)];
  const { pickups, next } = valueOf(await commands['pickup.list']({ open: 'open', after: null, limit: 1 }));
  t.same([pickups.map(({ deliveryId }) => deliveryId), next !== null], [[ids[0]], true]);
  const more = valueOf(await commands['pickup.list']({ open: 'open', after: next, limit: 10 }));
  t.same([more.pickups.map(({ deliveryId }) => deliveryId), more.next], [[ids[1]], null]);
  t.match(refusal(await commands['pickup.show']({ deliveryId: `${idOf(9)}/0` })), /not-found/);
  const shown = JSON.stringify(valueOf(await commands['pickup.show']({ deliveryId: ids[0] ?? '' })));
  t.notMatch(shown, /digest|secret|salt/i);
});

await t.test('a code is good for one pickup, replaces the one before, and is kept as a digest', async (t) => {
  const { ground, commands, address } = await deskOn(t);
  const id = await waiting(ground, address, 1);
  const first = valueOf(await commands['pickup.code']({ deliveryId: id, who: 'kim', checked: 'birth date' }));
  const second = valueOf(await commands['pickup.code']({ deliveryId: id, who: 'kim', checked: 'birth date' }));
  t.match(first.code, /^\d{4}-\d{4}$/);
  const codes = await ground.store.people.codes({ address, deliveryId: id, at: ground.clock.at });
  t.same(
    codes.map(({ kind, deliveryId, expiresAt }) => [kind, deliveryId, expiresAt]),
    [['clinic-code', id, second.expiresAt]],
  );
  const made = ground.evidence().filter(({ kind }) => kind === 'pickup.code-made');
  t.same(
    made.map(({ detail }) => detail),
    [
      { who: 'kim', why: 'birth date' },
      { who: 'kim', why: 'birth date' },
    ],
  );
  t.notMatch(JSON.stringify(ground.evidence()), new RegExp(second.code.replace('-', '-?')));
  ground.clock.at += 86_400_000 * 31;
  const late = { deliveryId: id, who: 'kim', checked: 'x' };
  t.match(refusal(await commands['pickup.code'](late)), /can be opened no more/, 'its time is over');
  await ground.store.pickups.expire({ now: ground.clock.at, limit: 10 });
  t.match(refusal(await commands['pickup.code'](late)), /can be opened no more/, 'and it has ended');
});

await t.test('lost: factors, sessions and codes of that person end, others keep theirs, and the address is told', async (t) => {
  const { ground, commands, sessions, address } = await deskOn(t);
  const { store, clock } = ground;
  const id = await waiting(ground, address, 1);
  const at = clock.at;
  const people = await Promise.all(['Bob', 'Eve'].map((name) => store.people.add({ address, name, language: null, at, evidence: [] })));
  const [bob, eve] = people.map((person) => person.id);
  if (bob === undefined || eve === undefined) throw new Error('nobody');
  for (const personId of [bob, eve])
    await store.people.enrol({ personId, assurance: 'clinic', secret: { kind: 'password', hash: 'x' }, name: null, at, evidence: [] });
  const number = '+15550147265';
  valueOf(await commands['pickup.phone']({ deliveryId: id, number, person: bob, who: 'kim', checked: 'chart' }));
  const proof = { address, assurance: 'clinic', brand: 'default', cameFor: null, provedBy: 'password', provedAt: at } as const;
  const [his = '', hers = ''] = [bob, eve].map((personId) => sessions.begin({ ...proof, personId }, sessions.moment(), null) ?? '');
  const lost = valueOf(await commands['pickup.lost']({ deliveryId: id, person: bob, who: 'kim', checked: 'photo ID' }));
  t.same([lost.factors, lost.sessions], [2, 1], 'his number too');
  t.equal(sessions.find(his, 'none'), null);
  t.not(sessions.find(hers, 'none'), null);
  const shown = valueOf(await commands['pickup.show']({ deliveryId: id }));
  t.same(
    shown.people.map(({ id: one, factors }) => [one, factors.length]),
    [
      [bob, 0],
      [eve, 1],
    ],
  );
  t.equal(shown.pickup.owed, 'lost-factor');
  t.match(refusal(await commands['pickup.lost']({ deliveryId: id, person: 99, who: 'kim', checked: 'x' })), /no person 99/);
  const [removed] = ground.evidence().filter(({ kind }) => kind === 'factor.removed');
  t.same(
    [removed?.codes, removed?.detail],
    [
      { by: 'person', person: bob, factors: 2 },
      { who: 'kim', why: 'photo ID' },
    ],
  );
});

await t.test('a telephone number: given, replaced and taken away, with who did it and how they checked; never in the clear', async (t) => {
  const { ground, commands, sessions, acted, address } = await deskOn(t);
  const { store } = ground;
  const id = await waiting(ground, address, 1);
  const ask = (number: string | null, person: number | null = null) =>
    commands['pickup.phone']({ deliveryId: id, number, person, who: 'kim', checked: 'chart' });
  t.match(refusal(await ask(null)), /not-found: No number is kept/);
  const first = valueOf(await ask('+15550147265'));
  t.match(await store.people.ofAddress(address), [{ id: first.person, name: null, factors: [{ kind: 'phone', assurance: 'clinic' }] }]);
  const proof = {
    address,
    assurance: 'clinic',
    brand: 'default',
    cameFor: null,
    provedBy: 'phone-code',
    provedAt: ground.clock.at,
  } as const;
  const token = sessions.begin({ ...proof, personId: first.person }, sessions.moment(), null) ?? '';
  t.same(valueOf(await ask('+15550147299')), { person: first.person, ends: '99' }, 'the same person');
  t.equal(sessions.find(token, 'none'), null, 'who came in by the one before is out');
  const shown = valueOf(await commands['pickup.show']({ deliveryId: id }));
  t.match(shown.people, [{ factors: [{ kind: 'phone', ends: '99' }] }]);
  const sam = await store.people.add({ address, name: 'Sam', language: null, at: ground.clock.at, evidence: [] });
  const refused: readonly (readonly [string | null, number | null, RegExp])[] = [
    ['+15550147200', null, /refused: Several people read at that address: say who/],
    ['+15550147200', 99, /not-found: There is no person 99/],
    ['+447700900123', first.person, /refused: Codes may not go to numbers that begin so/],
    [null, sam.id, /not-found: No number is kept/],
    [null, 99, /not-found: There is no person 99/],
  ];
  for (const [number, person, says] of refused) t.match(refusal(await ask(number, person)), says);
  t.match(valueOf(await ask('+15550147211', sam.id)), { person: sam.id, ends: '11' });
  t.match(refusal(await ask(null)), /Several people/);
  t.same(valueOf(await ask(null, first.person)), { person: first.person, ends: '99' });
  const written = ground.evidence().filter(({ kind }) => kind.startsWith('factor.') || kind === 'person.added');
  t.match(
    written.map(({ kind, codes, detail }) => [kind, codes, detail]),
    [
      ['person.added', { by: 'person', person: first.person }, { who: 'kim', why: 'chart' }],
      ['factor.enrolled', { person: first.person, factorKind: 'phone', assurance: 'clinic' }, { who: 'kim', why: 'chart', ends: '65' }],
      ['factor.enrolled', { person: first.person }, { ends: '99' }],
      ['factor.enrolled', { person: sam.id }, { ends: '11' }],
      ['factor.removed', { by: 'person', person: first.person, factorKind: 'phone' }, { who: 'kim', why: 'chart', ends: '99' }],
    ],
  );
  t.notMatch(JSON.stringify(ground.evidence()), /55501472/);
  t.same(
    acted.map(([kind]) => kind),
    ['factor.enrolled', 'factor.enrolled', 'factor.enrolled', 'factor.removed'],
  );
  valueOf(await commands['pickup.forget']({ address: BOB, ...BY }));
  t.match(refusal(await ask('+15550147265')), /not-found/, 'who is forgotten has no number');
});

await t.test('no gateway to telephones: no numbers', async (t) => {
  const { ground, commands, address } = await deskOn(t, null);
  const deliveryId = await waiting(ground, address, 1);
  const asked = await commands['pickup.phone']({ deliveryId, number: '+15550147265', person: null, who: 'kim', checked: 'x' });
  t.match(refusal(asked), /refused: There is no gateway to telephones: write portal\.sms/);
  t.same(await ground.store.people.ofAddress(address), [], 'nobody was added');
});

await t.test('forgotten: what waits is over, names are gone, the senders are told', async (t) => {
  const { ground, commands, sessions, woken, address } = await deskOn(t);
  const id = await waiting(ground, address, 1);
  await ground.store.people.add({ address, name: 'Bob Quill', language: null, at: ground.clock.at, evidence: [] });
  const proof = {
    address,
    assurance: 'address',
    brand: 'default',
    cameFor: null,
    provedBy: 'mailed-code',
    provedAt: ground.clock.at,
  } as const;
  const token = sessions.begin({ ...proof, personId: null }, sessions.moment(), null) ?? '';
  t.same(valueOf(await commands['pickup.forget']({ address: 'BOB@partner.example', ...BY })), { ended: 1 });
  t.equal(woken.at(-1), 'ended', 'the content goes without delay');
  t.equal(sessions.find(token, 'none'), null);
  t.match(refusal(await commands['pickup.show']({ deliveryId: id })), /not-found/);
  t.same(await ground.store.people.ofAddress(address), []);
  t.same(
    (await ground.store.queue.owedReports({ limit: 10 })).flatMap(({ deliveries }) => deliveries.map(({ status }) => status.code)),
    ['pickup.removed'],
  );
});
