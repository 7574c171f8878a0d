// File names that can be shown, and written on any system: no path, no control or bidirectional character, none that a system keeps for itself.

const LONGEST = 150;
const LONGEST_ENDING = 16;
/** Controls, format characters with those that turn the direction of writing, line separators, surrogates without a partner. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
const FORBIDDEN = /[<>:"|?*]/g;
/** Names of devices on Windows, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** The name without what no file may be called, or null where nothing is left. */
export function cleanName(raw: string): string | null {
  const even = raw.normalize('NFC').replace(UNSEEN, '');
  const last = even.split(/[\\/]/).findLast((piece) => piece.trim() !== '') ?? '';
  const plain = last.replace(FORBIDDEN, '_').replace(/\s+/g, ' ');
  const name = shortened(plain.replace(/^[\s.]+|[\s.]+$/g, ''));
  if (name === '') return null;
  return DEVICE.test(name) ? `_${name}` : name;
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= LONGEST) return name;
  const ending = /\.[^. ]+$/.exec(name)?.[0] ?? '';
  const kept = [...ending].length <= LONGEST_ENDING ? ending : '';
  return `${characters
    .slice(0, LONGEST - [...kept].length)
    .join('')
    .replace(/[\s.]+$/, '')}${kept}`;
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'text/plain': 'txt',
  'text/calendar': 'ics',
  'text/vcard': 'vcf',
  'message/rfc822': 'eml',
};

/** For a part without a name of its own. */
export function nameByPlace(place: string, mediaType: string): string {
  return `attachment-${place}.${ENDINGS[mediaType] ?? 'bin'}`;
}

/** The names, each made different from those before it, whatever the case of letters: `scan.pdf`, `scan (2).pdf`. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const [, base = name, ending = ''] = /^(.+?)(\.[^.]{1,16})?$/s.exec(name) ?? [];
    let free = name;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${base} (${number})${ending}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
