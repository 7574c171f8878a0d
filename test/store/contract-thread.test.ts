// The contract suite over the SQLite engine behind its thread, as the gateway has it.
import t from 'tap';
import { threadFixtures } from '../support/store-fixtures.ts';
import { everyLaw } from './contract/every-law.ts';

const thread = threadFixtures();
await everyLaw(t, thread.open);
await thread.stop();
