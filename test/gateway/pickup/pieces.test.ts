// Pieces handed over one at a time: in order, none kept, and neither side waits for one who has gone.
import t from 'tap';
import { Pieces } from '../../../src/gateway/pickup/pieces.ts';

async function readAll(pieces: Pieces): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += Buffer.from(piece).toString();
  return text;
}

await t.test('in order, whoever is first', async (t) => {
  for (const first of ['reader', 'writer'] as const) {
    const pieces = new Pieces();
    const reading = first === 'reader' ? readAll(pieces) : null;
    const writing = (async () => {
      for (const word of ['one ', '', 'two ', 'three']) await pieces.push(Buffer.from(word));
      pieces.end();
    })();
    t.equal(await (reading ?? readAll(pieces)), 'one two three', first);
    await writing;
  }
});

await t.test('the next is taken when this one has been used', async (t) => {
  const pieces = new Pieces();
  const reader = pieces[Symbol.asyncIterator]();
  let pushed = 0;
  const push = async (): Promise<void> => {
    await pieces.push(Buffer.from('x'));
    pushed++;
  };
  const first = push();
  await reader.next();
  t.equal(pushed, 0, 'it is being used');
  const asked = reader.next();
  await first;
  t.equal(pushed, 1);
  pieces.end();
  t.same(await asked, { done: true, value: undefined });
});

await t.test('ends', async (t) => {
  const empty = new Pieces();
  empty.end();
  t.equal(await readAll(empty), '');
  const broken = new Pieces();
  const reading = readAll(broken);
  await broken.push(Buffer.from('half'));
  broken.break();
  await t.rejects(reading, { message: 'the one who pushed went away' });
  broken.end();
  await broken.push(Buffer.from('nobody'));
});

await t.test('a reader that went away keeps nobody waiting', async (t) => {
  const pieces = new Pieces();
  const pushing = pieces.push(Buffer.from('one'));
  for await (const piece of pieces) {
    t.equal(Buffer.from(piece).toString(), 'one');
    break;
  }
  await pushing;
  await pieces.push(Buffer.from('two'));
  t.pass('both came back');
});
