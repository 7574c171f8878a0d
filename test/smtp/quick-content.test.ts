// The quick way through content finds the same content, ends and stuffed dots as the library's own way, however the octets are cut.
import fc from 'fast-check';
import t from 'tap';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { quickenContent } from '../../src/smtp/quick-content.ts';
import { FALSE_ENDS } from '../support/smuggling.ts';

interface Parsed {
  readonly content: string;
  readonly ended: boolean;
  readonly commands: readonly string[];
}

/** Feeds pieces to a parser in data mode; gives the content, and the commands found behind it. */
async function parse(parser: SMTPStream, pieces: readonly Uint8Array[]): Promise<Parsed> {
  const commands: string[] = [];
  parser.oncommand = (command, done) => {
    commands.push(command.toString('latin1'));
    done?.();
  };
  const content: Buffer[] = [];
  const sink = parser.startDataMode();
  let ended = false;
  sink.on('data', (piece: Buffer) => content.push(Buffer.from(piece)));
  sink.on('end', () => {
    ended = true;
    parser.continue();
  });
  for (const piece of pieces) await new Promise<void>((resolve) => parser.write(piece, () => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
  return { content: Buffer.concat(content).toString('latin1'), ended, commands };
}

function cut(octets: Buffer, at: readonly number[]): Buffer[] {
  const borders = [0, ...at.map((one) => one % (octets.length + 1)).sort((a, b) => a - b), octets.length];
  return borders
    .slice(1)
    .map((border, i) => octets.subarray(borders[i], border))
    .filter((piece) => piece.length > 0);
}

async function both(pieces: readonly Uint8Array[]): Promise<readonly [Parsed, Parsed]> {
  return Promise.all([parse(new SMTPStream(), pieces), parse(quickenContent(new SMTPStream()), pieces)]);
}

await t.test('named cases, cut at every place', async (t) => {
  const texts = [
    '.\r\nNOOP\r\n',
    'a\r\n.\r\nNOOP\r\n',
    '..\r\n.\r\nNOOP\r\n',
    'a\r\n..b\r\n...\r\n.\r\nNOOP\r\n',
    'no dots at all in this line\r\nnor here\r\n.\r\nNOOP\r\n',
    ...FALSE_ENDS.map(([, end]) => `line\r\n${end}NOOP\r\n.\r\nQUIT\r\n`),
  ];
  for (const text of texts) {
    const octets = Buffer.from(text, 'latin1');
    for (let i = 0; i <= octets.length; i++) {
      const [usual, quick] = await both(cut(octets, [i, i + 3]));
      if (JSON.stringify(usual) !== JSON.stringify(quick)) t.fail(`${octets.toString('hex')} cut at ${i}`);
    }
  }
  const [, quick] = await both([Buffer.from('line one is long enough\r\n'), Buffer.from('line two too\r\n'), Buffer.from('.\r\nNOOP\r\n')]);
  t.same(quick, { content: 'line one is long enough\r\nline two too\r\n', ended: true, commands: ['NOOP'] });
});

await t.test('any octets', async (t) => {
  const part = fc.constantFrom('\r\n', '.', '\r\n.', '\r\n..', 'a', 'bcdefgh', '\r', '\n', '\0', '\n.', 'xxxxxxxxxxxxxxxx');
  const samples = fc.sample(fc.tuple(fc.array(part, { maxLength: 25 }), fc.array(fc.nat(120), { maxLength: 6 })), {
    numRuns: 1_500,
    seed: 7,
  });
  let differences = 0;
  for (const [parts, cuts] of samples) {
    const octets = Buffer.from(`${parts.join('')}\r\n.\r\nNOOP\r\n`, 'latin1');
    const [usual, quick] = await both(cut(octets, cuts));
    if (JSON.stringify(usual) !== JSON.stringify(quick)) differences++;
  }
  t.equal(differences, 0);
});

await t.test('back-pressure: the parser waits for a sink that is full, and goes on when it closes', async (t) => {
  for (const how of ['drained', 'closed'] as const) {
    const parser = quickenContent(new SMTPStream());
    const sink = parser.startDataMode();
    const piece = Buffer.alloc(100_000, 'x');
    await new Promise<void>((resolve) => parser.write(Buffer.from('start of it\r\n'), () => resolve()));
    let taken = 'no';
    parser.write(piece, () => {
      taken = 'yes';
    });
    await new Promise((resolve) => setImmediate(resolve));
    t.equal(taken, 'no', 'full');
    const done = new Promise<void>((resolve) => parser.write(Buffer.from('xxxxxx'), () => resolve()));
    if (how === 'drained') sink.resume();
    else sink.destroy();
    await done;
    t.equal(taken, 'yes', how);
  }
});
