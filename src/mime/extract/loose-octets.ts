// Octets of a container that belong to no record of it: behind its end, between members, in what pads them. Words are read as hidden text,
// anything larger as a file of its own.
import { decodeText } from '../charset.ts';
import type { Output } from './extractor.ts';
import { isBlank, textness } from './text-octets.ts';

/** Less is padding. */
const LEAST_WORDS = 4;
const LEAST_FILE = 64;

export async function readLoose(octets: Buffer, output: Output): Promise<void> {
  if (octets.length < LEAST_WORDS || isBlank(octets)) return;
  if (textness(octets) === 'text') {
    output.defect('container-malformed');
    output.text({ area: 'hidden' }, decodeText(octets, null).text);
  } else if (octets.length >= LEAST_FILE) {
    output.defect('container-malformed');
    await output.inner({ bytes: octets, declaredType: null, parameters: new Map(), name: null, role: 'other-reading' });
  }
}
