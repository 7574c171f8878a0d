// The contract suite over the SQLite engine behind its thread, as the gateway has it.
import t from 'tap';
import { threadFixture } from '../support/store-fixtures.ts';
import { everyLaw } from './contract/every-law.ts';

await everyLaw(t, threadFixture);
