// PPTX: slides in their order, notes, comments, what is hidden and what masters say.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { pptxExtractor } from '../../../src/mime/extract/pptx.ts';
import { placesOf, relations, root, zipped } from '../../support/office.ts';
import { readPart } from '../../support/read.ts';

const read = async (bytes: Uint8Array): ReturnType<typeof readPart> => await readPart(pptxExtractor, 'pptx', bytes);
const line = (text: string): string => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
const shape = (inside: string, properties = ''): string =>
  `<p:sp><p:cNvPr id="1" name="Title 1" ${properties}/><p:txBody>${inside}</p:txBody></p:sp>`;

await t.test('a talk that LibreOffice wrote', async (t) => {
  const message = await read(readFileSync(new URL('../../data/extract/office/talk.pptx', import.meta.url)));
  for (const [word, place] of [
    ['body', 'text p1'],
    ['cell-a', 'text p1 r1 A1'],
    ['cell-b', 'text p1 r1 B1'],
    ['notes', 'note p1'],
    ['comment', 'annotation p1'],
    ['hidden-slide', 'hidden p2'],
    ['group', 'text p3'],
    ['commenter', 'property'],
  ] as const) {
    t.same(placesOf(message, `Sentinel ${word} walnut`), [place], word);
  }
  t.same(message.blindSpots, []);
});

await t.test('every place', async (t) => {
  const message = await read(
    zipped({
      '_rels/.rels': relations({ d: ['officeDocument', 'ppt/presentation.xml'] }),
      'ppt/presentation.xml': root('p:presentation', '<p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst>'),
      'ppt/_rels/presentation.xml.rels': relations({ a: ['slide', 'slides/slide1.xml'], b: ['slide', 'slides/slide2.xml'] }),
      'ppt/slides/slide1.xml': root(
        'p:sld',
        `${shape('<a:p><a:r><a:t>sec</a:t></a:r><a:r><a:t>ond-walnut</a:t></a:r></a:p>')}<p:grpSp>${shape(line('group-walnut'))}</p:grpSp>`,
        'show="0"',
      ),
      'ppt/slides/slide2.xml': root(
        'p:sld',
        `${shape(line('first-walnut'), 'descr="alt-walnut"')}${shape(line('shape-walnut'), 'hidden="1"')}${shape(line('after-walnut'))}
<mc:AlternateContent><mc:Choice>${shape(line('both-walnut'))}</mc:Choice><mc:Fallback>${shape(line('both-walnut') + line('other-walnut'))}</mc:Fallback></mc:AlternateContent>
<a:tbl><a:tr><a:tc><a:txBody>${line('cell')}${line('walnut')}</a:txBody></a:tc><a:tc>${line('b1')}</a:tc></a:tr></a:tbl>`,
      ),
      'ppt/slides/slide3.xml': root('p:sld', shape(line('lost-walnut'))),
      'ppt/slides/_rels/slide2.xml.rels': relations({
        n: ['notesSlide', '../notesSlides/notesSlide1.xml'],
        c: ['comments', '../comments/comment1.xml'],
        g: ['chart', '../charts/chart1.xml'],
        d: ['diagramData', '../diagrams/data1.xml'],
        o: ['oleObject', '../embeddings/sheet.xlsx'],
      }),
      'ppt/notesSlides/notesSlide1.xml': root('p:notes', shape(line('notes-walnut'))),
      'ppt/comments/comment1.xml': root('p:cmLst', '<p:cm><p:text>comment-walnut</p:text></p:cm>'),
      'ppt/charts/chart1.xml': root(
        'c:chart',
        `${line('chart-walnut')}<c:strCache><c:pt><c:v>cache-walnut</c:v></c:pt></c:strCache><c:f>Sheet1!walnut</c:f>`,
      ),
      'ppt/diagrams/data1.xml': root('d', line('diagram-walnut')),
      'ppt/embeddings/sheet.xlsx': 'embedded',
      'ppt/slideLayouts/slideLayout1.xml': root('p:sldLayout', shape(line('layout-walnut'))),
      'ppt/slideMasters/slideMaster1.xml': root('p:sldMaster', shape(line('master-walnut'))),
      'ppt/commentAuthors.xml': root('p:cmAuthorLst', '<p:cmAuthor name="Ann Author-walnut"/>'),
      'ppt/tags/tag1.xml': root('p:tagLst', '<p:tag name="T" val="tag of walnut"/>'),
    }),
  );
  for (const [text, places] of [
    ['first-walnut', ['text p1']],
    ['alt-walnut', ['alternative p1']],
    ['shape-walnut', ['hidden p1']],
    ['after-walnut', ['text p1']],
    ['both-walnut', ['text p1']],
    ['other-walnut', ['text p1']],
    ['cell\nwalnut', ['text p1 r1 A1']],
    ['b1', ['text p1 r1 B1']],
    ['second-walnut', ['hidden p2']],
    ['group-walnut', ['hidden p2']],
    ['lost-walnut', ['hidden p3']],
    ['notes-walnut', ['note p1']],
    ['comment-walnut', ['annotation p1']],
    ['chart-walnut', ['text p1']],
    ['cache-walnut', ['text p1']],
    ['Sheet1!walnut', ['hidden p1']],
    ['diagram-walnut', ['text p1']],
    ['layout-walnut', ['note']],
    ['master-walnut', ['note']],
    ['Ann Author-walnut', ['property']],
    ['tag of walnut', ['hidden']],
  ] as const) {
    t.same(placesOf(message, text), places, text);
  }
  t.same(
    message.parts.slice(1).map(({ name, role }) => [name, role]),
    [['sheet.xlsx', 'member']],
  );
});
