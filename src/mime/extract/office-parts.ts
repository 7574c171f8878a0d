// What all OOXML documents share: relationships between parts, document properties, parts without words, and what to do with the rest.
import type { Area } from '../../mail/message.ts';
import type { Output } from './extractor.ts';
import type { OfficePackage } from './office-package.ts';
import { readLoosely } from './office-loose.ts';
import { TextBlocks } from './text-blocks.ts';
import { readVbaProject } from './vba.ts';
import { readXml } from './xml.ts';

export interface Relationship {
  /** Last segment of its type, in lower case: transitional and strict spell the rest differently. */
  readonly type: string;
  /** Name of a part in the package, or an address outside. */
  readonly target: string;
  readonly mode: 'internal' | 'external';
}

/** Relationships of parts by id (ECMA-376 part 2, 6.5), each file read once; addresses outside are told as links. */
export class Relationships {
  readonly #package: OfficePackage;
  readonly #links: TextBlocks;
  readonly #told = new Set<string>();
  readonly #known = new Map<string, ReadonlyMap<string, Relationship>>();

  constructor(pack: OfficePackage, output: Output) {
    this.#package = pack;
    this.#links = new TextBlocks(output);
  }

  /** @param part '' for the package itself */
  async of(part: string): Promise<ReadonlyMap<string, Relationship>> {
    const known = this.#known.get(part);
    if (known !== undefined) return known;
    const slash = part.lastIndexOf('/') + 1;
    const found = await this.#read(`${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`, part.slice(0, slash));
    this.#known.set(part, found);
    return found;
  }

  /** Names of the parts of a type that a part leads to, in the order of its relationships. */
  async targets(part: string, type: string): Promise<readonly string[]> {
    return [...(await this.of(part)).values()].filter((one) => one.type === type && one.mode === 'internal').map(({ target }) => target);
  }

  /** Also those of parts that nobody asked for. */
  async readRest(): Promise<void> {
    for (const name of this.#package.left(/\.rels$/i)) await this.#read(name, '');
    this.#links.flush();
  }

  async #read(name: string, folder: string): Promise<ReadonlyMap<string, Relationship>> {
    const found = new Map<string, Relationship>();
    const bytes = await this.#package.take(name);
    if (bytes === null) return found;
    readXml(bytes, {
      open: (element) => {
        if (element.name !== 'Relationship') return;
        const target = element.attribute('Target') ?? '';
        const type = element.attribute('Type') ?? '';
        const mode = element.attribute('TargetMode')?.toLowerCase() === 'external' ? 'external' : 'internal';
        if (mode === 'external' && !this.#told.has(target)) {
          this.#told.add(target);
          this.#links.line({ area: 'link' }, readable(target));
        }
        const whole = mode === 'external' ? target : resolve(folder, target);
        found.set(element.attribute('Id') ?? '', { type: type.slice(type.lastIndexOf('/') + 1).toLowerCase(), target: whole, mode });
      },
    });
    return found;
  }
}

function readable(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

function resolve(folder: string, target: string): string {
  const path: string[] = [];
  for (const step of (target.startsWith('/') ? target : folder + target).split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.' && step !== '') path.push(step);
  }
  return path.join('/');
}

/** Parts that hold settings and shapes but no words, and pictures of the document itself. */
const NO_WORDS =
  /^(?:\[content_types\]\.xml|customxml\/itemprops\d*\.xml|docprops\/thumbnail\.[a-z]+|.*\/(?:theme\/theme\d*\.xml|theme\/themeoverride\d*\.xml|fonttable\.xml|websettings\.xml|calcchain\.(?:xml|bin)|presprops\.xml|viewprops\.xml|tablestyles\.xml|vbadata\.xml|printersettings\/printersettings\d*\.bin|charts\/(?:style|colors)\d*\.xml|diagrams\/(?:colors|quickstyle|layout)\d*\.xml|revisions\/revisionheaders\.xml))$/i;
const VBA = /(?:^|\/)vbaproject\w*\.bin$/i;
const FONT = /\/fonts\/[^/]+\.(?:odttf|fntdata)$/i;
/** Parts of which only the usual programs' own machinery makes use, with words in places of many names. */
const LOOSE = /^(?:word|xl|ppt|docprops)\/(?!embeddings\/).*\.(?:xml|vml)$/i;

/** What is left when the parts with a reader of their own have been read: properties, links, machinery, files inside. */
export async function readOtherParts(pack: OfficePackage, relations: Relationships, output: Output): Promise<void> {
  await readProperties(pack, output);
  await relations.readRest();
  for (const name of pack.left(NO_WORDS)) pack.pass(name);
  for (const name of pack.left(FONT)) if (isFont(await pack.peek(name))) pack.pass(name);
  if (pack.left(VBA).length > 0 || pack.left(/\/macrosheets\//i).length > 0) output.defect('macro');
  const blocks = new TextBlocks(output);
  for (const name of pack.left(VBA)) {
    const bytes = await pack.peek(name);
    if (bytes !== null && readVbaProject(bytes, blocks, output) === 'whole') pack.pass(name);
  }
  for (const name of pack.left(LOOSE)) {
    const bytes = await pack.take(name);
    if (bytes !== null) readLoosely(bytes, areaOf(name), blocks);
  }
  blocks.flush();
  await pack.readRest();
}

function areaOf(name: string): Area {
  if (/\/(?:comments|threadedcomments|comment)[^/]*\.xml$|\/comments\//i.test(name)) return 'annotation';
  if (/\/(?:people|persons|authors|commentauthors)[^/]*\//i.test(name)) return 'property';
  return 'hidden';
}

/** Core, application and custom properties (ECMA-376 part 1, 22.2 and part 2, 8). */
async function readProperties(pack: OfficePackage, output: Output): Promise<void> {
  const blocks = new TextBlocks(output);
  for (const name of pack.left(/^docprops\/(?:core|app|custom)[^/]*\.xml$|\.psmdcp$/i)) {
    const bytes = await pack.take(name);
    if (bytes === null) continue;
    let text = '';
    let label = '';
    readXml(bytes, {
      open: (element) => {
        text = '';
        if (element.name === 'property') label = `${element.attribute('name') ?? ''}: `;
      },
      text: (piece) => {
        text += piece;
      },
      close: (element) => {
        const bare = text.trim();
        if (!DULL_PROPERTIES.has(element.name) && bare !== '') blocks.line({ area: 'property' }, label + bare);
        text = '';
      },
    });
  }
  blocks.flush();
}

const DULL_PROPERTIES: ReadonlySet<string> = new Set(
  'Application AppVersion DocSecurity Lines Pages Words Characters CharactersWithSpaces Paragraphs TotalTime ScaleCrop SharedDoc HyperlinksChanged LinksUpToDate Slides Notes HiddenSlides MMClips PresentationFormat language i4 revision'.split(
    ' ',
  ),
);

/**
 * Embedded OpenType (magic 'LP'), or a font whose first 32 octets are disguised (ECMA-376 part 4, 9.1.2): its table directory goes on
 * behind them in clear.
 */
function isFont(bytes: Buffer | null): boolean {
  if (bytes === null || bytes.length < 108) return false;
  if (bytes[34] === 0x4c && bytes[35] === 0x50) return true;
  for (let at = 44; at < 108; at += 16) {
    const [offset, length] = [bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)];
    if (!/^[ -~]{4}$/.test(bytes.toString('latin1', at, at + 4)) || offset + length > bytes.length + 3) return false;
  }
  return true;
}
