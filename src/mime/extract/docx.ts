// WordprocessingML documents: DOCX, DOCM and their templates (ECMA-376, transitional and strict).
import type { Area } from '../../mail/message.ts';
import { readSettings, readStyles } from './docx-styles.ts';
import { readStory, type StorySettings } from './docx-story.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { readDrawings } from './office-drawings.ts';
import { OfficePackage } from './office-package.ts';
import { readOtherParts, Relationships } from './office-parts.ts';
import { TextBlocks } from './text-blocks.ts';

export const docxExtractor: Extractor = { kinds: ['docx'], extract: extractDocx };

/** Stories beside the body, by the type of relationship that leads to them. */
const STORIES: readonly (readonly [type: string, area: Area])[] = [
  ['header', 'note'],
  ['footer', 'note'],
  ['footnotes', 'note'],
  ['endnotes', 'note'],
  ['comments', 'annotation'],
];

async function extractDocx(source: Source, output: Output): Promise<void> {
  const pack = new OfficePackage(source, output);
  const relations = new Relationships(pack, output);
  const blocks = new TextBlocks(output);
  const main = (await relations.targets('', 'officedocument'))[0] ?? 'word/document.xml';
  if (!pack.has(main)) output.blind('broken');
  await readDocument(pack, relations, blocks, main, 'text');
  for (const glossary of await relations.targets(main, 'glossarydocument')) {
    await readDocument(pack, relations, blocks, glossary, 'hidden');
  }
  await readDrawings(pack, blocks, {});
  blocks.flush();
  await readOtherParts(pack, relations, output);
}

async function readDocument(pack: OfficePackage, relations: Relationships, blocks: TextBlocks, main: string, area: Area): Promise<void> {
  const of = async (type: string): Promise<readonly string[]> => await relations.targets(main, type);
  const hidingStyles = await readStyles(pack, [...(await of('styles')), ...(await of('styleswitheffects'))], blocks);
  const settings: Omit<StorySettings, 'area'> = { blocks, hidingStyles, authors: new Set() };
  const read = async (name: string, where: Area): Promise<void> => {
    const bytes = await pack.take(name);
    if (bytes !== null) readStory(bytes, { ...settings, area: where });
  };
  await read(main, area);
  for (const [type, where] of STORIES) for (const name of await of(type)) await read(name, area === 'hidden' ? 'hidden' : where);
  await readSettings(pack, [...(await of('numbering')), ...(await of('settings'))], blocks);
}
