// The messages of `postern demo`: synthetic, several recipients each, one with an 8-bit body, one with an attachment, one with HTML.
// Every name and number in them is made up.

export interface DemoMessage {
  readonly title: string;
  readonly recipients: readonly string[];
  readonly text: string;
  readonly html: string | null;
  readonly attachment: { readonly filename: string; readonly contentType: string; readonly content: string } | null;
  /** '8bit': the body leaves the client as UTF-8 without a transfer encoding (RFC 6152). */
  readonly encoding: '7bit' | '8bit';
  /** When the sender wants a DSN. */
  readonly notify: readonly ('success' | 'failure' | 'delay')[] | null;
}

export const DEMO_MESSAGES: readonly DemoMessage[] = [
  {
    title: 'Your appointment on Thursday',
    recipients: ['ann@good.test', 'bob@good.test', 'lee@clinic.example'],
    text: 'Dear Ann, dear Bob,\n\nyour appointment is on Thursday at 10:15 in room 4.\n\nRiverside Clinic (a made-up clinic)\n',
    html: null,
    attachment: null,
    encoding: '7bit',
    notify: ['success', 'failure'],
  },
  {
    title: 'Laborwerte für Frau Müller-Beispiel',
    recipients: ['labor@dane.test', 'praxis@mta-sts.test', 'archiv@slow.test'],
    text: 'Sehr geehrte Kollegin,\n\nKalium 4,1 mmol/l, Natrium 140 mmol/l, Kreatinin 71 µmol/l.\n\nMit freundlichen Grüßen\nDr. Jörg Beispiel\n',
    html: null,
    attachment: null,
    encoding: '8bit',
    notify: null,
  },
  {
    title: 'Referral with results',
    recipients: ['heart@no-tls.test', 'heart@expired.test', 'heart@wrong-name.test', 'heart@self-signed.test'],
    text: 'Dear colleague,\n\nplease see this patient. The values of the last week are attached.\n\nDr. Sample\n',
    html: null,
    attachment: {
      filename: 'values.csv',
      contentType: 'text/csv',
      content:
        'day,systolic,diastolic\n' +
        Array.from({ length: 200 }, (_, day) => `${day + 1},${118 + (day % 17)},${74 + (day % 11)}\n`).join(''),
    },
    encoding: '7bit',
    notify: null,
  },
  {
    title: 'Discharge summary',
    recipients: ['ward@dane-bad.test', 'ward@mta-sts-bad.test', 'ward@greylist.test'],
    text: 'Summary of the stay of 3 to 7 November: recovered well, control in two weeks.\n',
    html: '<p>Summary of the stay of <b>3 to 7 November</b>: recovered well, control in two weeks.</p>\n',
    attachment: null,
    encoding: '7bit',
    notify: null,
  },
  {
    title: 'Invoice 2026-0042',
    recipients: ['pay@full.test', 'later@full.test', 'pay@null-mx.test', 'pay@no-such.test'],
    text: 'Please find below the amount for your visit: 42.00.\n',
    html: null,
    attachment: null,
    encoding: '7bit',
    notify: null,
  },
];
