// Every key of a condition: cases in which it holds, and cases in which it does not.
import t from 'tap';
import { CONDITION_KEYS } from '../../src/policy/condition-keys.ts';
import { factsWith, type FactsChange, policyOf } from '../support/policy-facts.ts';

/** Does a condition hold for these facts? */
function holds(when: string, change: FactsChange): boolean {
  const policy = policyOf(
    `version: 1
timezone: America/Chicago
lists:
  partners: [mercy.example, "*.lab.example", bob@x.example]
  some-accounts: [ehr, "lis-*"]
  nets: { file: nets.txt }
declare: [{ id: news, when: { from: news@clinic.example }, as: fundraising }]
wishes:
  more: { tags: ["[secure]"], header: { name: X-Protect, value: "y*" } }
  less: { tags: ["[plain]"], accounts: ["reception@*"] }
rules: [{ id: hit, when: ${when}, deliver: relay }]`,
    { 'nets.txt': '# own networks\n10.1.0.0/16\r\n2001:db8::/32 # outside\n\n192.0.2.7\n' },
  );
  return policy.decide(factsWith(change)).rule === 'hit';
}

type Case = readonly [when: string, change: FactsChange, holds: boolean];
const to = (address: string): FactsChange => ({ recipient: { address } });
const at = (day: number, hour: number, minute = 0): FactsChange => ({ message: { acceptedAt: Date.UTC(2026, 10, day, hour, minute) } });

