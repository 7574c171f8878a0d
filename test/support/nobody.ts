// What is known of a message that nobody sends to nobody.
import type { Surroundings } from '../../src/inspect/detector.ts';

export const NOBODY: Surroundings = {
  recipients: [],
  sender: '',
  writers: [],
  senderNames: [],
  recipientNames: [],
  sends: 'unknown',
  today: 20_000,
};
