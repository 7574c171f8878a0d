// The elements of a DICOM data set (PS3.5 7, PS3.10 7), one after another: every transfer syntax that is one, sequences without recursion,
// values as views of the file.
import { LimitReached, type Output } from './extractor.ts';
import { unpack } from './unpack.ts';

export interface DicomEvents {
  /** @param tag as `(0010,0010)`; @param vr '' where the transfer syntax does not say; @param value a view */
  element(tag: string, vr: string, value: Buffer): void;
  /** An item of a sequence begins. @param sequence its tag */
  open(sequence: string): void;
  close(sequence: string): void;
  /** Pixels in fragments: they are skipped. */
  fragments(tag: string): void;
}

interface Frame {
  readonly kind: 'sequence' | 'item';
  readonly tag: string;
  readonly end: number;
  readonly isExplicit: boolean;
}

/** PS3.5 table 7.1-1: VRs with a length of 32 bits. */
const LONG: ReadonlySet<string> = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const UNDEFINED = 0xffffffff;
const DEEPEST = 5_000;

const DEFLATED = '1.2.840.10008.1.2.1.99';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** @returns 'broken' where it ends before its lengths say; @throws LimitReached */
export function readDataSet(file: Buffer, events: DicomEvents, output: Pick<Output, 'unpacked'>): 'whole' | 'broken' {
  const start = file.toString('latin1', 128, 132) === 'DICM' ? 132 : file.toString('latin1', 0, 4) === 'DICM' ? 4 : 0;
  const bigEndian = start === 0 && file[0] === 0 && (file[1] ?? 0) > 0 && (file[1] ?? 0) <= 0x10;
  if (bigEndian) return new DataSet(file, 0, 'big', events).read();
  let syntax = '';
  const meta = new DataSet(file, start, 'little', {
    ...events,
    element: (tag, vr, value) => {
      if (tag === '(0002,0010)') syntax = value.toString('latin1', 0, 64).replace(/[\0 ]/g, '');
      events.element(tag, vr, value);
    },
  });
  const end = meta.read('meta');
  if (end === 'broken') return end;
  if (syntax === DEFLATED) return new DataSet(unpack(file.subarray(meta.at), 'deflate', output), 0, 'little', events).read();
  return new DataSet(file, meta.at, syntax === BIG_ENDIAN ? 'big' : 'little', events).read();
}

class DataSet {
  at: number;
  readonly #bytes: Buffer;
  readonly #order: 'little' | 'big';
  readonly #events: DicomEvents;
  readonly #frames: Frame[] = [];
  #end: 'whole' | 'broken' = 'whole';

  constructor(bytes: Buffer, at: number, order: 'little' | 'big', events: DicomEvents) {
    this.#bytes = bytes;
    this.at = at;
    this.#order = order;
    this.#events = events;
  }

  /** @param part 'meta' stops behind group 0002 */
  read(part: 'meta' | 'all' = 'all'): 'whole' | 'broken' {
    const bytes = this.#bytes;
    const isExplicit = isVr(bytes, this.at + 4);
    for (;;) {
      this.#leaveEnded();
      if (this.at + 8 > bytes.length) break;
      const group = this.#u16(this.at);
      if (part === 'meta' && group !== 2) return this.#end;
      const tag = `(${hex(group)},${hex(this.#u16(this.at + 2))})`;
      if (group === 0xfffe) this.#delimiter(tag, isExplicit);
      else this.#element(tag, this.#frames.at(-1)?.isExplicit ?? isExplicit);
    }
    // Some pad to a block; a rest that is not is a cut.
    if (bytes.subarray(this.at).some((octet) => octet !== 0)) this.#end = 'broken';
    while (this.#frames.length > 0) this.#leave();
    return this.#end;
  }

  #element(tag: string, isExplicit: boolean): void {
    const bytes = this.#bytes;
    const vr = isExplicit && isVr(bytes, this.at + 4) ? bytes.toString('latin1', this.at + 4, this.at + 6) : '';
    let length: number;
    if (vr === '') {
      length = this.#u32(this.at + 4);
      this.at += 8;
    } else if (!LONG.has(vr)) {
      length = this.#u16(this.at + 6);
      this.at += 8;
    } else if (this.at + 12 > bytes.length) {
      this.#cut();
      return;
    } else {
      length = this.#u32(this.at + 8);
      this.at += 12;
    }
    // What is UN within holds elements as implicit little endian does (PS3.5 6.2.2).
    const inside = isExplicit && vr !== 'UN' && vr !== '';
    if (length === UNDEFINED) {
      if (tag === '(7FE0,0010)' || vr === 'OB' || vr === 'OW') this.#fragments(tag);
      else this.#enter({ kind: 'sequence', tag, end: Infinity, isExplicit: inside });
    } else if (vr === 'SQ' || ((vr === '' || vr === 'UN') && this.#isItem(length)))
      this.#enter({ kind: 'sequence', tag, end: this.at + length, isExplicit: inside });
    else {
      this.#events.element(tag, vr, bytes.subarray(this.at, this.at + length));
      this.at += length;
      if (this.at > bytes.length) this.#cut();
    }
  }

  #delimiter(tag: string, isExplicit: boolean): void {
    const length = this.#u32(this.at + 4);
    this.at += 8;
    const top = this.#frames.at(-1);
    if (tag === '(FFFE,E000)') {
      // An item where none may be is read on as if its sequence had been named.
      const sequence = top?.tag ?? '';
      this.#enter({
        kind: 'item',
        tag: sequence,
        end: length === UNDEFINED ? Infinity : this.at + length,
        isExplicit: top?.isExplicit ?? isExplicit,
      });
      this.#events.open(sequence);
    } else if (tag === '(FFFE,E00D)') {
      if (top?.kind === 'item') this.#leave();
    } else if (tag === '(FFFE,E0DD)') {
      if (top?.kind === 'item') this.#leave();
      if (this.#frames.at(-1)?.kind === 'sequence') this.#leave();
    }
  }

  /** PS3.5 A.4: items with pixels, until their delimiter. */
  #fragments(tag: string): void {
    this.#events.fragments(tag);
    while (this.at + 8 <= this.#bytes.length) {
      const isItem = this.#u16(this.at) === 0xfffe && this.#u16(this.at + 2) === 0xe000;
      const length = this.#u32(this.at + 4);
      this.at += 8;
      if (!isItem) return;
      this.at += length;
    }
    this.#cut();
  }

  #isItem(length: number): boolean {
    return length >= 8 && this.#u16(this.at) === 0xfffe && this.#u16(this.at + 2) === 0xe000;
  }

  #enter(frame: Frame): void {
    if (this.#frames.length >= DEEPEST) throw new LimitReached('too-deep');
    this.#frames.push(frame);
  }

  #leave(): void {
    const frame = this.#frames.pop();
    if (frame?.kind === 'item') this.#events.close(frame.tag);
  }

  #leaveEnded(): void {
    for (let top = this.#frames.at(-1); top !== undefined && this.at >= top.end; top = this.#frames.at(-1)) this.#leave();
  }

  #cut(): void {
    this.#end = 'broken';
    this.at = this.#bytes.length;
  }

  #u16(at: number): number {
    if (at + 2 > this.#bytes.length) return 0;
    return this.#order === 'little' ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }

  #u32(at: number): number {
    if (at + 4 > this.#bytes.length) return 0;
    return this.#order === 'little' ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }
}

const VRS: ReadonlySet<string> = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);

function isVr(bytes: Buffer, at: number): boolean {
  return VRS.has(bytes.toString('latin1', at, at + 2));
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, '0');
}
