// Sequences that some mail server takes, or once took, for the end of a message though they are not CRLF.CRLF: the public names of
// "SMTP smuggling" and what followed. Each holds a bare CR, a bare LF or a NUL. (latin1)

/** Name and octets after the dot of a line that is none; the dot itself stands in the middle. */
export const FALSE_ENDS: readonly (readonly [name: string, end: string])[] = [
  ['LF.LF', 'x\n.\n'],
  ['LF.CRLF', 'x\n.\r\n'],
  ['CRLF.LF', 'x\r\n.\n'],
  ['CR.CR', 'x\r.\r'],
  ['CR.CRLF', 'x\r.\r\n'],
  ['CRLF.CR', 'x\r\n.\rx'],
  ['LF.CR', 'x\n.\r'],
  ['CR.LF', 'x\r.\n'],
  ['CRLF NUL .CRLF', 'x\r\n\0.\r\n'],
  ['CRLF. NUL CRLF', 'x\r\n.\0\r\n'],
  ['NUL CRLF.CRLF', 'x\0\r\n.x\r\n'],
  ['LF.CR CR LF', 'x\n.\r\r\n'],
  ['CRLF.CR CR LF', 'x\r\n.\r\r\n'],
  ['CR CR LF.CRLF', 'x\r\r\n.x\r\n'],
  ['CRLF CR.CRLF', 'x\r\n\r.x\r\n'],
  ['LF LF.CRLF', 'x\n\n.x\r\n'],
  ['bare LF alone', 'x\ny'],
  ['bare CR alone', 'x\ry'],
  ['NUL alone', 'x\0y'],
];
