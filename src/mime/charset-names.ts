// Names of charsets as mail has them, right and wrong, to what can decode them (IANA character sets, WHATWG Encoding, and what programs write).
import iconv from 'iconv-lite';

export interface Charset {
  /** Who decodes: TextDecoder, iconv-lite, or a decoder of this room. */
  readonly by: 'whatwg' | 'iconv' | 'own';
  readonly name: string;
  /** How its octets are: 'escaped' is text in 7 bits that may mean other than ASCII, 'wide' has units of two or four octets. */
  readonly shape: 'ascii' | 'utf-8' | 'single' | 'double' | 'escaped' | 'wide';
}

export const UTF_8: Charset = { by: 'whatwg', name: 'utf-8', shape: 'utf-8' };
export const WINDOWS_1252: Charset = { by: 'whatwg', name: 'windows-1252', shape: 'single' };
const ASCII: Charset = { by: 'whatwg', name: 'windows-1252', shape: 'ascii' };
const UTF_7: Charset = { by: 'own', name: 'utf-7', shape: 'escaped' };

/** Spellings by a pattern, and the label they mean; `$1` is the first group. In this order. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:unicode-1-1-)?utf[-_]?8(?:mb[34])?(?:[-_](?:sig|bom|mac|unix|strict))?$|^(?:cp|windows-)?65001$/, 'utf-8'],
  [/^(?:x-)?(?:unicode-[12]-[01]-)?utf[-_]?7$|^csunicode11utf7$|^(?:cp|windows-)?65000$/, 'utf-7'],
  [/^(?:utf[-_]?16|ucs[-_]?2|iso-10646-ucs-2)[-_]?be$|^unicodefffe$|^(?:cp)?1201$/, 'utf-16be'],
  [/^(?:utf[-_]?16|ucs[-_]?2|iso-10646-ucs-2)[-_]?le$|^unicodefeff$|^(?:cp)?1200$/, 'utf-16le'],
  [/^(?:utf[-_]?16|ucs[-_]?2|iso-10646-ucs-2|csunicode|unicode)$/, 'utf-16'],
  [/^(?:utf[-_]?32|ucs[-_]?4|iso-10646-ucs-4)[-_]?le$|^(?:cp)?12000$/, 'utf-32le'],
  [/^(?:utf[-_]?32|ucs[-_]?4|iso-10646-ucs-4)(?:[-_]?be)?$|^(?:cp)?12001$/, 'utf-32be'],
  [
    /^(?:x-)?(?:us[-_]?)?ascii(?:[-_]?[78]bit)?$|^us$|^(?:iso[-_ ]?)?646(?:[-_.](?:us|irv).*)?$|^ansi[-_ ]x3\.4.*$|^iso-ir-6$|^csascii$/,
    'us-ascii',
  ],
  [/^ansi$|^ansi[-_ ]x3\.110.*$|^latin$|^x-ansi$/, 'windows-1252'],
  [/^(?:x-)?(?:cs)?(?:iso)?[-_ ]?8859[-_ ]?([1-9]|1[013-6])(?:[-_:](?:19|20)\d\d)?(?:[-_]?[ei])?$/, 'iso-8859-$1'],
  [/^(?:x-)?(?:cp|ms|win|windows|x-cp|ansi|microsoft[-_]cp|windows[-_]cp)[-_ ]?(125[0-8])$|^(125[0-8])$/, 'windows-$1$2'],
  [/^(?:cp|ms|win|windows|x-ms-cp|ibm)[-_]?(?:932|943)c?$|^932$|^s-?jis.*$|^x-mac-japanese$|^shift-?jis.*$/, 'shift_jis'],
  [/^(?:cp|ms|win|windows|x-mswin-|ibm)[-_]?936$|^936$|^(?:x-)?euc[-_]?cn$|^cn-gb.*$|^gb[-_]?2312.*$|^x-mac-chinesesimp$/, 'gbk'],
  [/^(?:cp|ms|win|windows|ibm)[-_]?949$|^949$|^uhc$|^ksc?[-_]?5601.*$|^x-mac-korean$|^(?:cp)?51949$/, 'euc-kr'],
  [/^(?:cp|ms|win|windows|ibm)[-_]?950$|^950$|^cn-big5$|^big[-_]?5.*$|^x-mac-chinesetrad$/, 'big5'],
  [/^gb[-_]?18030.*$|^(?:cp)?54936$/, 'gb18030'],
  [/^(?:x-)?euc[-_]?jp.*$|^(?:cp)?(?:51932|20932)$|^ujis$/, 'euc-jp'],
  [/^(?:x-)?euc[-_]?kr$/, 'euc-kr'],
  [/^(?:x-)?(?:cs)?iso[-_]?2022[-_]?jp.*$|^jis$|^(?:cp)?5022[0-2]$/, 'iso-2022-jp'],
  [/^(?:x-)?(?:cs)?iso[-_]?2022[-_]?kr.*$|^(?:cp)?50225$/, 'iso-2022-kr'],
  [/^(?:x-)?(?:cs)?iso[-_]?2022[-_]?cn.*$|^(?:cp)?5022[79]$/, 'iso-2022-cn'],
  [/^hz(?:[-_]gb[-_]?2312)?$|^(?:cp)?52936$/, 'hz-gb-2312'],
  [/^(?:x-)?mac(?:intosh)?(?:[-_]?roman)?$|^csmacintosh$|^10000$/, 'macintosh'],
  [/^x-mac-(?:ce|centraleurroman|centraleurope)$|^mac-?(?:ce|centraleurope)$|^10029$/, 'maccenteuro'],
  [/^x-mac-icelandic$/, 'maciceland'],
  [/^x-mac-romanian$/, 'macromania'],
  [/^x-mac-(greek|turkish|croatian|thai)$/, 'mac$1'],
  [/^(?:x-)?koi[-_]?8[-_]?([rut]|ru)$/, 'koi8-$1'],
  [/^(?:x-)?(?:cp|ibm|dos|oem|pc|windows|x-ibm|cs(?:ibm|pc)?)[-_]?0*(\d{3,5})$/, 'cp$1'],
  [/^dos-(?:russian|cyrillic)$|^alt$/, 'cp866'],
  [/^tis[-_]?620.*$|^iso-ir-166$/, 'windows-874'],
  [/^viscii.*$|^csviscii$/, 'viscii'],
  [/^(?:x-)?tcvn.*$/, 'tcvn'],
  [/^(?:hp-?)?roman-?8$|^r8$/, 'hproman8'],
  [/^(?:strk1048.*|rk1048|kz-?1048)$/, 'rk1048'],
  [/^pt-?154$|^ptcp154$|^csptcp154$|^cp154$/, 'pt154'],
];

/** iconv-lite takes these as names, and they are none of charsets. */
const NO_CHARSETS = /^(?:binary|base64|hex|utf-?7-?imap|_internal|singlebyte|internal)$/;

