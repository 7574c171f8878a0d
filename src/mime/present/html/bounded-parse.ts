// HTML read as a browser reads it (WHATWG HTML 13.2), bounded in elements and depth while it is read: a page that would grow ends there.
import { defaultTreeAdapter, type DefaultTreeAdapterMap, parse } from 'parse5';
import { LimitReached } from '../../extract/extractor.ts';

export const HTML_LIMITS = { length: 1_500_000, elements: 50_000, depth: 300, attributes: 100 } as const;

type Node = DefaultTreeAdapterMap['node'];
type Parent = DefaultTreeAdapterMap['parentNode'];

/** Without scripting: what stands for scripts is read as the elements it is. @throws LimitReached */
export function parseBounded(html: string): DefaultTreeAdapterMap['document'] {
  if (html.length > HTML_LIMITS.length) throw new LimitReached('too-large');
  const depths = new Map<Node, number>();
  let elements = 0;
  const placed = (parent: Parent, node: Node): void => {
    const depth = (depths.get(parent) ?? 0) + 1;
    if (depth > HTML_LIMITS.depth) throw new LimitReached('too-deep');
    depths.set(node, depth);
  };
  return parse(html, {
    scriptingEnabled: false,
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement(tagName, namespace, attributes) {
        elements++;
        if (elements > HTML_LIMITS.elements || attributes.length > HTML_LIMITS.attributes) throw new LimitReached('too-large');
        return defaultTreeAdapter.createElement(tagName, namespace, tagName === 'font' ? attributes.map(withAbsoluteSize) : attributes);
      },
      appendChild(parent, node) {
        placed(parent, node);
        defaultTreeAdapter.appendChild(parent, node);
      },
      insertBefore(parent, node, reference) {
        placed(parent, node);
        defaultTreeAdapter.insertBefore(parent, node, reference);
      },
    },
  });
}

/** `+1` is one more than 3 (HTML 15.3.4): in hast the sign would be lost. */
function withAbsoluteSize<T extends { readonly name: string; readonly value: string }>(attribute: T): T {
  const [, sign, digits] = /^\s*([+-])(\d{1,2})/.exec(attribute.value) ?? [];
  if (attribute.name !== 'size' || sign === undefined) return attribute;
  return { ...attribute, value: `${Math.min(7, Math.max(1, 3 + Number(`${sign}${digits}`)))}` };
}
