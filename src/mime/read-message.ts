// Reads a message to its last part: tells by content what each part is, gives it to its extractor, and what that finds inside to the
// next, within limits. A fault or a limit costs the part it is in a blind spot, never the rest.
import { createHash } from 'node:crypto';
import type { BlindSpotKind, DefectCode, Part, PartKind } from '../mail/message.ts';
import type { ReadEvent } from '../mail/read-event.ts';
import type { ReadLimits } from '../mail/read-limits.ts';
import { asSeen } from './as-seen.ts';
import { type Extractor, type Inner, LimitReached, type Output } from './extract/extractor.ts';
import { sniff } from './extract/sniff.ts';
import { type Marked, piecesOf } from './marked.ts';

export interface ReadDeps {
  /** One for each kind that can be read. */
  readonly extractors: ReadonlyMap<PartKind, Extractor>;
  readonly limits: ReadLimits;
  /** Parts not to be read, and why: what ended an earlier reading of this message. */
  readonly skip: ReadonlyMap<string, BlindSpotKind>;
  readonly tell: (event: ReadEvent) => void;
}

/** A longer text is told in pieces, cut at white space: no reader holds one span of any length. */
export const MAX_SPAN_LENGTH = 1024 * 1024;

/** Kinds that hold nothing to read, or nothing that could be read as words. */
const NOTHING_TO_READ: ReadonlySet<PartKind> = new Set(['empty', 'font', 'signature', 'key']);
const BLIND_BY_KIND: Readonly<Partial<Record<PartKind, BlindSpotKind>>> = {
  'audio-video': 'audio-video',
  'smime-encrypted': 'encrypted',
  'pgp-encrypted': 'encrypted',
  'office-encrypted': 'encrypted',
  picture: 'picture-not-read',
};

/** The extractors by the kinds they take. @throws where two take the same */
export function extractorsByKind(extractors: readonly Extractor[]): ReadonlyMap<PartKind, Extractor> {
  const byKind = new Map<PartKind, Extractor>();
  for (const extractor of extractors) {
    for (const kind of extractor.kinds) {
      if (byKind.has(kind)) throw new Error(`two extractors for ${kind}`);
      byKind.set(kind, extractor);
    }
  }
  return byKind;
}

/**
 * Reads a whole message (RFC 5322 and MIME).
 * @param bytes of the message, at most `limits.messageBytes`; what lies behind is not looked at
 * Never rejects for what the message holds.
 */
export async function readMessage(bytes: Buffer, deps: ReadDeps): Promise<void> {
  await readAs('message', { ...WHOLE_MESSAGE, bytes }, deps);
}

/** Reads a file as if it were attached: the message around it is empty. */
export async function readFile(bytes: Buffer, name: string | null, deps: ReadDeps): Promise<void> {
  await readAs(null, { ...WHOLE_MESSAGE, declaredType: null, bytes, name, role: 'attachment' }, deps);
}

const WHOLE_MESSAGE = { declaredType: 'message/rfc822', parameters: new Map<string, string>(), name: null, role: 'body' } as const;

async function readAs(kind: PartKind | null, found: Inner, deps: ReadDeps): Promise<void> {
  const whole = found.bytes.length <= deps.limits.messageBytes;
  const reading = new Reading(deps);
  await reading.part('', 0, whole ? found : { ...found, bytes: found.bytes.subarray(0, deps.limits.messageBytes) }, kind);
  if (!whole) deps.tell({ event: 'blind-spot', blindSpot: { part: '', kind: 'too-large' } });
}

class Reading {
  readonly #deps: ReadDeps;
  #parts = 0;
  #textLength = 0;
  #spans = 0;
  #unpackedBytes = 0;

  constructor(deps: ReadDeps) {
    this.#deps = deps;
  }

  async part(path: string, depth: number, found: Inner, known: PartKind | null): Promise<void> {
    const { skip, tell, extractors, limits } = this.#deps;
    const { kind, also, defects } = known === null ? sniff(found) : { kind: known, also: [], defects: [] };
    this.#parts++;
    tell({ event: 'part', part: partOf(path, kind, found) });
    const blind = (spot: BlindSpotKind): void => tell({ event: 'blind-spot', blindSpot: { part: path, kind: spot } });
    for (const code of defects) tell({ event: 'defect', defect: { part: path, code } });
    const skipped = skip.get(path);
    const extractor = extractors.get(kind);
    const output = new PartOutput(path, depth, this);
    if (found.name !== null) this.#named(found.name, output);
    if (skipped !== undefined) blind(skipped);
    else if (found.bytes.length > limits.partBytes && path !== '') blind('too-large');
    else {
      if (extractor === undefined) this.#withoutExtractor(kind, blind);
      else await this.#extract(extractor, kind, found, output);
      for (const other of also) await output.otherReading(found, other);
    }
    tell({ event: 'part-read', path });
  }

