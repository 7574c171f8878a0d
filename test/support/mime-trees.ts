// Random MIME messages for fuzzing: trees of parts, proper and improper, with what must come through unchanged noted beside them.
import fc from 'fast-check';

export interface Tree {
  /** Header and body, latin1, CRLF lines. */
  readonly text: string;
  /** Pieces that must stay byte for byte. */
  readonly untouchable: readonly string[];
  /** 'odd': a part of a digest that is no message, so that its text is read as a header. */
  readonly build: 'proper' | 'odd';
}

const BODY_PIECES = [
  'Hello world\r\n',
  'Grüße aus Köln\r\n',
  '\r\n',
  '-- \r\n',
  '--not-a-delimiter\r\n',
  'a = b \r\n',
  '.\r\n',
  'From me\r\n',
  `${'long '.repeat(250)}\r\n`,
  `${'y'.repeat(1_500)}\r\n`,
  `${'--'.repeat(600)}\r\n`,
  '\t\r\n',
  '\u0001\u007f\r\n',
  'no line end',
].map((text) => Buffer.from(text).toString('latin1'));

const body = fc.array(fc.constantFrom(...BODY_PIECES), { maxLength: 6 }).map((pieces) => pieces.join(''));
const plain = fc
  .array(fc.constantFrom('Hello\r\n', '\r\n', 'x=3Dy\r\n', `${'z'.repeat(60)}\r\n`), { maxLength: 4 })
  .map((pieces) => pieces.join(''));
const leafType = fc.constantFrom(
  '',
  'Content-Type: text/plain; charset=utf-8\r\n',
  'Content-Type: TEXT/HTML\r\n',
  'Content-Type: application/pdf;\r\n name="a.pdf"\r\n',
  'Content-Type: image/png\r\n',
);
const identity = fc.constantFrom(
  '',
  'Content-Transfer-Encoding: 7bit\r\n',
  'content-transfer-encoding:8BIT\r\n',
  'Content-Transfer-Encoding:\r\n binary\r\n',
);
const extra = fc.constantFrom('', 'Content-Disposition: inline\r\n', `X-Long: ${'word '.repeat(300)}end\r\n`);

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(leafType, identity, extra, body).map(([type, encoding, more, content]) => ({
      text: `${type}${more}${encoding}\r\n${content}`,
      untouchable: [],
      build: 'proper' as const,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(leafType, plain).map(([type, content]) => ({
      text: `${type}Content-Transfer-Encoding: quoted-printable\r\n\r\n${content}`,
      untouchable: [content],
      build: 'proper' as const,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(leafType, body, fc.constantFrom(76, 2_000)).map(([type, content, width]) => {
      const encoded = Buffer.from(content, 'latin1')
        .toString('base64')
        .replace(new RegExp(`.{1,${width}}`, 'g'), '$&\r\n');
      return { text: `${type}Content-Transfer-Encoding: base64\r\n\r\n${encoded}`, untouchable: [], build: 'proper' as const };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(leafType, body).map(([type, content]) => ({
      text: `${type}Content-Transfer-Encoding: x-own\r\n\r\n${content}`,
      untouchable: [content],
      build: 'proper' as const,
    })),
  },
);

/** A multipart or message around others. `id` makes its boundary. */
function around(children: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  const multipart = fc
    .record({
      id: fc.nat(1_000_000),
      subtype: fc.constantFrom('mixed', 'mixed', 'alternative', 'digest', 'related', 'signed', 'encrypted'),
      label: identity,
      parts: fc.array(children, { minLength: 1, maxLength: 4 }),
      end: fc.constantFrom('closed', 'closed', 'closed', 'open'),
      outside: fc.constantFrom('', 'This is MIME\r\n'),
    })
    .map(({ id, subtype, label, parts, end, outside }): Tree => {
      const boundary = `=_b ${id}.`;
      const inner = `${outside}${parts.map(({ text }) => `--${boundary}\r\n${text}\r\n`).join('')}${end === 'closed' ? `--${boundary}--\r\n${outside}` : ''}`;
      const sealed = subtype === 'signed' || subtype === 'encrypted';
      return {
        text: `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n${label}\r\n${inner}`,
        untouchable: sealed ? [inner.trimEnd()] : parts.flatMap(({ untouchable }) => untouchable),
        build: !sealed && (subtype === 'digest' || parts.some(({ build }) => build === 'odd')) ? 'odd' : 'proper',
      };
    });
  const message = fc.tuple(children, identity).map(([child, label]): Tree => ({
    text: `Content-Type: message/rfc822\r\n${label}\r\nFrom: a@b.example\r\nMIME-Version: 1.0\r\n${child.text}`,
    untouchable: child.untouchable,
    build: child.build,
  }));
  return fc.oneof({ weight: 4, arbitrary: multipart }, { weight: 1, arbitrary: message });
}

const parts: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 2, arbitrary: around(leaf) },
  { weight: 1, arbitrary: around(fc.oneof(leaf, around(leaf))) },
);

/** Whole messages. */
export const mimeMessages: fc.Arbitrary<Tree> = fc
  .tuple(fc.constantFrom('MIME-Version: 1.0\r\n', 'MIME-Version: 1.0\r\n', ''), fc.oneof(parts, around(parts)), fc.constantFrom('\r\n', ''))
  .map(([version, tree, end]) => ({
    text: `From: a@b.example\r\nSubject: test\r\n${version}${tree.text}${end}`,
    untouchable: tree.untouchable,
    build: tree.build,
  }));
