// Pictures of a person, 45 CFR 164.514(b)(2)(i)(Q), as far as words tell: the name of a file or the text in place of a picture that says it
// shows a patient. What a picture shows is not looked at here.
import type { Detector } from '../detector.ts';
import { SHOWN } from '../word-traits.ts';
import { IN_PHRASE, lengthAt, listsAt } from '../lexicon.ts';
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
    const { count, traits, lists } = words;
    const known = passage.area === 'file-name' || passage.area === 'alternative';
    let past = -1;
    // The name of a file is short: there words of no list are looked at too.
    for (let first = 0; first < count; first++) {
      // Most words show nothing, and begin no phrase that may.
      if (((traits[first] ?? 0) & SHOWN) === 0 && ((lists[first] ?? 0) & IN_PHRASE) === 0) continue;
      if (first <= past || (!known && listsAt(words, first) === 0)) continue;
      const shown = shownIn(words, first, known ? 1 : lengthAt(words, first));
      const word = shown === null ? null : pictureNear(words, shown);
      if (shown === null || word === null) continue;
      past = Math.max(word, shown);
      const at = words.starts[Math.min(word, shown)] ?? 0;
      const length = (words.ends[Math.max(word, shown)] ?? 0) - at;
      const confidence = known ? 0.6 : 0.4;
      add({ axis: 'who', kind: 'face', at, length, confidence, role: 'patient', reason: 'captioned', value: '', labels: [] });
    }
  },
};

function shownIn(words: Words, first: number, count: number): number | null {
  for (let i = first; i < first + count; i++) {
    if (((words.traits[i] ?? 0) & SHOWN) !== 0 && !(lowerAt(words, i) === 'patient' && lowerAt(words, i - 1) === 'be')) return i;
  }
  return null;
}

/** A little before, or right behind. */
function pictureNear(words: Words, shown: number): number | null {
  for (let i = Math.max(0, shown - REACH); i <= shown + 2; i++) if (PICTURE.has(lowerAt(words, i))) return i;
  return null;
}
