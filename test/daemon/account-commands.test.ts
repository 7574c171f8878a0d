// The account commands over the real store, real hashes and real sessions: what they answer, what is in the evidence, and that a
// password is kept nowhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { passwords } from '../../src/access/password.ts';
import { sessions } from '../../src/access/sessions.ts';
import { accountCommands } from '../../src/daemon/account-commands.ts';
import { gatewayGround, type GatewayGround } from '../support/gateway-ground.ts';

const CHEAP = { memoryKib: 64, passes: 1, lanes: 1 };
const PASSWORD = 'correct horse battery 7';
const OTHER = 'another staple battery 8';

function commandsOf({ store, clock }: GatewayGround, hashing = passwords(CHEAP)) {
  const open = sessions();
  return { commands: accountCommands({ accounts: store.accounts, passwords: hashing, sessions: open, clock }), open, hashing };
}

const wish = (change: object = {}) => ({
  name: 'lis',
  password: PASSWORD,
  mayUse: ['*@lis.clinic.example'],
  reports: null,
  likelyRepeats: 'report' as const,
  who: 'ann',
  ...change,
});

t.test('added, and can log in with that password', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, hashing } = commandsOf(ground);
  const added = await commands['account.add'](wish({ name: 'LIS', reports: 'it@clinic.example' }));
  const at = ground.clock.at;
  const report = { name: 'lis', state: 'enabled', mayUse: ['*@lis.clinic.example'], reports: 'it@clinic.example', likelyRepeats: 'report' };
  t.same(added, { kind: 'done', value: { ...report, createdAt: at, changedAt: at } }, 'names are in lower case, and no hash is shown');
  t.same(await commands['account.list']({}), { kind: 'done', value: { accounts: [{ ...report, createdAt: at, changedAt: at }] } });
  const account = await ground.store.accounts.find('lis');
  t.equal(await hashing.verify(PASSWORD, account?.passwordHash ?? null), 'match');
  t.match(ground.evidence(), [{ kind: 'account.added', codes: { by: 'person' }, detail: { account: 'lis', who: 'ann' } }]);
});

const refusals: readonly (readonly [name: string, change: object, code: string, text: RegExp])[] = [
  ['a name that cannot be', { name: 'l i s' }, 'refused', /A name has/],
  ['no address', { mayUse: [] }, 'refused', /At least one address/],
  ['a pattern that is none', { mayUse: ['lis@'] }, 'refused', /"lis@" is not/],
  ['reports to nowhere', { reports: 'nobody' }, 'refused', /reports/],
  ['a short password', { password: 'short' }, 'refused', /15/],
  ['a name that is taken, in other letters', { name: 'EHR' }, 'exists', /account ehr already/],
];

for (const [name, change, code, text] of refusals) {
  t.test(`not added: ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    const { commands } = commandsOf(ground);
    await commands['account.add'](wish({ name: 'ehr' }));
    const before = ground.evidence().length;
    const answer = await commands['account.add'](wish(change));
    t.match(answer, { kind: 'failed', code, text });
    t.notMatch(JSON.stringify(answer), PASSWORD);
    t.equal((await ground.store.accounts.list()).length, 1);
    t.equal(ground.evidence().length, before);
  });
}

t.test('import: each by itself, what cannot be is said and the rest goes on', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOf(ground);
  await commands['account.add'](wish({ name: 'ehr' }));
  const accounts = [wish({ name: 'one' }), wish({ name: 'ehr' }), wish({ name: 'two', password: 'short' }), wish({ name: 'three' })];
  const { results } = ((await commands['account.import']({ accounts, who: 'ann' })) as { value: { results: readonly object[] } }).value;
  t.match(results, [
    { name: 'one', result: 'added', text: null },
    { name: 'ehr', result: 'exists' },
    { name: 'two', result: 'refused', text: /15/ },
    { name: 'three', result: 'added', text: null },
  ]);
  t.same((await ground.store.accounts.list()).map(({ name }) => name).toSorted(), ['ehr', 'one', 'three']);
});

t.test('disabled: its sessions end at once, others stay, and it can be enabled again', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, open } = commandsOf(ground);
  for (const name of ['lis', 'ehr']) await commands['account.add'](wish({ name }));
  const ended: string[] = [];
  for (const account of ['lis', 'lis', 'ehr']) open.enter({ account, atMost: 9, since: open.moment(), end: () => ended.push(account) });
  t.same(await commands['account.disable']({ name: 'LIS', who: 'ann' }), { kind: 'done', value: { sessionsClosed: 2 } });
  t.same(ended, ['lis', 'lis']);
  t.equal((await ground.store.accounts.find('lis'))?.state, 'disabled');
  t.same(await commands['account.enable']({ name: 'lis', who: 'bob' }), { kind: 'done', value: {} });
  t.equal((await ground.store.accounts.find('lis'))?.state, 'enabled');
  t.match(ground.evidence().slice(2), [
    { kind: 'account.disabled', detail: { account: 'lis', who: 'ann' } },
    { kind: 'account.enabled', detail: { account: 'lis', who: 'bob' } },
  ]);
});

t.test('a new password: the old one no more, and sessions of the old one end', async (t) => {
  const ground = await gatewayGround(t);
  const { commands, open, hashing } = commandsOf(ground);
  await commands['account.add'](wish());
  const ended: string[] = [];
  open.enter({ account: 'lis', atMost: 9, since: open.moment(), end: () => ended.push('lis') });
  t.match(await commands['account.password']({ name: 'lis', password: 'short', who: 'ann' }), { kind: 'failed', code: 'refused' });
  t.same(ended, [], 'nothing has changed');
  t.same(await commands['account.password']({ name: 'lis', password: OTHER, who: 'ann' }), { kind: 'done', value: {} });
  const hash = (await ground.store.accounts.find('lis'))?.passwordHash ?? null;
  t.same([await hashing.verify(PASSWORD, hash), await hashing.verify(OTHER, hash)], ['mismatch', 'match']);
  t.same(ended, ['lis']);
  t.match(ground.evidence().at(-1), { kind: 'account.password-changed', detail: { account: 'lis', who: 'ann' } });
});

for (const command of ['account.disable', 'account.enable', 'account.password'] as const) {
  t.test(`${command}: no such account`, async (t) => {
    const ground = await gatewayGround(t);
    const { commands } = commandsOf(ground);
    const answer = await commands[command]({ name: 'nobody', password: PASSWORD, who: 'ann' });
    t.match(answer, { kind: 'failed', code: 'not-found', text: 'There is no account nobody.' });
    t.same(ground.evidence(), []);
  });
}

t.test('too many hashes at once: said, and nothing is half done', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOf(ground, passwords(CHEAP, { running: 0, waiting: 0 }));
  t.match(await commands['account.add'](wish()), { kind: 'failed', code: 'busy' });
  t.same(await ground.store.accounts.list(), []);
});

t.test('the password is in no file', async (t) => {
  const ground = await gatewayGround(t);
  const { commands } = commandsOf(ground);
  await commands['account.add'](wish());
  await commands['account.password']({ name: 'lis', password: OTHER, who: 'ann' });
  for (const name of readdirSync(ground.dataFolder).filter((one) => one.startsWith('postern.db'))) {
    const bytes = readFileSync(join(ground.dataFolder, name));
    for (const password of [PASSWORD, OTHER]) {
      t.notOk(bytes.includes(password) || bytes.includes(Buffer.from(password).toString('base64')), name);
    }
  }
});
