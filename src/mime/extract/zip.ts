// ZIP files (PKWARE APPNOTE 6.3.10): all their members, as the directory lists them and as they stand in the file, their names and comments.
import { decodeText } from '../charset.ts';
import type { Extractor } from './extractor.ts';
import { readGap } from './zip-gaps.ts';
import { isWords, layoutOf } from './zip-layout.ts';
import { type MemberReading, readMember } from './zip-members.ts';
import { readRepacked } from './zip-repacked.ts';

export const zipExtractor: Extractor = {
  kinds: ['zip'],
  async extract({ bytes, role }, output) {
    const { end, members, gaps, state, size } = layoutOf(bytes);
    if (state === 'malformed') output.defect('container-malformed');
    if (end !== null && isWords(end.comment)) output.text({ area: 'comment' }, decodeText(end.comment, null).text);
    const reading: MemberReading = { bytes, output, left: [] };
    for (const member of members) await readMember(reading, member);
    if (size === 'too-large') output.blind('too-large');
    const settings = { role: end === null ? 'member' : 'other-reading', junk: role === 'other-reading' ? 'leave' : 'read' } as const;
    for (const gap of gaps) await readGap(reading, gap, settings);
    await readRepacked(reading.left, output);
    // Without a directory it was cut, and nobody knows what stood behind.
    if (end === null) output.blind('broken');
  },
};
