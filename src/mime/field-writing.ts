// Header fields put into messages of others: folded lines of 7-bit text, whatever the value (RFC 5322 2.2.3, RFC 2047).

const LINE = 78;
/** Octets of text in an encoded word: its 60 characters of base64 and `=?UTF-8?B??=` stay under 75 (RFC 2047 section 2). */
const WORD_OCTETS = 45;
/** White space and the word behind it. Only SP and TAB fold: octets of a character may look like other white space. */
const PIECE = /[ \t]*[^ \t]+/g;

/** A field of unstructured text (RFC 5322 3.6.5) with CRLF at its end: as it is where it is printable US-ASCII, else in encoded words. */
export function unstructuredField(name: string, text: string): string {
  const plain = /^[ -~]*$/.test(text) && !text.includes('=?');
  return foldedField(name, plain ? text : encodedWords(text));
}

/** @param value octets as latin1, without line ends; white space around it does not count */
export function foldedField(name: string, value: string): string {
  let field = `${name}:`;
  let column = field.length;
  for (const piece of ` ${value.replace(/^[ \t]+/, '')}`.match(PIECE) ?? []) {
    if (column + piece.length > LINE && column > name.length + 1) {
      field += '\r\n';
      column = 0;
    }
    field += piece;
    column += piece.length;
  }
  return `${field}\r\n`;
}

/** All of a text in encoded words of UTF-8; no character is parted. */
export function encodedWords(text: string): string {
  const words: string[] = [];
  let octets = Buffer.alloc(0);
  for (const character of text.toWellFormed()) {
    const next = Buffer.from(character);
    if (octets.length + next.length > WORD_OCTETS) {
      words.push(octets.toString('base64'));
      octets = Buffer.alloc(0);
    }
    octets = Buffer.concat([octets, next]);
  }
  if (octets.length > 0) words.push(octets.toString('base64'));
  return words.map((word) => `=?UTF-8?B?${word}?=`).join(' ');
}
