// Macros: the examples of MS-OVBA 3.2, and a project in a compound file.
import t from 'tap';
import { TextBlocks } from '../../../src/mime/extract/text-blocks.ts';
import { decompressVba, readVbaProject } from '../../../src/mime/extract/vba.ts';
import { writeCompound } from '../../support/compound-writer.ts';

const nothing = { unpacked: () => 1 };

t.test('examples of the specification', async (t) => {
  for (const [name, hex, plain] of [
    ['no compression', '0119b000616263646566676800696a6b6c6d6e6f70007172737475762e', 'abcdefghijklmnopqrstuv.'],
    [
      'normal',
      '012fb0002361616162636465826600706167686 96a0138086 16b6c00306d6e6f700671027004107273747576107778797a003c'.replaceAll(' ', ''),
      '#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa',
    ],
    ['the most', '0103b002614500', 'a'.repeat(73)],
  ] as const) {
    t.equal(decompressVba(Buffer.from(hex, 'hex'), nothing), plain, name);
  }
});

t.test('damaged containers', async (t) => {
  for (const hex of ['', '00', '01', '0103', '01ffbfff0000', '0103b0016145', '0103b00361ffff'])
    t.type(decompressVba(Buffer.from(hex, 'hex'), nothing), 'string', hex);
});

/** Only literals: a flag octet of zero before each eight. */
function compressed(text: string): Buffer {
  const data = [];
  for (let at = 0; at < text.length; at += 8) data.push(0, ...Buffer.from(text.slice(at, at + 8)));
  const head = Buffer.from([1, 0, 0]);
  head.writeUInt16LE(0xb000 | (data.length - 1), 1);
  return Buffer.concat([head, Buffer.from(data)]);
}

t.test('a project', async (t) => {
  const lines: string[] = [];
  const blocks = new TextBlocks({ text: (place, text) => lines.push(`${place.area}: ${text}`) });
  const source = 'Attribute VB_Name = "M"\r\nSub A()\r\n\' comment-walnut\r\n';
  const { bytes } = writeCompound({
    VBA: { M: Buffer.concat([Buffer.from('\0\0compiled-walnut\0\0'), compressed(source)]), dir: Buffer.from('x') },
    PROJECT: Buffer.from('ID="x"\r\nName="project-walnut"\r\n'),
  });
  const output = {
    text: () => undefined,
    inner: async () => undefined,
    unpacked: () => 1_000_000,
    blind: () => undefined,
    defect: () => undefined,
    document: () => undefined,
  };
  t.equal(readVbaProject(bytes, blocks, output), 'whole');
  blocks.flush();
  for (const word of ['comment-walnut', 'compiled-walnut', 'project-walnut']) t.match(lines.join('\n'), word);
  t.equal(readVbaProject(Buffer.from('no project'), blocks, output), 'broken');
});
