// Several readings of one message come to one: what was found in a part before it ended a reading is kept, in its place.
import t from 'tap';
import { ReadRuns } from '../../src/daemon/read-runs.ts';
import type { ReadEvent } from '../../src/mail/read-event.ts';

function begin(path: string): ReadEvent {
  return { event: 'part', part: { path, kind: 'zip', declaredType: null, name: null, role: 'body', sizeBytes: 1, digest: null } };
}
const end = (path: string): ReadEvent => ({ event: 'part-read', path });
const text = (part: string, words: string): ReadEvent => ({
  event: 'span',
  span: { part, place: { area: 'text' }, text: words, marks: [] },
});
const blind = (part: string): ReadEvent => ({ event: 'blind-spot', blindSpot: { part, kind: 'timed-out' } });
const defect = (part: string): ReadEvent => ({ event: 'defect', defect: { part, code: 'macro' } });
const document = (part: string): ReadEvent => ({
  event: 'document',
  document: { part, standard: 'fhir', type: 'Bundle', patients: 1, identifiers: [], contents: [] },
});

/** `begin 1`, `text 1.2 words`: what is left of the events, in order. */
function told(runs: ReadRuns): readonly string[] {
  return runs.events.flatMap((event) => {
    switch (event.event) {
      case 'part':
        return [`begin ${event.part.path}`];
      case 'span':
        return [`text ${event.span.part} ${event.span.text}`];
      case 'blind-spot':
        return [`blind ${event.blindSpot.part}`];
      case 'defect':
        return [`defect ${event.defect.part}`];
      case 'document':
        return [`document ${event.document.part}`];
      case 'part-read':
      case 'shown':
        return [];
    }
  });
}

function add(runs: ReadRuns, ...events: readonly ReadEvent[]): void {
  for (const event of events) runs.add(event);
}

t.test('one reading', async (t) => {
  const runs = new ReadRuns();
  add(runs, begin(''), begin('1'), text('1', 'a'), end('1'), end(''));
  t.same(told(runs), ['begin ', 'begin 1', 'text 1 a']);
  t.same([...runs.skip], []);
});

t.test('a part that ends a reading keeps what was found in it and in its parts', async (t) => {
  const runs = new ReadRuns();
  add(runs, begin(''), begin('1'), text('1', 'a'), end('1'));
  add(runs, begin('2'), defect('2'), begin('2.1'), text('2.1', 'b'), document('2.1'), end('2.1'));
  runs.endedIn('2', 'timed-out');
  t.same([...runs.skip], [['2', 'timed-out']]);
  runs.again();
  // The next reading leaves it out.
  add(
    runs,
    begin(''),
    begin('1'),
    text('1', 'a'),
    end('1'),
    begin('2'),
    blind('2'),
    end('2'),
    begin('3'),
    text('3', 'c'),
    end('3'),
    end(''),
  );
  t.same(told(runs), [
    'begin ',
    'begin 1',
    'text 1 a',
    'begin 2',
    'defect 2',
    'begin 2.1',
    'text 2.1 b',
    'document 2.1',
    'blind 2',
    'begin 3',
    'text 3 c',
  ]);
});

t.test('paths that only begin alike', async (t) => {
  const runs = new ReadRuns();
  add(runs, begin(''), begin('1'), begin('1.1'), text('1.1', 'a'), end('1.1'), end('1'), begin('11'), text('11', 'b'));
  runs.endedIn('1', 'broken');
  runs.again();
  add(runs, begin(''), begin('1'), blind('1'), end('1'), begin('11'), text('11', 'b'));
  t.same(told(runs), ['begin ', 'begin 1', 'begin 1.1', 'text 1.1 a', 'blind 1', 'begin 11', 'text 11 b']);
});

t.test('a part inside one that ends a later reading', async (t) => {
  const runs = new ReadRuns();
  add(runs, begin(''), begin('1'), begin('1.1'), text('1.1', 'a'));
  runs.endedIn('1.1', 'broken');
  runs.again();
  add(runs, begin(''), begin('1'), begin('1.1'), blind('1.1'), end('1.1'), text('1', 'b'));
  runs.endedIn('1', 'too-large');
  runs.again();
  add(runs, begin(''), begin('1'), blind('1'), end('1'), end(''));
  t.same(told(runs), ['begin ', 'begin 1', 'begin 1.1', 'text 1.1 a', 'blind 1.1', 'text 1 b', 'blind 1']);
  t.same([...runs.skip.keys()], ['1.1', '1']);
});

t.test('the message itself', async (t) => {
  const runs = new ReadRuns();
  add(runs, begin(''), text('', 'a'), begin('1'));
  runs.endedIn('', 'broken');
  t.same(told(runs), ['begin ', 'text  a', 'begin 1']);
});
