// What the attributes of HTML hold for a reader or for a hiding place: texts shown instead of something, forms, links, files in links.

export type AttributeUse = 'alternative' | 'form-field' | 'property' | 'link' | 'links' | 'document' | 'style' | 'hidden';

const USES: ReadonlyMap<string, AttributeUse> = new Map<string, AttributeUse>([
  ...uses(
    'alternative',
    'alt title aria-label aria-description aria-roledescription aria-valuetext summary abbr label description caption',
  ),
  ...uses('form-field', 'placeholder aria-placeholder value'),
  ...uses('property', 'content'),
  ...uses(
    'link',
    'href src action background cite data poster formaction longdesc xlink:href lowsrc dynsrc codebase ping profile manifest',
  ),
  ...uses('links', 'srcset imagesrcset'),
  ...uses('document', 'srcdoc'),
  ...uses('style', 'style'),
]);
/** Values that only programs read. */
const TECHNICAL =
  /^(?:class|id|width|height|border.*|cell(?:padding|spacing)|v?align|bgcolor|color|face|size|type|rel|rev|charset|http-equiv|lang|xml:lang|dir|role|target|media|(?:col|row)span|span|xmlns.*|tabindex|method|enctype|for|name|property|itemprop|itemtype|itemscope|scope|headers|loading|decoding|sizes|integrity|crossorigin|referrerpolicy|[hv]space|frameborder|margin(?:width|height)|(?:left|top|right|bottom)margin|clear|nowrap|noshade|[av]?link|text|bordercolor|shape|coords|usemap|version|prefix|translate|draggable|autocomplete|maxlength|min|max|step|start|viewbox|d|fill|stroke.*|points|transform|x|y|[xyr][12xy]|rotation|strokeweight|filled|stroked|coordsize|arcsize|o:.*|v:.*|w:.*|aria-(?:hidden|live|level|expanded|haspopup|controls|describedby|labelledby|current|modal|atomic))$/;
const WORDS = /\p{L}{2}|\d{3}/u;

function uses(use: AttributeUse, names: string): readonly [string, AttributeUse][] {
  return names.split(' ').map((name) => [name, use]);
}

/** What to make of an attribute, or null where it holds nothing for a reader. */
export function useOf(name: string, value: string): AttributeUse | null {
  const known = USES.get(name);
  if (known !== undefined) return known;
  return TECHNICAL.test(name) || !WORDS.test(value) ? null : 'hidden';
}

export interface DataUri {
  readonly bytes: Buffer;
  readonly declaredType: string | null;
  readonly charset: string | null;
}

/** The file that a `data:` URI holds (RFC 2397), or null. */
export function dataUri(uri: string): DataUri | null {
  const text = uri.slice(0, 64).trimStart();
  if (!/^data:/i.test(text)) return null;
  const comma = uri.indexOf(',');
  if (comma < 0 || comma > 1_000) return null;
  const [type = '', ...parameters] = uri.slice(uri.indexOf(':') + 1, comma).split(';');
  const isBase64 = parameters.some((one) => one.trim().toLowerCase() === 'base64');
  const charset = parameters.map((one) => /^\s*charset=(.+)$/i.exec(one)?.[1]).find((one) => one !== undefined) ?? null;
  const octets = percentDecoded(uri.slice(comma + 1));
  const bytes = isBase64 ? Buffer.from(octets.toString('latin1'), 'base64') : octets;
  const declaredType = type.trim().toLowerCase();
  return { bytes, declaredType: /^[\w.+-]+\/[\w.+-]+$/.test(declaredType) ? declaredType : null, charset };
}

/** RFC 3986 2.1. */
export function percentDecoded(text: string): Buffer {
  const octets = Buffer.from(text, 'utf8');
  if (!octets.includes(0x25)) return octets;
  let length = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    const value = octet === 0x25 ? hexAt(octets, at + 1) : -1;
    octets[length++] = value < 0 ? octet : value;
    if (value >= 0) at += 2;
  }
  return octets.subarray(0, length);
}

function hexAt(octets: Buffer, at: number): number {
  const [high, low] = [hexDigit(octets[at] ?? 0), hexDigit(octets[at + 1] ?? 0)];
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(octet: number): number {
  if (octet >= 48 && octet <= 57) return octet - 48;
  const lower = octet | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** `data:` URIs within CSS. */
export function* dataUrisIn(css: string): Generator<string> {
  for (let at = css.indexOf('data:'); at >= 0; at = css.indexOf('data:', at + 5)) {
    const before = css[at - 1];
    const until = before === '"' || before === "'" ? before : ')';
    const end = css.indexOf(until, at);
    if (end < 0) return;
    yield css.slice(at, end);
    at = end - 5;
  }
}
