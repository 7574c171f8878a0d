// What a house of care has to do with somebody at home: it sees her on a day, bills her, tells her of results and records, sends her what she
// needs. From a shop these words say nothing of care; from a clinic, a pharmacy or a plan to a person's own address they are care or the payment
// for it (45 CFR 164.501), whatever else is said (correspondence.ts).

/** By word: how far it moves the odds (logarithm to base e), where such a house writes to somebody at home. */
const ROWS: readonly (readonly [worth: number, words: string])[] = [
  // Payment.
  [1.2, 'statement balance bill bills billed owe owed invoice receipt overdue estimate instalments installments'],
  [
    0.8,
    'due account payment payments paid charge charges amount portion premium assistance claim claims coverage eligible eligibility collections',
  ],
  // Coming, and what is kept of it.
  [
    1.2,
    'appointment appointments appt appts reschedule rescheduled rebook cancellation cancelation cancellations canceled cancelled session sessions cita consultation consult checkup',
  ],
  [
    1,
    'arrive arrival portal chart results result refill refills waitlist waiting records report stay recall reminder remind missed visit visits',
  ],
  [
    0.8,
    'seen referral referred questionnaire questionnaires instructions authorised authorized authorization release summary discharge slot opening bed beds',
  ],
  // Things for somebody.
  [0.9, 'order ordered shipped shipment delivery delivered supply supplies pickup collect collected ready replacement kit fitting stock'],
  // What is arranged around it.
  [
    0.5,
    'confirm confirmed schedule scheduled booked move moved message signed sign log form forms attached welcome registered registering moved bring driver wheelchair drive ride parking wear skip keep stop start hold home room video phone call ring tomorrow tonight today yesterday morning week weeks days',
  ],
  [
    0.3,
    'monday tuesday wednesday thursday friday saturday mon tue tues wed thu thurs fri am pm see copy note letter policy questions survey team',
  ],
];

export const DEALING_WORTHS: ReadonlyMap<string, number> = new Map(
  ROWS.flatMap(([worth, words]) => words.split(' ').map((word) => [word, worth] as const)),
);

/** However much is dealt with: so much is as good as all. */
export const MOST_DEALINGS = 3;
