// Of a style attribute (CSS Style Attributes) the few declarations that let a letter look like itself: each property with the only values it may
// have. Nothing that loads, moves out of its place, covers others or runs is among them.

export interface SafeStyle {
  readonly css: string;
  /** As mail programs have it: what is not displayed is not there. */
  readonly display: 'shown' | 'none';
}

const LONGEST = 4_000;
const MOST_DECLARATIONS = 60;

export function safeStyle(style: string): SafeStyle {
  const kept = new Map<string, string>();
  let display: SafeStyle['display'] = 'shown';
  const declarations = style
    .slice(0, LONGEST)
    .replace(/\/\*[^]*?\*\//g, ' ')
    .split(';', MOST_DECLARATIONS);
  for (const declaration of declarations) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const value = declaration
      .slice(colon + 1)
      .replace(/!\s*important\s*$/i, '')
      .trim()
      .replace(/\s+/g, ' ');
    if (property === 'display') display = value.toLowerCase() === 'none' ? 'none' : 'shown';
    const safe = safeValue(property, value);
    if (safe === null) continue;
    kept.delete(safe[0]);
    kept.set(...safe);
  }
  return { css: [...kept].map(([property, value]) => `${property}: ${value}`).join('; '), display };
}

function safeValue(property: string, value: string): readonly [property: string, value: string] | null {
  if (property === 'font-family') return isFontFamily(value) ? [property, value.replaceAll('"', "'")] : null;
  const lower = value.toLowerCase();
  // Of the shorthand only a colour.
  if (property === 'background') return isColour(lower) ? ['background-color', lower] : null;
  return Object.hasOwn(PROPERTIES, property) && PROPERTIES[property]?.(lower) === true ? [property, lower] : null;
}

type Check = (value: string) => boolean;

const words =
  (...allowed: readonly string[]): Check =>
  (value) =>
    allowed.includes(value);
const anyOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));

/** Names are harmless words; functions take numbers only. */
export function isColour(value: string): boolean {
  return /^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,20}|(?:rgb|hsl)a?\([\d., %/]{5,40}\))$/i.test(value);
}

/** Names of fonts: no function, no address. */
export function isFontFamily(value: string): boolean {
  return (
    value.length <= 200 &&
    /^(?:[\p{L}\d _.-]+|'[\p{L}\d _.-]+'|"[\p{L}\d _.-]+")(?: ?, ?(?:[\p{L}\d _.-]+|'[\p{L}\d _.-]+'|"[\p{L}\d _.-]+"))*$/u.test(value)
  );
}

const PIXELS: Readonly<Record<string, number>> = { px: 1, pt: 4 / 3, em: 16, rem: 16, ex: 8, in: 96, cm: 37.8, mm: 3.78 };

/** A length from `least` to `most` pixels, or a share up to `percent`. Never negative. */
function length(least: number, most: number, percent: number): Check {
  return (value) => {
    const [, number, unit] = /^(\d{1,4}(?:\.\d{0,6})?|\.\d{1,6})(px|pt|em|rem|ex|in|cm|mm|%)?$/.exec(value) ?? [];
    if (number === undefined) return false;
    if (unit === '%') return Number(number) <= percent;
    const pixels = Number(number) * (PIXELS[unit ?? ''] ?? 0);
    return (unit !== undefined || Number(number) === 0) && pixels >= least && pixels <= most;
  };
}

/** Up to four lengths, for the four sides. */
function sides(check: Check): Check {
  return (value) => {
    const each = value.split(' ');
    return each.length <= 4 && each.every(check);
  };
}

const SIZE = anyOf(length(0, 2_000, 100), words('auto', 'none'));
const SPACE = length(0, 200, 50);
const OUTER_SPACE = anyOf(SPACE, words('auto'));
const LINE_WIDTH = anyOf(length(0, 20, 0), words('thin', 'medium', 'thick'));
const LINE_STYLE = words('none', 'hidden', 'solid', 'dashed', 'dotted', 'double', 'groove', 'ridge', 'inset', 'outset');
/** Width, style and colour in any order; a colour with spaces in it is left out. */
const LINE: Check = (value) => {
  const each = value.split(' ');
  return each.length <= 3 && each.every(anyOf(LINE_WIDTH, LINE_STYLE, isColour));
};
const DECORATION = words('none', 'underline', 'line-through', 'overline');

function ofSides(name: string, suffix: string, check: Check): Readonly<Record<string, Check>> {
  return Object.fromEntries(['top', 'right', 'bottom', 'left'].map((side) => [`${name}-${side}${suffix}`, check]));
}

const PROPERTIES: Readonly<Record<string, Check>> = {
  color: isColour,
  'background-color': isColour,
  'font-weight': anyOf(words('normal', 'bold', 'bolder', 'lighter'), (value) => /^[1-9]00$/.test(value)),
  'font-style': words('normal', 'italic', 'oblique'),
  'font-size': anyOf(
    (value) => !value.endsWith('%') && length(8, 72, 0)(value),
    (value) => /^(?:[5-9]\d|[12]\d\d|300)%$/.test(value),
    words('small', 'medium', 'large', 'x-large', 'xx-large', 'smaller', 'larger'),
  ),
  'line-height': anyOf(
    words('normal'),
    (value) => /^(?:[1-3](?:\.\d{1,6})?|0?\.[89]\d{0,5})$/.test(value),
    (value) => /^(?:[89]\d|[123]\d\d)%$/.test(value),
    (value) => !value.endsWith('%') && length(8, 120, 0)(value),
  ),
  'text-decoration': DECORATION,
  'text-decoration-line': DECORATION,
  'text-align': words('left', 'right', 'center', 'justify', 'start', 'end'),
  'text-transform': words('none', 'uppercase', 'lowercase', 'capitalize'),
  'vertical-align': words('baseline', 'top', 'middle', 'bottom', 'sub', 'super', 'text-top', 'text-bottom'),
  'white-space': words('normal', 'nowrap', 'pre', 'pre-wrap', 'pre-line'),
  'list-style-type': words('none', 'disc', 'circle', 'square', 'decimal', 'lower-alpha', 'upper-alpha', 'lower-roman', 'upper-roman'),
  direction: words('ltr', 'rtl'),
  width: SIZE,
  height: SIZE,
  'max-width': SIZE,
  'max-height': SIZE,
  'min-width': SIZE,
  padding: sides(SPACE),
  ...ofSides('padding', '', SPACE),
  margin: sides(OUTER_SPACE),
  ...ofSides('margin', '', OUTER_SPACE),
  border: LINE,
  ...ofSides('border', '', LINE),
  'border-width': sides(LINE_WIDTH),
  'border-style': sides(LINE_STYLE),
  'border-color': sides(isColour),
  ...ofSides('border', '-width', LINE_WIDTH),
  ...ofSides('border', '-style', LINE_STYLE),
  ...ofSides('border', '-color', isColour),
  'border-collapse': words('collapse', 'separate'),
  'border-spacing': sides(length(0, 50, 0)),
  'border-radius': sides(length(0, 100, 50)),
};
