// Makes letters.jsonl, letters-second.jsonl and letters-fifth.jsonl from the templates beside them, always the same: `node test/data/letters/make.ts` writes them. All
// people are made up.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drawer, filling } from './filling.ts';

export interface Letter {
  readonly id: string;
  readonly label: 'phi' | 'business';
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly template: string;
  /** By template: no template is in both halves. */
  readonly split: 'fit' | 'held-out';
}

interface Template {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export const LETTERS_FILE = join(import.meta.dirname, 'letters.jsonl');
export const SECOND_FILE = join(import.meta.dirname, 'letters-second.jsonl');
/** Two are not made from templates: by another writer, each letter once. */
export const FOURTH_FILE = join(import.meta.dirname, 'letters-fourth.jsonl');
export const SIXTH_FILE = join(import.meta.dirname, 'letters-sixth.jsonl');
export const FIFTH_FILE = join(import.meta.dirname, 'letters-fifth.jsonl');
const LABELS = ['phi', 'business'] as const;
const EACH = 100;
const SEED = 20261127;

/** Templates begin with `=== name`, three header fields and an empty line. */
function templatesOf(file: string): readonly Template[] {
  return readFileSync(join(import.meta.dirname, 'templates', file), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const match = /^(?<name>.+)\nFrom: (?<from>.+)\nTo: (?<to>.+)\nSubject: (?<subject>.+)\n\n(?<text>[^]+)$/.exec(block);
      const { name = '', from = '', to = '', subject = '', text = '' } = match?.groups ?? {};
      if (name === '') throw new Error(`${file}: a template that is not one: ${block.slice(0, 40)}`);
      return { name, from, to, subject, text: text.trimEnd() };
    });
}

export function makeLetters(): readonly Letter[] {
  return LABELS.flatMap((label) =>
    (['fit', 'held-out'] as const).flatMap((split) => {
      const templates = templatesOf(`${label}-${split}.txt`);
      return Array.from({ length: EACH }, (_, i) => letterOf(label, split, templates, i, `${SEED} ${label} ${split} ${i}`));
    }),
  );
}

/** The second series is for fitting, the third is held out. Each template is filled twice. */
export function makeSecondLetters(): readonly Letter[] {
  return LABELS.flatMap((label) =>
    (['second', 'third'] as const).flatMap((series) => {
      const templates = templatesOf(`${label}-${series}.txt`);
      const split = series === 'second' ? 'fit' : 'held-out';
      return Array.from({ length: 2 * templates.length }, (_, i) =>
        ({
          ...letterOf(label, split, templates, i, `${SEED} ${series} ${label} ${i}`),
          id: `${label}-${series}-${templates[i % templates.length]?.name ?? ''}-${Math.floor(i / templates.length) + 1}`,
        }),
      );
    }),
  );
}

/** Each template is filled once, and all are for fitting. */
export function makeFifthLetters(): readonly Letter[] {
  return LABELS.flatMap((label) => {
    const templates = templatesOf(`${label}-fifth.txt`);
    return templates.map(({ name }, i) => ({
      ...letterOf(label, 'fit', templates, i, `${SEED} fifth ${label} ${i}`),
      id: `${label}-fifth-${name}`,
    }));
  });
}

function letterOf(label: Letter['label'], split: Letter['split'], templates: readonly Template[], i: number, seed: string): Letter {
  const template = templates[i % templates.length];
  if (template === undefined) throw new Error('no templates');
  const fill = filling(drawer(seed));
  const [from, to, subject, text] = [fill(template.from), fill(template.to), fill(template.subject), fill(template.text)];
  const id = `${label}-${template.name}-${Math.floor(i / templates.length) + 1}`;
  return { id, label, from, to: [to], subject, text, template: template.name, split };
}

export function linesOf(letters: readonly Letter[]): string {
  return letters.map((letter) => `${JSON.stringify(letter)}\n`).join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(LETTERS_FILE, linesOf(makeLetters()));
  writeFileSync(SECOND_FILE, linesOf(makeSecondLetters()));
  writeFileSync(FIFTH_FILE, linesOf(makeFifthLetters()));
}
