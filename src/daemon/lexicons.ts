// The lists of data/lexicons as inspection wants them: read once, when called.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { lexiconOf } from '../inspect/build-lexicon.ts';
import { LEXICON_LISTS, type Lexicon, type LexiconList } from '../inspect/lexicon.ts';

const FOLDER = join(import.meta.dirname, '../../data/lexicons');

/** Takes some 100 ms: call it once a process. A list that is missing is a broken installation and throws. */
export function loadLexicon(): Lexicon {
  const lists: Partial<Record<LexiconList, readonly string[]>> = {};
  for (const list of LEXICON_LISTS) lists[list] = linesOf(list);
  return lexiconOf(lists);
}

/** The lines of one list. */
export function linesOf(list: LexiconList): readonly string[] {
  const packed = join(FOLDER, `${list}.txt.gz`);
  const text = existsSync(packed) ? gunzipSync(readFileSync(packed)) : readFileSync(join(FOLDER, `${list}.txt`));
  return text
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}
