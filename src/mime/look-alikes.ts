// Letters of other scripts that show as a Latin letter: read as that letter where they stand among Latin ones, left where the text is of
// their own script. And the other way round: Latin letters inside a Cyrillic word.
import type { Stretch } from './as-seen.ts';

// Facts of "confusables.txt" (Unicode UTS #39, © Unicode, Inc., Unicode License v3): the letters of Cyrillic, Greek, Armenian, Cherokee,
// Coptic, Lisu, Canadian syllabics and Tifinagh, and of phonetic Latin, that show as one Latin letter. Added: small capitals. Changed:
// what shows as a capital I is that, not a small L.
const SHOWN: Readonly<Record<string, string>> = {
  A: 'ΑАᎪᗅꓮ',
  B: 'ꞴΒВᏴᗷꓐ',
  C: 'ϹⲤСᏟꓚ',
  D: 'Ꭰᗞᗪꓓ',
  E: 'ΕЕⴹᎬꓰ',
  F: 'ꞘϜᖴꓝ',
  G: 'ԌᏀᏳꓖ',
  H: 'ΗⲎНᎻᕼꓧ',
  I: 'ΙⲒІӀⵏꓲ',
  J: 'ꞲͿЈᎫᒍꓙ',
  K: 'ΚⲔКᏦꓗ',
  L: 'ⳐᏞᒪꓡ',
  M: 'ΜϺⲘМᎷᗰꓟ',
  N: 'ΝⲚꓠ',
  O: 'ΟⲞОՕⵔꓳ',
  P: 'ΡⲢРᏢᑭꓑ',
  Q: 'ⵕԚ',
  R: 'ᎡᏒᖇꓣ',
  S: 'ЅՏᏕᏚꓢ',
  T: 'ΤⲦТᎢꓔ',
  U: 'Սᑌꓴ',
  V: 'ѴⴸᏙᐯꓦ',
  W: 'ԜᎳᏔꓪ',
  X: 'ꞳΧⲬХⵝꓫ',
  Y: 'ΥϒⲨУҮᎩᎽꓬ',
  Z: 'ΖᏃꓜ',
  a: 'ɑαаᴀ',
  b: 'ЬᏏᑲᖯʙ',
  c: 'ᴄϲⲥсꮯ',
  d: 'ԁᏧᑯꓒᴅ',
  e: 'ꬲеҽᴇ',
  f: 'ꬵꞙքꜰ',
  g: 'ɡᶃցɢ',
  h: 'һհᏂʜ',
  i: 'ɪɩιіꭵᎥ',
  j: 'ϳјᴊ',
  k: 'ᴋ',
  l: 'ӏʟ',
  m: 'ᴍ',
  n: 'ոռɴ',
  o: 'ᴏᴑꬽοσⲟоօ',
  p: 'ρϱⲣрᴘ',
  q: 'ԛգզꞯ',
  r: 'ꭇꭈᴦⲅгꮁʀ',
  s: 'ꜱѕꮪ',
  t: 'ᴛ',
  u: 'ꞟᴜꭎꭒυս',
  v: 'ᴠνѵꮩ',
  w: 'ᴡѡԝաꮃ',
  x: 'х',
  y: 'ɣᶌʏꭚγуү',
  z: 'ᴢꮓ',
};
/** Not the same shape, but taken for it in the middle of a word. */
const NEARLY: Readonly<Record<string, string>> = { k: 'кκ', m: 'м', n: 'пη', t: 'тτ', w: 'ω' };
const DIGITS: Readonly<Record<string, string>> = { 0: 'ОоΟοՕօ', 1: 'ІӀΙιі', 2: 'Ꙅ', 3: 'ЗӠ', 4: 'Ꮞ', 6: 'бⳒᏮ', 9: 'Ⳋ' };
/** Latin letters in a Cyrillic word. */
const CYRILLIC: ReadonlyMap<string, string> = new Map(
  'AА BВ CС EЕ HН IІ KК MМ OО PР TТ XХ YУ aа cс eе iі oо pр xх yу'.split(' ').map((pair) => [pair[0] ?? '', pair[1] ?? '']),
);

