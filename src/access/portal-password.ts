// Which passwords a person may choose at the portal (NIST SP 800-63B-4 3.1.1.2): long enough to stand alone, since an app may be removed later;
// not one that is tried first; nothing said about how it is composed. Pure.

export const PASSWORD_LENGTH = { least: 15, most: 128 } as const;

export type PasswordFault = 'too-short' | 'too-long' | 'too-common';

/** What is tried first and is written in full: the beginnings of lists of broken passwords, in the languages of our pages, and what is to hand. */
const COMMON =
  'password passwort passwd contraseña contrasena segura seguro clave secret secreto secure security letmein welcome bienvenido bienvenida login admin ' +
  'administrator changeme default master monkey dragon football baseball basketball soccer futbol superman batman pokemon starwars iloveyou ' +
  'teamo tequiero princess princesa sunshine shadow flower hello hola freedom whatever trustno jesus cristo michael jessica jordan ashley ' +
  'daniel charlie liverpool barcelona realmadrid mustang harley computer internet google facebook samsung iphone qwertyuiop qwerty asdfghjkl ' +
  'asdfgh zxcvbnm zxcvbn azerty qazwsx edc rfv tgb abcdefghijklmnopqrstuvwxyz abcdef abc correcthorsebatterystaple test testing guest user ' +
  'patient paciente doctor nurse hospital clinic clinica medical medico health salud portal postern message mensaje summer winter spring ' +
  'autumn january february monday friday verano invierno enero lunes viernes america mexico california florida texas newyork love amor ' +
  'family familia mother madre father padre baby my mi the and este';
/** What is left after them must be at least this long: otherwise the password is made of nothing else. */
const LEFT = 6;

/**
 * @param known what whoever tries would put in first: the organisation's name, the address, the person's name
 * @returns null where it may be used
 */
export function passwordFault(password: string, known: readonly string[]): PasswordFault | null {
  const length = [...password.normalize('NFC')].length;
  if (length < PASSWORD_LENGTH.least) return 'too-short';
  if (length > PASSWORD_LENGTH.most) return 'too-long';
  return isCommon(password, known) ? 'too-common' : null;
}

function isCommon(password: string, known: readonly string[]): boolean {
  const words = [...COMMON.split(' '), ...known.flatMap(wordsOf)].toSorted((a, b) => b.length - a.length);
  return [folded, (text: string): string => folded(asLetters(text))].some((spelling) => {
    const plain = spelling(password);
    const left = words
      .map(spelling)
      .filter((word) => word.length > 1)
      .reduce((rest, word) => rest.replaceAll(word, ' '), plain)
      // A year or a birthday behind a word.
      .replace(/(?<!\d)\d{1,9}(?!\d)/g, '')
      .replaceAll(' ', '');
    return new Set(left).size < LEFT || isRun(left) || isRepeated(plain);
  });
}

/** Small letters, without accents, signs and spaces. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\s\p{P}\p{M}]/gu, '');
}

/** Digits and signs that stand for letters, as those who try write them. */
function asLetters(text: string): string {
  const letters: Readonly<Record<string, string>> = {
    '0': 'o',
    '1': 'i',
    '3': 'e',
    '4': 'a',
    '5': 's',
    '7': 't',
    $: 's',
    '@': 'a',
    '!': 'i',
  };
  return text.replace(/[013457$@!]/g, (sign) => letters[sign] ?? sign);
}

function wordsOf(text: string): readonly string[] {
  return [text, ...text.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length > 2);
}

/** Each character is the next one, or the one before; after 9 comes 0. */
function isRun(text: string): boolean {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
  const around = /^\d+$/.test(text) ? 10 : 0x110000;
  const steps = codes.slice(1).map((code, i) => (code - (codes[i] ?? 0) + around) % around);
  return steps.every((step) => step === steps[0] && [0, 1, around - 1].includes(step));
}

/** One short piece over and over. */
function isRepeated(text: string): boolean {
  return /^(.{1,5})\1+.{0,4}$/u.test(text);
}
