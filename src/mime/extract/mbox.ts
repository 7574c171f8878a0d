// Mailbox files (RFC 4155): a message behind each line that begins with `From ` at the start or behind a blank line.
import { decodeText } from '../charset.ts';
import type { Extractor } from './extractor.ts';

const SEPARATOR = /^From [^\r\n]{0,300}\d{4}/;

export const mboxExtractor: Extractor = {
  kinds: ['mbox'],
  async extract({ bytes }, output) {
    for (let at = 0; at < bytes.length;) {
      const lineEnd = endOfLine(bytes, at);
      const next = nextSeparator(bytes, lineEnd);
      // The line holds an address that the header may not.
      output.text({ area: 'header' }, decodeText(bytes.subarray(at, lineEnd), null).text.trimEnd());
      const message = bytes.subarray(lineEnd, next);
      await output.inner({ bytes: message, declaredType: 'message/rfc822', parameters: new Map(), name: null, role: 'member' });
      at = next;
    }
  },
};

function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end + 1;
}

function nextSeparator(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('\nFrom ', from - 1); at >= 0; at = bytes.indexOf('\nFrom ', at + 1)) {
    const before = bytes[at - 1] === 13 ? at - 2 : at - 1;
    if (bytes[before] === 10 && SEPARATOR.test(bytes.toString('latin1', at + 1, at + 320))) return at + 1;
  }
  return bytes.length;
}
