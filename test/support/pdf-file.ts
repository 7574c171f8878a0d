// Writes small PDF files by hand, for what no program makes.

/** @param objects in order; the first is the catalog */
export function pdfFile(objects: readonly string[], trailer = ''): Buffer {
  let file = '%PDF-1.7\n';
  const places: number[] = [];
  objects.forEach((object, i) => {
    places.push(file.length);
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  });
  const start = file.length;
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  file += `trailer<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

export function pdfStream(data: string | Buffer, dictionary = ''): string {
  const octets = typeof data === 'string' ? data : data.toString('latin1');
  return `<<${dictionary}/Length ${octets.length}>>stream\n${octets}\nendstream`;
}

export const HELVETICA = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>';

/** One page of 612 x 792 with the font /F1 and what else: objects from 6 on. */
export function onePage(
  content: string,
  more: { page?: string; fonts?: string; resources?: string; catalog?: string; objects?: readonly string[] } = {},
): Buffer {
  return pdfFile([
    `<</Type/Catalog/Pages 2 0 R${more.catalog ?? ''}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R${more.fonts ?? ''}>>${more.resources ?? ''}>>${more.page ?? ''}>>`,
    pdfStream(content),
    HELVETICA,
    ...(more.objects ?? []),
  ]);
}

/** Lines of text at places. */
export function textAt(lines: readonly (readonly [x: number, y: number, text: string])[], size = 12): string {
  return lines.map(([x, y, text]) => `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET`).join('\n');
}
