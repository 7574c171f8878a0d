// FHIR resources, JSON or XML, DSTU2 to R5: each resource a line of text with its elements marked, narrative as its reader sees it,
// attachments read in turn, and all of it as data.
import { decodeText } from '../charset.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { FhirAttachments } from './fhir-attachments.ts';
import { contentsOfResource } from './fhir-contents.ts';
import { FhirJson } from './fhir-json.ts';
import { elementMark, isResourceType } from './fhir-names.ts';
import { FhirPeople } from './fhir-people.ts';
import { type FhirNode, FhirTree, valueOf } from './fhir-tree.ts';
import { narrativeText, readFhirXml } from './fhir-xml.ts';
import { HealthRecord } from './health-record.ts';
import { MarkedRow } from './marked-row.ts';
import { valueText } from './value-text.ts';

/** Reads resources, Bundles and NDJSON of them (HL7 FHIR DSTU2 to R5). */
export const fhirExtractor: Extractor = {
  kinds: ['fhir-json', 'fhir-xml'],
  async extract({ bytes, kind }: Source, output: Output): Promise<void> {
    const reading = new FhirReading(output);
    try {
      const tree = new FhirTree((node, as, rootType) => reading.take(node, as, rootType));
      const end = kind === 'fhir-xml' ? readFhirXml(bytes, tree, reading.aside) : readFhirJson(bytes, tree, reading.aside);
      if (end === 'broken') output.blind('broken');
    } finally {
      output.document(reading.document());
    }
    for (const inner of reading.attachments.inner()) await output.inner(inner);
  },
};

function readFhirJson(bytes: Buffer, tree: FhirTree, aside: (text: string) => void): 'whole' | 'broken' {
  return new FhirJson(jsonText(bytes).replace(/^\ufeff/, ''), tree, aside).read();
}

/** UTF-8 (RFC 8259 8.1); UTF-16 where octets of ASCII alternate with nulls, as older JSON could be. */
function jsonText(bytes: Buffer): string {
  const [a, b] = bytes;
  if (a === 0 || a === 0xfe) return decodeText(bytes, 'utf-16be').text;
  return b === 0 || a === 0xff ? decodeText(bytes, 'utf-16le').text : valueText(bytes, null);
}

interface Work {
  readonly resource: FhirNode;
  /** 'entry' is what an entry says of its resource. */
  readonly kind: 'resource' | 'entry';
  /** Where it lies, as `Bundle.entry[2]`; null for the root itself. */
  readonly place: string | null;
  readonly fullUrl: string;
}

/** The text of one resource. */
interface Rows {
  readonly shown: MarkedRow;
  readonly hidden: MarkedRow;
  readonly narrative: string[];
}

/** Elements that hold codes and addresses of systems, not what a person would read. */
const TECHNICAL: ReadonlySet<string> = new Set([
  'system',
  'url',
  'profile',
  'versionId',
  'use',
  'fullUrl',
  'lastUpdated',
  'source',
  'mode',
  'rank',
]);
/** The order in which the parts of a name are read. */
const NAME_ORDER: readonly string[] = ['suffix', 'family', 'given', 'prefix', 'text'];

class FhirReading {
  readonly attachments = new FhirAttachments();
  readonly #output: Output;
  readonly #record = new HealthRecord();
  readonly #people = new FhirPeople(this.#record);
  #entries = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Text that is not shown. */
  readonly aside = (text: string): void => this.#output.text({ area: 'hidden' }, text.trim());

  document(): Parameters<Output['document']>[0] {
    this.#people.end();
    return this.#record.document('fhir');
  }

