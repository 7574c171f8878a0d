// The contract suite over the SQLite engine on this thread.
import t from 'tap';
import { directFixture } from '../support/store-fixtures.ts';
import { everyLaw } from './contract/every-law.ts';

await everyLaw(t, directFixture);
