// File names that hide what they are or where they would be written.
import { endingOf } from './declared-kinds.ts';

const PROGRAMS = /^(?:exe|com|scr|pif|dll|bat|cmd|msi|vbs|vbe|js|jse|wsf|wsh|hta|ps1|lnk|jar|cpl|reg|iso|img)$/;
const DOCUMENT = /\.(?:pdf|docx?|xlsx?|pptx?|rtf|txt|csv|jpe?g|png|gif|tiff?|html?|zip|mp3|mp4|eml|msg|dcm|xml)[\s.]*$/i;

/** A path that leaves its folder, control or bidirectional characters, a program behind the ending of a document. */
export function isSuspiciousName(name: string): boolean {
  if (/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\u200e\u200f]/.test(name)) return true;
  if (/(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:[\\/]/.test(name)) return true;
  const ending = endingOf(name);
  if (!PROGRAMS.test(ending)) return false;
  const before = name.slice(0, name.lastIndexOf('.', name.search(/[A-Za-z0-9][\s.]*$/))).slice(-60);
  return DOCUMENT.test(before) || /\s{3,}$/.test(before);
}