const CASES: Readonly<Record<string, readonly Case[]>> = {
  sender: [
    ['{ sender: reception@clinic.example }', {}, true],
    ['{ sender: Reception@CLINIC.example }', {}, true],
    ['{ sender: clinic.example }', {}, true],
    ['{ sender: "*@clinic.example" }', {}, true],
    ['{ sender: "*" }', {}, true],
    ['{ sender: "*" }', { message: { reversePath: '' } }, false],
    ['{ sender: "<>" }', { message: { reversePath: '' } }, true],
    ['{ sender: "<>" }', {}, false],
    ['{ sender: "recep*@*.example" }', {}, true],
    ['{ sender: "*.clinic.example" }', {}, false],
    ['{ sender: [other.example, { list: partners }] }', { message: { reversePath: 'bob@x.example' } }, true],
    ['{ sender: [other.example, { list: partners }] }', { message: { reversePath: 'bo@x.example' } }, false],
  ],
  from: [
    ['{ from: news@clinic.example }', { message: { from: ['a@b.example', 'news@clinic.example'] } }, true],
    ['{ from: news@clinic.example }', {}, false],
    ['{ from: clinic.example }', { message: { from: [] } }, false],
  ],
  from_domain: [
    ['{ from_domain: clinic.example }', {}, true],
    ['{ from_domain: ["*.clinic.example", other.example] }', {}, false],
    ['{ from_domain: "*.example" }', {}, true],
  ],
  account: [
    ['{ account: Reception@clinic.example }', {}, true],
    ['{ account: "rec*" }', {}, true],
    ['{ account: { list: some-accounts } }', { message: { submitter: { kind: 'account', name: 'LIS-2' } } }, true],
    ['{ account: ehr }', { message: { submitter: { kind: 'certificate', name: 'ehr' } } }, false],
    ['{ account: ehr }', { message: { submitter: { kind: 'account', name: 'ehr2' } } }, false],
  ],
  network: [
    ['{ network: 10.1.0.0/16 }', {}, true],
    ['{ network: [10.2.0.0/16, { list: nets }] }', {}, true],
    ['{ network: { list: nets } }', { message: { client: '2001:db8::5' } }, true],
    ['{ network: { list: nets } }', { message: { client: '192.0.2.7' } }, true],
    ['{ network: { list: nets } }', { message: { client: '192.0.2.8' } }, false],
    ['{ network: { list: nets } }', { message: { client: null } }, false],
    ['{ network: 10.1.0.0/16 }', { message: { client: '::ffff:10.1.9.9' } }, true],
  ],
  submitter: [
    ['{ submitter: account }', {}, true],
    ['{ submitter: [network, gateway] }', {}, false],
    ['{ submitter: { kind: certificate, name: "EHR-*" } }', { message: { submitter: { kind: 'certificate', name: 'ehr-1' } } }, true],
    ['{ submitter: { kind: certificate, name: "EHR-*" } }', { message: { submitter: { kind: 'network', name: 'ehr-1' } } }, false],
  ],
  recipient: [
    ['{ recipient: ann@mercy.example }', {}, true],
    ['{ recipient: { list: partners } }', {}, true],
    ['{ recipient: { list: partners } }', to('x@a.b.lab.example'), true],
    ['{ recipient: { list: partners } }', to('x@lab.example'), false],
    ['{ recipient: "*@*.lab.example" }', to('x@y.lab.example'), true],
    ['{ recipient: "a*n@mercy.example" }', {}, true],
    ['{ recipient: "a*nn@mercy.example" }', to('an@mercy.example'), false],
    ['{ recipient: bücher.example }', to('x@xn--bcher-kva.example'), true],
  ],
  to: [
    ['{ to: mercy.example }', {}, true],
    ['{ to: [other.example] }', {}, false],
  ],
  to_domain: [
    ['{ to_domain: mercy.example }', {}, true],
    ['{ to_domain: "*.example" }', {}, true],
    ['{ to_domain: "m*y.example" }', {}, true],
    ['{ to_domain: "*.mercy.example" }', {}, false],
  ],
  inside: [
    ['{ inside: yes }', { recipient: { inside: true } }, true],
    ['{ inside: no }', { recipient: { inside: true } }, false],
    ['{ inside: no }', {}, true],
  ],
  header: [
    ['{ header: { name: X-Type } }', { message: { header: [['x-type', '']] } }, true],
    ['{ header: { name: X-Type, value: "Lab*" } }', { message: { header: [['x-type', 'lab result']] } }, true],
    ['{ header: { name: X-Type, value: lab } }', { message: { header: [['x-type', 'lab result']] } }, false],
    [
      '{ header: [{ name: a }, { name: b, value: "*2" }] }',
      {
        message: {
          header: [
            ['b', '1'],
            ['b', '12'],
          ],
        },
      },
      true,
    ],
    ['{ header: { name: X-Type } }', {}, false],
  ],
  subject: [
    ['{ subject: { tag: "[Secure]" } }', { message: { subjectTags: ['[secure]'] } }, true],
    ['{ subject: { tag: ["#a", "b:"] } }', { message: { subjectTags: ['b:'] } }, true],
    ['{ subject: { tag: "[secure]" } }', { message: { subjectTags: ['(secure)'] } }, false],
  ],
  size: [
    ['{ size: { over: 3kB } }', {}, true],
    ['{ size: { over: 4kB } }', {}, false],
    ['{ size: { under: 4kB } }', {}, false],
    ['{ size: { over: 1kB, under: 5kB } }', {}, true],
  ],
  attachment: [
    ['{ attachment: yes }', {}, false],
    ['{ attachment: no }', {}, true],
    ['{ attachment: yes }', { message: { attachments: [{ kind: 'pdf', declaredType: null, name: null }] } }, true],
    ['{ attachment: { kind: [zip, pdf] } }', { message: { attachments: [{ kind: 'pdf', declaredType: null, name: null }] } }, true],
    [
      '{ attachment: { type: "image/*" } }',
      { message: { attachments: [{ kind: 'picture', declaredType: 'Image/PNG', name: null }] } },
      true,
    ],
    ['{ attachment: { type: "image/*" } }', { message: { attachments: [{ kind: 'picture', declaredType: null, name: null }] } }, false],
    [
      '{ attachment: { name: "*.csv", kind: csv } }',
      {
        message: {
          attachments: [
            { kind: 'csv', declaredType: null, name: 'a.zip' },
            { kind: 'zip', declaredType: null, name: 'a.csv' },
          ],
        },
      },
      false,
    ],
    [
      '{ attachment: [{ name: "*.csv" }, { kind: pdf }] }',
      { message: { attachments: [{ kind: 'zip', declaredType: null, name: 'a.csv' }] } },
      true,
    ],
  ],
  phi: [
    ['{ phi: medium }', { phi: { level: 'high' } }, true],
    ['{ phi: medium }', { phi: { level: 'medium' } }, true],
    ['{ phi: medium }', { phi: { level: 'low' } }, false],
    ['{ phi: medium }', { message: { blindSpots: ['too-large'] } }, true],
    ['{ phi: high }', { message: { blindSpots: ['too-large'] } }, false],
    ['{ phi: medium }', { message: { blindSpots: ['encrypted'], encryptedBy: 'smime' } }, false],
    ['{ phi: medium }', { message: { blindSpots: ['encrypted', 'broken'], encryptedBy: 'smime' } }, true],
    ['{ phi: { found: medium } }', { message: { blindSpots: ['too-large'] } }, false],
    ['{ phi: { found: medium } }', { phi: { level: 'medium' } }, true],
    ['{ phi: { at_most: low } }', {}, true],
    ['{ phi: { at_most: low } }', { message: { blindSpots: ['unknown'] } }, false],
    ['{ phi: { at_most: none } }', { phi: { level: 'low' } }, false],
    ['{ phi: { at_least: low, at_most: low } }', { phi: { level: 'low' } }, true],
    ['{ phi: { labels: [hiv, genetics] } }', { phi: { labels: ['genetics'] } }, true],
    ['{ phi: { labels: hiv } }', { phi: { labels: ['genetics'] } }, false],
    ['{ phi: { at_least: high, labels: hiv } }', { phi: { level: 'medium', labels: ['hiv'] } }, false],
    ['{ phi: { documents: [fhir] } }', { phi: { documents: ['fhir'] } }, true],
    ['{ phi: { documents: [fhir] } }', {}, false],
  ],
  findings: [
    ['{ findings: { kind: ssn } }', { phi: { counts: { ssn: 1 } } }, true],
    ['{ findings: { kind: ssn } }', {}, false],
    ['{ findings: { kind: ssn, at_least: 5 } }', { phi: { counts: { ssn: 4, mrn: 9 } } }, false],
    ['{ findings: [{ kind: ssn, at_least: 5 }, { kind: mrn, at_least: 9 }] }', { phi: { counts: { ssn: 4, mrn: 9 } } }, true],
  ],
  reason: [
    ['{ reason: { code: other-patients-address } }', { phi: { reasons: ['exact-match', 'other-patients-address'] } }, true],
    ['{ reason: { code: other-patients-address } }', { phi: { reasons: ['exact-match'] } }, false],
  ],
  blind_spots: [
    ['{ blind_spots: any }', { message: { blindSpots: ['broken'] } }, true],
    ['{ blind_spots: any }', {}, false],
    ['{ blind_spots: none }', {}, true],
    ['{ blind_spots: none }', { message: { blindSpots: ['broken'] } }, false],
    ['{ blind_spots: [encrypted, broken] }', { message: { blindSpots: ['broken'] } }, true],
    ['{ blind_spots: encrypted }', { message: { blindSpots: ['broken'] } }, false],
  ],
  visible_outside: [
    ['{ visible_outside: { at_least: 10 } }', { message: { visibleOutside: 10 } }, true],
    ['{ visible_outside: { at_least: 10 } }', { message: { visibleOutside: 9 } }, false],
  ],
  first_mail: [
    ['{ first_mail: address }', { recipient: { seen: { address: false, domain: true } } }, true],
    ['{ first_mail: domain }', { recipient: { seen: { address: false, domain: true } } }, false],
    ['{ first_mail: domain }', { recipient: { seen: { address: false, domain: false } } }, true],
    ['{ first_mail: address }', {}, false],
  ],
  one_slip: [
    ['{ one_slip: yes }', { recipient: { oneSlipFromKnown: true } }, true],
    ['{ one_slip: yes }', {}, false],
    ['{ one_slip: no }', {}, true],
  ],
  role_address: [
    ['{ role_address: yes }', to('info@mercy.example'), true],
    ['{ role_address: yes }', to('front.desk@mercy.example'), true],
    ['{ role_address: yes }', to('reception2+x@mercy.example'), true],
    ['{ role_address: yes }', to('staff-l@mercy.example'), true],
    ['{ role_address: yes }', {}, false],
    ['{ role_address: no }', {}, true],
  ],
  automatic: [
    ['{ automatic: yes }', { message: { automatic: true } }, true],
    ['{ automatic: no }', { message: { automatic: true } }, false],
  ],
  urgent: [
    ['{ urgent: yes }', { message: { urgent: true } }, true],
    ['{ urgent: yes }', {}, false],
  ],
  encrypted: [
    ['{ encrypted: yes }', { message: { encryptedBy: 'openpgp' } }, true],
    ['{ encrypted: smime }', { message: { encryptedBy: 'openpgp' } }, false],
    ['{ encrypted: [smime, openpgp] }', { message: { encryptedBy: 'openpgp' } }, true],
    ['{ encrypted: no }', {}, true],
    ['{ encrypted: yes }', {}, false],
  ],
  // 15:00 UTC is 09:00 in Chicago in November. 27 November 2026 is a Friday.
  time: [
    ['{ time: { days: fri } }', at(27, 15), true],
    ['{ time: { days: [fri] } }', at(28, 5, 59), true],
    ['{ time: { days: [fri] } }', at(28, 6), false],
    ['{ time: { from: "09:00", to: "17:00" } }', at(27, 15), true],
    ['{ time: { from: "09:01", to: "17:00" } }', at(27, 15), false],
    ['{ time: { from: "08:00", to: "09:00" } }', at(27, 15), false],
    ['{ time: { days: [fri], from: "18:00", to: "08:00" } }', at(28, 13), true],
    ['{ time: { days: [fri], from: "18:00", to: "08:00" } }', at(28, 14), false],
    ['{ time: { days: [fri], from: "18:00", to: "08:00" } }', at(27, 13), false],
    ['{ time: { days: [mon], from: "22:00", to: "24:00" } }', at(24, 5), true],
    // Daylight saving time ends on 1 November at 02:00: half past one comes twice, at 06:30 and at 07:30 UTC.
    ['{ time: { days: [sun], from: "01:00", to: "02:00" } }', at(1, 6, 30), true],
    ['{ time: { days: [sun], from: "01:00", to: "02:00" } }', at(1, 7, 30), true],
    ['{ time: { days: [sun], from: "01:00", to: "02:00" } }', at(1, 8, 0), false],
  ],
  consent: [
    ['{ consent: plain-mail }', { recipient: { consents: ['plain-mail'] } }, true],
    ['{ consent: [plain-mail, marketing] }', { recipient: { consents: ['marketing'] } }, true],
    ['{ consent: marketing }', { recipient: { consents: ['plain-mail'] } }, false],
  ],
  purpose: [
    ['{ purpose: fundraising }', { message: { from: ['news@clinic.example'] } }, true],
    ['{ purpose: marketing }', { message: { from: ['news@clinic.example'] } }, false],
    ['{ purpose: [marketing, fundraising] }', {}, false],
  ],
  wish: [
    ['{ wish: more }', { message: { subjectTags: ['[secure]'] } }, true],
    ['{ wish: more }', { message: { header: [['x-protect', 'Yes']] } }, true],
    ['{ wish: more }', { message: { header: [['x-protect', 'no']] } }, false],
    ['{ wish: less }', { message: { subjectTags: ['[plain]'] }, sender: { attested: true } }, true],
    ['{ wish: less }', { message: { subjectTags: ['[plain]'] } }, false],
    [
      '{ wish: less }',
      { message: { subjectTags: ['[plain]'], submitter: { kind: 'account', name: 'ehr' } }, sender: { attested: true } },
      false,
    ],
    [
      '{ wish: less }',
      { message: { subjectTags: ['[plain]'], submitter: { kind: 'network', name: 'reception@x' } }, sender: { attested: true } },
      false,
    ],
    ['{ wish: less }', { message: { subjectTags: ['[plain]', '[secure]'] }, sender: { attested: true } }, false],
    ['{ wish: [less, more] }', { message: { subjectTags: ['[plain]', '[secure]'] }, sender: { attested: true } }, true],
  ],
  attested: [
    ['{ attested: yes }', { sender: { attested: true } }, true],
    ['{ attested: yes }', {}, false],
  ],
};

