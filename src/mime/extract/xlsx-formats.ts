// Which number format each style of a workbook's cells has (ECMA-376 part 1, 18.8), and what a cell shows by it.
import { type DateSystem, NumberFormat } from './number-format.ts';
import { readXml } from './xml.ts';

export class CellFormats {
  readonly #byStyle: readonly (NumberFormat | null)[];
  readonly #dates: DateSystem;

  constructor(styles: readonly (NumberFormat | null)[], dates: DateSystem) {
    this.#byStyle = styles;
    this.#dates = dates;
  }

  static read(bytes: Buffer | null, dates: DateSystem): CellFormats {
    return new CellFormats(bytes === null ? [] : readFormats(bytes), dates);
  }

  /** @param value of a numeric cell, as the file has it */
  shown(value: string, style: number): string {
    const format = this.#byStyle[style] ?? null;
    return format === null ? plainNumber(value) : format.shown(value, this.#dates);
  }
}

function readFormats(bytes: Buffer): readonly (NumberFormat | null)[] {
  const custom = new Map<number, NumberFormat | null>();
  const styles: (NumberFormat | null)[] = [];
  let inCellStyles = false;
  readXml(bytes, {
    open: (element) => {
      const id = Number(element.attribute('numFmtId') ?? 0);
      if (element.name === 'cellXfs') inCellStyles = true;
      else if (element.name === 'numFmt') custom.set(id, NumberFormat.of(element.attribute('formatCode') ?? ''));
      else if (element.name === 'xf' && inCellStyles) styles.push(custom.get(id) ?? NumberFormat.builtIn(id));
    },
    close: ({ name }) => {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return styles;
}

/** Fifteen digits, as spreadsheets show them: not the tail that binary fractions leave, no exponent where all digits are there. */
export function plainNumber(value: string): string {
  if (value.length < 15 && !/e/i.test(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) && value.trim() !== '' ? `${Number(number.toPrecision(15))}` : value;
}
