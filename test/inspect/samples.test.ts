// Every detector finds something in each of its hits, and nothing that would count in its misses. With the lists that are shipped. Offsets
// lie in the text, and what belongs to a sender or to everybody is no hit.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { loadLexicon } from '../../src/daemon/lexicons.ts';
import type { Candidate, Detector, Surroundings } from '../../src/inspect/detector.ts';
import { passagesOf } from '../../src/inspect/passage.ts';
import { fuzz } from '../support/fuzz.ts';

const FOLDER = join(import.meta.dirname, '../../src/inspect/detectors');
/** Less is weighed as good as nothing. */
const COUNTS = 0.3;
const FEWEST_SAMPLES = 8;
const SURROUNDINGS: Surroundings = {
  recipients: ['ann.poe@example.net'],
  sender: 'lee@clinic.example',
  writers: ['lee@clinic.example'],
  senderNames: [],
  recipientNames: [],
  sends: 'unknown',
  today: 20_400,
};
const lexicon = loadLexicon();

function isDetector(value: unknown): value is Detector {
  return typeof value === 'object' && value !== null && 'detect' in value && 'samples' in value;
}

async function detectorsOf(file: string): Promise<readonly Detector[]> {
  const module: unknown = await import(join(FOLDER, file));
  return typeof module === 'object' && module !== null ? Object.values(module).filter(isDetector) : [];
}

function candidatesIn(detector: Detector, text: string): readonly Candidate[] {
  const found: Candidate[] = [];
  const passages = passagesOf([{ part: '1', place: { area: 'text' }, text, marks: [] }], lexicon);
  for (const passage of passages) detector.detect(passage, SURROUNDINGS, (candidate) => found.push(candidate));
  return found;
}

function counts({ confidence, role }: Candidate): boolean {
  return confidence >= COUNTS && role !== 'public' && role !== 'sender' && role !== 'staff';
}

/** Text as it comes: words of the samples, signs and controls in any order. */
function textsLike(samples: readonly string[]): fc.Arbitrary<string> {
  const pieces = samples.flatMap((sample) => sample.split(/(?<=\W)/));
  return fc
    .array(fc.oneof(fc.constantFrom(...pieces, '\n', '\t', ' ', ': ', '# '), fc.string({ unit: 'binary', maxLength: 6 })), {
      maxLength: 40,
    })
    .map((all) => all.join(''));
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) {
  t.test(file, async (t) => {
    const detectors = await detectorsOf(file);
    t.ok(detectors.length > 0, 'holds a detector');
    for (const detector of detectors) {
      const { hits, misses } = detector.samples;
      t.ok(hits.length >= FEWEST_SAMPLES && misses.length >= FEWEST_SAMPLES, `${detector.name}: enough samples`);
      for (const text of hits) t.ok(candidatesIn(detector, text).some(counts), `${detector.name} finds: ${shown(text)}`);
      for (const text of misses) t.notOk(candidatesIn(detector, text).some(counts), `${detector.name} leaves: ${shown(text)}`);
      fuzz(
        t,
        60,
        fc.property(textsLike([...hits, ...misses]), (text) =>
          candidatesIn(detector, text).every(
            ({ at, length, confidence }) => at >= 0 && length >= 0 && at + length <= text.length && confidence > 0 && confidence <= 1,
          ),
        ),
      );
    }
  });
}

/** In one line of printable signs: anything else can be read as TAP. */
function shown(text: string): string {
  return text
    .replace(/[^ -~]+/g, ' / ')
    .replaceAll('#', '')
    .slice(0, 100);
}
