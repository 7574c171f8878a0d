// Passages are read some at once: what is found is the same as one by one, in their order, and the subject counts wherever it stands.
import t from 'tap';
import { DETECTORS } from '../../src/daemon/detectors.ts';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import { correspondentsOf } from '../../src/inspect/correspondents.ts';
import { WordRoom } from '../../src/inspect/word-room.ts';
import { type Examined, examine, subjectOf } from '../../src/inspect/examined.ts';
import type { Span } from '../../src/mail/message.ts';
import { NOBODY } from '../support/nobody.ts';

const lexicon = loadLexicon();
const from = (spans: readonly Span[]): readonly Examined[] =>
  examine({ spans }, NOBODY, correspondentsOf(NOBODY), { detectors: DETECTORS, lexicon, room: new WordRoom() });
const part = (name: string, text: string): Span => ({ part: name, place: { area: 'text' }, text, marks: [] });
const subject = (text: string): Span => ({ part: '', place: { area: 'header', field: 'subject' }, text, marks: [] });
const plain = (all: readonly Examined[]): unknown =>
  all.map(({ passage, candidates, letter }) => ({ part: passage.part, text: passage.text, candidates, letter }));

const NOTES = ['Mary Poe, MRN 4471920, takes metformin.', 'Invoice 12 for two boxes.', 'Ann Lee (DOB 01/02/1970) has asthma.'];
/** More than is read at once, in passages short, long and longer than that. */
const MANY = Array.from({ length: 60 }, (_, i) => {
  const text = `${NOTES[i % 3] ?? ''} `.repeat(i === 30 ? 2_000 : 1 + (i % 7) * 20);
  return part(String(i + 1), text);
});

t.test('many at once are as one by one', async (t) => {
  const all = from(MANY);
  t.same(
    all.map(({ passage }) => passage.part),
    MANY.map((span) => span.part),
  );
  t.same(plain(all), plain(MANY.flatMap((span) => from([span]))));
});

t.test('a subject counts before, between and behind the passages, and stays where it stands', async (t) => {
  const [body = part('1', ''), other = part('2', '')] = [part('1', 'It is benign.'), part('2', 'See you.')];
  const said = subject('your biopsy');
  const sums = [
    [said, body, other],
    [body, said, other],
    [body, other, said],
  ].map((spans) => {
    const all = from(spans);
    t.same(
      all.map(({ passage }) => passage.part),
      spans.map((span) => span.part),
    );
    t.equal(subjectOf(all)?.passage.part, '');
    return all.find(({ passage }) => passage.part === '1')?.letter?.sum;
  });
  t.ok((sums[0] ?? 0) > (from([body])[0]?.letter?.sum ?? 0), 'it adds to what the body says');
  t.same(sums, [sums[0], sums[0], sums[0]]);
});

t.test('what is no letter', async (t) => {
  const machine: Span = { part: '3', place: { area: 'text', field: 'PID-5' }, text: 'DOE^JANE', marks: [] };
  t.same(
    from([subject('x'), part('1', '<a>1</a>'), part('2', 'Hello.'), machine]).map(({ letter }) => letter === null),
    [true, true, false, true],
  );
  t.same(from([]), []);
});
