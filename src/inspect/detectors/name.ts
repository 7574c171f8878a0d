// Names of people (45 CFR 164.514(b)(2)(i)(A)), in prose as well as behind labels, and who each person is: the patient, who treats, who
// writes, who reads, a relative. Lists of US names (Census) say what can be a name; what stands around it says whether it is.
import type { Detector } from '../detector.ts';
import { mentionsIn } from '../name-mentions.ts';
import { roleTellerOf } from '../name-role.ts';
import { isPossessive, lowerOf, nameViewOf } from '../name-view.ts';

export const nameDetector: Detector = {
  name: 'name',
  samples: {
    hits: [
      "Hi Dr. Lee, John Smith's A1c came back at 9.2",
      'Patient: Smith, John A.  DOB: 01/02/1960',
      'J. Smith was seen in clinic and complains of dizziness.',
      'Follow-up of a 55yo male, John S., after stenting',
      'Ms. Garcia-Lopez called about her refill',
      "Mr O'Brien did not come to his appointment",
      'Patient Zoë Müller-Łukasz reports less pain',
      'pt: john smith, mrn 123456',
      'PID|1||123456||SMITH^JOHN^A',
      'RE: Joseph Robinson (DOB 03/04/1955)',
      'Dear Ms Xyloviak, your biopsy is normal.',
      'Timmy L., 9 yo boy with asthma',
      'My patient Maria de la Cruz was admitted last night.',
      'his mother Anna takes him to therapy',
      'Bed 7, Kowalski: slept badly',
      'Okafor rm 12, no change',
      'Kowalczyk baby girl, 7 lb 2 oz',
      'you may go up to two, Aisha. See you soon',
    ],
    misses: [
      "Ten tips for living with Parkinson's disease and Crohn's.",
      'Transfers between Johns Hopkins Hospital and the Mayo Clinic take a day.',
      'The Apgar score and the Wells criteria were recorded.',
      'Your order ships on Monday, May 5 from our Austin warehouse.',
      'Pinnacle Financial Group announces results for March.',
      'We meet at 400 Martin Street, Springfield, IL 62701.',
      'Kaplan-Meier curves and a Cox regression were used.',
      'Will the April release of Python fix the bug? Mark it as done.',
      'Graves disease and Babinski sign are named after physicians.',
      'A case from Osaka in 2008 and one more',
      'The garden bed 3, and the bay 4 of the dock',
      'Dear Customer, thank you for your purchase.',
    ],
  },
  detect(passage, surroundings, add) {
    const view = nameViewOf(passage);
    const mentions = mentionsIn(view);
    if (mentions.length === 0) return;
    const roles = roleTellerOf(passage, surroundings);
    const { starts, ends } = view;
    for (const mention of mentions) {
      const { shape, person, confidence, reason } = mention;
      const at = starts[shape.from] ?? 0;
      const last = shape.to - 1;
      const possessive = isPossessive(view, last) && lowerOf(view, last).endsWith("'s") ? 2 : 0;
      const length = (ends[last] ?? at) - at - possessive;
      const role = roles.of(mention, { at, end: at + length });
      add({ axis: 'who', kind: 'name', at, length, confidence, role, reason, value: person.value, labels: [] });
    }
  },
};
