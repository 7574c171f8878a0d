// Pages are written with the tag `html`: what is put in is escaped, unless it was made by the tag itself. Attributes always stand in double quotes,
// and nothing from outside is put into a script, a style, or the beginning of an address.

const MARK = Symbol('html');

/** Text of a page that needs no escaping any more. Only `html` makes one: what is parsed from JSON cannot look like it. */
export interface Html {
  readonly [MARK]: string;
}

export type Puttable = Html | string | number | null | readonly Puttable[];

/** Null puts nothing; a list is put one after the other. */
export function html(texts: TemplateStringsArray, ...values: readonly Puttable[]): Html {
  const pieces = texts.map((text, i) => text + (i < values.length ? put(values[i] ?? null) : ''));
  return { [MARK]: pieces.join('') };
}

/** The page as it goes out. */
export function rendered(page: Html): string {
  return page[MARK];
}

/** A text with places `{name}`: each is replaced by its value, escaped as `html` does. A place without a value stands as it is. */
export function filled(text: string, values: Readonly<Record<string, Puttable>>): Html {
  const pieces = text.split(/\{([a-z][A-Za-z]*)\}/);
  return {
    [MARK]: pieces
      .map((piece, i) => {
        if (i % 2 === 0) return escaped(piece);
        return Object.hasOwn(values, piece) ? put(values[piece] ?? null) : escaped(`{${piece}}`);
      })
      .join(''),
  };
}

/** Text of people: a paragraph for each blank line, a break for each line end. */
export function paragraphs(text: string): Html {
  const blocks = text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .filter((block) => block.trim() !== '');
  return html`${blocks.map((block) => html`<p>${block.split('\n').map((line, i) => (i === 0 ? line : html`<br />${line}`))}</p>`)}`;
}

/** A name or text of somebody else, kept from turning round what stands beside it (Unicode UAX 9, isolates). */
export function isolated(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function put(value: Puttable): string {
  if (value === null) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return isHtml(value) ? value[MARK] : value.map(put).join('');
}

function isHtml(value: Html | readonly Puttable[]): value is Html {
  return MARK in value;
}

/** Controls that no page may hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
