// What CSS declarations do to text that matters here: whether it is seen, which colours it has, in which direction and block it stands.

export interface Look {
  /** Not laid out, or out of sight: nothing in it shows, whatever it says itself. */
  readonly gone?: true;
  /** `visibility` and `font-size`, which an element inside may set back. */
  readonly invisible?: boolean;
  readonly tiny?: boolean;
  readonly color?: string;
  readonly background?: string;
  readonly display?: 'inline' | 'block';
  readonly direction?: 'ltr' | 'rtl';
  readonly override?: true;
  readonly preformatted?: boolean;
}

export const TRANSPARENT = 'transparent';
export const UNKNOWN = 'unknown';
const NAMED: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  red: '#ff0000',
  blue: '#0000ff',
  green: '#008000',
  yellow: '#ffff00',
  gray: '#808080',
  grey: '#808080',
  silver: '#c0c0c0',
  snow: '#fffafa',
  ivory: '#fffff0',
  whitesmoke: '#f5f5f5',
  ghostwhite: '#f8f8ff',
};
/** Lengths beyond which a box lies outside of every screen. */
const OFF_SCREEN = -500;
/** Differences of a channel that no eye sees. */
const ALIKE = 6;

/** @param declarations as in a `style` attribute */
export function lookOf(declarations: string): Look {
  const values = new Map<string, string>();
  for (const declaration of unescaped(declarations).split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const value = declaration.slice(colon + 1).replace('!important', '');
    values.set(declaration.slice(0, colon).trim().toLowerCase(), value.trim().toLowerCase());
  }
  return {
    ...(isGone(values) ? { gone: true } : {}),
    ...sightOf(values),
    ...coloursOf(values),
    ...layoutOf(values),
  };
}

type Values = ReadonlyMap<string, string>;

