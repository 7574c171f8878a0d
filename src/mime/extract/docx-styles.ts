// What the side parts of a WordprocessingML document add: styles that hide their text, words in numbering, variables, mail merge.
import type { OfficePackage } from './office-package.ts';
import type { TextBlocks } from './text-blocks.ts';
import { readXml } from './xml.ts';

/** Ids of styles whose text is not shown (w:vanish, ECMA-376 part 1, 17.3.2.41), by themselves or by what they are based on. */
export async function readStyles(pack: OfficePackage, names: readonly string[], blocks: TextBlocks): Promise<ReadonlySet<string>> {
  const hides = new Map<string, boolean>();
  const basedOn = new Map<string, string>();
  for (const name of names) {
    const bytes = await pack.take(name);
    if (bytes === null) continue;
    let [id, custom, inOld] = ['', false, 0];
    readXml(bytes, {
      open: (element) => {
        if (element.name === 'style') [id, custom] = [element.attribute('styleId') ?? '', isOn(element.attribute('customStyle') ?? '0')];
        else if (element.name.endsWith('PrChange')) inOld++;
        else if (inOld > 0 || id === '') return;
        else if (element.name === 'vanish') hides.set(id, isOn(element.attribute('val')));
        else if (element.name === 'basedOn') basedOn.set(id, element.attribute('val') ?? '');
        else if (custom && (element.name === 'name' || element.name === 'aliases')) {
          blocks.line({ area: 'hidden' }, element.attribute('val') ?? '');
        }
      },
      close: (element) => {
        if (element.name === 'style') id = '';
        else if (element.name.endsWith('PrChange')) inOld--;
      },
    });
  }
  return new Set([...new Set([...hides.keys(), ...basedOn.keys()])].filter((id) => isHiding(id, hides, basedOn)));
}

/** ECMA-376 part 1, 17.17.4: a switch that stands without value is on. */
export function isOn(value: string | null): boolean {
  return value === null || (value !== '0' && value !== 'false' && value !== 'off');
}

/** Word itself follows no more than a few. */
const LONGEST_CHAIN = 12;

function isHiding(id: string, hides: ReadonlyMap<string, boolean>, basedOn: ReadonlyMap<string, string>): boolean {
  let next: string | undefined = id;
  for (let step = 0; step < LONGEST_CHAIN && next !== undefined; step++) {
    const own = hides.get(next);
    if (own !== undefined) return own;
    next = basedOn.get(next);
  }
  return false;
}

/** Elements of numbering and settings whose `val` is words, or a question to a data base. */
const WORDS: ReadonlySet<string> = new Set([
  'lvlText',
  'docVar',
  'query',
  'connectString',
  'dataSource',
  'mailSubject',
  'addressFieldName',
  'udl',
  'table',
  'src',
  'mappedName',
  'name',
  'lid',
]);

export async function readSettings(pack: OfficePackage, names: readonly string[], blocks: TextBlocks): Promise<void> {
  for (const name of names) {
    const bytes = await pack.take(name);
    if (bytes === null) continue;
    readXml(bytes, {
      open: (element) => {
        if (!WORDS.has(element.name)) return;
        const value = element.attribute('val') ?? '';
        const label = element.name === 'docVar' ? `${element.attribute('name') ?? ''}: ` : '';
        if (/[\p{L}\d]{2}/u.test(value)) blocks.line({ area: 'hidden' }, label + value);
      },
      text: (text) => blocks.line({ area: 'hidden' }, text),
      comment: (text) => blocks.line({ area: 'comment' }, text),
    });
  }
}
