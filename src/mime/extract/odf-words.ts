// Attributes of OpenDocument that are words, and elements whose character data are not (ODF 1.3 part 3, 19).
import type { Area } from '../../mail/message.ts';
import type { XmlElement } from './xml.ts';

const BY_ATTRIBUTE: ReadonlyMap<string, Area> = new Map([
  ['string-value', 'hidden'],
  ['string-value-if-true', 'hidden'],
  ['string-value-if-false', 'hidden'],
  ['condition', 'hidden'],
  ['description', 'hidden'],
  ['comment', 'hidden'],
  ['expression', 'hidden'],
  ['message-text', 'hidden'],
  ['dde-item', 'hidden'],
  ['dde-topic', 'hidden'],
]);
const BY_ELEMENT: ReadonlyMap<string, readonly (readonly [attribute: string, area: Area])[]> = new Map([
  [
    'a',
    [
      ['href', 'link'],
      ['title', 'alternative'],
    ],
  ],
  ['section-source', [['href', 'link']]],
  ['table-source', [['href', 'link']]],
  ['label', [['value', 'form-field']]],
  ['user-field-decl', [['name', 'hidden']]],
  ['named-expression', [['name', 'hidden']]],
  ['named-range', [['name', 'hidden']]],
  ['database-range', [['name', 'hidden']]],
  ['filter-condition', [['value', 'hidden']]],
  ['data-pilot-member', [['name', 'hidden']]],
  ['help-message', [['title', 'hidden']]],
  ['error-message', [['title', 'hidden']]],
  ['bookmark', [['name', 'hidden']]],
  ['bookmark-start', [['name', 'hidden']]],
] as const);
const FORM: readonly string[] = ['value', 'current-value', 'label', 'title', 'name', 'string-value'];

export function odfWords(element: XmlElement): readonly { readonly area: Area; readonly words: string }[] {
  const found: { readonly area: Area; readonly words: string }[] = [];
  const take = (attribute: string, area: Area): void => {
    const words = element.attribute(attribute) ?? '';
    if (words.trim() !== '') found.push({ area, words });
  };
  if (element.namespace.endsWith(':form:1.0')) for (const attribute of FORM) take(attribute, 'form-field');
  else {
    for (const [attribute, area] of BY_ELEMENT.get(element.name) ?? []) take(attribute, area);
    // The text of a cell stands in its paragraphs.
    if (!element.name.endsWith('table-cell')) {
      for (const { name } of element.attributes) {
        const area = BY_ATTRIBUTE.get(name);
        if (area !== undefined) take(name, area);
      }
    }
  }
  return found;
}

export const NO_WORDS: ReadonlySet<string> = new Set(['date', 'note-citation', 'date-string', 'config-item', 'page-number', 'page-count']);
