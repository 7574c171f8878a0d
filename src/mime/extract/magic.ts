// Signatures at fixed places that tell a binary format. The table is data: a new format is a line.
import type { PartKind } from '../../mail/message.ts';

interface Sign {
  readonly kind: PartKind;
  readonly at: number;
  /** One character for each octet; '?' in `mask` is any octet. */
  readonly octets: string;
  /** 'weak' counts only where the octets are not text: words begin like that too. */
  readonly strength: 'strong' | 'weak';
}

const strong = (kind: PartKind, octets: string, at = 0): Sign => ({ kind, at, octets, strength: 'strong' });
const weak = (kind: PartKind, octets: string, at = 0): Sign => ({ kind, at, octets, strength: 'weak' });

/** In order: the first that fits decides. */
const SIGNS: readonly Sign[] = [
  strong('pdf', '%PDF-'),
  strong('zip', 'PK\x03\x04'),
  strong('zip', 'PK\x05\x06'),
  strong('zip', 'PK\x07\x08PK\x03\x04'),
  strong('zip', 'PK00PK\x03\x04'),
  strong('tnef', '\x78\x9f\x3e\x22'),
  strong('gzip', '\x1f\x8b'),
  strong('archive', "7z\xbc\xaf'\x1c"),
  strong('archive', 'Rar!\x1a\x07'),
  strong('archive', '\xfd7zXZ\0'),
  strong('archive', 'BZh11AY&SY'),
  ...Array.from('123456789', (level) => strong('archive', `BZh${level}1AY&SY`)),
  ...Array.from('123456789', (level) => strong('archive', `BZh${level}\x17\x72\x45\x38\x50\x90`)),
  strong('archive', '\x28\xb5\x2f\xfd'),
  strong('archive', 'MSCF\0\0\0\0'),
  strong('archive', '!<arch>\n'),
  strong('archive', '\x1f\x9d'),
  strong('archive', 'MSWIM\0\0\0'),
  strong('archive', 'ITSF\x03\0\0\0'),
  strong('archive', '070701'),
  strong('archive', '070707'),
  strong('archive', '\xed\xab\xee\xdb'),
  weak('archive', '\x60\xea'),
  strong('archive', 'xar!\0'),
  strong('archive', 'hsqs'),
  strong('archive', 'CD001', 32_769),
  strong('dicom', 'DICM', 128),
  strong('picture', '\x89PNG\r\n\x1a\n'),
  strong('picture', '\xff\xd8\xff'),
  strong('picture', 'GIF87a'),
  strong('picture', 'GIF89a'),
  strong('picture', 'II*\0'),
  strong('picture', 'MM\0*'),
  strong('picture', 'II+\0'),
  strong('picture', 'MM\0+'),
  strong('picture', 'WEBPVP8', 8),
  strong('picture', '\0\0\0\x0cjP  \r\n\x87\n'),
  strong('picture', '\xff\x4f\xff\x51'),
  strong('picture', '\0\0\0\x0cJXL \r\n\x87\n'),
  weak('picture', '\xff\x0a'),
  strong('picture', '8BPS\0\x01'),
  strong('picture', '8BPS\0\x02'),
  strong('picture', '\xd7\xcd\xc6\x9a'),
  strong('picture', '\x01\0\x09\0\0\x03'),
  strong('picture', ' EMF', 40),
  strong('picture', '\0\0\x01\0'),
  strong('picture', '\0\0\x02\0'),
  strong('picture', 'II\xbc\x01'),
  strong('picture', '\x97JB2\r\n\x1a\n'),
  strong('picture', 'gimp xcf '),
  strong('picture', 'AT&TFORM'),
  weak('picture', 'BM'),
  weak('picture', 'P4\n'),
  weak('picture', 'P5\n'),
  weak('picture', 'P6\n'),
  weak('picture', '\x0a\x05\x01'),
  strong('audio-video', 'WAVE', 8),
  strong('audio-video', 'AVI ', 8),
  strong('audio-video', 'OggS\0'),
  strong('audio-video', 'fLaC\0'),
  strong('audio-video', '\x1a\x45\xdf\xa3'),
  strong('audio-video', '\0\0\x01\xba'),
  strong('audio-video', '\0\0\x01\xb3'),
  strong('audio-video', '#!AMR'),
  strong('audio-video', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  strong('audio-video', 'MThd\0\0\0\x06'),
  strong('audio-video', 'FLV\x01'),
  strong('audio-video', '.snd\0\0'),
  strong('audio-video', 'AIFF', 8),
  strong('audio-video', 'AIFC', 8),
  strong('audio-video', 'caff\0'),
  strong('audio-video', '.RMF\0'),
  weak('audio-video', 'ID3'),
  weak('audio-video', '\xff\xfb'),
  weak('audio-video', '\xff\xfa'),
  weak('audio-video', '\xff\xf3'),
  weak('audio-video', '\xff\xf2'),
  weak('audio-video', '\xff\xf1'),
  weak('audio-video', '\xff\xf9'),
  weak('audio-video', 'FWS'),
  weak('audio-video', 'CWS'),
  strong('font', 'wOFF\0\x01\0\0'),
  strong('font', 'wOFFOTTO'),
  strong('font', 'wOF2\0\x01\0\0'),
  strong('font', 'wOF2OTTO'),
  strong('font', 'OTTO\0'),
  strong('font', 'true\0'),
  strong('font', 'ttcf\0'),
  strong('font', '\0\x01\0\0\0'),
  strong('font', 'LP', 34),
  strong('unknown', '\x7fELF'),
  strong('unknown', '\xfe\xed\xfa'),
  strong('unknown', '\xcf\xfa\xed\xfe'),
  strong('unknown', '\xca\xfe\xba\xbe'),
  strong('unknown', 'SQLite format 3\0'),
  strong('unknown', '!BDN'),
  strong('unknown', '\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d'),
  weak('unknown', 'MZ'),
];

/** ISO 14496-12: the brand behind `ftyp` tells pictures from films. */
const PICTURE_BRANDS = /^(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis|mif2|crx )/;

/** What the octets at fixed places say, or null. */
export function magicKind(bytes: Buffer, isText: () => boolean): PartKind | null {
  if (bytes.toString('latin1', 4, 8) === 'ftyp') return PICTURE_BRANDS.test(bytes.toString('latin1', 8, 12)) ? 'picture' : 'audio-video';
  const sign = SIGNS.find((one) => fits(bytes, one) && holds(bytes, one) && (one.strength === 'strong' || !isText()));
  return sign?.kind ?? (isLzh(bytes) ? 'archive' : null);
}

function fits(bytes: Buffer, { at, octets }: Sign): boolean {
  if (bytes.length < at + octets.length) return false;
  for (let i = 0; i < octets.length; i++) if (bytes[at + i] !== octets.charCodeAt(i)) return false;
  return true;
}

/** A few signatures are short or far from the start; what stands around them is looked at as well. */
function holds(bytes: Buffer, { octets, at }: Sign): boolean {
  if (at === 8) return octets.startsWith('AIF') ? startsWith(bytes, 'FORM') : startsWith(bytes, 'RIFF');
  if (at === 40) return startsWith(bytes, '\x01\0\0\0');
  // Embedded OpenType: the size of the file first.
  if (at === 34) return bytes.readUInt32LE(0) === bytes.length;
  // Icons and cursors: how many pictures, then a reserved octet.
  if (octets === '\0\0\x01\0' || octets === '\0\0\x02\0')
    return bytes.length > 22 && (bytes[4] ?? 0) > 0 && bytes[5] === 0 && bytes[9] === 0;
  if (octets === '\0\x01\0\0\0') return (bytes[5] ?? 0) > 0 && bytes.length > 64;
  if (octets === '\x1f\x8b') return bytes[2] === 8;
  if (octets === '\x60\xea') return bytes.length > 40 && bytes.readUInt16LE(2) <= 2_600;
  // Old cpio headers are digits, and so are many lists of numbers.
  if (octets.startsWith('0707')) return /^[0-9A-Fa-f]{70}/.test(bytes.toString('latin1', 0, 70));
  return true;
}

function startsWith(bytes: Buffer, octets: string): boolean {
  return bytes.toString('latin1', 0, octets.length) === octets;
}

/** LHA: the method as `-lh5-` behind two octets of the header. */
function isLzh(bytes: Buffer): boolean {
  return /^-l(?:h[0-7dx]|z[45s])-$/.test(bytes.toString('latin1', 2, 7)) && bytes.length > 20;
}
