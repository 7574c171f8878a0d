// What the records of a PowerPoint stream say (MS-PPT 2.9): on slides, in notes, comments and links; objects and sounds in them.
import type { Area, Place } from '../../mail/message.ts';
import { LimitReached, type Output } from './extractor.ts';
import { u32, utf16 } from './little-endian.ts';
import { tellShapeTexts } from './office-art.ts';
import { MEMBER } from './ole-object.ts';
import type { Deck } from './ppt-deck.ts';
import { type PptRecord, pptRecords, TYPE } from './ppt-records.ts';
import { unpack } from './unpack.ts';

/** OfficeArtFOPT and its like (MS-ODRAW 2.2.9). */
const SHAPE_PROPERTIES: ReadonlySet<number> = new Set([0xf00b, 0xf121, 0xf122]);

/** @throws LimitReached */
export async function tellRecords(stream: Buffer, deck: Deck, output: Output): Promise<void> {
  let slide = 0;
  for (const record of pptRecords(stream)) {
    const { type, instance, body } = record;
    if (type === TYPE.slideList) slide = 0;
    // Texts of an outline follow the entry of their slide.
    else if (type === TYPE.slidePersist) slide++;
    else if (type === TYPE.textChars) output.text(placeOf(record, slide, deck), withLines(body.toString('utf16le')));
    else if (type === TYPE.textBytes) output.text(placeOf(record, slide, deck), withLines(body.toString('latin1')));
    else if (type === TYPE.text) tellText(record, slide, deck, output);
    else if (SHAPE_PROPERTIES.has(type)) tellShapeTexts(body, instance, output);
    else if (type === TYPE.oleStorage) await tellOle(body, instance, output);
    else if (type === TYPE.soundData && body.length > 0) await output.inner({ ...MEMBER, bytes: body, parameters: new Map() });
  }
}

/** Paragraphs and lines are ended by controls (MS-PPT 2.9.41). */
function withLines(text: string): string {
  return text.replace(/[\r\v]/g, '\n').replaceAll('\0', '');
}

function placeOf({ within, top, type }: PptRecord, slide: number, deck: Deck): Place {
  const outermost = within[0] ?? type;
  const inOutline = within.includes(TYPE.slideList);
  const page = inOutline ? slide : deck.pages.get(top);
  const shown = deck.live.size === 0 || deck.live.has(top);
  const area: Area = !shown || deck.hidden.has(top) ? 'hidden' : outermost === TYPE.slide || inOutline ? 'text' : 'note';
  return page === undefined || page === 0 ? { area } : { area, page };
}

/** CString: what it is depends on where it stands. */
function tellText(record: PptRecord, slide: number, deck: Deck, output: Output): void {
  const { within, body, instance } = record;
  const text = utf16(body, 0, body.length);
  const place = placeOf(record, slide, deck);
  if (within.includes(TYPE.comment)) output.text({ ...place, area: instance === 1 ? 'comment' : 'property' }, text);
  else if (within.includes(TYPE.link)) output.text({ area: 'link' }, text);
  else if (within.includes(TYPE.headersFooters)) output.text({ ...place, area: 'note' }, text);
  // Names of fonts, slides, masters and programs' own marks.
  else output.text({ ...place, area: 'property' }, text);
}

/** ExOleObjStg (MS-PPT 2.10.34): a compound file, deflated where its instance says so; the macros too. */
async function tellOle(body: Buffer, instance: number, output: Output): Promise<void> {
  let bytes = body;
  try {
    if (instance === 1) bytes = unpack(body.subarray(4), 'zlib, cut', output);
    if (instance === 1 && bytes.length < u32(body, 0)) output.blind('broken');
  } catch (error) {
    if (error instanceof LimitReached) throw error;
    output.blind('broken');
    return;
  }
  if (bytes.length > 0) await output.inner({ ...MEMBER, bytes, parameters: new Map() });
}
