// The labelled sets below a folder, sampled alike each time, and what is asked of each (issue 4).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Envelope, fileMail, filled, NEUTRAL, storedMail, textMail } from './phi-mail.ts';

export interface Labelled {
  readonly id: string;
  readonly half: 'fit' | 'held-out';
  readonly envelope: Envelope;
  readonly mail: () => Buffer;
}

export interface LabelledSet {
  readonly name: string;
  /** 'found': what share is found; 'false-alarm': what share of these is taken for PHI. */
  readonly asks: 'found' | 'false-alarm';
  /** At least, or at most; null where nothing is asked. */
  readonly target: number | null;
  /** What the administrator has said of who sends (`inspection.sends`). */
  readonly sends: 'unknown' | 'clinic';
  readonly items: readonly Labelled[];
}

interface Item {
  readonly id: string;
  readonly label: string;
  readonly text?: string;
  readonly path?: string;
  readonly doc?: string;
}

interface Letter extends Item, Envelope {
  readonly subject: string;
  readonly text: string;
  readonly split: Labelled['half'];
}

const SEED = 'postern';
const hashOf = (id: string): string => createHash('sha256').update(`${SEED} ${id}`).digest('hex');

/** Even is fit, odd is held out. */
function halfOf(id: string): Labelled['half'] {
  return parseInt(createHash('sha256').update(id).digest('hex').slice(-1), 16) % 2 === 0 ? 'fit' : 'held-out';
}

