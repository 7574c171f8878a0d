// Records of the consent registry: which are complete, and which paragraph asks for what is missing.
import t from 'tap';
import type { Authorisation, Consent } from '../../src/mail/consent.ts';
import { attestationSubject, consentShape, consentSubject, consentSubjects, RECORD_KINDS } from '../../src/mail/consent.ts';
import { consentProblems } from '../../src/mail/consent-check.ts';
import { ATTESTATION, AUTHORISATION, GIVEN, MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';

const NOW = GIVEN + 86_400_000;
const AHEAD = NOW + 2 * 86_400_000;

const told = (consent: Consent): readonly string[] =>
  consentProblems(consent, NOW).map(({ field, paragraph }) => `${field} ${paragraph ?? '-'}`);
const marketing = (change: Partial<Authorisation>, more: Partial<Consent> = {}): Consent => ({
  ...MARKETING,
  ...more,
  authorisation: { ...AUTHORISATION, ...change },
});

const CASES: readonly (readonly [name: string, consent: Consent, problems: readonly string[]])[] = [
  ['plain mail', PLAIN_MAIL, []],
  ['plain mail, the warning in a document', { ...PLAIN_MAIL, text: null, document: 'form 12' }, []],
  ['plain mail without a warning', { ...PLAIN_MAIL, text: null }, ['text 164.524(c)']],
  ['plain mail that has ended is on file all the same', { ...PLAIN_MAIL, until: GIVEN + 1 }, []],
  ['a fundraising opt-out by word of mouth', OPT_OUT, []],
  ['another way', OTHER_WAY, []],
  ['another way, but which', { ...OTHER_WAY, otherWay: null }, ['otherWay 164.522(b)(2)(ii)(B)']],
  ['an attestation', ATTESTATION, []],
  ['an attestation without its text', { ...ATTESTATION, text: null }, ['text -']],
  ['an attestation of nothing', { ...ATTESTATION, uses: null }, ['uses -']],
  ['an attestation for a domain', { ...ATTESTATION, scope: 'hospital.example' }, ['scope -']],
  ['an attestation of NEWS', { ...ATTESTATION, address: 'NEWS' }, ['address -']],
  ['no scope', { ...PLAIN_MAIL, scope: null }, ['scope -']],
  ['one sender', { ...PLAIN_MAIL, scope: 'ann@hospital.example' }, []],
  ['a scope that is none', { ...PLAIN_MAIL, scope: '*.hospital.example' }, ['scope -']],
  ['a scope not in canonical form', { ...PLAIN_MAIL, scope: 'Ann@hospital.example' }, ['scope -']],
  ['a domain not in canonical form', { ...PLAIN_MAIL, scope: 'Hospital.example' }, ['scope -']],
  ['an address that is none', { ...PLAIN_MAIL, address: 'pat' }, ['address -']],
  ['an address not in canonical form', { ...PLAIN_MAIL, address: 'Pat@home.example' }, ['address -']],
  ['given in the future', { ...PLAIN_MAIL, givenAt: AHEAD }, ['givenAt -']],
  ['it ends before it begins', { ...PLAIN_MAIL, until: GIVEN - 1 }, ['until -']],
  ['another kind with another way', { ...PLAIN_MAIL, otherWay: 'by letter' }, ['otherWay -']],
  ['another kind with uses', { ...OPT_OUT, uses: 'news' }, ['uses -']],
  ['another kind with an authorisation', { ...PLAIN_MAIL, authorisation: AUTHORISATION }, ['information -']],
  ['marketing', MARKETING, []],
  ['marketing, ends with an event', marketing({ endsWith: 'the end of the programme' }, { until: null }), []],
  ['marketing, signed by a representative', marketing({ signedBy: 'Kim Doe', authority: 'mother of a minor' }), []],
  ['marketing, the signature in a document', marketing({ signedBy: null, signedAt: null }, { document: 'scan 77' }), []],
  ['marketing: what', marketing({ information: null }), ['information 164.508(c)(1)(i)']],
  ['marketing: by whom', marketing({ discloser: null }), ['discloser 164.508(c)(1)(ii)']],
  ['marketing: to whom', marketing({ receiver: null }), ['receiver 164.508(c)(1)(iii)']],
  ['marketing: purpose', marketing({ purpose: null }), ['purpose 164.508(c)(1)(iv)']],
  ['marketing: expiry', marketing({}, { until: null }), ['until 164.508(c)(1)(v)']],
  ['marketing: expired already', marketing({}, { until: NOW }), ['until 164.508(b)(2)(i)']],
  ['marketing: who signed', marketing({ signedBy: null }), ['signedBy 164.508(c)(1)(vi)']],
  ['marketing: when', marketing({ signedAt: null }), ['signedAt 164.508(c)(1)(vi)']],
  ['marketing: signed in the future', marketing({ signedAt: AHEAD }), ['signedAt 164.508(c)(1)(vi)']],
  [
    'marketing: an authority and nobody who has it',
    marketing({ signedBy: null, signedAt: null, authority: 'guardian' }, { document: 'scan 77' }),
    ['signedBy 164.508(c)(1)(vi)'],
  ],
  ['marketing: statements', marketing({ statements: null }), ['statements 164.508(c)(2)']],
  ['marketing: who pays', marketing({ thirdPartyPayment: null }), ['thirdPartyPayment 164.508(a)(3)(ii)']],
  [
    'marketing without an authorisation: everything',
    { ...MARKETING, authorisation: null, until: null },
    [
      'information 164.508(c)(1)(i)',
      'discloser 164.508(c)(1)(ii)',
      'receiver 164.508(c)(1)(iii)',
      'purpose 164.508(c)(1)(iv)',
      'statements 164.508(c)(2)',
      'thirdPartyPayment 164.508(a)(3)(ii)',
      'until 164.508(c)(1)(v)',
      'signedBy 164.508(c)(1)(vi)',
      'signedAt 164.508(c)(1)(vi)',
    ],
  ],
];

for (const [name, consent, problems] of CASES) {
  t.test(name, async (t) => {
    t.same(told(consent), problems);
    t.ok(consentShape.safeParse(consent).success, 'its shape is right all the same');
    for (const { text } of consentProblems(consent, NOW)) t.match(text, /^[A-Z].*\.$/);
  });
}

t.test('every kind has a complete example', async (t) => {
  const complete = CASES.filter(([, , problems]) => problems.length === 0).map(([, { kind }]) => kind);
  t.same([...new Set(complete)].sort(), [...RECORD_KINDS].sort());
});

const SHAPES: readonly (readonly [name: string, change: object])[] = [
  ['a field too many', { phone: '1' }],
  ['an empty text', { text: '' }],
  ['a line break', { note: 'a\nb' }],
  ['too long', { note: 'x'.repeat(1001) }],
  ['a kind that is none', { kind: 'newsletter' }],
  ['a time that is none', { givenAt: 1.5 }],
  ['a time before all time', { until: -1 }],
];
for (const [name, change] of SHAPES) t.notOk(consentShape.safeParse({ ...PLAIN_MAIL, ...change }).success, `shape: ${name}`);

t.test('what records are found by', async (t) => {
  const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
    Buffer.from(JSON.stringify([label, ...values]));
  const [domain, sender] = consentSubjects(digest, 'ann@hospital.example', 'pat@home.example');
  t.same(consentSubject(digest, PLAIN_MAIL), domain, 'given to the domain');
  t.same(consentSubject(digest, { ...MARKETING, scope: 'ann@hospital.example' }), sender, 'given to one sender');
  t.same(consentSubject(digest, ATTESTATION), attestationSubject(digest, 'newsletter'));
  const names = [domain, sender, attestationSubject(digest, 'pat@home.example')].map((one) => Buffer.from(one).toString());
  t.equal(new Set(names).size, 3);
});
