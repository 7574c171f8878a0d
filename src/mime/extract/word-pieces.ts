// The piece table of a Word document (MS-DOC 2.9.38, 2.9.177): where in the file each run of characters lies, and whether it is octets
// or UTF-16.
import type { Output } from './extractor.ts';
import { u16, u32, u8 } from './little-endian.ts';
import { type Fib, WORD_97 } from './word-fib.ts';

export interface Piece {
  /** In the WordDocument stream. */
  readonly at: number;
  /** In characters; never beyond the end of the stream. */
  readonly length: number;
  readonly charBytes: 1 | 2;
  readonly codePage: number;
}

const COMPRESSED = 0x40000000;

/** In the order of their characters. Without a usable table the text is taken as one run. */
export function readPieces(word: Buffer, table: Buffer, fib: Fib, output: Pick<Output, 'defect' | 'blind'>): readonly Piece[] {
  const list = pieceTable(table.subarray(fib.clx.at, fib.clx.at + fib.clx.sizeBytes));
  const { charBytes, codePage } = fib;
  const whole = { at: fib.text.at, length: Math.ceil(fib.text.sizeBytes / charBytes), charBytes, codePage };
  if (list === null) {
    if (fib.version >= WORD_97) {
      output.defect('container-malformed');
      output.blind('broken');
    }
    return [within(word, whole)];
  }
  const count = Math.floor((list.length - 4) / 12);
  const pieces: Piece[] = [];
  for (let i = 0; i < count; i++) {
    const length = u32(list, i * 4 + 4) - u32(list, i * 4);
    const place = u32(list, (count + 1) * 4 + i * 8 + 2);
    if (length <= 0) continue;
    const piece = within(word, pieceAt(place, length, fib));
    if (piece.length < length) {
      output.defect('container-malformed');
      output.blind('broken');
    }
    if (piece.length > 0) pieces.push(piece);
  }
  return pieces;
}

function pieceAt(place: number, length: number, { version, codePage, charBytes }: Fib): Piece {
  if (version < WORD_97) return { at: place, length, charBytes, codePage };
  const at = place & ~(COMPRESSED | 0x80000000);
  return (place & COMPRESSED) === 0 ? { at, length, charBytes: 2, codePage } : { at: at >> 1, length, charBytes: 1, codePage: 1252 };
}

function within(word: Buffer, piece: Piece): Piece {
  return { ...piece, length: Math.min(piece.length, Math.max(0, Math.floor((word.length - piece.at) / piece.charBytes))) };
}

/** Clx: property lists of their own, then the pieces. */
function pieceTable(clx: Buffer): Buffer | null {
  for (let at = 0; at + 5 <= clx.length;) {
    if (u8(clx, at) === 2) return clx.subarray(at + 5, at + 5 + u32(clx, at + 1));
    if (u8(clx, at) !== 1) return null;
    at += 3 + u16(clx, at + 1);
  }
  return null;
}
