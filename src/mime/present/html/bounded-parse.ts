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
        return defaultTreeAdapter.createElement(tagName, namespace, attributes);
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
