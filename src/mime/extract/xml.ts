// XML as a stream of events, whatever its encoding. No entity but the five of XML is ever expanded, no DTD is read, nothing is fetched.
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { decodeText } from '../charset.ts';

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** Namespace URI, '' for none. */
  readonly namespace: string;
  /** Value of an attribute by its name without prefix, or null. */
  attribute(name: string): string | null;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

export interface XmlEvents {
  open?(element: XmlElement, depth: number): void;
  close?(element: XmlElement, depth: number): void;
  /** Character data and CDATA, as it comes: an element's text may come in pieces. */
  text?(text: string): void;
  comment?(text: string): void;
  processingInstruction?(target: string, body: string): void;
}

/** How far it was well formed: 'broken' where it was not to the end; events until there have been given. */
export type XmlEnd = 'whole' | 'broken';

const DEEPEST = 2_000;

/** Errors of the handlers go through. */
export function readXml(bytes: Buffer, events: XmlEvents): XmlEnd {
  return readXmlText(decodeXml(bytes), events);
}

export function readXmlText(text: string, events: XmlEvents): XmlEnd {
  const parser = new SaxesParser({ xmlns: true });
  const stack: XmlElement[] = [];
  let end: XmlEnd = 'whole';
  parser.on('error', () => {
    end = 'broken';
  });
  parser.on('opentag', (tag) => {
    const element = elementOf(tag);
    stack.push(element);
    if (stack.length > DEEPEST) throw new TooDeep();
    events.open?.(element, stack.length);
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element !== undefined) events.close?.(element, stack.length + 1);
  });
  if (events.text !== undefined) {
    const take = events.text.bind(events);
    parser.on('text', take);
    parser.on('cdata', take);
  }
  if (events.comment !== undefined) parser.on('comment', events.comment.bind(events));
  parser.on('processinginstruction', ({ target, body }) => events.processingInstruction?.(target, body));
  try {
    // In pieces: the parser builds what it holds by adding characters, which long inputs make slow.
    for (let at = 0; at < text.length; at += 65_536) parser.write(text.slice(at, at + 65_536));
    parser.close();
  } catch (error) {
    if (error instanceof TooDeep) return 'broken';
    throw error;
  }
  return end;
}

class TooDeep extends Error {}

function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = Object.values(tag.attributes).map(({ local, value }) => ({ name: local, value }));
  return {
    name: tag.local,
    namespace: tag.uri,
    attributes,
    attribute: (name) => attributes.find((one) => one.name === name)?.value ?? null,
  };
}

/** By byte order mark, then by the declaration (XML 1.0 appendix F), else UTF-8. */
function decodeXml(bytes: Buffer): string {
  const [a, b] = bytes;
  if (a === 0xfe && b === 0xff) return decodeText(bytes, 'utf-16be').text;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return decodeText(bytes, 'utf-16le').text;
  if (a === 0 && b === 0x3c) return decodeText(bytes, 'utf-16be').text;
  const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(bytes.toString('latin1', 0, 300))?.[1];
  return decodeText(bytes, declared ?? null).text.replace(/^\ufeff/, '');
}
