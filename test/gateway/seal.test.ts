// The head is signed when the chain has moved, and only then; what could not be written is tried again.
import t from 'tap';
import { sealer } from '../../src/gateway/seal.ts';
import type { ChainHead } from '../../src/store/audit-log.ts';
import { gatewayGround } from '../support/gateway-ground.ts';
import { evidence } from '../support/store-units.ts';

t.test('signed once for each move, with the time and the head as it is', async (t) => {
  const { store, clock } = await gatewayGround(t);
  const written: (readonly [seq: number, at: number])[] = [];
  const seal = sealer({ audit: store.audit, writeHead: async ({ seq }, at) => void written.push([seq, at]), clock });
  await seal();
  await seal();
  t.same(written, [[0, clock.at]], 'an empty log has a head too');
  await store.audit.append([evidence('gateway.started', null), evidence('config.loaded', null)]);
  clock.at += 1_000;
  await seal();
  await seal();
  t.same(written.slice(1), [[2, clock.at]]);
  t.same(await store.audit.head(), store.lastHead());
});

t.test('a head that could not be written is written the next time', async (t) => {
  const { store, clock } = await gatewayGround(t);
  const written: ChainHead[] = [];
  let fails = 1;
  const seal = sealer({
    audit: store.audit,
    writeHead: async (head) => {
      if (fails-- > 0) throw new Error('the disk is full');
      written.push(head);
    },
    clock,
  });
  await store.audit.append([evidence('gateway.started', null)]);
  await t.rejects(seal());
  await seal();
  t.same(written, [store.lastHead()]);
});
