// Makes the lists of data/lexicons from what is written by hand (written/) and from raw sources in a folder given as argument:
//   node data/lexicons/build.ts RAW
// RAW holds surnames-us.txt.gz, first-names-us.txt.gz and icd10cm-2021.tsv.gz (README.md says whence). The same input gives the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LEXICON_LISTS, type LexiconList } from '../../src/inspect/lexicon.ts';
import { wordsOf } from '../../src/inspect/words.ts';
import { conditionsOf } from './icd-terms.ts';

const HERE = import.meta.dirname;
const NAMES: Partial<Record<LexiconList, string>> = { surname: 'surnames-us.txt.gz', 'first-name': 'first-names-us.txt.gz' };
/** Their nouns are looked up in the plural too. */
const COUNTED: readonly LexiconList[] = ['condition', 'procedure', 'symptom', 'device', 'test'];

/** As words.ts cuts it: words in lower case with one space between. */
function cut(text: string): string {
  return wordsOf(text).lower.join(' ');
}

/** Terms of a list written by hand: parted by commas, lines that begin with # are comments. */
function written(name: string): string[] {
  return readFileSync(join(HERE, 'written', `${name}.txt`), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(','))
    .map(cut)
    .filter((term) => term !== '');
}

function raw(folder: string, file: string): string[] {
  return gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .split('\n');
}

/** The plural of a term whose last word is a plain noun of five letters or more; null where English does otherwise. */
function plural(term: string): string | null {
  const last = term.slice(term.lastIndexOf(' ') + 1);
  if (!/^[a-z]{5,}$/.test(last) || /(?:s|sh|ch|x|z|ia|sis|ism|ity|ing|ed|ness|ive|al|ous|ic)$/.test(last)) return null;
  return last.endsWith('y') && !/[aeiou]y$/.test(last) ? `${term.slice(0, -1)}ies` : `${term}s`;
}

function termsOf(list: LexiconList, folder: string): Set<string> {
  const names = NAMES[list];
  if (names !== undefined)
    return new Set(
      raw(folder, names)
        .map(cut)
        .filter((name) => name.length > 1 && !/\d/.test(name)),
    );
  const terms = new Set(written(list));
  if (COUNTED.includes(list)) for (const term of [...terms]) terms.add(plural(term) ?? term);
  if (list === 'condition') for (const term of conditionsOf(raw(folder, 'icd10cm-2021.tsv.gz'), cut)) terms.add(term);
  return terms;
}

function build(folder: string): void {
  for (const list of LEXICON_LISTS) {
    const text = `${[...termsOf(list, folder)].sort().join('\n')}\n`;
    if (list === 'surname' || list === 'first-name') writeFileSync(join(HERE, `${list}.txt.gz`), gzipSync(text, { level: 9 }));
    else writeFileSync(join(HERE, `${list}.txt`), text);
    process.stdout.write(`${list} ${text.split('\n').length - 1}\n`);
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node data/lexicons/build.ts RAW');
build(folder);
