// What lies in a FHIR resource as base64: Binary, Attachment, extensions. Taken out of its text while that is read, given to be read itself
// when the text is done.
import { innerOf, looksLikeBase64 } from './base64-content.ts';
import type { Inner } from './extractor.ts';
import { type FhirNode, valueOf } from './fhir-tree.ts';

interface Attached {
  readonly data: string;
  readonly mediaType: string;
  readonly title: string;
}

const BASE64 = /^[A-Za-z0-9+/_\s-]*(?:=[=\s]*)?$/;
const DATA_URL = /^data:([\w.+-]{0,60}\/?[\w.+-]{0,90})[^,]{0,200};base64,/i;

export class FhirAttachments {
  readonly #attached: Attached[] = [];

  /** The children of an element or resource without what is attached in them. */
  takeFrom(node: FhirNode, resourceType: string): readonly FhirNode[] {
    if (node.children.length === 0) return node.children;
    const mediaType = valueOf(node, 'contentType');
    return node.children.filter((child) => {
      const { name, value } = child;
      if (value === null) return true;
      if (name === 'url' && value.length > 20) return !this.#dataUrl(value, valueOf(node, 'title'));
      if (!this.#isData(child, node, mediaType, resourceType)) return true;
      // A proof, not a file.
      if (node.name !== 'signature' && !node.name.endsWith('Signature'))
        this.#attached.push({ data: value, mediaType, title: valueOf(node, 'title') });
      return false;
    });
  }

  *inner(): Generator<Inner> {
    for (const { data, mediaType, title } of this.#attached) {
      const bytes = Buffer.from(data, 'base64');
      if (bytes.length > 0) yield { ...innerOf(bytes, mediaType), name: title === '' ? null : title };
    }
  }

  #isData({ name, value }: FhirNode, parent: FhirNode, mediaType: string, resourceType: string): boolean {
    if (value === null || value.length < 8 || !BASE64.test(value)) return false;
    if (name.endsWith('Base64Binary') || looksLikeBase64(value)) return true;
    // SampledData has `data` of its own kind.
    if (name === 'data') return mediaType !== '' || parent.name === 'signature';
    return name === 'content' && resourceType === 'Binary';
  }

  #dataUrl(value: string, title: string): boolean {
    const found = DATA_URL.exec(value.slice(0, 500));
    if (found === null) return false;
    this.#attached.push({ data: value.slice(found[0].length), mediaType: found[1] ?? '', title });
    return true;
  }
}
