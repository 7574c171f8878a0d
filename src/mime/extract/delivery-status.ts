// Reports about mail (RFC 3464, RFC 8098, RFC 5965) and headers of mail (text/rfc822-headers, RFC 6522): groups of fields.
import type { Mark } from '../../mail/message.ts';
import { readFieldText } from '../field-text.ts';
import { parseHeaderBlock } from '../header-block.ts';
import type { Extractor, Output } from './extractor.ts';

export const deliveryStatusExtractor: Extractor = {
  kinds: ['delivery-status'],
  extract({ bytes }, output) {
    let at = 0;
    // A group ends at an empty line; some programs write several, or none.
    for (let row = 1; at < bytes.length; row++) {
      const block = parseHeaderBlock(bytes.subarray(at));
      if (block.fields.length > 0) tellGroup(bytes.subarray(at, at + block.end), row, output);
      at += Math.max(block.bodyStart, 1);
    }
  },
};

function tellGroup(group: Buffer, row: number, output: Output): void {
  const lines: string[] = [];
  const marks: Mark[] = [];
  let length = 0;
  for (const { key, name, valueStart, end } of parseHeaderBlock(group).fields) {
    const { readings, defects } = readFieldText(group.subarray(valueStart, end));
    for (const defect of defects) output.defect(defect);
    for (const reading of readings) {
      const line = key === '' ? reading : `${name}: ${withoutEscapes(reading)}`;
      if (key !== '') marks.push({ at: length, field: key.slice(0, 80) });
      lines.push(line);
      length += line.length + 1;
    }
  }
  output.text({ area: 'text', row }, lines.join('\n'), marks);
}

/** Characters of addresses as RFC 6533 3 writes them in reports that must be US-ASCII: `\x{E9}`. */
function withoutEscapes(text: string): string {
  if (!text.includes('\\x{')) return text;
  return text.replace(/\\x\{([0-9A-Fa-f]{2,6})\}/g, (escape, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : escape;
  });
}
