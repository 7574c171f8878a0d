// Makes the lists of data/lexicons from what is written by hand (written/) and from raw sources in a folder given as argument:
//   node data/lexicons/build.ts RAW
// RAW holds surnames-us.txt.gz, first-names-us.txt.gz and icd10cm-2021.tsv.gz (README.md says whence). The same input gives the same bytes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LEXICON_LISTS, type LexiconList } from '../../src/inspect/lexicon.ts';
import { lowerWords, wordsOf } from '../../src/inspect/words.ts';
import { conditionsOf } from './icd-terms.ts';

const HERE = import.meta.dirname;
const NAMES: Partial<Record<LexiconList, string>> = { surname: 'surnames-us.txt.gz', 'first-name': 'first-names-us.txt.gz' };
/** Other words in the plural: of keys and pens, of the ground, of teeth. */
const NO_PLURAL: ReadonlySet<string> = new Set(['stroke', 'depression', 'cavity', 'frailty']);
/** Their nouns are looked up in the plural too. */
const COUNTED: readonly LexiconList[] = ['condition', 'procedure', 'symptom', 'device', 'test'];

/** As words.ts cuts it: words in lower case with one space between. */
function cut(text: string): string {
  return lowerWords(wordsOf(text)).join(' ');
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
  if (NO_PLURAL.has(term) || !/^[a-z]{5,}$/.test(last) || /(?:s|sh|ch|x|z|ia|sis|ism|ity|ing|ed|ness|ive|al|ous|ic)$/.test(last))
    return null;
  return last.endsWith('y') && !/[aeiou]y$/.test(last) ? `${term.slice(0, -1)}ies` : `${term}s`;
}

/** The Census writes O'Brien and D'Angelo without: people do not. What nobody is called so ("o'lson") is written by nobody. */
function withApostrophe(name: string): readonly string[] {
  return /^(?:o[bcdfghklmnrs]|d[aeio])[a-z]{3,}$/.test(name) ? [`${name.charAt(0)}'${name.slice(1)}`] : [];
}

function termsOf(list: LexiconList, folder: string): Set<string> {
  const names = NAMES[list];
  if (names !== undefined)
    return new Set(
      raw(folder, names)
        .map(cut)
        .filter((name) => name.length > 1 && !/\d/.test(name))
        .flatMap((name) => (list === 'surname' ? [name, ...withApostrophe(name)] : [name]))
        .concat(list === 'first-name' ? written(list) : []),
    );
  const terms = new Set(written(list));
  if (COUNTED.includes(list)) for (const term of [...terms]) terms.add(plural(term) ?? term);
  if (list === 'condition') for (const term of conditionsOf(raw(folder, 'icd10cm-2021.tsv.gz'), cut)) terms.add(term);
  return terms;
}

/** Of a phrase only the whole is found ("his diabetes", "denies chest pain"), so it is also in the lists of the words in it. */
const HOLDERS: readonly LexiconList[] = ['person-verb', 'patient-word', 'clinical-word', 'care', 'payment'];
const SPECIAL: readonly LexiconList[] = ['substance-use', 'mental-health', 'hiv', 'reproductive-health', 'genetics'];
const HEALTH: readonly LexiconList[] = ['condition', 'drug', 'test', 'procedure', 'symptom', 'device'];

function inherit(lists: Map<LexiconList, Set<string>>, from: readonly LexiconList[], holders: readonly LexiconList[]): void {
  for (const list of from) {
    const terms = lists.get(list) ?? new Set();
    const held = holders
      .filter((one) => one !== list)
      .flatMap((holder) => [...(lists.get(holder) ?? [])].filter((phrase) => holds(phrase, terms)));
    for (const phrase of held) terms.add(phrase);
  }
}

/** Whether a phrase has one of the terms in it, shorter than the whole. */
function holds(phrase: string, terms: ReadonlySet<string>): boolean {
  const words = phrase.split(' ');
  return words.some((_, from) =>
    words.some((_, to) => to >= from && to - from + 1 < words.length && terms.has(words.slice(from, to + 1).join(' '))),
  );
}

function build(folder: string): void {
  const lists = new Map(LEXICON_LISTS.map((list) => [list, termsOf(list, folder)]));
  inherit(lists, HEALTH, HOLDERS);
  inherit(lists, SPECIAL, [...HOLDERS, ...HEALTH]);
  for (const [list, terms] of lists) {
    const text = `${[...terms].sort().join('\n')}\n`;
    if (list === 'surname' || list === 'first-name') writeFileSync(join(HERE, `${list}.txt.gz`), gzipSync(text, { level: 9 }));
    else writeFileSync(join(HERE, `${list}.txt`), text);
    process.stdout.write(`${list} ${text.split('\n').length - 1}\n`);
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node data/lexicons/build.ts RAW');
build(folder);
