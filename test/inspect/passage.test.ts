// Passages: spans joined, long ones cut, offsets told in the span they came from.
import t from 'tap';
import type { Span } from '../../src/mail/message.ts';
import { lexiconOf } from '../../src/inspect/build-lexicon.ts';
import { passagesOf, placeAt } from '../../src/inspect/passage.ts';

const lexicon = lexiconOf({});

function spanOf(text: string): Span {
  return { part: '1', place: { area: 'text' }, text, marks: [] };
}

const LONG: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'words', text: 'word and word '.repeat(60_000) },
  { name: 'lines', text: 'a line of text\n'.repeat(60_000) },
  { name: 'no place to cut at', text: 'x'.repeat(700_000) },
  { name: 'pairs of surrogates', text: `a${'\u{20000}'.repeat(300_000)}` },
  { name: 'empty', text: '' },
];

t.test('a long span is several passages, in order, without gaps', (t) => {
  for (const { name, text } of LONG) {
    const passages = passagesOf([spanOf(text)], lexicon);
    t.equal(passages.map((passage) => passage.text.slice(0, -1)).join(''), text, name);
    t.ok(
      passages.every((passage) => passage.text.length <= 256 * 1024 + 1),
      name,
    );
    let before = 0;
    for (const passage of passages) {
      t.equal(placeAt(passage, 10).at, before + 10, name);
      before += passage.text.length - 1;
    }
    t.equal(text.isWellFormed() && passages.some((passage) => !passage.text.isWellFormed()), false, name);
  }
  t.end();
});

t.test('what follows a cut span has its own offsets', (t) => {
  const passages = passagesOf([spanOf('x '.repeat(150_000)), spanOf('after')], lexicon);
  const last = passages.at(-1);
  if (last === undefined) throw new Error('none');
  t.equal(placeAt(last, last.text.indexOf('after')).at, 0);
  t.end();
});
