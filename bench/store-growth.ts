// Does the store stay as fast when it has grown? Fills a folder once with waiting deliveries and evidence, then measures start and rates
// there and in an empty one: node bench/store-growth.ts FOLDER [waiting deliveries] [evidence records]
import { mkdirSync } from 'node:fs';
import type { OpenStore } from '../src/store/sqlite/direct-store.ts';
import { openTestDirect, openTestThread, testFolder } from '../test/support/test-store.ts';
import { acceptUnit, evidence, T0 } from '../test/support/store-units.ts';
import { inWords, retries, roads } from './store-load.ts';

const [folder = '', waiting = '1000000', records = '10000000'] = process.argv.slice(2);
if (folder === '') throw new Error('give a folder');
mkdirSync(folder, { recursive: true, mode: 0o700 });

/** Message numbers of the filling lie far above those of the measuring. */
const FILLING = 1_000_000_000;

async function fill(store: OpenStore): Promise<void> {
  while (true) {
    const { seq } = await store.audit.head();
    const done = Math.min(Number(waiting), Math.floor(seq / 2));
    if (done < Number(waiting)) {
      await Promise.all(
        Array.from({ length: 250 }, (_, i) =>
          store.journal.accept(acceptUnit({ number: FILLING + done + i, recipients: [`p@d${(done + i) % 5000}.example`] })),
        ),
      );
    } else if (seq < Number(records)) {
      await Promise.all(
        Array.from({ length: 250 }, (_, i) =>
          store.audit.append(
            Array.from({ length: 8 }, () => evidence('delivery.deferred', acceptUnitId(i), `${acceptUnitId(i)}/0`, { code: 'x' })),
          ),
        ),
      );
    } else return;
  }
}

function acceptUnitId(i: number): string {
  return acceptUnit({ number: FILLING + i }).message.id;
}

interface Measured {
  readonly name: string;
  readonly store: OpenStore;
  /** Numbers of the messages to come. */
  next: number;
}

async function started(name: string, path: string): Promise<Measured> {
  const start = performance.now();
  const { store } = await openTestThread(path);
  await store.queue.reclaim({ owner: 'gateway-1', now: T0, scope: 'start', limit: 1000 });
  await store.queue.claim({ owner: 'gateway-1', now: T0 - 1, until: T0, limit: 10, perDestination: 5, busy: {} });
  console.log(`${name}: start and first claim ${(performance.now() - start).toFixed(0)} ms`);
  return { name, store, next: (await store.audit.head()).seq };
}

const filling = openTestDirect(folder).store;
const fillStart = performance.now();
await fill(filling);
console.log(`filled in ${((performance.now() - fillStart) / 1000).toFixed(0)} s`);
await filling.close();
const empty = testFolder('disk');
const both = [await started('empty', empty.path), await started('grown', folder)];
// by turns, so that whatever else the machine does meets both
for (let turn = 0; turn < 5; turn++) {
  for (const one of both) {
    console.log(inWords(`${one.name}: taken in and relayed`, await roads(one.store, { first: one.next, messages: 5_000, underWay: 10 })));
    one.next += 5_000;
  }
}
const [, grown] = both;
if (grown !== undefined) {
  const now = T0 + 3_600_000 * (1 + (grown.next % 1000));
  console.log(inWords('grown: claimed and deferred', await retries(grown.store, { deliveries: 10_000, now })));
}
for (const { store } of both) await store.close();
empty.remove();
