// Attachments as they leave: one alone, all of them in a ZIP, whatever their size, names and encodings.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { leavesOf, outlineOf } from '../../../src/mime/present/outline.ts';
import type { Content, Presented } from '../../../src/mime/present/presented.ts';
import { zipOf } from '../../../src/mime/present/zip.ts';
import { lines, multipart, part, PNG_BASE64 } from '../../support/letters-to-show.ts';
import { partOctets } from '../../support/part-at.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MESSAGE = lines(
  ...multipart(
    'mixed',
    'm',
    part('text/plain', 'words'),
    part('image/png; name="../x/scan.png"', PNG_BASE64, 'Content-Transfer-Encoding: base64'),
    part(
      'text/plain',
      'Gr=C3=BC=\r\n=C3=9Fe',
      "Content-Disposition: attachment; filename*=utf-8''%C3%9Cber%2E.txt",
      'Content-Transfer-Encoding: quoted-printable',
    ),
    part('application/octet-stream; name=SCAN.png', 'other'),
    [...multipart('mixed', 'n', part('text/html; name=a.html', '<script>x</script>'), part('application/x', ''))],
  ),
);

/** Counts readers of the content that have not let go of it. */
function counted(message: Buffer): { readonly content: Content; readonly open: () => number } {
  let open = 0;
  return {
    open: () => open,
    async *content() {
      open++;
      try {
        for (let at = 0; at < message.length; at += 50) yield message.subarray(at, at + 50);
      } finally {
        open--;
      }
    },
  };
}

async function whole(octets: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of octets) pieces.push(piece);
  return Buffer.concat(pieces);
}

t.test('one attachment', async (t) => {
  const { content, open } = counted(MESSAGE);
  const cases: readonly (readonly [place: string, name: string, mediaType: string, octets: string])[] = [
    ['1', 'attachment-1.txt', 'text/plain', 'words'],
    ['2', 'scan.png', 'image/png', Buffer.from(PNG_BASE64, 'base64').toString('latin1')],
    ['3', 'Über..txt', 'text/plain', Buffer.from('Grüße').toString('latin1')],
    ['4', 'SCAN.png', 'text/plain', 'other'],
    ['5.1', 'a.html', 'application/octet-stream', '<script>x</script>'],
    ['5.2', 'attachment-5.2.bin', 'application/octet-stream', ''],
  ];
  for (const [place, name, mediaType, octets] of cases) {
    const found = await partOctets(content, place);
    t.match(found, { name, mediaType }, place);
    t.equal((await whole(found?.octets ?? MISSING)).toString('latin1'), octets, place);
  }
  for (const place of ['', '0', '5', '6', '5.3', '1.1', 'x', '../1']) t.equal(await partOctets(content, place), null, place);
  t.equal(open(), 0, 'every reader has let go');
});

const MISSING = {
  async *[Symbol.asyncIterator]() {
    yield Buffer.from('missing');
  },
};

t.test('whoever stops lets go of the content', async (t) => {
  const { content, open } = counted(MESSAGE);
  const unread = await partOctets(content, '2');
  await unread?.close();
  const begun = await partOctets(content, '3');
  for await (const piece of begun?.octets ?? MISSING) {
    t.ok(piece.length > 0);
    break;
  }
  const returned = await partOctets(content, '3');
  await returned?.octets.return?.();
  t.equal(open(), 0);
});

/** As presented: names by place, and where all parts of the content lie. */
async function shown(content: Content, names: Readonly<Record<string, string>>): Promise<Pick<Presented, 'attachments' | 'parts'>> {
  const about = { mediaType: 'x/y', sizeBytes: 0, preview: 'none' } as const;
  const attachments = Object.entries(names).map(([part, name]) => ({ ...about, part, name }));
  return { attachments, parts: leavesOf((await outlineOf(content())).root) };
}

t.test('all of them in a ZIP, as another program reads it', async (t) => {
  const { content, open } = counted(MESSAGE);
  // Not in the order of the message, one twice by name and one that is not there.
  const list = await shown(content, { '5.2': 'empty', '4': 'SCAN.png', '2': 'scan.png', '3': 'Über.txt', '9': 'none' });
  const file = join(temporaryFolder(t), 'all.zip');
  writeFileSync(file, await whole(await zipOf(content, list, Date.UTC(2026, 10, 27))));
  const script =
    'import sys,zipfile,json;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;print(json.dumps({n:z.read(n).decode("latin1") for n in z.namelist()}))';
  t.same(JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })), {
    'scan.png': Buffer.from(PNG_BASE64, 'base64').toString('latin1'),
    'Über.txt': Buffer.from('Grüße').toString('latin1'),
    'SCAN (2).png': 'other',
    empty: '',
  });
  t.equal(open(), 0);
});

t.test('a ZIP that is given up, and one whose content fails', async (t) => {
  const { content, open } = counted(MESSAGE);
  const zip = await zipOf(content, await shown(content, { '2': 'a' }), 0);
  const closed = new Promise((resolve) => zip.once('close', resolve));
  zip.destroy();
  await closed;
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(open(), 0);
  let passes = 0;
  const failing: Content = async function* () {
    passes++;
    yield MESSAGE.subarray(0, 150);
    if (passes > 1) throw new RangeError('unreadable');
    yield MESSAGE.subarray(150);
  };
  await t.rejects(whole(await zipOf(failing, await shown(failing, { '3': 'a' }), 0)), { name: 'RangeError' });
});

t.test('25 MB in bounded memory', async (t) => {
  const block = Buffer.alloc(57 * 1_000, 'postern ');
  const text = Buffer.from(`${block.toString('base64').replace(/.{76}/g, '$&\r\n')}`);
  const blocks = Math.ceil((25 * 1024 ** 2) / block.length);
  const head = lines(
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    'Content-Type: application/pdf',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  );
  let most = 0;
  const content: Content = async function* () {
    yield head;
    for (let i = 0; i < blocks; i++) {
      yield Buffer.from(text);
      most = Math.max(most, process.memoryUsage.rss());
    }
    yield Buffer.from('\r\n--m--\r\n');
  };
  const before = process.memoryUsage.rss();
  const found = await partOctets(content, '1');
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of found?.octets ?? MISSING) {
    hash.update(piece);
    length += piece.length;
  }
  const expected = createHash('sha256');
  for (let i = 0; i < blocks; i++) expected.update(block);
  t.equal(length, blocks * block.length);
  t.equal(hash.digest('hex'), expected.digest('hex'));
  const zipped = await whole(await zipOf(content, await shown(content, { '1': 'a.pdf' }), 0));
  t.ok(zipped.length > 1_000 && zipped.length < length, 'zipped');
  t.comment(`resident memory grew by ${Math.round((most - before) / 1024 ** 2)} MB at most`);
  t.ok(most - before < 120 * 1024 ** 2, 'resident memory');
});
