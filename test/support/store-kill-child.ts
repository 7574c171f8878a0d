// A process to be killed: takes in messages as fast as it can and prints the id of each once it is acknowledged.
// node store-kill-child.ts FOLDER FIRST-NUMBER
import { writeSync } from 'node:fs';
import { acceptUnit } from './store-units.ts';
import { openTestThread } from './test-store.ts';

const [folder = '', first = '0'] = process.argv.slice(2);
const { store } = await openTestThread(folder);
let next = Number(first);

async function acceptForEver(): Promise<void> {
  for (;;) {
    const unit = acceptUnit({ number: next++, state: 'active' });
    await store.journal.accept(unit);
    // straight to the pipe: what was acknowledged is known outside before the next turn
    writeSync(1, `${unit.message.id}\n`);
  }
}

store.failed.then(
  (code) => {
    writeSync(1, `failed ${code}\n`);
    process.exit(3);
  },
  () => {},
);
await Promise.allSettled(Array.from({ length: 8 }, acceptForEver));
