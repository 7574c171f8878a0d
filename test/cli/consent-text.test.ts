// The consent registry in words: every element of every kind is shown, nothing that there is not, and what cannot be read any more is said.
import t from 'tap';
import { consentsText, consentText } from '../../src/cli/consent-text.ts';
import type { ConsentReport } from '../../src/control/commands.ts';
import type { Consent } from '../../src/mail/consent.ts';
import { ATTESTATION, AUTHORISATION, MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';

const NOON = new Date(2026, 10, 27, 12).getTime();
const PLAIN = { columns: null, style: (_name: string, text: string) => text };

function report(consent: Consent, change: Partial<ConsentReport> = {}): ConsentReport {
  const { kind, until } = consent;
  const said = { consent, who: 'ann', recordedAt: NOON };
  return { id: 17, kind, givenAt: NOON, until, state: 'in-force', said, revocation: null, ...change };
}

const names = (text: string): readonly string[] => text.split('\n').map((line) => line.slice(0, line.search(/ {2}/)));
const ALWAYS = ['record', 'kind', 'state', 'address', 'for', 'given'];

const CASES: readonly (readonly [name: string, record: ConsentReport, facts: readonly string[]])[] = [
  ['plain mail', report(PLAIN_MAIL), [...ALWAYS, 'text', 'recorded']],
  ['an opt-out', report(OPT_OUT), [...ALWAYS, 'recorded']],
  ['another way', report(OTHER_WAY), [...ALWAYS, 'other way', 'recorded']],
  ['an attestation', report(ATTESTATION), ['record', 'kind', 'state', 'account', 'given', 'text', 'uses', 'recorded']],
  [
    'everything beside',
    report({ ...PLAIN_MAIL, document: 'scan 7', takenBy: 'Dr Lee', note: 'by phone', until: NOON }),
    [...ALWAYS, 'until', 'text', 'document', 'taken by', 'note', 'recorded'],
  ],
  [
    'an authorisation',
    report(MARKETING),
    [
      ...ALWAYS,
      'until',
      'information',
      'discloser',
      'receiver',
      'purpose',
      'signed',
      'statements',
      'paid for by a third party',
      'recorded',
    ],
  ],
  [
    'an authorisation that ends with an event, signed on paper',
    report({
      ...MARKETING,
      until: null,
      document: 'scan 7',
      authorisation: { ...AUTHORISATION, endsWith: 'the last visit', signedBy: null, signedAt: null },
    }),
    [
      ...ALWAYS,
      'document',
      'information',
      'discloser',
      'receiver',
      'purpose',
      'ends with',
      'statements',
      'paid for by a third party',
      'recorded',
    ],
  ],
  [
    'revoked',
    report(OPT_OUT, { state: 'revoked', revocation: { at: NOON, said: { who: 'bob', why: 'call' } } }),
    [...ALWAYS, 'recorded', 'revoked', 'why'],
  ],
  ['its key destroyed', report(PLAIN_MAIL, { said: null }), ['record', 'kind', 'state', 'address', 'given']],
  [
    'revoked, all keys destroyed',
    report(PLAIN_MAIL, { said: null, revocation: { at: NOON, said: null } }),
    ['record', 'kind', 'state', 'address', 'given', 'revoked'],
  ],
];
for (const [name, record, facts] of CASES) t.same(names(consentText(record, PLAIN)), facts, name);

t.test('who signed, with which authority, when', async (t) => {
  const signed = (change: object): string | undefined =>
    /^signed +(.*)$/m.exec(
      consentText(report({ ...MARKETING, authorisation: { ...AUTHORISATION, signedAt: NOON, ...change } }), PLAIN),
    )?.[1];
  t.equal(signed({}), 'Pat Doe, 2026-11-27');
  t.equal(signed({ signedBy: 'Kim Doe', authority: 'guardian' }), 'Kim Doe (guardian), 2026-11-27');
  t.equal(signed({ signedAt: null }), 'Pat Doe');
});

t.test('a table; the last day is the last on which it holds', async (t) => {
  const until = new Date(2027, 0, 1).getTime();
  const lines = consentsText(
    [report({ ...MARKETING, until }), report(ATTESTATION, { id: 3 }), report(OPT_OUT, { id: 2, said: null })],
    PLAIN,
  ).split('\n');
  t.same(
    lines.map((line) => line.trim().split(/ {2,}/)),
    [
      ['Record', 'State', 'Kind', 'Address', 'For', 'Given', 'Until'],
      ['17', 'in-force', 'marketing', 'pat@home.example', 'hospital.example', '2026-11-27', '2026-12-31'],
      ['3', 'in-force', 'attestation', 'newsletter', '2026-11-27'],
      ['2', 'in-force', 'fundraising-opt-out', '(no longer readable)', '2026-11-27'],
    ],
  );
  const narrow = consentsText([report({ ...OPT_OUT, address: `${'a'.repeat(60)}@home.example` })], { ...PLAIN, columns: 100 }).split('\n');
  t.ok(narrow.every((line) => line.length <= 100) && narrow[1]?.includes('…'), 'a long address gives way');
});

t.test('nothing in a record moves the terminal', async (t) => {
  const text = consentText(report({ ...PLAIN_MAIL, note: 'a\u001b[2Jb\u202ec' }), PLAIN);
  t.match(text, /^note +a\?\[2Jb\?c$/m);
});
