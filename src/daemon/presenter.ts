// Presents messages for the portal: structure and header are read here, in bounded passes over the octets; what is in texts and documents is read by
// children without rights. What ends a child costs the body, never the attachments.
import type { Message } from '../mail/message.ts';
import { DEFAULT_READ_LIMITS } from '../mail/read-limits.ts';
import type { ShownTexts } from '../mail/read-event.ts';
import { type BodyRequest, writeBodyRequest } from '../mime/present/body-request.ts';
import { choose } from '../mime/present/choose.ts';
import { gather } from '../mime/present/gather.ts';
import { readHead } from '../mime/present/head.ts';
import { type OutlinePart, outlineOf } from '../mime/present/outline.ts';
import { openPart } from '../mime/present/part-octets.ts';
import type { Content, Presented, ShownBody } from '../mime/present/presented.ts';
import { LONGEST_TEXT } from '../mime/present/show-body.ts';
import type { Presenter } from '../portal/presented.ts';
import { ReadPool, type ReadPoolSettings } from './read-pool.ts';
import { READ_CHILD } from './read-process.ts';

export type PresenterSettings = Pick<ReadPoolSettings, 'processes' | 'memoryBytes' | 'partMs' | 'messageMs' | 'entry'>;

export const PRESENTER_SETTINGS: PresenterSettings = {
  processes: 2,
  memoryBytes: 600 * 1024 ** 2,
  partMs: 5_000,
  messageMs: 15_000,
  entry: READ_CHILD,
};

/** A longer PDF gives no text, only itself. */
const LARGEST_PDF = 32 * 1024 ** 2;
const LARGEST_TEXT_FILE = 2 * 1024 ** 2;

export function openPresenter(settings: Partial<PresenterSettings> = {}): Presenter {
  const pool = new ReadPool({ ...PRESENTER_SETTINGS, ...settings, limits: DEFAULT_READ_LIMITS, ocrMs: null });
  return {
    present: (content) => present(content, pool),
    previewText: (content, part) => previewText(content, part, pool),
    close: () => pool[Symbol.asyncDispose](),
  };
}

async function present(content: Content, pool: ReadPool): Promise<Presented> {
  const outline = await outlineOf(content());
  const { end: headEnd, ...head } = readHead(outline.header);
  const { texts, attachments, parts, pictures, end } = await gather(content(), choose(outline.root));
  const shown = texts.length === 0 ? null : await show({ texts, pictures }, pool);
  const inBody = new Set(shown?.parts ?? []);
  const isWhole = [outline.end, headEnd, end, ...(texts.length === 0 ? [] : [shown?.end])].every((one) => one === 'complete');
  return {
    ...head,
    body: bodyOf(shown),
    attachments: attachments.filter(({ part }) => !inBody.has(part)),
    parts,
    end: isWhole ? 'complete' : 'over-limits',
  };
}

function bodyOf(shown: ShownTexts | null): ShownBody {
  if (shown === null) return { kind: 'none' };
  const { html, text, remotePictures } = shown;
  return html === null ? { kind: 'text', text } : { kind: 'html', html, remotePictures, text };
}

/** Null where a child did not come to its end. */
async function show(request: BodyRequest, pool: ReadPool): Promise<ShownTexts | null> {
  const octets = writeBodyRequest(request);
  const told: ShownTexts[] = [];
  const readable = { what: 'body', name: null, spans: 'kept', sizeBytes: octets.length, content: () => once(octets) } as const;
  const message = await pool.read(readable, (event) => {
    if (event.event === 'shown') told.push(event.shown);
  });
  return message === 'stopped' || message.blindSpots.length > 0 ? null : (told.at(-1) ?? null);
}

async function* once(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}

async function previewText(content: Content, place: OutlinePart, pool: ReadPool): Promise<string | null> {
  const part = await openPart(content, place);
  const { preview, octets } = part;
  if (preview === 'text') {
    const first = await firstOctets(octets, LARGEST_TEXT_FILE);
    const shown = await show({ texts: [{ shownAs: 'text', charset: null, flowed: null, octets: first }], pictures: [] }, pool);
    return shown === null || shown.text === '' ? null : shown.text;
  }
  let sizeBytes = 0;
  if (preview === 'pdf') for await (const piece of octets) sizeBytes += piece.length;
  else await part.close();
  return sizeBytes === 0 || sizeBytes > LARGEST_PDF ? null : pdfText(content, place, sizeBytes, pool);
}

async function firstOctets(octets: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of octets) {
    pieces.push(piece);
    length += piece.length;
    if (length >= most) break;
  }
  return Buffer.concat(pieces).subarray(0, most);
}

/** It goes through to the child as it comes: the document is not kept here. */
async function pdfText(content: Content, place: OutlinePart, sizeBytes: number, pool: ReadPool): Promise<string | null> {
  const message = await pool.read({
    what: 'file',
    name: null,
    spans: 'kept',
    sizeBytes,
    async *content() {
      yield* (await openPart(content, place)).octets;
    },
  });
  return message === 'stopped' ? null : textOfPages(message);
}

function textOfPages({ spans }: Message): string | null {
  const pages = new Map<number, string[]>();
  for (const { part, place, text } of spans) {
    if (part !== '' || place.area !== 'text') continue;
    const lines = pages.get(place.page ?? 0) ?? [];
    lines.push(text);
    pages.set(place.page ?? 0, lines);
  }
  const text = [...pages.values()].map((lines) => lines.join('\n')).join('\n\n');
  return text.trim() === '' ? null : text.slice(0, LONGEST_TEXT);
}
