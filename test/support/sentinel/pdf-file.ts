// A writer of small PDF files (ISO 32000-1): pages of Helvetica, embedded files.
import { deflateSync } from 'node:zlib';
import type { Carried } from './sentence.ts';

const literal = (text: string): string => `(${text.replace(/[\\()]/g, '\\$&')})`;

/** @param pages the lines of each; characters of Latin-1 only */
export function makePdf(pages: readonly (readonly string[])[], inside: readonly Carried[] = []): Buffer {
  const objects: Buffer[] = [];
  const add = (text: string, stream?: Buffer): number => {
    const parts =
      stream === undefined
        ? [Buffer.from(text, 'latin1')]
        : [Buffer.from(`${text}\nstream\n`, 'latin1'), stream, Buffer.from('\nendstream')];
    return objects.push(Buffer.concat(parts));
  };
  const stream = (bytes: Buffer, more: string): number => {
    const packed = deflateSync(bytes);
    return add(`<< ${more} /Length ${packed.length} /Filter /FlateDecode >>`, packed);
  };
  const [catalog, tree, font] = [
    add(''),
    add(''),
    add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
  ];
  const kids = pages.map((lines) => {
    const content = lines.map((line, i) => `BT /F1 10 Tf 50 ${780 - i * 12} Td ${literal(line)} Tj ET`).join('\n');
    const contents = stream(Buffer.from(content, 'latin1'), '');
    return add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 595 842] /Contents ${contents} 0 R /Resources << /Font << /F1 ${font} 0 R >> >> >>`,
    );
  });
  const files = inside.map(({ bytes, name }) => {
    const file = stream(bytes, '/Type /EmbeddedFile');
    return `${literal(name)} ${add(`<< /Type /Filespec /F ${literal(name)} /UF ${literal(name)} /EF << /F ${file} 0 R >> >>`)} 0 R`;
  });
  const names = files.length === 0 ? '' : `/Names << /EmbeddedFiles << /Names [${files.join(' ')}] >> >>`;
  objects[catalog - 1] = Buffer.from(`<< /Type /Catalog /Pages ${tree} 0 R ${names} >>`);
  objects[tree - 1] = Buffer.from(`<< /Type /Pages /Count ${kids.length} /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] >>`);
  return assembled(objects, catalog);
}

function assembled(objects: readonly Buffer[], root: number): Buffer {
  const pieces = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  let at = pieces[0]?.length ?? 0;
  const offsets = objects.map((object, i) => {
    const piece = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    pieces.push(piece);
    const offset = at;
    at += piece.length;
    return `${`${offset}`.padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  return Buffer.concat([
    ...pieces,
    Buffer.from(`${table}trailer\n<< /Size ${objects.length + 1} /Root ${root} 0 R >>\nstartxref\n${at}\n%%EOF\n`),
  ]);
}
