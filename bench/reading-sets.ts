// What share of sets of mails and files is found: the sentinel set, and folders that hold `items.jsonl` with labelled text or paths.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Message } from '../src/mail/message.ts';
import type { Extractor } from '../src/mime/extract/extractor.ts';
import { readFileWith, readWith } from '../test/support/read.ts';
import { allCases } from '../test/support/sentinel/cases.ts';
import { makeMail } from '../test/support/sentinel/mail-files.ts';
import { type Verdict, verdictOf } from '../test/support/sentinel/sentence.ts';

export interface Tally {
  readonly family: string;
  readonly found: number;
  readonly blind: number;
  readonly missed: number;
  /** Names of what was not found. */
  readonly others: readonly string[];
}

interface Judged {
  readonly family: string;
  readonly name: string;
  readonly verdict: Verdict;
}

function tallied(judged: readonly Judged[]): readonly Tally[] {
  const families = [...new Set(judged.map(({ family }) => family))];
  return families.map((family) => {
    const of = judged.filter((one) => one.family === family);
    const count = (verdict: Verdict): number => of.filter((one) => one.verdict === verdict).length;
    const others = of.filter(({ verdict }) => verdict !== 'found').map(({ name, verdict }) => `${verdict}: ${name}`);
    return { family, found: count('found'), blind: count('blind'), missed: count('missed'), others };
  });
}

export async function sentinelTally(extractors: readonly Extractor[]): Promise<readonly Tally[]> {
  const judged: Judged[] = [];
  for (const { name, family, bytes, file, wanted } of allCases(300, 4711)) {
    const message = await (file === null ? readWith(extractors, bytes) : readFileWith(extractors, bytes, file));
    judged.push({ family, name, verdict: verdictOf(message, wanted) });
  }
  return tallied(judged);
}

interface Item {
  readonly id: string;
  readonly label?: string;
  readonly text?: string;
  readonly path?: string;
  /** `start` is -1 where the text does not stand in the item as it is written here. */
  readonly entities?: readonly { readonly type: string; readonly text: string; readonly start?: number }[];
}

const itemsOf = (folder: string): readonly Item[] =>
  readFileSync(join(folder, 'items.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Item);

async function readItem(folder: string, { text, path }: Item, extractors: readonly Extractor[]): Promise<Message> {
  if (path === undefined) return readWith(extractors, makeMail(Buffer.from(text ?? ''), 'text/plain; charset=utf-8', 'quoted-printable'));
  return readFileWith(extractors, readFileSync(join(folder, path)), basename(path));
}

/** Labels of HL7 and DICOM keep the separators of names; a reader is shown the pieces. */
const piecesOf = (text: string): readonly string[] =>
  text
    .split(/[\^&~]+/)
    .map((piece) => piece.replace(/\s+/gu, ' ').trim().normalize('NFC'))
    .filter((piece) => piece !== '');

/** An item is found when each piece of its labelled texts stands in a span. */
export async function labelledTally(folder: string, extractors: readonly Extractor[]): Promise<readonly Tally[]> {
  const judged: Judged[] = [];
  for (const item of itemsOf(folder)) {
    const wanted = (item.entities ?? []).filter(({ start }) => start !== -1).flatMap(({ text }) => piecesOf(text));
    if (wanted.length === 0) continue;
    const message = await readItem(folder, item, extractors);
    const family = `${basename(folder)} ${item.path === undefined ? 'text' : extname(item.path)}`;
    judged.push({ family, name: item.id, verdict: verdictOf(message, wanted) });
  }
  return tallied(judged);
}

export interface Blindness {
  readonly folder: string;
  readonly mails: number;
  /** Id, and kind of the part and of the blind spot of each mail that ends with one. */
  readonly blind: readonly string[];
}

/** How many ordinary mails end with a blind spot. Files that end on .html or .txt are bodies. */
export async function blindness(folder: string, extractors: readonly Extractor[]): Promise<Blindness> {
  const listed = readdirSync(folder).includes('items.jsonl');
  const items = listed
    ? itemsOf(folder).filter(({ path }) => path !== undefined)
    : readdirSync(folder).map((path): Item => ({ id: path, path }));
  const blind: string[] = [];
  for (const { id, path = '' } of items) {
    const bytes = readFileSync(join(folder, path));
    const body = { '.html': 'text/html', '.txt': 'text/plain' }[extname(path)];
    const message = await readWith(extractors, body === undefined ? bytes : makeMail(bytes, `${body}; charset=utf-8`, 'base64'));
    const spots = message.blindSpots.map(
      ({ part, kind }) => `${part} ${message.parts.find((one) => one.path === part)?.kind ?? ''} ${kind}`,
    );
    if (spots.length > 0) blind.push(`${id}: ${spots.join('; ')}`);
  }
  return { folder, mails: items.length, blind };
}
