// Fits what each sign of a letter is worth (src/inspect/letter-odds.ts) to the labelled letters and to mail of the public sets that holds no PHI, and
// tells how well it holds: each series in turn is left out. Always the same: no chance is in it. `node bench/letters-fit.ts FOLDER [--write]`
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DETECTORS } from '../src/daemon/detectors.ts';
import { readers } from '../src/daemon/extractors.ts';
import { loadLexicon } from '../src/daemon/lexicons.ts';
import { combine } from '../src/inspect/combine.ts';
import { correspondence, lessened, lettersOf } from '../src/inspect/correspondence.ts';
import { WordRoom } from '../src/inspect/word-room.ts';
import { correspondentsOf } from '../src/inspect/correspondents.ts';
import { examine } from '../src/inspect/examined.ts';
import { byHand, type Evidence, oddsOf, type Sign, SIGNS } from '../src/inspect/letter-odds.ts';
import { surroundingsOf } from '../src/inspect/surroundings.ts';
import { MessageCollector } from '../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS } from '../src/mail/read-limits.ts';
import { readMessage } from '../src/mime/read-message.ts';
import { type Labelled, labelledSets } from './phi-sets.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: 'boolean', default: false } } });

/** The series that is left out together; the public sets are in every fit, one half of each. */
const SERIES = ['first', 'second', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'] as const;
type Series = (typeof SERIES)[number] | 'public';
const PUBLIC = /^(?:asq-phi|pii-anon|pubmedqa|real mail|templates|mime corpora)/;
const MOST_PUBLIC = 300;
/** A message weighs so much; letters of one template weigh as one. */
const WEIGHT_PUBLIC = { found: 0.1, 'false-alarm': 0.2 } as const;
const PENALTY = 1;
const FREE_PENALTY = 0.01;
/** Half of the letters have addresses drawn by chance, from which nothing is learnt of who deals with whom: this number stays as written. */
const HELD_PENALTY = 200;
const ROUNDS = 40;
/** What is known beforehand: the numbers of the sum by hand. */
const PRIOR: Partial<Readonly<Record<Sign, number>>> = {
  always: -3.3,
  sender: 1.2,
  reader: 1.2,
  length: 1.2,
  found: 3,
  'nothing of care': -2,
  'somebody, as a logarithm': 0.9,
  animal: -3,
  nobody: -3,
  dealings: 0.5,
};
const MOST_FALSE = 0.03;
/** The level medium begins a little further up. */
const FEWER_FALSE = 0.02;

interface Row {
  readonly series: Series;
  readonly group: string;
  readonly y: 0 | 1;
  readonly weight: number;
  /** Taken for PHI by other reasons already. */
  readonly taken: boolean;
  readonly letters: readonly Evidence[];
}

type Coefficients = Readonly<Record<Sign, number>>;
const NAMES = Object.keys(SIGNS) as Sign[];

function seriesOf(set: string): Series {
  if (set.startsWith('letters')) return SERIES.find((name) => set.includes(name)) ?? 'first';
  return 'public';
}

const bitOf = (id: string): number => parseInt(createHash('sha256').update(id).digest('hex').slice(-1), 16) % 2;
const lexicon = loadLexicon();
const { extractors } = readers(() => 0);

async function evidenceOf({ envelope, mail }: Labelled): Promise<Pick<Row, 'taken' | 'letters'>> {
  const collector = new MessageCollector();
  await readMessage(mail(), { extractors, limits: DEFAULT_READ_LIMITS, skip: new Map(), tell: (event) => collector.add(event) });
  const message = collector.message();
  const surroundings = surroundingsOf(message, { ...envelope, organisation: [], sends: 'unknown', today: 20_784 });
  const correspondents = correspondentsOf(surroundings);
  const examined = examine(message, surroundings, correspondents, { detectors: DETECTORS, lexicon, room: new WordRoom() });
  const { reasons } = combine(examined, message.documents, surroundings);
  const others = lessened(reasons, correspondence(examined, correspondents, reasons));
  const letters = lettersOf(examined, correspondents, reasons).toSorted((a, b) => b.evidence.cues - a.evidence.cues);
  return { taken: others.some(({ weight }) => weight >= 0.5), letters: letters.slice(0, 3).map(({ evidence }) => evidence) };
}

async function rowsOf(root: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { name, asks, items } of labelledSets(root)) {
    const series = seriesOf(name);
    if (series === 'public' && !PUBLIC.test(name)) continue;
    // Of those that were looked at by halves the held-out half is not fitted to.
    const open = series === 'seventh' || series === 'eighth' ? items.filter(({ half }) => half === 'fit') : items;
    const half = series === 'public' ? items.slice(0, MOST_PUBLIC).filter(({ id }) => bitOf(id) === 1) : open;
    const groups = Object.groupBy(half, ({ id }) => (series === 'public' ? id : id.replace(/-\d+$/, '')));
    for (const [group, some = []] of Object.entries(groups)) {
      const weight = series === 'public' ? WEIGHT_PUBLIC[asks] : 1 / some.length;
      for (const one of some) {
        const read = await evidenceOf(one);
        if (read.letters.length > 0) rows.push({ series, group: `${name} ${group}`, y: asks === 'found' ? 1 : 0, weight, ...read });
      }
    }
  }
  return rows;
}

