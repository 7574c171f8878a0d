// What is known of HTML's elements: which have no content, which are blocks, and which end others (HTML 13.1.2, 13.2.6, 15.3).

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

export const VOID_ELEMENTS = names('area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr');
export const BLOCKS = names(
  'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search section select summary table tbody tfoot thead ul xmp caption',
);
export const PREFORMATTED = names('pre listing xmp plaintext textarea');
export const UNSEEN_ELEMENTS = names('template noscript head datalist script style');
/** Those that no end tag of an inline element goes beyond. */
export const SPECIAL = new Set([...BLOCKS, 'td', 'th', 'tr', 'template', 'object', 'applet', 'marquee', 'button']);
/** Those that no end tag of a block goes beyond, but a table's own. */
export const CELLS = names('td th caption template');
export const TABLE_PARTS = names('table tbody thead tfoot tr td th caption');

interface Implied {
  readonly ends: ReadonlySet<string>;
  readonly within: ReadonlySet<string>;
}

const TABLE = names('table template');
const P_END: Implied = { ends: names('p'), within: names('table td th caption button object template') };

/** What a start tag ends that is open, and the element beyond which it ends nothing. */
const IMPLIED: ReadonlyMap<string, Implied> = new Map<string, Implied>([
  ['li', { ends: names('li'), within: names('ul ol menu dir table td th template') }],
  ['dt', { ends: names('dt dd'), within: names('dl table td th template') }],
  ['dd', { ends: names('dt dd'), within: names('dl table td th template') }],
  ['option', { ends: names('option'), within: names('select datalist optgroup template') }],
  ['optgroup', { ends: names('option optgroup'), within: names('select template') }],
  ['td', { ends: names('td th caption'), within: names('tr table template') }],
  ['th', { ends: names('td th caption'), within: names('tr table template') }],
  ['tr', { ends: names('tr caption'), within: TABLE }],
  ['tbody', { ends: names('tbody thead tfoot caption'), within: TABLE }],
  ['thead', { ends: names('tbody thead tfoot caption'), within: TABLE }],
  ['tfoot', { ends: names('tbody thead tfoot caption'), within: TABLE }],
  ['body', { ends: names('head'), within: names('body template') }],
]);
const ENDS_P = names(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp li dt dd',
);

export function impliedEnd(name: string): Implied | null {
  return IMPLIED.get(name) ?? (ENDS_P.has(name) ? P_END : null);
}
