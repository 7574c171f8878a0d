// PresentationML: PPTX, PPTM and their templates and shows (ECMA-376, transitional and strict).
import type { Place } from '../../mail/message.ts';
import { readDrawing } from './drawing-text.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { readDrawings } from './office-drawings.ts';
import { readLoosely } from './office-loose.ts';
import { OfficePackage } from './office-package.ts';
import { readOtherParts, Relationships } from './office-parts.ts';
import { TextBlocks } from './text-blocks.ts';
import { readXml } from './xml.ts';

export const pptxExtractor: Extractor = { kinds: ['pptx'], extract: extractPptx };

interface Reading {
  readonly pack: OfficePackage;
  readonly relations: Relationships;
  readonly blocks: TextBlocks;
}

async function extractPptx(source: Source, output: Output): Promise<void> {
  const pack = new OfficePackage(source, output);
  const reading: Reading = { pack, relations: new Relationships(pack, output), blocks: new TextBlocks(output) };
  const main = (await reading.relations.targets('', 'officedocument'))[0] ?? 'ppt/presentation.xml';
  const slides = await slidesInOrder(main, reading, output);
  let page = 0;
  for (const slide of slides) await readSlide(slide, ++page, 'shown', reading);
  // Slides that the presentation leads to no more.
  for (const slide of pack.left(/^ppt\/slides\/[^/]+\.xml$/i)) await readSlide(slide, ++page, 'lost', reading);
  // Masters and layouts: what stands there shows on every slide.
  for (const name of pack.left(/^ppt\/(?:slidemasters|slidelayouts|notesmasters|handoutmasters)\/[^/]+\.xml$/i)) {
    await read(name, { area: 'note' }, reading);
  }
  for (const name of pack.left(/^ppt\/notesslides\/[^/]+\.xml$/i)) await read(name, { area: 'note' }, reading);
  for (const name of pack.left(/^ppt\/(?:commentauthors|authors)[^/]*\.xml$/i)) await readNames(name, reading);
  await readDrawings(pack, reading.blocks, {});
  reading.blocks.flush();
  await readOtherParts(pack, reading.relations, output);
}

/** Names of the parts of the slides (19.2.1.33), in the order of the show. */
async function slidesInOrder(main: string, { pack, relations, blocks }: Reading, output: Output): Promise<readonly string[]> {
  const bytes = await pack.take(main);
  if (bytes === null) {
    output.blind('broken');
    return [];
  }
  const byId = await relations.of(main);
  const slides: string[] = [];
  readXml(bytes, {
    open: (element) => {
      if (element.name === 'sldId') {
        const id = element.attributes.find(({ name, prefix }) => name === 'id' && prefix !== '')?.value ?? '';
        const target = byId.get(id)?.target;
        if (target !== undefined) slides.push(target);
      } else if (element.name === 'section' || element.name === 'custShow') {
        blocks.line({ area: 'property' }, element.attribute('name') ?? '');
      }
    },
    comment: (comment) => blocks.line({ area: 'comment' }, comment),
  });
  return slides;
}

async function readSlide(name: string, page: number, state: 'shown' | 'lost', reading: Reading): Promise<void> {
  const { pack, relations, blocks } = reading;
  const bytes = await pack.take(name);
  if (bytes === null) return;
  const area = state === 'lost' || isHidden(bytes) ? 'hidden' : 'text';
  readDrawing(bytes, { area, page }, blocks);
  for (const [type, parts] of [
    ['notesslide', 'note'],
    ['comments', 'annotation'],
    ['chart', area],
    ['chartex', area],
  ] as const) {
    for (const target of await relations.targets(name, type)) await read(target, { area: parts, page }, reading);
  }
  for (const drawing of await relations.targets(name, 'diagramdata')) await read(drawing, { area, page }, reading);
  blocks.flush();
}

/** The slide says of itself that a show leaves it out (19.3.1.38). */
function isHidden(slide: Buffer): boolean {
  const root = /<(?:\w{1,20}:)?sld\s[^>]{0,4000}/.exec(slide.toString('latin1', 0, 8_192))?.[0] ?? '';
  return /\sshow\s*=\s*["'](?:0|false|off)["']/.test(root);
}

async function read(name: string, place: Place, { pack, blocks }: Reading): Promise<void> {
  const bytes = await pack.take(name);
  if (bytes !== null) readDrawing(bytes, place, blocks);
}

async function readNames(name: string, { pack, blocks }: Reading): Promise<void> {
  const bytes = await pack.take(name);
  if (bytes !== null) readLoosely(bytes, 'property', blocks);
}
