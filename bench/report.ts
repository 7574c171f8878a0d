// Tables of the bench: one row per peer and cell, medians over repeats, and what Postern is beside tuned Postfix.
import type { Cell } from './cell.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

const COLUMNS: readonly (readonly [title: string, width: number, value: (cells: readonly Cell[]) => string])[] = [
  ['size', 5, (cells) => cells[0]?.order.size ?? ''],
  ['conn', 8, (cells) => `${cells[0]?.order.connections ?? 0} ${cells[0]?.order.mode ?? ''}`],
  ['peer', 13, (cells) => cells[0]?.peer ?? ''],
  ['delivered/s', 11, (cells) => of(cells, (cell) => cell.deliveredPerSecond, 0)],
  ['dot p50', 8, (cells) => of(cells, (cell) => cell.dotMs.p50, 1)],
  ['p95', 7, (cells) => of(cells, (cell) => cell.dotMs.p95, 1)],
  ['p99', 7, (cells) => of(cells, (cell) => cell.dotMs.p99, 1)],
  ['onward p50', 10, (cells) => of(cells, (cell) => cell.onwardMs.p50, 1)],
  ['CPU s/1000', 10, (cells) => of(cells, (cell) => cell.cpuSecondsPer1000, 2)],
  ['RSS MB', 6, (cells) => of(cells, (cell) => cell.peakRssMb, 0)],
  ['other', 5, (cells) => of(cells, (cell) => cell.otherCores, 2)],
  ['bad', 4, (cells) => String(bad(cells))],
];

function of(cells: readonly Cell[], value: (cell: Cell) => number, digits: number): string {
  return median(cells.map(value)).toFixed(digits);
}

/** Messages lost, doubled, changed, sent in clear or refused: anything but 0 makes the row worthless. */
function bad(cells: readonly Cell[]): number {
  return cells.reduce((sum, { lost, duplicates, changed, clear, errors }) => sum + lost + duplicates + changed + clear + errors, 0);
}

export function table(cells: readonly Cell[]): string {
  const row = (texts: readonly string[]): string =>
    texts.map((text, i) => (i < 3 ? text.padEnd(COLUMNS[i]?.[1] ?? 0) : text.padStart(COLUMNS[i]?.[1] ?? 0))).join(' ');
  const groups = Object.values(
    Object.groupBy(cells, ({ order, peer }) => `${order.size} ${order.connections} ${order.mode} ${peer}`),
  ).filter((group) => group !== undefined);
  return [row(COLUMNS.map(([title]) => title)), ...groups.map((group) => row(COLUMNS.map(([, , value]) => value(group))))].join('\n');
}

/** Each peer beside `base` in the same cells: more than 1 is more delivered, less than 1 is less CPU or time. */
export function ratios(cells: readonly Cell[], base: string): string {
  const lines: string[] = [];
  const byPlace = Object.groupBy(cells, ({ order }) => `${order.size} ${order.connections} ${order.mode}`);
  for (const [place, group = []] of Object.entries(byPlace)) {
    const baseCells = group.filter(({ peer }) => peer === base);
    for (const peer of new Set(group.map((cell) => cell.peer))) {
      const own = group.filter((cell) => cell.peer === peer);
      if (peer === base || baseCells.length === 0) continue;
      const ratio = (value: (cell: Cell) => number): string => (median(own.map(value)) / (median(baseCells.map(value)) || NaN)).toFixed(2);
      lines.push(
        `${place.padEnd(14)} ${peer.padEnd(13)} delivered/s x ${ratio((cell) => cell.deliveredPerSecond)}  CPU x ${ratio((cell) => cell.cpuSecondsPer1000)}  dot p99 x ${ratio((cell) => cell.dotMs.p99)}`,
      );
    }
  }
  return lines.join('\n');
}
