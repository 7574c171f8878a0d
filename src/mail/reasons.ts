// Why a message has its level: codes, and the sentence each stands for.

export const REASONS = {
  'structured-document': 'a structured health document that names a patient',
  'person-and-health': 'an identified person and health near one another',
  'person-and-health-apart': 'an identified person and health in the same message, further apart',
  'recipient-and-health': "the recipient's own health, care or payment",
  'letter-of-care': "many words of somebody's care, and a person who is named or reached",
  'health-alone': 'health without a person',
  'person-alone': 'a person without health',
  'exact-match': 'a person of the patient table',
  'other-patients-address': 'about one patient of the table, to the address of another',
} as const;
export type ReasonCode = keyof typeof REASONS;
