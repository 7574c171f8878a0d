// Every message of the parsers' own corpora: read to its end, all its text found, every part numbered.
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { Message } from '../../../src/mail/message.ts';
import { readWith, textOf } from '../../support/read.ts';
import { MIME_EXTRACTORS } from '../../support/plain-leaves.ts';

const FOLDER = 'test/data/mime-corpora';
const FILES = ['mimekit', 'stalwart'].flatMap((folder) =>
  readdirSync(`${FOLDER}/${folder}`)
    .filter((name) => /\.(?:eml|txt)$/.test(name) && name !== 'MIT.txt')
    .map((name) => `${folder}/${name}`),
);
const EXPECTED: unknown = JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8'));

function read(file: string): Promise<Message> {
  return readWith(MIME_EXTRACTORS, readFileSync(`${FOLDER}/${file}`));
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ');
}

await t.test('every message', async (t) => {
  t.ok(FILES.length > 140, 'the corpora are there');
  for (const file of FILES) {
    const { parts, blindSpots, spans } = await read(file);
    const paths = parts.map(({ path }) => path);
    t.equal(new Set(paths).size, paths.length, `${file}: each part has a number of its own`);
    t.same(
      paths.filter((path) => path.includes('.') && !paths.includes(path.slice(0, path.lastIndexOf('.')))),
      [],
      `${file}: each lies in another`,
    );
    t.ok(
      [...spans, ...blindSpots].every(({ part }) => paths.includes(part)),
      `${file}: what was found is in a part`,
    );
    t.notOk(
      blindSpots.some(({ kind }) => kind === 'too-deep' || kind === 'too-large' || kind === 'broken'),
      `${file}: read to its end`,
    );
  }
});

await t.test('what readers see', async (t) => {
  const files = Object.entries(EXPECTED ?? {});
  t.ok(files.length > 130, 'expectations');
  for (const [file, texts] of files) {
    const found = squeezed(textOf(await read(file)));
    const missing = (Array.isArray(texts) ? texts : [texts]).filter((text) => !found.includes(squeezed(String(text))));
    t.same(missing, [], file);
  }
});

const TREES: readonly (readonly [file: string, tree: string])[] = [
  ['mimekit/messages__rfc2060.txt', ' 1 2 3 3.1 3.2 4 4.1 4.2 4.2.1 4.2.2 4.2.2.1 4.2.2.2'],
  ['mimekit/messages__simple-embedded-message.eml', ' 1 2 2.1'],
  ['mimekit/messages__body.1.txt', ' 1'],
  ['mimekit/messages__body.3.txt', ' 1 2'],
  ['mimekit/messages__body.5.txt', ' 1 1.1 1.2 1.3 2'],
  ['mimekit/messages__empty-multipart.txt', ' 1 2'],
  ['mimekit/messages__delivery-status2.txt', ' 1 2 3 3.1 3.2'],
  ['stalwart/rfc__004.eml', ' 1 2 2.1 2.1.1 2.2 2.2.1'],
  ['stalwart/rfc__007.eml', ' 1 2 2.1 2.1.1 2.1.1.1 2.1.1.2 2.1.1.3 2.1.2 2.1.2.1 2.1.2.2 2.2 2.3 2.4 2.4.1 3'],
  ['stalwart/rfc__009.eml', ' 1 1.1 1.2 2 2.1'],
  ['stalwart/thirdparty__007.eml', ' 1 1.1 2 2.1 3 3.1 3.2'],
  // Eudora: the inner boundaries begin with the outer one.
  ['stalwart/legacy__015.eml', ' 1 1.1 1.1.1 1.1.2 1.2 1.3 2 3'],
];

await t.test('numbers as IMAP counts', async (t) => {
  for (const [file, tree] of TREES) {
    const { parts } = await read(file);
    t.equal(parts.map(({ path }) => path).join(' '), tree, file);
  }
});

const DEFECTS: readonly (readonly [file: string, ...codes: string[]])[] = [
  ['mimekit/messages__body.1.txt'],
  ['mimekit/messages__bounce.txt'],
  ['mimekit/messages__japanese.txt'],
  ['mimekit/messages__epilogue.txt', 'text-outside-parts'],
  ['mimekit/messages__missing-subtype.txt', 'content-type-malformed'],
  ['mimekit/mbox__unmunged.mbox.txt', 'header-malformed'],
  ['mimekit/partial__message-partial.0.eml', 'part-incomplete', 'multipart-not-closed'],
  ['stalwart/legacy__009.eml', 'encoded-word-malformed'],
  ['stalwart/malformed__020.eml', 'field-repeated', 'multipart-not-closed'],
  ['stalwart/rfc__001.eml', 'body-elsewhere'],
  ['stalwart/rfc__008.eml', 'multipart-encoded'],
  ['stalwart/thirdparty__004.eml', 'transfer-encoding-unknown'],
];

await t.test('what is odd about them', async (t) => {
  for (const [file, ...codes] of DEFECTS) {
    const found = new Set<string>((await read(file)).defects.map(({ code }) => code));
    t.same(
      codes.filter((code) => !found.has(code)),
      [],
      `${file}: told`,
    );
    if (codes.length === 0) t.same([...found], [], `${file}: nothing`);
  }
});
