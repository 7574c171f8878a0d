// Charts and diagrams that lie beside a document, a sheet or a slide, in parts of their own.
import { AlternateContent } from './alternate-content.ts';
import { readDrawing } from './drawing-text.ts';
import type { Place } from '../../mail/message.ts';
import type { OfficePackage } from './office-package.ts';
import type { TextBlocks } from './text-blocks.ts';

const CHART = /\/(?:charts|extendedcharts)\/chart[^/]*\.xml$|\/drawings\/drawing[^/]*\.xml$/i;
const DIAGRAM = /\/diagrams\/(data|drawing)[^/]*\.xml$/i;

/** Those not yet read. A diagram is told as its data and as the drawing made of them: what both say is given once. */
export async function readDrawings(pack: OfficePackage, blocks: TextBlocks, where: Omit<Place, 'area'>): Promise<void> {
  const place: Place = { ...where, area: 'text' };
  for (const name of pack.left(CHART)) {
    const bytes = await pack.take(name);
    if (bytes !== null) readDrawing(bytes, place, blocks);
  }
  const alternates = new AlternateContent();
  alternates.open('AlternateContent');
  for (const kind of ['data', 'drawing']) {
    alternates.open('Choice');
    for (const name of pack.left(DIAGRAM).filter((one) => DIAGRAM.exec(one)?.[1]?.toLowerCase() === kind)) {
      const bytes = await pack.take(name);
      if (bytes !== null) readDrawing(bytes, place, blocks, alternates);
    }
  }
}
