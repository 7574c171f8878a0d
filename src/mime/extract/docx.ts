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
  const main = relations.targets('', 'officedocument')[0] ?? 'word/document.xml';
  if (!pack.has(main)) output.blind('broken');
  readDocument(pack, relations, blocks, main, 'text');
  for (const glossary of relations.targets(main, 'glossarydocument')) readDocument(pack, relations, blocks, glossary, 'hidden');
  readDrawings(pack, blocks, {});
  blocks.flush();
  await readOtherParts(pack, relations, output);
}

function readDocument(pack: OfficePackage, relations: Relationships, blocks: TextBlocks, main: string, area: Area): void {
  const of = (type: string): readonly string[] => relations.targets(main, type);
  const hidingStyles = readStyles(pack, [...of('styles'), ...of('styleswitheffects')], blocks);
  const settings: Omit<StorySettings, 'area'> = { blocks, hidingStyles, authors: new Set() };
  const read = (name: string, where: Area): void => {
    const bytes = pack.take(name);
    if (bytes !== null) readStory(bytes, { ...settings, area: where });
  };
  read(main, area);
  for (const [type, where] of STORIES) for (const name of of(type)) read(name, area === 'hidden' ? 'hidden' : where);
  readSettings(pack, [...of('numbering'), ...of('settings')], blocks);
}
