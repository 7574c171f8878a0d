// Makes the library's search for dots fast where there are none. smtp-server walks through content octet by octet; a piece in which no
// line begins with a dot holds neither an end nor a stuffed dot, and needs no walk. What ends a message stays the library's decision.
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js';

/** "a line begins with a dot", whatever ended the line before: more than the library looks for, so that nothing is missed. */
const LF_DOT = Buffer.from('\n.');
/** smtp-server keeps so many octets back, because an end may lie across pieces. */
const KEPT_BACK = 4;

/** Gives the parser a quick way for pieces without dots; every other piece goes the usual way. */
export function quickenContent(parser: SMTPStream): SMTPStream {
  const usual = parser._feedDataStream.bind(parser);
  parser._feedDataStream = (piece, done) => {
    const sink = parser._dataStream;
    const before = parser._lastBytes === false ? null : parser._lastBytes;
    // The start of the content is the library's too: a dot there needs no line before it.
    if (sink === null || !sink.writable || parser._atDataStart || before?.length !== KEPT_BACK || piece.length < KEPT_BACK)
      return usual(piece, done);
    const joined = Buffer.concat([before, piece]);
    if (joined.includes(LF_DOT)) return usual(piece, done);
    const ready = joined.subarray(0, -KEPT_BACK);
    parser._lastBytes = joined.subarray(-KEPT_BACK);
    parser._countDataBytes(ready.length);
    if (sink.write(ready)) return done();
    const goOn = (): void => {
      sink.removeListener('drain', goOn);
      sink.removeListener('close', goOn);
      done();
    };
    sink.once('drain', goOn);
    sink.once('close', goOn);
  };
  return parser;
}