  /** A name is read even where nothing else can be. */
  #named(name: string, output: PartOutput): void {
    try {
      output.text({ area: 'file-name' }, name);
    } catch (error) {
      output.blind(error instanceof LimitReached ? error.kind : 'broken');
    }
  }

  #withoutExtractor(kind: PartKind, blind: (spot: BlindSpotKind) => void): void {
    if (!NOTHING_TO_READ.has(kind)) blind(BLIND_BY_KIND[kind] ?? 'unknown');
  }

  async #extract(extractor: Extractor, kind: PartKind, found: Inner, output: PartOutput): Promise<void> {
    try {
      await extractor.extract({ ...found, kind }, output);
    } catch (error) {
      output.blind(error instanceof LimitReached ? error.kind : 'broken');
    }
  }

  tell(event: ReadEvent): void {
    this.#deps.tell(event);
  }

  /** @throws LimitReached */
  span(part: string, place: Parameters<Output['text']>[0], { text, marks }: Marked): void {
    const { limits } = this.#deps;
    if (this.#spans >= limits.spans || this.#textLength + text.length > limits.textLength) throw new LimitReached('too-large');
    this.#spans++;
    this.#textLength += text.length;
    this.tell({ event: 'span', span: { part, place, text, marks } });
  }

  /** @throws LimitReached */
  admitPart(depth: number): void {
    const { limits } = this.#deps;
    if (depth > limits.depth) throw new LimitReached('too-deep');
    if (this.#parts >= limits.parts) throw new LimitReached('too-large');
  }

  /** @throws LimitReached */
  unpacked(sizeBytes: number): number {
    const { limits } = this.#deps;
    this.#unpackedBytes += sizeBytes;
    const left = limits.unpackedBytes - this.#unpackedBytes;
    if (left <= 0) throw new LimitReached('too-large');
    return Math.min(left, limits.partBytes);
  }
}

class PartOutput implements Output {
  readonly #path: string;
  readonly #depth: number;
  readonly #reading: Reading;
  readonly #told = new Set<string>();
  #inner = 0;

  constructor(path: string, depth: number, reading: Reading) {
    this.#path = path;
    this.#depth = depth;
    this.#reading = reading;
  }

  text(place: Parameters<Output['text']>[0], text: string, marks: Parameters<Output['text']>[2] = []): void {
    if (text === '') return;
    const seen = asSeen(text, marks);
    if (seen.disguised === 'yes') this.defect('text-disguised');
    for (const piece of piecesOf(seen, MAX_SPAN_LENGTH)) if (piece.text !== '') this.#reading.span(this.#path, place, piece);
  }

  async inner(found: Inner): Promise<void> {
    await this.#inside(found, null);
  }

  /** The same octets as another program takes them. */
  async otherReading(found: Inner, kind: PartKind): Promise<void> {
    try {
      await this.#inside({ ...found, name: null, role: 'other-reading' }, kind);
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      this.blind(error.kind);
    }
  }

  async #inside(found: Inner, kind: PartKind | null): Promise<void> {
    this.#inner++;
    this.#reading.admitPart(this.#depth + 1);
    await this.#reading.part(this.#path === '' ? `${this.#inner}` : `${this.#path}.${this.#inner}`, this.#depth + 1, found, kind);
  }

  unpacked(sizeBytes: number): number {
    return this.#reading.unpacked(sizeBytes);
  }

  blind(kind: BlindSpotKind): void {
    if (this.#isNew(kind)) this.#reading.tell({ event: 'blind-spot', blindSpot: { part: this.#path, kind } });
  }

  defect(code: DefectCode): void {
    if (this.#isNew(code)) this.#reading.tell({ event: 'defect', defect: { part: this.#path, code } });
  }

  document(found: Parameters<Output['document']>[0]): void {
    this.#reading.tell({ event: 'document', document: { ...found, part: this.#path } });
  }

  #isNew(word: string): boolean {
    if (this.#told.has(word)) return false;
    this.#told.add(word);
    return true;
  }
}

function partOf(path: string, kind: PartKind, { declaredType, name, role, bytes }: Inner): Part {
  const digest = kind === 'picture' ? createHash('sha256').update(bytes).digest('hex') : null;
  return { path, kind, declaredType, name, role, sizeBytes: bytes.length, digest };
}
