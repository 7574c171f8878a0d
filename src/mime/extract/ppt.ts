// PowerPoint 97 to 2003 (MS-PPT): texts slide by slide, notes, comments, pictures and embedded objects.
import { type CompoundEntry, CompoundFile } from './compound-file.ts';
import type { Extractor, Output, Source } from './extractor.ts';
import { u32 } from './little-endian.ts';
import { MEMBER, tellStreams } from './ole-object.ts';
import { readBlips } from './office-art.ts';
import { readDeck } from './ppt-deck.ts';
import { tellRecords } from './ppt-text.ts';

const KNOWN = [/^(?:PowerPoint Document|Pictures|PP97_DUALSTORAGE)$/i];
/** The same presentation once more, for PowerPoint 95. */
const OLDER = [/^(?:Text_Content|PersistentStorage Directory|Header)$/];
/** headerToken of an encrypted file (MS-PPT 2.3.2). */
const ENCRYPTED = 0xf3d1c4df;

export const pptExtractor: Extractor = {
  kinds: ['ppt'],
  async extract(source: Source, output: Output): Promise<void> {
    const file = new CompoundFile(source.bytes, output);
    // A file for PowerPoint 95 as well keeps the newer presentation in a storage of its own.
    const dual = file.child(file.root, 'PP97_DUALSTORAGE');
    await tellPresentation(file, dual ?? file.root, output);
    await tellStreams(file, file.root, dual === null ? KNOWN : [...KNOWN, ...OLDER], MEMBER, output);
    if (dual !== null) await tellStreams(file, dual, KNOWN, MEMBER, output);
    if (!file.whole) {
      output.defect('container-malformed');
      output.blind('broken');
    }
  },
};

async function tellPresentation(file: CompoundFile, storage: CompoundEntry, output: Output): Promise<void> {
  const stream = file.stream(storage, 'PowerPoint Document');
  if (stream === null) return;
  const user = file.stream(storage, 'Current User');
  const deck = readDeck(stream);
  if (deck.encrypted === 'yes' || (user !== null && u32(user, 12) === ENCRYPTED)) {
    output.blind('encrypted');
    return;
  }
  await tellRecords(stream, deck, output);
  const pictures = file.stream(storage, 'Pictures');
  if (pictures !== null) await readBlips(pictures, output);
}
