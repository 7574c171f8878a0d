// Numbers of health plans: member, subscriber, group, Medicaid; 45 CFR 164.514(b)(2)(i)(I). Every plan has its own form.
import type { Detector } from '../detector.ts';
import { identifier, inAddress, looksIssued, roleOf, taggedAs } from '../identifier.ts';

export const planNumberDetector: Detector = {
  name: 'plan-number',
  samples: {
    hits: [
      'Member ID: XYZ123456789',
      'Subscriber number W123456789',
      'insurance ID is INS-624488970',
      'Medicaid # 1234567890',
      'Policy: POL-9651175',
      'Group No. 0087654',
      'health plan beneficiary number HP-987654',
      'Name | Member ID\nAnn Poe | QW-998877',
      'memberId=88991234',
      'Insurance: INS-126952381',
      'Beneficiary ID 998877665',
    ],
    misses: [
      'The group of 12345 people met',
      'Our policy 2.4 says so',
      'insurance costs rose 120000 dollars',
      'Member since 2019',
      'invoice no. 100234',
      'plan B: 3 steps',
      'Group 7',
      'subscriber count: 12',
    ],
  },
  detect(passage, _surroundings, add) {
    for (const [one, value] of taggedAs(passage, ['plan-number', 'policy'])) {
      if (!looksIssued(value, 4) || value.length < 5 || inAddress(passage, one)) continue;
      const confidence = one.strength * (one.tag === 'policy' ? 0.55 : 0.85);
      add(identifier(passage, 'plan-number', one, { confidence, role: roleOf(passage, one), reason: 'labelled' }));
    }
  },
};
