// Makes of the texts of a message a body that can be shown. Runs in a child without rights: here charsets and HTML are read.
import type { ShownTexts } from '../../mail/read-event.ts';
import { decodeText } from '../charset.ts';
import { LimitReached, type Output } from '../extract/extractor.ts';
import { unflow } from '../extract/flowed-text.ts';
import { charsetWithin, htmlExtractor } from '../extract/html.ts';
import type { BodyRequest, BodyText } from './body-request.ts';
import { type SafeHtml, safeHtml } from './html/safe-html.ts';

/** UTF-16 code units of a body as text. */
export const LONGEST_TEXT = 1_000_000;

interface Shown {
  readonly safe: SafeHtml | null;
  readonly text: string;
  readonly end: ShownTexts['end'];
}

/** Never rejects for what the texts hold. */
export async function showBody({ texts, pictures }: BodyRequest): Promise<ShownTexts> {
  const own = new Map(pictures);
  const shown: Shown[] = [];
  for (const one of texts) shown.push(await showText(one, own));
  const hasHtml = shown.some(({ safe }) => safe !== null);
  const text = shown
    .map((one) => one.text)
    .filter((one) => one !== '')
    .join('\n\n');
  return {
    html: hasHtml ? shown.map(({ safe, text: plain }) => safe?.html ?? asHtml(plain)).join('') : null,
    text: text.slice(0, LONGEST_TEXT),
    remotePictures: shown.reduce((sum, { safe }) => sum + (safe?.remotePictures ?? 0), 0),
    parts: [...new Set(shown.flatMap(({ safe }) => safe?.shown ?? []))],
    end: text.length <= LONGEST_TEXT && shown.every(({ end }) => end === 'complete') ? 'complete' : 'over-limits',
  };
}

async function showText(one: BodyText, pictures: ReadonlyMap<string, string>): Promise<Shown> {
  const { shownAs, octets, charset, flowed } = one;
  const decoded = decodeText(octets, charset ?? (shownAs === 'html' ? charsetWithin(octets) : null)).text;
  if (shownAs === 'text') return { safe: null, text: plainText(flowed === null ? decoded : unflow(decoded, flowed)), end: 'complete' };
  try {
    const safe = safeHtml(decoded, pictures);
    return { safe, text: await textOf(safe.html), end: 'complete' };
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error;
    return { safe: null, text: await textOf(decoded), end: 'over-limits' };
  }
}

/** What of HTML is seen, as text. */
async function textOf(html: string): Promise<string> {
  const pieces: string[] = [];
  const output: Output = {
    text: ({ area }, text) => void (area === 'text' && pieces.push(text)),
    inner: async () => undefined,
    unpacked: () => 0,
    blind: () => undefined,
    defect: () => undefined,
    document: () => undefined,
  };
  const parameters = new Map([['charset', 'utf-8']]);
  await htmlExtractor.extract(
    { kind: 'html', bytes: Buffer.from(html), declaredType: 'text/html', parameters, name: null, role: 'body' },
    output,
  );
  return plainText(pieces.join('\n'));
}

/** Controls but tab and line end, and what turns the order of writing around. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]/g;

function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\s+$/g, '');
}

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text beside HTML: with its lines, safe by itself. */
function asHtml(text: string): string {
  if (text === '') return '';
  return `<div style="white-space: pre-wrap">${text.replace(/[&<>]/g, (character) => REFERENCES[character] ?? '')}</div>`;
}
