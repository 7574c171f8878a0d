// Tesseract as WebAssembly in this thread, with English data, offline: loaded when the first picture needs it, dropped when it fails.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { TessBaseAPI, TesseractCore } from 'tesseract.js-core/tesseract-core-simd-lstm.js';
import type { OcrPicture } from './ocr.ts';

interface Loaded {
  readonly core: TesseractCore;
  readonly api: TessBaseAPI;
}

interface Line {
  readonly text: string;
  /** Of its words, from 0 to 100. */
  readonly confidence: number;
  /** Words of more than two letters that are sure. */
  readonly sure: number;
}

const DATA = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz';
const LSTM_ONLY = 1;
const AUTOMATIC_LAYOUT = 3;
const INPUT = '/input';

/** Words below come out of shadows and textures; digits of real text have been seen at 45. */
const WORD_CONFIDENCE = 40;
const LINE_CONFIDENCE = 55;
/** A page that lies on its side gives words, but hardly a sure one. */
const UNSURE_WORDS = 4;

/** EXIF orientation of the same picture turned by 180, 90 and 270 degrees. */
const TURNS: readonly number[] = [3, 6, 8];

export class OcrEngine {
  #loaded: Loaded | null = null;

  /**
   * Text of a picture, lines ended by LF, '' where none is in it.
   * @param goOn whether there is time for another way of looking
   * @returns null where the picture cannot be decoded
   */
  async read(picture: OcrPicture, goOn: () => boolean): Promise<string | null> {
    const loaded = (this.#loaded ??= await load());
    try {
      loaded.core.FS.writeFile(INPUT, picture.bytes);
      const lines = recognize(loaded.api, picture.orientation);
      if (lines === null) return null;
      return textOf(isAskew(lines) ? bestOf(loaded.api, lines, goOn) : lines);
    } catch {
      // Its memory may be in any state: the next picture gets a new one.
      this.#loaded = null;
      return null;
    }
  }
}

async function load(): Promise<Loaded> {
  const { default: create } = await import('tesseract.js-core/tesseract-core-simd-lstm.js');
  const silent = (): void => {};
  const core = await create({ print: silent, printErr: silent, TesseractProgress: silent });
  const data = await readFile(fileURLToPath(import.meta.resolve(DATA)));
  core.FS.writeFile('/eng.traineddata', await promisify(gunzip)(data));
  const api = new core.TessBaseAPI();
  if (api.Init('/', 'eng', LSTM_ONLY) !== 0) throw new Error('no language data');
  core.FS.unlink('/eng.traineddata');
  api.SetPageSegMode(AUTOMATIC_LAYOUT);
  return { core, api };
}

function recognize(api: TessBaseAPI, orientation: number): readonly Line[] | null {
  try {
    if (api.SetImageFile(orientation, 0) !== 0) return null;
    return api.Recognize(null) === 0 ? linesOf(api.GetTSVText(0)) : [];
  } finally {
    api.Clear();
  }
}

function bestOf(api: TessBaseAPI, upright: readonly Line[], goOn: () => boolean): readonly Line[] {
  let best = upright;
  for (const turn of TURNS) {
    if (!goOn()) break;
    const lines = recognize(api, turn) ?? [];
    if (sureOf(lines) > sureOf(best) + UNSURE_WORDS) best = lines;
    if (!isAskew(best)) break;
  }
  return best;
}

/** Rows of words: level, page, block, paragraph, line, word, left, top, width, height, confidence, text. */
function linesOf(table: string): readonly Line[] {
  const words = new Map<string, { text: string; confidence: number }[]>();
  for (const row of table.split('\n')) {
    const cells = row.split('\t');
    const text = cells[11]?.trim() ?? '';
    if (cells[0] !== '5' || text === '') continue;
    const line = cells.slice(1, 5).join(' ');
    const word = { text, confidence: Number(cells[10]) };
    const others = words.get(line);
    if (others === undefined) words.set(line, [word]);
    else others.push(word);
  }
  return [...words.values()].map((line) => ({
    text: line.flatMap(({ text, confidence }) => (confidence >= WORD_CONFIDENCE ? [text] : [])).join(' '),
    confidence: line.reduce((sum, { confidence }) => sum + confidence, 0) / line.length,
    sure: line.filter(({ text, confidence }) => confidence >= 80 && /[A-Za-z0-9]{3}/.test(text)).length,
  }));
}

function textOf(lines: readonly Line[]): string {
  return lines.flatMap(({ text, confidence }) => (confidence >= LINE_CONFIDENCE && text !== '' ? [text] : [])).join('\n');
}

function sureOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { sure }) => sum + sure, 0);
}

function isAskew(lines: readonly Line[]): boolean {
  const words = lines.reduce((sum, { text }) => sum + text.split(' ').length, 0);
  return words >= UNSURE_WORDS && sureOf(lines) < 0.3 * words;
}
