// Messages presented for the portal, with the real child: what mail programs write, what is damaged, what ends a child, what is large.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { openPresenter } from '../../src/daemon/presenter.ts';
import type { Content, Presented } from '../../src/mime/present/presented.ts';
import { LETTERS, lines, multipart, part } from '../support/letters-to-show.ts';
import { mutations } from '../support/mutations.ts';
import { partAt } from '../support/part-at.ts';
import { HELVETICA, pdfFile, pdfStream, textAt } from '../support/pdf-file.ts';

const HOSTILE = fileURLToPath(new URL('../support/hostile-show-child.ts', import.meta.url));

/** In pieces that cut everything somewhere. */
function contentOf(message: Buffer, pieceBytes = 700): Content {
  return async function* () {
    for (let at = 0; at < message.length; at += pieceBytes) yield message.subarray(at, at + pieceBytes);
  };
}

function bodyOf({ body }: Presented): string {
  return body.kind === 'none' ? 'none' : `${body.kind}:${body.kind === 'html' ? body.html : body.text}`;
}

function attachmentsOf({ attachments }: Presented): readonly string[] {
  return attachments.map(({ part: place, name, mediaType, preview }) => `${place} ${name} ${mediaType} ${preview}`);
}

t.test('letters as mail programs write them', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  for (const { name, message, body, attachments } of LETTERS) {
    for (const pieceBytes of [1, 700, 1_000_000]) {
      const shown = await presenter.present(contentOf(message, pieceBytes));
      t.equal(bodyOf(shown), body, `${name}: body`);
      t.same(attachmentsOf(shown), attachments, `${name}: attachments`);
      t.equal(shown.end, 'complete', name);
    }
  }
});

t.test('the whole of a message', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  const message = lines(
    'From: "Dr. Who" <who@clinic.example>',
    'To: =?utf-8?q?J=C3=A4ne?= <jane@example.net>, friends: a@example.net, b@example.net;',
    'Cc: c@example.net',
    'Date: Fri, 27 Nov 2026 10:00:00 -0500',
    'Subject: =?utf-8?b?R3LDvMOfZQ==?=',
    'Message-ID: <1@clinic.example>',
    'References: <0@clinic.example>',
    'MIME-Version: 1.0',
    ...multipart(
      'mixed',
      'm',
      part('text/html', '<p>Hi <img src="https://a.example/x"></p>'),
      part('text/plain', 'hello', 'Content-Disposition: attachment; filename="../../a.txt"'),
    ),
  );
  t.same(await presenter.present(contentOf(message)), {
    from: [{ name: 'Dr. Who', address: 'who@clinic.example' }],
    to: [
      { name: 'Jäne', address: 'jane@example.net' },
      { name: null, address: 'a@example.net' },
      { name: null, address: 'b@example.net' },
    ],
    cc: [{ name: null, address: 'c@example.net' }],
    date: Date.UTC(2026, 10, 27, 15),
    subject: 'Grüße',
    headerMessageId: '<1@clinic.example>',
    references: '<0@clinic.example>',
    body: { kind: 'html', html: '<p>Hi <img data-remote="https://a.example/x"></p>', remotePictures: 1, text: 'Hi' },
    attachments: [{ part: '2', name: 'a.txt', mediaType: 'text/plain', sizeBytes: 5, preview: 'text' }],
    parts: [await partAt(contentOf(message), '2')],
    end: 'complete',
  });
});

t.test('what ends a child costs the body, and nothing else', async (t) => {
  const presenter = openPresenter({ entry: HOSTILE, partMs: 700, memoryBytes: 300 * 1024 ** 2 });
  t.teardown(() => presenter.close());
  const file = part('text/plain; name=a.txt', 'x', 'Content-Disposition: attachment');
  for (const word of ['loop', 'memory', 'heap', 'exit', 'nonsense', 'wrong shape', 'silence', 'flood']) {
    const message = lines('Subject: still here', ...multipart('mixed', 'm', part('text/plain', word), file));
    t.match(
      await presenter.present(contentOf(message)),
      {
        subject: 'still here',
        body: { kind: 'none' },
        attachments: [{ part: '2', name: 'a.txt', mediaType: 'text/plain', sizeBytes: 1, preview: 'text' }],
        end: 'over-limits',
      },
      word,
    );
    t.equal(bodyOf(await presenter.present(contentOf(lines('', 'next')))), 'text:next', `after ${word}`);
  }
});

