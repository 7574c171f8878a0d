// Pictures of a person, 45 CFR 164.514(b)(2)(i)(Q), as far as words tell: the name of a file or the text in place of a picture that says it
// shows a patient. What a picture shows is not looked at here.
import type { Detector } from '../detector.ts';

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
const SHOWN = new Set([
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
]);
const REACH = 4;

export const faceDetector: Detector = {
  name: 'face',
  samples: {
    hits: [
      'patient photo attached',
      'photo of the patient',
      'wound_photo_left.jpg',
      'Patient-Face-Front.png',
      "patient's picture for the chart",
      'pt headshot.jpg',
      'pictures of the rash are attached',
      'facial photograph of patient before surgery',
      'postop pics',
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
    const known = passage.area === 'file-name' || passage.area === 'alternative';
    for (let word = 0; word < words.count; word++) {
      if (!PICTURE.has(words.lower[word] ?? '')) continue;
      const other = shownNear(words.lower, word);
      if (other === null) continue;
      const at = words.starts[Math.min(word, other)] ?? 0;
      const length = (words.ends[Math.max(word, other)] ?? 0) - at;
      const confidence = known ? 0.6 : 0.4;
      add({ axis: 'who', kind: 'face', at, length, confidence, role: 'patient', reason: 'captioned', value: '', labels: [] });
    }
  },
};

function shownNear(lower: readonly string[], word: number): number | null {
  for (let i = Math.max(0, word - 2); i <= word + REACH; i++) {
    const one = lower[i] ?? '';
    if (!SHOWN.has(one)) continue;
    if (one === 'patient' && lower[i - 1] === 'be') continue;
    return i;
  }
  return null;
}