function isGone(values: Values): boolean {
  const size = (name: string): number => lengthOf(values.get(name)) ?? NaN;
  if (values.get('display') === 'none' || values.get('mso-hide') === 'all' || values.get('content-visibility') === 'hidden') return true;
  if (/^(?:0?\.0\d*|0(?:\.0\d*)?%?|[0-4]%)$/.test(values.get('opacity') ?? '1')) return true;
  if (/scale[xy]?\(0[,)]/.test(values.get('transform') ?? '')) return true;
  if (/inset\((?:50|100)%|circle\(0/.test(values.get('clip-path') ?? '') || /rect\([01 ,px]*\)/.test(values.get('clip') ?? '')) return true;
  if (size('text-indent') < OFF_SCREEN || size('margin-left') < OFF_SCREEN || size('margin-top') < OFF_SCREEN) return true;
  const placed = /absolute|fixed|relative/.test(values.get('position') ?? '');
  if (placed && ['left', 'top', 'right', 'bottom'].some((name) => size(name) < OFF_SCREEN)) return true;
  const clipped = /hidden|clip/.test(values.get('overflow') ?? values.get('overflow-y') ?? values.get('overflow-x') ?? '');
  return clipped && ['height', 'max-height', 'width', 'max-width'].some((name) => size(name) <= 1);
}

function sightOf(values: Values): Look {
  const visibility = values.get('visibility');
  const size = values.get('font-size') ?? /(?:^|\s)(-?[\d.]+(?:px|pt|em|rem|%)?)(?:\/|\s)/.exec(values.get('font') ?? '')?.[1];
  return {
    ...(visibility === undefined ? {} : { invisible: visibility === 'hidden' || visibility === 'collapse' }),
    ...(size === undefined ? {} : { tiny: isTiny(size) }),
  };
}

function isTiny(size: string): boolean {
  const length = lengthOf(size);
  if (length === null) return false;
  if (/(?:em|ex|ch|in|cm)$/.test(size)) return length <= 0.1;
  return size.endsWith('%') ? length <= 10 : length <= 1;
}

function coloursOf(values: Values): Look {
  const color = values.get('color');
  const background = values.get('background-color') ?? values.get('background');
  const image = values.get('background-image') ?? '';
  return {
    ...(color === undefined ? {} : { color: colourOf(color) }),
    ...(background === undefined && image === '' ? {} : { background: backgroundOf(background ?? '', image) }),
  };
}

function backgroundOf(background: string, image: string): string {
  if (/url\(|gradient\(/.test(background) || /url\(|gradient\(/.test(image)) return UNKNOWN;
  const colour = colourOf(/#[0-9a-f]{3,8}|rgba?\([^)]*\)|^[a-z]+/.exec(background)?.[0] ?? '');
  return colour === '' ? UNKNOWN : colour;
}

function layoutOf(values: Values): Look {
  const display = values.get('display');
  const floats = /left|right/.test(values.get('float') ?? '');
  const direction = values.get('direction');
  const space = values.get('white-space');
  return {
    ...(floats || /^(?:inline|table-cell)/.test(display ?? '') ? { display: 'inline' } : {}),
    ...(!floats && /^(?:block|flex|grid|list-item|table|table-row)$/.test(display ?? '') ? { display: 'block' } : {}),
    ...(direction === 'rtl' || direction === 'ltr' ? { direction } : {}),
    ...(/override/.test(values.get('unicode-bidi') ?? '') ? { override: true } : {}),
    ...(space === undefined ? {} : { preformatted: /^(?:pre|break-spaces)/.test(space) }),
  };
}

/** As `#rrggbb`, a name, TRANSPARENT, or '' where it is none. */
export function colourOf(value: string): string {
  const text = value.trim().toLowerCase();
  const short = /^#?([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  if (short !== null) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
  const long = /^#?([0-9a-f]{6})([0-9a-f]{2})?$/.exec(text);
  if (long !== null) return long[2] === '00' ? TRANSPARENT : `#${long[1]}`;
  const channels = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+)(%?))?\s*\)$/.exec(text);
  if (channels === null) return NAMED[text] ?? text;
  if (channels[4] !== undefined && Number(channels[4]) <= (channels[5] === '%' ? 5 : 0.05)) return TRANSPARENT;
  return `#${channels
    .slice(1, 4)
    .map((channel) => Math.min(255, Number(channel)).toString(16).padStart(2, '0'))
    .join('')}`;
}

/** Text of one on the other is not seen. */
export function isLost(color: string, background: string): boolean {
  if (color === TRANSPARENT) return true;
  if (color === '' || background === UNKNOWN) return false;
  if (color === background) return true;
  if (!color.startsWith('#') || !background.startsWith('#')) return false;
  return [1, 3, 5].every((i) => Math.abs(parseInt(color.slice(i, i + 2), 16) - parseInt(background.slice(i, i + 2), 16)) <= ALIKE);
}

/** The number of a length, in whatever unit, or null. */
function lengthOf(value: string | undefined): number | null {
  const number = /^(-?(?:\d+\.?\d*|\.\d+))(?:[a-z]+|%)?$/.exec(value ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

/** CSS escapes resolved, comments taken out (CSS Syntax 4.3.7, 4.3.2). */
function unescaped(css: string): string {
  const plain = css.includes('/*') ? withoutCssComments(css) : css;
  if (!plain.includes('\\')) return plain;
  return plain.replace(/\\(?:([0-9A-Fa-f]{1,6})\s?|([^\n]))/g, (_, hex?: string, character?: string) =>
    hex === undefined ? (character ?? '') : parseInt(hex, 16) > 0x10ffff ? '\ufffd' : String.fromCodePoint(parseInt(hex, 16)),
  );
}

export function withoutCssComments(css: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (let open = css.indexOf('/*'); open >= 0; open = css.indexOf('/*', from)) {
    pieces.push(css.slice(from, open));
    const close = css.indexOf('*/', open + 2);
    if (close < 0) return pieces.join('');
    from = close + 2;
  }
  pieces.push(css.slice(from));
  return pieces.join('');
}