for (const [key, cases] of Object.entries(CASES)) {
  t.test(key, async (t) => {
    for (const [when, change, expected] of cases) {
      const message = `${when} ${JSON.stringify(change)}`.replaceAll('#', '(hash)').slice(0, 300);
      t.equal(holds(when, change), expected, message);
      t.equal(holds(`{ not: ${when} }`, change), !expected, `not ${message}`);
    }
  });
}

t.test('every key has cases, of both kinds', async (t) => {
  t.same(Object.keys(CASES).sort(), Object.keys(CONDITION_KEYS).sort());
  for (const [key, cases] of Object.entries(CASES)) t.same(new Set(cases.map(([, , expected]) => expected)), new Set([true, false]), key);
});

const combined: readonly Case[] = [
  ['{ urgent: no, automatic: no }', {}, true],
  ['{ urgent: yes, automatic: no }', {}, false],
  ['{ all: [{ urgent: no }, { automatic: no }, { inside: no }] }', {}, true],
  ['{ all: [{ urgent: no }, { automatic: no }, { inside: yes }] }', {}, false],
  ['{ any: [{ urgent: yes }, { inside: no }] }', {}, true],
  ['{ any: [{ urgent: yes }, { inside: yes }] }', {}, false],
  ['{ any: [{ urgent: no, inside: yes }, { all: [{ automatic: no }], not: { inside: yes } }] }', {}, true],
  ['{ not: { not: { urgent: no } } }', {}, true],
  ['{ not: { any: [{ urgent: yes }, { inside: yes }] }, to: mercy.example }', {}, true],
];

t.test('all, any, not', async (t) => {
  for (const [when, change, expected] of combined) t.equal(holds(when, change), expected, when);
});
