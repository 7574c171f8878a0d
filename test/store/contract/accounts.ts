// Law: accounts are one to a name, and every change of one has its evidence.
import type { Test } from 'tap';
import type { Account } from '../../../src/store/accounts.ts';
import { evidence, T0 } from '../../support/store-units.ts';
import { recordsOf } from './fixture.ts';
import type { OpenFixture } from './fixture.ts';

const EHR: Account = {
  name: 'ehr',
  passwordHash: '$scrypt$ln=15$abc',
  state: 'enabled',
  mayUse: ['*@hospital.example', '<>'],
  reports: 'it@hospital.example',
  likelyRepeats: 'suppress',
  createdAt: T0,
  changedAt: T0,
};

export async function accountLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('added, found, listed, changed', async (t) => {
    const fixture = await open(t);
    const { accounts } = fixture.store;
    t.equal(await accounts.find('ehr'), null);
    t.equal(await accounts.add(EHR, evidence('account.added', null)), 'added');
    t.equal(await accounts.add({ ...EHR, reports: null }, evidence('account.added', null)), 'exists');
    t.equal(await accounts.add({ ...EHR, name: 'ann', reports: null }, evidence('account.added', null)), 'added');
    t.same(await accounts.find('ehr'), EHR);
    t.equal(await accounts.change('ehr', { state: 'disabled', changedAt: T0 + 1 }, evidence('account.disabled', null)), 'changed');
    t.equal(await accounts.change('nobody', { state: 'disabled' }, evidence('account.disabled', null)), 'not-found');
    const again = await fixture.reopen();
    t.same(await again.store.accounts.list(), [
      { ...EHR, name: 'ann', reports: null },
      { ...EHR, state: 'disabled', changedAt: T0 + 1 },
    ]);
    t.same(
      recordsOf(again).map(({ kind }) => kind),
      ['account.added', 'account.added', 'account.disabled'],
      'what did not happen has no evidence',
    );
  });

  await t.test('two who add the same name at the same moment: one does', async (t) => {
    const { store } = await open(t);
    const results = await Promise.all([1, 2, 3].map(() => store.accounts.add(EHR, evidence('account.added', null))));
    t.same(results.toSorted(), ['added', 'exists', 'exists']);
  });
}