t.test('children end with the presenter', async (t) => {
  const presenter = openPresenter({ entry: HOSTILE });
  const waiting = presenter.present(contentOf(lines('', 'loop')));
  await presenter.close();
  t.match(await waiting, { body: { kind: 'none' } });
});

t.test('more than is shown', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  const cases: readonly (readonly [name: string, message: Buffer, body: RegExp])[] = [
    ['HTML that is too deep is shown as text', lines('Content-Type: text/html', '', `${'<div>'.repeat(5_000)}words`), /^text:words$/],
    ['text that is too long', lines('', 'word '.repeat(300_000)), /^text:word word /],
    ['more than is read', lines('', 'x'.repeat(5 * 1024 ** 2)), /^text:xxx/],
    [
      'parts that are too deep',
      lines(...Array.from({ length: 60 }, (_, i) => [`Content-Type: multipart/mixed; boundary=b${i}`, '', `--b${i}`]).flat(), '', 'x'),
      /./,
    ],
    ['too many attachments', lines(...multipart('mixed', 'm', ...Array.from({ length: 400 }, () => part('application/x', 'x')))), /^none$/],
  ];
  for (const [name, message, body] of cases) {
    const shown = await presenter.present(contentOf(message, 60_000));
    t.match(bodyOf(shown).slice(0, 100), body, name);
    t.equal(shown.end, 'over-limits', name);
  }
});

t.test('text of attachments', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 7 0 R>>>>/Contents';
  const pdf = pdfFile([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>',
    `${page} 5 0 R>>`,
    `${page} 6 0 R>>`,
    pdfStream(
      textAt([
        [50, 700, 'First page'],
        [50, 680, 'Result: normal'],
      ]),
    ),
    pdfStream(textAt([[50, 700, 'Second page']])),
    HELVETICA,
  ]).toString('base64');
  const message = lines(
    ...multipart(
      'mixed',
      'm',
      part('text/plain', 'words'),
      part('application/pdf; name=a.pdf', pdf, 'Content-Transfer-Encoding: base64'),
      part('text/plain; name=a.txt', 'a\r\nb', 'Content-Disposition: attachment'),
      part('application/octet-stream; name=b.bin', '\0\x01\x02'),
      part('application/pdf; name=broken.pdf', '%PDF-1.4 nothing'),
    ),
  );
  const content = contentOf(message);
  const preview = async (place: string): Promise<string | null> => {
    const found = await partAt(content, place);
    if (found === null) throw new Error(`there is no part ${place}`);
    return presenter.previewText(content, found);
  };
  t.match(await preview('2'), /First page\s+Result: normal\n\nSecond page/);
  t.equal(await preview('3'), 'a\nb');
  for (const place of ['4', '5']) t.equal(await preview(place), null, `place ${place}`);
});

t.test('content that cannot be had', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  const failing: Content = async function* () {
    yield Buffer.from('Subject: x\r\n\r\n');
    throw new RangeError('unreadable');
  };
  await t.rejects(presenter.present(failing), { name: 'RangeError' });
  const whole = await partAt(contentOf(Buffer.from('Subject: x\r\n\r\nwords')), '1');
  t.ok(whole !== null);
  if (whole !== null) await t.rejects(presenter.previewText(failing, whole), { name: 'RangeError' });
});

t.test('whatever a message holds, it is presented', async (t) => {
  const presenter = openPresenter();
  t.teardown(() => presenter.close());
  const folder = new URL('../data/mime-corpora/', import.meta.url);
  const corpus = ['mimekit', 'stalwart'].flatMap((name) =>
    readdirSync(new URL(name, folder))
      .filter((file) => file !== 'LICENSE')
      .map((file) => readFileSync(new URL(`${name}/${file}`, folder))),
  );
  const damaged = LETTERS.flatMap(({ message }) => mutations(message, 3));
  let shown = 0;
  for (const message of [...corpus, ...damaged]) {
    const presented = await presenter.present(contentOf(message, 4_000));
    for (const { name, sizeBytes } of presented.attachments) {
      if (name === '' || name.length > 150 || /[\p{Cc}/\\\u202e]/u.test(name) || sizeBytes < 0) t.fail('a name or size that none may have');
    }
    shown += presented.body.kind === 'none' ? 0 : 1;
  }
  t.ok(shown > (corpus.length + damaged.length) / 2, `${shown} of ${corpus.length + damaged.length} have a body`);
});
