// Aligned tables for people. On a terminal the widest column that may give way is cut to fit; elsewhere nothing is cut.
import { plainText } from './terminal.ts';
import type { Style } from './terminal.ts';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** 'cut' where a long value may be shortened with an ellipsis. */
  readonly overflow: 'keep' | 'cut';
}

export interface TableOptions {
  /** Null: as wide as needed. */
  readonly columns: number | null;
  readonly style: Style;
}

const GAP = '  ';

export function table(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const cells = rows.map((row) => columns.map((_, i) => plainText(row[i] ?? '')));
  const natural = columns.map((column, i) => Math.max(width(column.title), ...cells.map((row) => width(row[i] ?? ''))));
  const widths = options.columns === null ? natural : fitted(columns, natural, options.columns);
  const line = (row: readonly string[]): string =>
    columns
      .map((column, i) => aligned(row[i] ?? '', widths[i] ?? 0, column.align))
      .join(GAP)
      .trimEnd();
  return [options.style('bold', line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}

function fitted(columns: readonly Column[], natural: readonly number[], available: number): readonly number[] {
  const widths = [...natural];
  const cuttable = columns.map((column, i) => ({ i, overflow: column.overflow })).filter(({ overflow }) => overflow === 'cut');
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1) - available;
  while (excess > 0) {
    const widest = cuttable.reduce<number | null>(
      (best, { i }) => (best === null || (widths[i] ?? 0) > (widths[best] ?? 0) ? i : best),
      null,
    );
    if (widest === null || (widths[widest] ?? 0) <= 8) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function aligned(text: string, columns: number, align: Column['align']): string {
  const cut = width(text) > columns ? `${[...text].slice(0, Math.max(0, columns - 1)).join('')}…` : text;
  const space = ' '.repeat(Math.max(0, columns - width(cut)));
  return align === 'left' ? cut + space : space + cut;
}

function width(text: string): number {
  return [...text].length;
}

/** `name  value` lines, the names in one column. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], style: Style): string {
  const columns = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${style('dim', name.padEnd(columns))}${GAP}${plainText(value)}`).join('\n');
}
