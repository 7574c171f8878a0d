// Pictures of a person, 45 CFR 164.514(b)(2)(i)(Q), as far as words tell: the name of a file or the text in place of a picture that says it
// shows a patient. What a picture shows is not looked at here.
import type { Detector } from '../detector.ts';
import { GOES_ON, listsAt } from '../lexicon.ts';
import { lowerAt, type Words } from '../words.ts';

const PICTURE = new Set([
  'photo',
  'photos',
  'photograph',
  'picture',
  'pictures',
  'pic',
  'pics',
  'selfie',
  'headshot',
  'portrait',
  'face',
  'facial',
]);
export const SHOWN_WORDS: readonly string[] = [
  'patient',
  'patients',
  "patient's",
  'pt',
  'wound',
  'rash',
  'lesion',
  'resident',
  'newborn',
  'preop',
  'postop',
  'injury',
  'bruise',
  'incision',
];
const REACH = 4;

export const faceDetector: Detector = {
  name: 'face',
  samples: {
    hits: [
      'patient photo attached',
      'photo of the patient',
      'rash_photo_left.jpg',
      'Patient-Face-Front.png',
      "patient's picture for the chart",
      'pt headshot.jpg',
      'pictures of the rash are attached',
      'facial photograph of patient before surgery',
      'pt selfie of the arm',
    ],
    misses: [
      'team photo.jpg',
      'profile picture',
      'patient portal',
      'face to face meeting',
      'the picture is clear: growth of 5 %',
      'face the facts',
      'portrait mode',
      'be patient, the photos will load in a moment or two',
    ],
  },
  detect(passage, _surroundings, add) {
    const { words } = passage;
    // The name of a file is short: there words of no list are looked at too.
    const known = passage.area === 'file-name' || passage.area === 'alternative';
    let past = -1;
    let tried = -1;
    for (const shown of passage.shown) {
      if (isVirtue(words, shown)) continue;
      const first = known ? shown : phraseStart(words, shown);
      // Of a phrase one word is enough.
      if (first <= past || first === tried || (!known && listsAt(words, first) === 0)) continue;
      tried = first;
      const word = pictureNear(words, shown);
      if (word === null) continue;
      past = Math.max(word, shown);
      const at = words.starts[Math.min(word, shown)] ?? 0;
      const length = (words.ends[past] ?? 0) - at;
      const confidence = known ? 0.6 : 0.4;
      add({ axis: 'who', kind: 'face', at, length, confidence, role: 'patient', reason: 'captioned', value: '', labels: [] });
    }
  },
};

/** `be patient` */
function isVirtue(words: Words, word: number): boolean {
  return lowerAt(words, word) === 'patient' && lowerAt(words, word - 1) === 'be';
}

function phraseStart({ lists }: Words, word: number): number {
  let first = word;
  while (((lists[first] ?? 0) & GOES_ON) !== 0) first--;
  return first;
}

/** A little before, or right behind. */
function pictureNear(words: Words, shown: number): number | null {
  for (let i = Math.max(0, shown - REACH); i <= shown + 2; i++) if (PICTURE.has(lowerAt(words, i))) return i;
  return null;
}
