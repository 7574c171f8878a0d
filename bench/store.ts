// Rate of the store on its thread: node bench/store.ts [messages] [under way]
import { openTestThread, testFolder } from '../test/support/test-store.ts';
import { inWords, roads } from './store-load.ts';

const [messages = 20_000, underWay = 10] = process.argv.slice(2).map(Number);
const folder = testFolder('disk');
const { store } = await openTestThread(folder.path);
const rate = await roads(store, { first: 0, messages, underWay });
console.log(inWords(`${messages} messages, ${underWay} under way`, rate));
console.log(`resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
await store.close();
folder.remove();
