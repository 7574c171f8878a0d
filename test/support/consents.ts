// Records of the consent registry for tests: whole and valid, each test changes what it is about.
import type { Authorisation, Consent } from '../../src/mail/consent.ts';

/** When these were given: before the tests of the store and of the gateway begin. */
export const GIVEN = Date.UTC(2026, 9, 1);

export const PLAIN_MAIL: Consent = {
  kind: 'plain-mail',
  address: 'pat@home.example',
  scope: 'hospital.example',
  text: 'warning-2026-02',
  document: null,
  givenAt: GIVEN,
  until: null,
  takenBy: null,
  note: null,
  authorisation: null,
  otherWay: null,
  uses: null,
};

export const AUTHORISATION: Authorisation = {
  information: 'Name, address and that the person has diabetes',
  discloser: 'The diabetes clinic',
  receiver: 'Meter Makers Inc.',
  purpose: 'Offers of glucose meters',
  endsWith: null,
  signedBy: 'Pat Doe',
  signedAt: GIVEN,
  authority: null,
  statements: 'authorisation-form-7',
  thirdPartyPayment: 'yes',
};

export const MARKETING: Consent = {
  ...PLAIN_MAIL,
  kind: 'marketing',
  text: null,
  until: Date.UTC(2030, 0, 1),
  authorisation: AUTHORISATION,
};

export const OTHER_WAY: Consent = { ...PLAIN_MAIL, kind: 'other-way', text: null, otherWay: 'by letter to the office address' };

export const OPT_OUT: Consent = { ...PLAIN_MAIL, kind: 'fundraising-opt-out', text: null };

export const ATTESTATION: Consent = {
  ...PLAIN_MAIL,
  kind: 'attestation',
  address: 'newsletter',
  scope: null,
  uses: 'News of the cafeteria, never about patients',
};