/** @param name as a message has it: in any case, quoted, with rests of a bad header field behind it */
export function charsetNamed(name: string): Charset | 'unknown' {
  const label =
    /[a-z0-9_][a-z0-9_.:+()-]*/.exec(
      name
        .toLowerCase()
        .slice(0, 200)
        .replace(/^[\s"']*charset\s*=/, ''),
    )?.[0] ?? '';
  const meant = meaningOf(label);
  if (meant === 'utf-7') return UTF_7;
  if (meant === 'us-ascii') return ASCII;
  if (meant === 'utf-16') return { by: 'whatwg', name: 'utf-16', shape: 'wide' };
  if (meant.startsWith('utf-32')) return { by: 'iconv', name: meant, shape: 'wide' };
  if (/^iso-2022-|^hz-/.test(meant)) return { by: 'own', name: meant, shape: 'escaped' };
  for (const one of [meant, meant.replaceAll('_', '-'), meant.replace(/^x-/, '')]) {
    const known = knownAs(one);
    if (known !== null) return known;
  }
  return 'unknown';
}

function meaningOf(label: string): string {
  for (const [pattern, meant] of SPELLINGS) if (pattern.test(label)) return label.replace(pattern, meant);
  return label;
}

function knownAs(label: string): Charset | null {
  const name = whatwgName(label);
  if (name !== null) return { by: 'whatwg', name, shape: shapeOf(name) };
  if (label === '' || NO_CHARSETS.test(label) || !iconv.encodingExists(label)) return null;
  return { by: 'iconv', name: label, shape: 'single' };
}

function whatwgName(label: string): string | null {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function shapeOf(name: string): Charset['shape'] {
  if (name === 'utf-8') return 'utf-8';
  if (name.startsWith('utf-16')) return 'wide';
  return /^(?:gb|big5|euc|shift)/.test(name) ? 'double' : 'single';
}