const EXACT = inverted(SHOWN);
const IN_WORD = new Map([...EXACT, ...inverted(NEARLY)]);
const AS_DIGIT = inverted(DIGITS);

/** What a letter of the basic plane is; with accents it is as without. */
const OTHER = 0;
const LATIN = 1;
const DIGIT = 2;
const SHOWS_LATIN = 3;
const NEARLY_LATIN = 4;
const OWN = 5;
const KINDS = kindsOfLetters();
const FOREIGN = classOf((kind) => kind === SHOWS_LATIN || kind === NEARLY_LATIN, [...AS_DIGIT.keys()]);
const MIXED = /[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]/;
const CYRILLIC_LETTER = /[\u0400-\u052f]/;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const CAPITAL_OR_DIGIT = /[A-Z0-9]/;
/** Small Greek letters that formulas and names of substances use: TNFα, γGT. */
const SCIENTIFIC = /[αγσρνκηωτι]/;
/** So many look-alikes and not one letter that is of their script only: no language writes so. */
const NO_LANGUAGE = 8;

interface Census {
  readonly latin: number;
  /** Letters that only another script has. */
  readonly own: number;
  readonly script: 'latin' | 'own' | 'unsure';
}

/** @param text in NFC */
export function readLookAlikes(text: string): Stretch {
  if (!FOREIGN.test(text) && !MIXED.test(text)) return { text, disguised: false };
  const whole = censusOf(text);
  if (whole.script === 'own' && whole.latin === 0) return { text, disguised: false };
  const lines: string[] = [];
  let disguised = false;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end + 1;
    const line = text.slice(from, to);
    from = to;
    const own = censusOf(line);
    const script = own.script === 'unsure' ? whole.script : own.script;
    if ((own.latin === 0 && script === 'own') || (!FOREIGN.test(line) && !MIXED.test(line))) lines.push(line);
    else lines.push(line.replace(WORD, read));
    function read(word: string): string {
      if (!FOREIGN.test(word) && !MIXED.test(word)) return word;
      const shown = readWord(word, script);
      disguised ||= shown.disguised;
      return shown.text;
    }
  }
  return { text: lines.join(''), disguised };
}

/** Whose letters are more. */
function censusOf(text: string): Census {
  let latin = 0;
  let own = 0;
  let alike = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = KINDS[code];
    if (kind === LATIN) latin++;
    else if (kind === SHOWS_LATIN) {
      if (isLatinStyle(code)) latin++;
      else alike++;
    } else if (kind === OWN || kind === NEARLY_LATIN) own++;
  }
  if (latin > own) return { latin, own, script: 'latin' };
  if (own > 0) return { latin, own, script: 'own' };
  return { latin, own, script: alike >= NO_LANGUAGE ? 'latin' : 'unsure' };
}

/** Phonetic letters and small capitals. */
function isLatinStyle(code: number): boolean {
  return code < 0x370 || (code >= 0x1d00 && code < 0x1d80 && code !== 0x1d26) || (code >= 0xa720 && code < 0xab70);
}

function readWord(word: string, script: Census['script']): Stretch {
  const kept = { text: word, disguised: false };
  const counts = [0, 0, 0, 0, 0, 0];
  let asDigits = 0;
  for (let i = 0; i < word.length; i++) {
    const kind = KINDS[word.charCodeAt(i)] ?? OTHER;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind >= SHOWS_LATIN && AS_DIGIT.has(word[i] ?? '')) asDigits++;
  }
  const [, latin = 0, digits = 0, exact = 0, nearly = 0, own = 0] = counts;
  if (latin > 0) {
    if ((own > 0 || script === 'own') && CYRILLIC_LETTER.test(word)) return inCyrillic(word, latin);
    if (own > 0 || isFormula(word)) return kept;
    return { text: replaced(word, IN_WORD), disguised: hasForeignScript(word) };
  }
  if (digits > 0 && asDigits > 0 && asDigits === exact + nearly + own && script !== 'own')
    return { text: replaced(word, AS_DIGIT), disguised: true };
  // A letter alone is a symbol or a word of its own language.
  if (script !== 'latin' || own > 0 || nearly > 0 || exact + digits < 2) return kept;
  return { text: replaced(word, EXACT), disguised: exact >= 3 && hasForeignScript(word) };
}