function linesOf<T>(path: string): readonly T[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** As many of each type of document, as far as they go, always the same. */
function sampled(items: readonly Item[], count: number): readonly Item[] {
  const types = Object.values(Object.groupBy(items, ({ doc = '' }) => doc)).map((group = []) =>
    group.toSorted((a, b) => (hashOf(a.id) < hashOf(b.id) ? -1 : 1)),
  );
  const taken: Item[] = [];
  for (let i = 0; taken.length < Math.min(count, items.length); i++) {
    for (const type of types) if (type[i] !== undefined && taken.length < count) taken.push(type[i] as Item);
  }
  return taken;
}

type Make = (item: Item, folder: string) => Buffer;

const asBody: Make = ({ text = '' }) => textMail(text, 'plain');
const asFile: Make = ({ path = '' }, folder) => fileMail(readFileSync(join(folder, path)), basename(path));
const asPasted: Make = ({ path = '' }, folder) => textMail(readFileSync(join(folder, path), 'utf8'), 'plain');
const asStored: Make = ({ path = '' }, folder) => storedMail(readFileSync(join(folder, path)));
const asFilled: Make = ({ path = '' }, folder) =>
  textMail(filled(readFileSync(join(folder, path), 'utf8')), path.endsWith('.html') ? 'html' : 'plain', NEUTRAL, 'Tallybook');

interface Asked {
  readonly name: string;
  readonly folder: string;
  readonly file?: string;
  readonly of: (item: Item) => boolean;
  readonly sample?: number;
  readonly make: Make;
  readonly asks: LabelledSet['asks'];
  readonly target: number | null;
}

const labelled =
  (label: string, path = /^/) =>
  (item: Item): boolean =>
    item.label === label && path.test(item.path ?? '');

const ASKED: readonly Asked[] = [
  { name: 'asq-phi', folder: 'asq-phi', of: labelled('phi'), make: asBody, asks: 'found', target: 0.97 },
  { name: 'asq-phi no identifier', folder: 'asq-phi', of: labelled('clinical-deid'), make: asBody, asks: 'false-alarm', target: 0.05 },
  {
    name: 'pii-anon clinical',
    folder: 'pii-anon',
    file: 'test_clinical.en.jsonl',
    of: labelled('phi'),
    sample: 400,
    make: asBody,
    asks: 'found',
    target: 0.98,
  },
  ...(['Hl7v2', 'Ccda', 'Stu3', 'Json'] as const).map((kind) => ({
    name: `fhir-converter ${kind}`,
    folder: 'fhir-converter-samples',
    of: labelled('phi', new RegExp(`/${kind}`)),
    make: asFile,
    asks: 'found' as const,
    target: 0.995,
  })),
  {
    name: 'fhir-converter Hl7v2 pasted',
    folder: 'fhir-converter-samples',
    of: labelled('phi', /\/Hl7v2/),
    make: asPasted,
    asks: 'found',
    target: 0.995,
  },
  { name: 'hl7-ccda', folder: 'hl7-ccda-examples', of: labelled('phi'), make: asFile, asks: 'found', target: 0.995 },
  {
    name: 'hl7-ccda no identifier',
    folder: 'hl7-ccda-examples',
    of: labelled('clinical-deid'),
    make: asFile,
    asks: 'false-alarm',
    target: null,
  },
  { name: 'x12', folder: 'linuxforhealth-x12', of: labelled('phi'), make: asFile, asks: 'found', target: 0.995 },
  { name: 'dicom', folder: 'pydicom-data', of: labelled('phi'), make: asFile, asks: 'found', target: 0.995 },
  ...(['legal', 'technology'] as const).map((kind) => ({
    name: `pii-anon ${kind}`,
    folder: 'pii-anon',
    file: `test_${kind}.en.jsonl`,
    of: labelled('id-no-health'),
    sample: 300,
    make: asBody,
    asks: 'false-alarm' as const,
    target: 0.03,
  })),
  {
    name: 'pubmedqa',
    folder: 'pubmedqa',
    of: labelled('health-no-person'),
    sample: 300,
    make: asBody,
    asks: 'false-alarm',
    target: 0.02,
  },
  {
    name: 'real mail',
    folder: 'measure-only/spamassassin-ham',
    of: labelled('business'),
    make: asStored,
    asks: 'false-alarm',
    target: 0.01,
  },
  { name: 'templates', folder: 'postmark-templates', of: labelled('business'), make: asFilled, asks: 'false-alarm', target: 0.01 },
  { name: 'mime corpora', folder: 'mime-corpora', of: labelled('business'), make: asStored, asks: 'false-alarm', target: 0.01 },
];

/** Those sets that are there. */
export function labelledSets(root: string): readonly LabelledSet[] {
  if (root.endsWith('.jsonl')) return setsOfFile(root);
  return [...ASKED.map((asked) => setOf(root, asked)), ...letterSets()].filter(({ items }) => items.length > 0);
}

function setOf(root: string, { name, folder, file = 'items.jsonl', of, sample = Infinity, make, asks, target }: Asked): LabelledSet {
  const items = sampled(linesOf<Item>(join(root, folder, file)).filter(of), sample).map((item): Labelled => ({
    id: item.id,
    half: halfOf(item.id),
    envelope: NEUTRAL,
    mail: () => make(item, join(root, folder)),
  }));
  return { name, asks, target, sends: 'unknown', items };
}

/** Any other data: a set for each label, `phi` to be found and all others not; letters where an item has an envelope. */
function setsOfFile(path: string): readonly LabelledSet[] {
  const groups = Map.groupBy(linesOf<Item & Partial<Envelope> & { readonly subject?: string }>(path), ({ label }) => label);
  return [...groups].map(([label, items]) => ({
    name: label,
    asks: label.split(' ', 1)[0] === 'phi' ? 'found' : 'false-alarm',
    target: null,
    sends: 'unknown',
    items: items.map(({ id, text = '', from = NEUTRAL.from, to = NEUTRAL.to, subject }) => ({
      id,
      half: halfOf(id),
      envelope: { from, to },
      mail: () => textMail(text, 'plain', { from, to }, subject),
    })),
  }));
}

const LETTERS = join(import.meta.dirname, '../test/data/letters');

/**
 * Our own letters, whose halves are of different templates. The second series is shorter and was written to find weak places; the ninth is what
 * houses of care send themselves, all of it.
 */
function letterSets(): readonly LabelledSet[] {
  return ['', '-second', '-fourth', '-fifth', '-sixth', '-seventh', '-eighth', '-ninth'].flatMap((series) => {
    const sends = series === '-ninth' ? 'clinic' : 'unknown';
    const name = `letters${series.replace('-', ' ')}`;
    const file = `letters${series}.jsonl`;
    const letters = linesOf<Letter>(join(LETTERS, file));
    const itemsOf = (label: string): readonly Labelled[] => letters.filter((letter) => letter.label === label).map(labelledLetter);
    return [
      { name, asks: 'found' as const, target: 0.97, sends, items: itemsOf('phi') },
      { name: `${name} business`, asks: 'false-alarm' as const, target: 0.03, sends, items: itemsOf('business') },
    ];
  });
}

function labelledLetter({ id, split, from, to, subject, text }: Letter): Labelled {
  return { id, half: split, envelope: { from, to }, mail: () => textMail(text, 'plain', { from, to }, subject) };
}
