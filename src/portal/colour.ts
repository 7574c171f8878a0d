// The organisation's colour, made fit for both backgrounds: what a person chose for white is lightened until it shows on dark (WCAG 2.2, 1.4.3).

type Rgb = readonly [number, number, number];

/** Of body text (WCAG 2.2, 1.4.3). */
const ENOUGH = 4.5;
const STEP = 0.06;

/** WCAG 2.2: 1 for equal colours, 21 for black on white. Both `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(rgb(one)), luminance(rgb(other))].toSorted((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The colour itself where it shows on `background`, else mixed with white as little as is needed. */
export function shownOn(background: string, colour: string): string {
  const from = rgb(colour);
  for (let share = 0; share < 1; share += STEP) {
    const mixed = hex(from.map((value) => Math.round(value + (255 - value) * share)));
    if (contrast(mixed, background) >= ENOUGH) return mixed;
  }
  return '#ffffff';
}

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function hex(values: readonly number[]): string {
  return `#${values.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(values: Rgb): number {
  const [r = 0, g = 0, b = 0] = values.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
