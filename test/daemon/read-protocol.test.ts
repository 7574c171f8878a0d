// What a gateway takes from a reading child: events of the right shape, and nothing else.
import t from 'tap';
import { eventsOf, frameOf, LENGTH_BYTES } from '../../src/daemon/read-protocol.ts';
import type { FromChild } from '../../src/daemon/read-protocol.ts';

const PART = {
  path: '1',
  kind: 'pdf',
  declaredType: 'application/pdf',
  name: 'a.pdf',
  role: 'attachment',
  sizeBytes: 5,
  digest: null,
} as const;
const SPAN = { part: '1.2', place: { area: 'text', page: 2 }, text: 'words', marks: [{ at: 0, field: 'B7' }] } as const;

const EVENTS: readonly FromChild[] = [
  { event: 'ready' },
  { event: 'part', part: PART },
  { event: 'span', span: SPAN },
  { event: 'defect', defect: { part: '', code: 'macro' } },
  { event: 'blind-spot', blindSpot: { part: '1', kind: 'encrypted' } },
  {
    event: 'document',
    document: { part: '1', standard: 'hl7v2', type: 'ADT^A01', patients: 1, identifiers: ['name'], contents: ['note'] },
  },
  { event: 'part-read', path: '1' },
  { event: 'read' },
];

const body = (value: unknown): Buffer => frameOf(value).subarray(LENGTH_BYTES);

t.test('there and back', async (t) => {
  t.same(eventsOf(body(EVENTS)), EVENTS);
  t.same(eventsOf(body([])), []);
  const frame = frameOf(EVENTS);
  t.equal(frame.readUInt32BE(), frame.length - LENGTH_BYTES, 'length first');
});

const NONSENSE: readonly (readonly [name: string, value: unknown])[] = [
  ['no list', { event: 'ready' }],
  ['nothing', null],
  ['an event that there is not', [{ event: 'exec', path: '1' }]],
  ['a kind that there is not', [{ event: 'part', part: { ...PART, kind: 'exe' } }]],
  ['a path with words', [{ event: 'part-read', path: 'John Smith' }]],
  ['a path out of its folder', [{ event: 'part-read', path: '../1' }]],
  ['a part without a size', [{ event: 'part', part: { ...PART, sizeBytes: undefined } }]],
  ['a size below nothing', [{ event: 'part', part: { ...PART, sizeBytes: -1 } }]],
  ['a field that nobody asked for', [{ event: 'ready', and: 'more' }]],
  ['a place with content', [{ event: 'span', span: { ...SPAN, place: { area: 'text', content: 'x' } } }]],
  ['an area that there is not', [{ event: 'span', span: { ...SPAN, place: { area: 'secret' } } }]],
  ['a text that is none', [{ event: 'span', span: { ...SPAN, text: 7 } }]],
  ['a mark that is none', [{ event: 'span', span: { ...SPAN, marks: [{ at: 'x', field: 'B7' }] } }]],
  ['a document of no standard', [{ event: 'document', document: { ...documentOf(), standard: 'own' } }]],
  ['a document type with words', [{ event: 'document', document: { ...documentOf(), type: 'John Smith' } }]],
  ['a document type of any length', [{ event: 'document', document: { ...documentOf(), type: 'x'.repeat(65) } }]],
  ['a prototype', JSON.parse('[{"event":"ready","__proto__":{"event":"read"}}]')],
];

function documentOf(): object {
  return { part: '1', standard: 'fhir', type: 'Bundle', patients: 1, identifiers: [], contents: [] };
}

t.test('nonsense', async (t) => {
  for (const [name, value] of NONSENSE) t.equal(eventsOf(body(value)), null, name);
  for (const octets of ['', '[', '{}', '\xff\xfe', '[1]', 'null'])
    t.equal(eventsOf(Buffer.from(octets, 'latin1')), null, JSON.stringify(octets));
});