/** Logistic regression, each coefficient held near what was known beforehand (L2); coordinate by coordinate, by Newton's step. */
function fitted(rows: readonly Row[]): Coefficients {
  const samples = rows.flatMap(({ letters, y, weight }) =>
    letters.slice(0, y === 1 ? 1 : 3).map((evidence) => ({ x: NAMES.map((name) => SIGNS[name](evidence)), y, weight })),
  );
  const prior = NAMES.map((name) => PRIOR[name] ?? 0);
  const worths = [...prior];
  const sums = samples.map(({ x }) => x.reduce((sum, value, j) => sum + value * (worths[j] ?? 0), 0));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [j, name] of NAMES.entries()) {
      const penalty = name === 'always' ? FREE_PENALTY : name === 'dealings' ? HELD_PENALTY : PENALTY;
      let slope = penalty * ((worths[j] ?? 0) - (prior[j] ?? 0));
      let bend = penalty;
      for (const [i, { x, y, weight }] of samples.entries()) {
        const likely = 1 / (1 + Math.exp(-(sums[i] ?? 0)));
        const value = x[j] ?? 0;
        slope += weight * value * (likely - y);
        bend += weight * value * value * Math.max(likely * (1 - likely), 0.02);
      }
      const step = Math.max(-1, Math.min(1, -slope / bend));
      worths[j] = (worths[j] ?? 0) + step;
      for (const [i, { x }] of samples.entries()) sums[i] = (sums[i] ?? 0) + step * (x[j] ?? 0);
    }
  }
  return Object.fromEntries(NAMES.map((name, j) => [name, Math.round(1000 * (worths[j] ?? 0)) / 1000])) as Coefficients;
}

type Score = (evidence: Evidence) => number;
const scoreOf = (row: Row, score: Score): number => (row.taken ? Infinity : Math.max(...row.letters.map(score)));

/** At most so many of what is no PHI are taken. */
function thresholdOf(rows: readonly Row[], scoresOf: (row: Row) => number, most: number = MOST_FALSE): number {
  const falses = rows
    .filter(({ y, series }) => y === 0 && series !== 'public')
    .map(scoresOf)
    .sort((a, b) => b - a);
  return falses[Math.floor(most * falses.length)] ?? 0;
}

const share = (rows: readonly Row[], y: 0 | 1, isTaken: (row: Row) => boolean): number => {
  const some = rows.filter((row) => row.y === y);
  return some.filter(isTaken).length / some.length;
};

/** The threshold is found on groups that were not fitted to. */
function crossThreshold(rows: readonly Row[], most: number): number {
  const scores = new Map<Row, number>();
  for (const bit of [0, 1]) {
    const coefficients = fitted(rows.filter(({ group }) => bitOf(group) !== bit));
    for (const row of rows)
      if (bitOf(row.group) === bit)
        scores.set(
          row,
          scoreOf(row, (evidence) => oddsOf(evidence, coefficients)),
        );
  }
  return thresholdOf(rows, (row) => scores.get(row) ?? 0, most);
}

const shown = (numbers: readonly number[]): string => numbers.map((number) => number.toFixed(3)).join('  ');
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function leaveOneOut(rows: readonly Row[]): void {
  console.log('left out   at .03 false alarms: by hand, mean of both   at the threshold of the others: found, false alarms');
  const all: number[][] = [];
  for (const series of SERIES) {
    const [rest, out] = [rows.filter((row) => row.series !== series), rows.filter((row) => row.series === series)];
    const coefficients = fitted(rest);
    const threshold = crossThreshold(rest, FEWER_FALSE);
    const at = (score: Score): number => share(out, 1, (row) => scoreOf(row, score) > thresholdOf(out, (one) => scoreOf(one, score)));
    const both: Score = (evidence) => oddsOf(evidence, coefficients);
    const isTaken = (row: Row): boolean => scoreOf(row, both) > threshold;
    const figures = [at(byHand), at(both), share(out, 1, isTaken), share(out, 0, isTaken)];
    all.push(figures);
    console.log(`${series.padEnd(10)} ${shown(figures)}`);
  }
  console.log(`${'mean'.padEnd(10)} ${shown([0, 1, 2, 3].map((i) => mean(all.map((figures) => figures[i] ?? 0))))}`);
}

function fileOf(coefficients: Coefficients, threshold: number): string {
  const lines = NAMES.map((name) => `  ${/^\w+$/.test(name) ? name : `'${name}'`}: ${coefficients[name]},`);
  return [
    '// What each sign of a letter is worth (letter-odds.ts), fitted by bench/letters-fit.ts, which writes this file. What it was fitted to, and how well',
    '// it holds on letters left out: data/letters/README.md.',
    "import type { Sign } from './letter-odds.ts';",
    '',
    'export const COEFFICIENTS: Readonly<Record<Sign, number>> = {',
    ...lines,
    '};',
    '',
    "/** From these odds on (a logarithm) a letter is taken for one of somebody's care. */",
    `export const FROM_ODDS = ${threshold.toFixed(3)};`,
    '',
  ].join('\n');
}

const [root] = positionals;
if (root === undefined) console.log('node bench/letters-fit.ts FOLDER [--write]');
else {
  const rows = await rowsOf(root);
  leaveOneOut(rows);
  const file = fileOf(fitted(rows), crossThreshold(rows, FEWER_FALSE));
  if (values.write) writeFileSync(join(import.meta.dirname, '../src/inspect/letter-coefficients.ts'), file);
  else console.log(file);
}