/** A Cyrillic word with Latin letters in it, where all of them show as Cyrillic ones. */
function inCyrillic(word: string, latin: number): Stretch {
  for (const letter of word) if (KINDS[letter.charCodeAt(0)] === LATIN && !CYRILLIC.has(letter)) return { text: word, disguised: false };
  return { text: replaced(word, CYRILLIC), disguised: latin >= 2 };
}

/** Every small Greek letter of the word stands beside a capital or a digit. */
function isFormula(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const letter = word[i] ?? '';
    const kind = KINDS[letter.charCodeAt(0)];
    if (kind !== SHOWS_LATIN && kind !== NEARLY_LATIN) continue;
    if (!SCIENTIFIC.test(letter)) return false;
    if (!CAPITAL_OR_DIGIT.test(word[i - 1] ?? '') && !CAPITAL_OR_DIGIT.test(word[i + 1] ?? '')) return false;
  }
  return true;
}

/** Small capitals and phonetic letters are Latin: a style, no trick. */
function hasForeignScript(word: string): boolean {
  return /[^\p{Script=Latin}\p{N}\p{M}]/u.test(word);
}

function replaced(word: string, shown: ReadonlyMap<string, string>): string {
  const letters: string[] = [];
  for (const letter of word) letters.push(shown.get(letter) ?? withMarks(letter, shown));
  return letters.join('').normalize('NFC');
}

function withMarks(letter: string, shown: ReadonlyMap<string, string>): string {
  const base = baseOf(letter);
  const latin = shown.get(base);
  return base === letter || latin === undefined ? letter : latin + letter.normalize('NFD').slice(base.length);
}

/** A letter without its accents. */
function baseOf(letter: string): string {
  return letter < '\u0370' ? letter : String.fromCodePoint(letter.normalize('NFD').codePointAt(0) ?? 0);
}

function inverted(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).flatMap(([shown, letters]) => [...letters].map((letter): [string, string] => [letter, shown])));
}

function kindsOfLetters(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let code = 0x370; code < 0xfb00; code++)
    if ((code < 0x2000 || code >= 0x2c00) && (code < 0xd800 || code > 0xdfff)) kinds[code] = OWN;
  kinds.fill(OTHER, 0x3000, 0x3005);
  for (let code = 0; code < 0x2000; code++) {
    const letter = String.fromCharCode(code);
    if (/[\p{Script=Latin}]/u.test(letter)) kinds[code] = LATIN;
    else if (/\p{Nd}/u.test(letter)) kinds[code] = DIGIT;
    else if (code >= 0x370 && /\p{L}/u.test(letter)) kinds[code] = kindOf(baseOf(letter));
    else if (!/\p{L}/u.test(letter)) kinds[code] = OTHER;
  }
  for (const letter of IN_WORD.keys()) kinds[letter.charCodeAt(0)] = kindOf(letter);
  return kinds;
}

function kindOf(base: string): number {
  if (EXACT.has(base)) return SHOWS_LATIN;
  return IN_WORD.has(base) ? NEARLY_LATIN : OWN;
}

function classOf(chosen: (kind: number) => boolean, more: readonly string[]): RegExp {
  const letters = [...more];
  KINDS.forEach((kind, code) => {
    if (chosen(kind)) letters.push(String.fromCharCode(code));
  });
  return new RegExp(`[${letters.join('')}]`);
}
