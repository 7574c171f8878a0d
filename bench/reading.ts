// What reading a message finds and costs: found, blind and missed by family; ordinary mails with blind spots; MB/s and peak memory, each
// measured in a fresh process. `node bench/reading.ts --help`
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { allExtractors } from '../test/support/sentinel/all.ts';
import type { Measured } from './reading-child.ts';
import { largeInputs, makeNestedHtml, mixedMessage } from './reading-inputs.ts';
import { blindness, labelledTally, sentinelTally, type Tally } from './reading-sets.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'found,blind,speed,mixed,nesting' },
    family: { type: 'string', default: '' },
    labelled: { type: 'string', multiple: true, default: [] },
    mails: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `node bench/reading.ts [--only found,blind,speed,mixed,nesting] [--family NAME] [--labelled FOLDER]... [--mails FOLDER]... [--runs N] [--json]`;
const CHILD = join(import.meta.dirname, 'reading-child.ts');
const RUNS = Number(values.runs);
const sections = values.only.split(',');
const results: Record<string, unknown> = {};

const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Rows of a table, told as they come; all of it at the end with --json. */
function tell(section: string, head: readonly string[], rows: readonly (readonly (string | number)[])[], data: unknown): void {
  results[section] = data;
  if (values.json) return;
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => `${row[i] ?? ''}`.length)));
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? `${cell}`.padEnd(widths[0] ?? 0) : `${cell}`.padStart(widths[i] ?? 0))).join('  ');
  console.log(`\n## ${section}\n`);
  for (const row of [head, ...rows]) console.log(line(row).trimEnd());
}

/** The run of median processor time, each of its own process, with the most memory of any. */
function measured(bytes: Buffer, name: string, runs = RUNS): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'reading-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, bytes);
    const all = Array.from({ length: runs }, () => {
      const out = execFileSync(process.execPath, ['--no-warnings', '--max-old-space-size=1024', CHILD, path, name], {
        encoding: 'utf8',
        maxBuffer: 1e9,
      });
      return JSON.parse(out) as Measured;
    }).toSorted((a, b) => a.cpuMs - b.cpuMs);
    const median = all[Math.floor(all.length / 2)];
    if (median === undefined) throw new Error('no run');
    return { ...median, peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tellTally(section: string, tallies: readonly Tally[]): void {
  const rows = tallies.map(({ family, found, blind, missed }) => [
    family,
    found,
    blind,
    missed,
    `${((100 * found) / (found + blind + missed)).toFixed(1)} %`,
  ]);
  tell(section, ['family', 'found', 'blind', 'missed', 'share'], rows, tallies);
  if (!values.json) for (const { others } of tallies) for (const one of others.slice(0, 20)) console.log(`  ${one}`);
}

async function found(): Promise<void> {
  const extractors = allExtractors();
  tellTally('Sentinel set', await sentinelTally(extractors));
  for (const folder of values.labelled) tellTally(`Labelled: ${basename(folder)}`, await labelledTally(folder, extractors));
}

async function blind(): Promise<void> {
  const extractors = allExtractors();
  for (const folder of values.mails) {
    const { mails, blind: spots } = await blindness(folder, extractors);
    const row = [basename(folder), mails, spots.length, `${((100 * spots.length) / mails).toFixed(2)} %`];
    tell(`Ordinary mails with blind spots: ${basename(folder)}`, ['set', 'mails', 'blind', 'share'], [row], { mails, spots });
    if (!values.json) for (const one of spots) console.log(`  ${one}`);
  }
}

function speed(): void {
  const rows: (string | number)[][] = [];
  const data: unknown[] = [];
  for (const make of largeInputs()) {
    const { family, bytes, name, type } = make();
    if (!family.startsWith(values.family)) continue;
    const one = measured(bytes, type === 'message/rfc822' ? '-' : name);
    const rate = (size: number): string => (size / 1e3 / one.cpuMs).toFixed(1);
    rows.push([
      family,
      mb(bytes.length),
      mb(one.textLength),
      Math.round(one.ms),
      Math.round(one.cpuMs),
      rate(bytes.length),
      rate(one.textLength),
      mb(one.peakBytes),
      [...new Set(one.blindSpots)].slice(0, 2).join(' '),
    ]);
    data.push({ family, sizeBytes: bytes.length, ...one });
  }
  const empty = measured(Buffer.from('x'), 'a.txt');
  rows.push(['(nothing)', 0, 0, Math.round(empty.ms), Math.round(empty.cpuMs), '', '', mb(empty.peakBytes), '']);
  tell(
    'Speed and memory, a fresh process each',
    ['family', 'MB', 'text MB', 'ms', 'CPU ms', 'MB/s', 'text MB/s', 'peak MB', 'blind'],
    rows,
    data,
  );
}

function mixed(): void {
  const bytes = mixedMessage();
  const one = measured(bytes, '-');
  tell(
    'Message with 20 attachments',
    ['MB', 'parts', 'text MB', 'ms', 'CPU ms', 'peak MB'],
    [[mb(bytes.length), one.parts, mb(one.textLength), Math.round(one.ms), Math.round(one.cpuMs), mb(one.peakBytes)]],
    one,
  );
  const rows = one.shares.map(([kind, ms]) => [kind, Math.round(ms), `${((100 * ms) / one.ms).toFixed(1)} %`]);
  tell('Share of its time', ['kind', 'ms', 'share'], rows, one.shares);
  if (!values.json) console.log(`  blind: ${one.blindSpots.join('; ')}`);
}

function nesting(): void {
  const runs = [10_000, 100_000, 1_000_000].map((levels) => ({ levels, ...measured(makeNestedHtml(levels), 'a.html') }));
  const rows = runs.map(({ levels, ms, cpuMs, peakBytes }, i) => {
    const before = runs[i - 1];
    return [levels, Math.round(ms), Math.round(cpuMs), before === undefined ? '' : (cpuMs / before.cpuMs).toFixed(1), mb(peakBytes)];
  });
  tell('HTML nested', ['levels', 'ms', 'CPU ms', 'times the row above', 'peak MB'], rows, runs);
}

if (values.help) console.log(HELP);
else {
  if (sections.includes('found')) await found();
  if (sections.includes('blind')) await blind();
  if (sections.includes('speed')) speed();
  if (sections.includes('mixed')) mixed();
  if (sections.includes('nesting')) nesting();
  if (values.json) console.log(JSON.stringify(results));
}