  take(node: FhirNode, as: 'entry' | 'root', rootType: string): void {
    const work: Work[] = [];
    if (as === 'entry') work.push(...entryOf(node, `${isResourceType(rootType) ? rootType : 'Bundle'}.entry[${this.#entries++}]`));
    else {
      if (isResourceType(rootType)) this.#record.type(rootType);
      this.#entries = 0;
      work.push({ resource: node, kind: 'resource', place: null, fullUrl: '' });
    }
    // Depth first, in order, without recursion.
    work.reverse();
    for (let next = work.pop(); next !== undefined; next = work.pop()) work.push(...this.#resource(next).toReversed());
  }

  /** @returns the resources inside it */
  #resource({ resource, kind, place, fullUrl }: Work): readonly Work[] {
    const type = valueOf(resource, 'resourceType');
    this.#people.resource(type, resource, fullUrl);
    for (const content of contentsOfResource(type, resource)) this.#record.content(content);
    const rows: Rows = { shown: new MarkedRow(), hidden: new MarkedRow(), narrative: [] };
    const at = place ?? (isResourceType(type) ? type : null);
    const inside: Work[] = [];
    for (const element of this.attachments.takeFrom(resource, type)) {
      if (element.name === 'resourceType') {
        if (!isResourceType(element.value ?? '')) rows.hidden.cell(null, element.value ?? '');
      } else
        this.#element(element, type, rows, (found) => {
          const where = `${at ?? 'Parameters'}.${INSIDE.has(found.name) ? found.name : 'resource'}[${inside.length}]`;
          if (found.name === 'entry') inside.push(...entryOf(found, where));
          else inside.push({ resource: found, kind: 'resource', place: where, fullUrl: '' });
        });
    }
    this.#putOut(rows, kind, at);
    return inside;
  }

  #element(top: FhirNode, type: string, rows: Rows, found: (node: FhirNode) => void): void {
    const mark = elementMark(type, top.name);
    const begun = new Set<MarkedRow>();
    const stack: FhirNode[] = [top];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if ((type === 'Bundle' && node.name === 'entry') || node.children.some(({ name }) => name === 'resourceType')) {
        found(node);
        continue;
      }
      const { value } = node;
      if (value !== null && node.name === 'div') rows.narrative.push(narrativeText(value, this.aside));
      else if (value !== null && value.trim() !== '') {
        const row = TECHNICAL.has(node.name) ? rows.hidden : rows.shown;
        if (begun.has(row)) row.more(value);
        else row.cell(mark, value);
        begun.add(row);
      }
      this.#people.reference(node);
      stack.push(...inReadingOrder(this.attachments.takeFrom(node, type)));
    }
  }

  #putOut({ shown, hidden, narrative }: Rows, kind: Work['kind'], at: string | null): void {
    const field = at === null ? {} : { field: at };
    const rows = [
      ['text', { text: narrative.join('\n'), marks: [] }],
      [kind === 'entry' ? 'hidden' : 'text', shown.marked()],
      ['hidden', hidden.marked()],
    ] as const;
    for (const [area, { text, marks }] of rows) this.#output.text({ area, ...field }, text, marks);
  }
}

/** Names under which resources lie in others. */
const INSIDE: ReadonlySet<string> = new Set(['contained', 'entry', 'outcome', 'parameter']);

/** An entry's own elements (`fullUrl`, `request`, `search`), then its resource. */
function entryOf(node: FhirNode, place: string): readonly Work[] {
  const rest = node.children.filter((child) => child.name !== 'resource');
  const fullUrl = valueOf(node, 'fullUrl');
  return [
    { resource: { name: 'entry', value: node.value, children: rest }, kind: 'entry', place, fullUrl: '' },
    ...node.children.filter((child) => child.name === 'resource').map((resource): Work => ({ resource, kind: 'resource', place, fullUrl })),
  ];
}

/** Children last first, as a stack takes them. */
function inReadingOrder(children: readonly FhirNode[]): readonly FhirNode[] {
  if (!children.some(({ name }) => name === 'family' || name === 'given')) return children.toReversed();
  return children.toReversed().sort((a, b) => NAME_ORDER.indexOf(a.name) - NAME_ORDER.indexOf(b.name));
}
