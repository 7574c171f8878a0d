// Matrices of PDF: how a space maps to the one around it.

/** [a b c d e f] of ISO 32000-1, 8.3.3. */
export type Matrix = readonly [number, number, number, number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function within(outer: Matrix, inner: Matrix): Matrix {
  return [
    inner[0] * outer[0] + inner[1] * outer[2],
    inner[0] * outer[1] + inner[1] * outer[3],
    inner[2] * outer[0] + inner[3] * outer[2],
    inner[2] * outer[1] + inner[3] * outer[3],
    inner[4] * outer[0] + inner[5] * outer[2] + outer[4],
    inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
  ];
}

export function isMatrix(value: unknown): value is Matrix {
  return (Array.isArray(value) || value instanceof Float32Array) && value.length === 6 && value.every((one) => Number.isFinite(one));
}

/** The rectangle around a unit square, mapped. */
export function unitSquare(matrix: Matrix): readonly [left: number, bottom: number, right: number, top: number] {
  const [a, b, c, d, e, f] = matrix;
  return [
    e + Math.min(0, a) + Math.min(0, c),
    f + Math.min(0, b) + Math.min(0, d),
    e + Math.max(0, a) + Math.max(0, c),
    f + Math.max(0, b) + Math.max(0, d),
  ];
}

/** An operand, 0 where it is none. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
