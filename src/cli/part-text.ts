// Parts of a message and places in them, in words: what the texts of `postern extract` and `postern scan` share.
import type { BlindSpot, BlindSpotKind, HealthDocument, Place } from '../mail/message.ts';
import { countOf } from './amounts.ts';
import { plainText, type Terminal } from './terminal.ts';

export type Look = Pick<Terminal, 'columns' | 'style'>;

export function section(title: string, lines: readonly string[], heading: (text: string) => string): readonly string[] {
  return lines.length === 0 ? [] : ['', heading(title), ...lines.map((line) => `  ${line}`)];
}

export function partName(path: string): string {
  return path === '' ? 'message' : `part ${path}`;
}

export function placeName(part: string, { area, page, sheet }: Place): string {
  return [partName(part), page === undefined ? null : `page ${page}`, sheet === undefined ? null : `sheet ${sheet}`, area]
    .filter((one) => one !== null)
    .join(', ');
}

export const INDENT = '    ';

/** A line that is too long goes on below. */
export function wrapped(line: string, indent: string, columns: number | null): readonly string[] {
  const width = columns === null ? Number.POSITIVE_INFINITY : Math.max(20, columns - indent.length);
  if (line.length <= width) return [line === '' ? '' : indent + line];
  const lines: string[] = [];
  for (let rest = line; rest !== '';) {
    const space = rest.length > width ? rest.lastIndexOf(' ', width) : -1;
    const end = rest.length <= width ? rest.length : space > 0 ? space : width;
    lines.push(indent + rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

export function documentLine({ part, standard, type, patients, identifiers, contents }: HealthDocument): string {
  const has = (what: string, words: readonly string[]): string => (words.length === 0 ? '' : `; ${what}: ${words.join(', ')}`);
  return `${partName(part)}: ${standard} ${plainText(type)}, ${countOf(patients, 'patient', 'patients')}${has('identifiers', identifiers)}${has('about', contents)}`;
}

/** Where nothing can be read, and why. */
export function blindSpotLine({ part, kind }: BlindSpot, { style }: Look): string {
  return style('trouble', `${partName(part)}: ${kind}`) + style('dim', ` ${BLIND_SPOTS[kind]}`);
}

const BLIND_SPOTS: Readonly<Record<BlindSpotKind, string>> = {
  encrypted: 'only its recipient can open it',
  'picture-not-read': 'a picture that can hold text',
  'audio-video': 'sound or film',
  'too-large': 'over a limit of size, number or memory',
  'too-deep': 'files in files beyond the limit',
  'timed-out': 'it took too long',
  broken: 'it is damaged, or not what it seems',
  unknown: 'a kind of file that is not known',
};
