// Law: what is remembered of domains and of sending outlives a restart.
import type { Test } from 'tap';
import { HOUR, T0 } from '../../support/store-units.ts';
import { digestOf } from '../../support/store-names.ts';
import type { OpenFixture } from './fixture.ts';

const DAY = 24 * HOUR;

export async function domainLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('MTA-STS policies', async (t) => {
    const fixture = await open(t);
    const domain = digestOf('partner.example');
    const policy = {
      id: '20261122',
      text: 'version: STSv1\nmode: enforce\nmx: mx.partner.example\nmax_age: 86400\n',
      fetchedAt: T0,
      expiresAt: T0 + DAY,
    };
    t.equal(await fixture.store.domains.readStsPolicy(domain), null);
    await fixture.store.domains.writeStsPolicy(domain, { ...policy, id: 'old' });
    await fixture.store.domains.writeStsPolicy(domain, policy);
    const again = await fixture.reopen();
    t.same(await again.store.domains.readStsPolicy(domain), policy);
    t.equal(await again.store.domains.readStsPolicy(digestOf('other.example')), null);
    await again.store.domains.writeStsPolicy(domain, null);
    t.equal(await again.store.domains.readStsPolicy(domain), null);
  });

  await t.test('TLS history', async (t) => {
    const fixture = await open(t);
    const history = { firstVerifiedAt: T0, lastVerifiedAt: T0 + HOUR };
    t.equal(await fixture.store.domains.readTlsHistory(digestOf('x')), null);
    await fixture.store.domains.writeTlsHistory(digestOf('x'), { ...history, lastVerifiedAt: T0 });
    await fixture.store.domains.writeTlsHistory(digestOf('x'), history);
    const again = await fixture.reopen();
    t.same(await again.store.domains.readTlsHistory(digestOf('x')), history);
  });
}

export async function countLaws(t: Test, open: OpenFixture): Promise<void> {
  await t.test('messages and new recipients per hour and day', async (t) => {
    const fixture = await open(t);
    const start = Math.ceil(T0 / DAY) * DAY;
    const bob = digestOf('bob');
    const rows: readonly {
      at: number;
      account?: string;
      recipients: readonly Uint8Array[];
      totals: readonly [number, number, number, number];
    }[] = [
      { at: start, recipients: [bob, digestOf('carol')], totals: [1, 1, 2, 2] },
      { at: start + 1000, recipients: [bob], totals: [2, 2, 2, 2] },
      { at: start + 1000, account: 'other', recipients: [bob], totals: [1, 1, 1, 1] },
      { at: start + HOUR, recipients: [bob, digestOf('dave')], totals: [1, 3, 1, 3] },
      { at: start + DAY, recipients: [], totals: [1, 1, 0, 0] },
      { at: start + 29 * DAY, recipients: [digestOf('dave')], totals: [1, 1, 0, 0] },
      { at: start + 32 * DAY, recipients: [bob], totals: [1, 1, 1, 1] },
    ];
    for (const { at, account, recipients, totals } of rows) {
      const { messagesHour, messagesDay, newRecipientsHour, newRecipientsDay } = await fixture.store.counts.count({
        account: account ?? 'ehr',
        at,
        messages: 1,
        recipients,
      });
      t.same([messagesHour, messagesDay, newRecipientsHour, newRecipientsDay], totals, `${(at - start) / HOUR} h`);
    }
    const again = await fixture.reopen();
    t.match(await again.store.counts.count({ account: 'ehr', at: start + 32 * DAY + 1, messages: 1, recipients: [bob] }), {
      messagesHour: 2,
      newRecipientsHour: 1,
    });
  });

  await t.test('a clock that goes back opens no new hour', async (t) => {
    const { store } = await open(t);
    const at = Math.ceil(T0 / DAY) * DAY;
    await store.counts.count({ account: 'ehr', at, messages: 1, recipients: [] });
    t.match(await store.counts.count({ account: 'ehr', at: at - 2 * HOUR, messages: 1, recipients: [] }), {
      messagesHour: 2,
      messagesDay: 2,
    });
    t.match(await store.counts.count({ account: 'ehr', at, messages: 1, recipients: [] }), { messagesHour: 3, messagesDay: 3 });
  });
}
