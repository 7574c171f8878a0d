// What a DSN says to a person, per error code: what happened, and what to do. Written for clinicians: no number, no term of the trade.
// Complete by type: a new code that a delivery can end with does not compile without its sentences.
import type { MailErrorCode } from '../mail/mail-error.ts';

export interface Sentences {
  readonly happened: string;
  /** What to do where the message did not get there. */
  readonly advice: string;
}

const CHECK_ADDRESS = 'Check the address for typing errors, or ask the recipient for the right one, and send the message again.';
const OTHER_WAY = 'Reach the recipient another way if it is urgent, and tell your mail administrator.';
const LATER = 'Send the message again later. If it is urgent, reach the recipient another way.';
const TELL_RECIPIENT = 'Reach the recipient another way and let them know, so that they can ask their mail administrator to mend it.';

/** Codes that end a dialogue with the client: no DSN is made of them. */
const NOT_TAKEN: Sentences = {
  happened: 'The message was not accepted.',
  advice: 'Send it again, and tell your mail administrator if that fails too.',
};
const OUR_FAULT: Sentences = {
  happened: 'This mail server could not process the message.',
  advice: 'Tell your mail administrator, and reach the recipient another way if it is urgent.',
};
const BROKEN_MESSAGE: Sentences = {
  happened: 'The message is built in a way that mail servers must not pass on.',
  advice: 'Write it anew and send it again. If that fails too, tell your mail administrator.',
};
const TOO_MUCH: Sentences = {
  happened: 'More messages were sent with your login than is allowed in this time.',
  advice: 'Wait an hour and send the message again. If you did not send so many, tell your mail administrator at once.',
};

/** Codes that a delivery can end with. */
type TravellingCode = Exclude<MailErrorCode, `session.${string}` | `auth.${string}`>;

const SENTENCES: Readonly<Record<TravellingCode, Sentences>> = {
  'policy.held': {
    happened: 'By a rule of your organisation a person looks at the message before it goes out.',
    advice: 'You need do nothing; if it is urgent, ask your mail administrator.',
  },
  'policy.returned': {
    happened: 'A rule of your organisation does not let the message go out this way.',
    advice: 'Ask your mail administrator how to send it.',
  },
  'policy.no-decision': {
    happened: 'The message could not be looked at, so a person has to.',
    advice: 'You need do nothing; if it is urgent, ask your mail administrator.',
  },
  'envelope.bad-syntax': NOT_TAKEN,
  'envelope.unknown-parameter': NOT_TAKEN,
  'envelope.bad-parameter': NOT_TAKEN,
  'envelope.needs-smtputf8': {
    happened: 'The address has letters that the program you sent with cannot use in addresses.',
    advice: CHECK_ADDRESS,
  },
  'envelope.bad-address': { happened: 'This is not a valid e-mail address.', advice: CHECK_ADDRESS },
  'envelope.sender-not-allowed': {
    happened: 'Your login may not send from the address that was used.',
    advice: 'Choose your own address as the sender and send the message again.',
  },
  'envelope.no-such-address': NOT_TAKEN,
  'envelope.not-from-you': NOT_TAKEN,
  'envelope.too-many-recipients': {
    happened: 'The message has too many recipients.',
    advice: 'Send it to fewer recipients at a time.',
  },
  'envelope.too-large': {
    happened: 'The message is larger than this mail server takes.',
    advice: 'Send it with fewer or smaller attachments.',
  },
  'content.bare-line-ending': BROKEN_MESSAGE,
  'content.bad-header': BROKEN_MESSAGE,
  'content.from-not-allowed': {
    happened: 'Your login may not send with the From address of this message.',
    advice: 'Choose your own address as the sender and send the message again.',
  },
  'content.loop': {
    happened: 'The message was going round in a circle between mail servers.',
    advice: 'Tell your mail administrator: a forwarding rule points back to where it came from.',
  },
  'content.unreadable': {
    happened: 'The stored message could not be read again and was not sent.',
    advice: 'Send it again from the Sent folder of your mail program, and tell your mail administrator.',
  },
  'store.disk-full': OUR_FAULT,
  'store.unavailable': OUR_FAULT,
  'store.too-slow': OUR_FAULT,
  'limit.messages': TOO_MUCH,
  'limit.recipients': {
    happened: 'Messages to more new recipients were sent with your login than is allowed in this time.',
    advice: 'Wait an hour and send the message again. If you did not send so many, tell your mail administrator at once.',
  },
  'limit.returned': NOT_TAKEN,
  'limit.reached': {
    happened: 'So much more was sent with your login than is allowed that somebody else may be using it.',
    advice: 'Tell your mail administrator at once.',
  },
  'route.no-such-domain': { happened: 'The part of the address behind the @ does not exist.', advice: CHECK_ADDRESS },
  'route.null-mx': {
    happened: 'The organisation behind this address says that it takes no e-mail there.',
    advice: 'Ask the recipient for another address.',
  },
  'route.no-mail-server': {
    happened: 'No mail server was found for the part of the address behind the @.',
    advice: CHECK_ADDRESS,
  },
  'route.loops-to-us': {
    happened: 'Mail for this address is directed back to this mail server, which does not deliver it.',
    advice: 'Tell your mail administrator, and reach the recipient another way if it is urgent.',
  },
  'route.private-address': {
    happened: 'The mail server of the recipient is set up in a way that cannot be reached from outside.',
    advice: TELL_RECIPIENT,
  },
  'route.address-literal': {
    happened: 'The address has a number in place of a name behind the @, and mail is not sent to such addresses.',
    advice: CHECK_ADDRESS,
  },
  'route.dns-failed': { happened: 'It could not be found out where mail for this address goes.', advice: LATER },
  'route.sts-unavailable': {
    happened: "The security rules that the recipient's organisation publishes for its mail could not be read.",
    advice: LATER,
  },
  'route.sts-mismatch': {
    happened: 'The mail servers of the recipient are not those that its organisation vouches for, so the message was not sent.',
    advice: TELL_RECIPIENT,
  },
  'delivery.connect-failed': { happened: 'The mail server of the recipient could not be reached.', advice: LATER },
  'delivery.connection-lost': { happened: 'The connection to the mail server of the recipient broke off.', advice: LATER },
  'delivery.timeout': { happened: 'The mail server of the recipient did not answer in time.', advice: LATER },
  'delivery.protocol-error': { happened: 'The mail server of the recipient gave answers that make no sense.', advice: OTHER_WAY },
  'delivery.login-refused': {
    happened: 'The mail server that passes on our mail did not let this one in.',
    advice: 'Tell your mail administrator, and reach the recipient another way if it is urgent.',
  },
  'delivery.stopped': { happened: 'This mail server was stopped before it could hand over the message.', advice: LATER },
  'delivery.refused-temporarily': { happened: 'The mail server of the recipient did not take the message for now.', advice: LATER },
  'delivery.refused': { happened: 'The mail server of the recipient refused the message.', advice: OTHER_WAY },
  'delivery.below-floor': {
    happened: "The recipient's mail server cannot be reached over a connection that is safe enough for this message, so it was not sent.",
    advice: 'Use another safe way to reach the recipient. Do not send it from a private mailbox. Your mail administrator can help.',
  },
  'delivery.no-unsubscribe': {
    happened:
      'Messages of this kind (marketing, or asking for gifts) must let people unsubscribe, and your organisation has not set that up, so it was not sent.',
    advice: 'Ask your mail administrator to set up unsubscribing, and send the message again then.',
  },
  'delivery.requiretls-missing': {
    happened: 'You asked for protected transport all the way, and the mail server of the recipient does not offer it.',
    advice: 'Use another safe way to reach the recipient, or send the message without that request if your rules allow it.',
  },
  'delivery.needs-8bitmime': {
    happened: 'The mail server of the recipient is too old for the way this message is encoded, and a signature forbids changing it.',
    advice: 'Send it again without a signature, if your rules allow it, or reach the recipient another way.',
  },
  'delivery.needs-smtputf8': {
    happened: 'The mail server of the recipient does not take addresses with letters beyond a to z.',
    advice: 'Ask the recipient for an address in plain letters, or use another sender address.',
  },
  'delivery.too-large': {
    happened: 'The message is larger than the mail server of the recipient takes.',
    advice: 'Send it with fewer or smaller attachments.',
  },
  'delivery.expired': {
    happened: 'The message could not be delivered in the time set for it, although it was tried again and again.',
    advice: 'Reach the recipient another way. If you send it again, ask your mail administrator first whether the fault is known.',
  },
  'delivery.no-way-to-open': {
    happened: 'The message could wait for the recipient on a web page of yours, but they have no safe way to open it there yet.',
    advice: 'Ask your mail administrator, or use another safe way to reach the recipient.',
  },
  'pickup.waiting': {
    happened: 'The message waits at the portal. The recipient has been sent a link to it and has not opened it yet.',
    advice: 'Call the recipient if it is urgent.',
  },
  'pickup.not-opened': {
    happened: 'The message waited at the portal, and the recipient did not open it in the time set for it.',
    advice: 'Call the recipient, and send the message again if it is still wanted.',
  },
  'pickup.notice-bounced': {
    happened: 'The message waited at the portal, but the link to it could not be delivered to this address. Nobody has opened it.',
    advice: CHECK_ADDRESS,
  },
  'pickup.recalled': {
    happened: 'The message was taken back from the portal before the recipient had opened it.',
    advice: 'Send it again if that was not meant.',
  },
  'pickup.removed': {
    happened: 'Your organisation has removed everything that waited at the portal for this recipient. They had not opened the message.',
    advice: 'Ask your mail administrator why, and reach the recipient another way.',
  },
  'delivery.hold-expired': {
    happened: 'The message was held for a check, and nobody released it in the time set for it. It was not sent.',
    advice: 'Ask your mail administrator why it was held before you send it again.',
  },
  'delivery.returned-by-person': {
    happened: 'The message was held for a check, and a person decided to give it back to you. It was not sent.',
    advice: 'Ask your mail administrator what to change before you send it again.',
  },
};

/** What a next hop's enhanced status (RFC 3463) says more than "refused", by its subject and detail. */
const BY_STATUS: Readonly<Record<string, Sentences>> = {
  '1.1': { happened: 'There is no mailbox with this address.', advice: CHECK_ADDRESS },
  '1.2': { happened: 'The part of the address behind the @ is not known there.', advice: CHECK_ADDRESS },
  '1.3': { happened: 'The mail server of the recipient says that the address is not valid.', advice: CHECK_ADDRESS },
  '1.6': { happened: 'The mailbox has moved and left no new address.', advice: 'Ask the recipient for the new address.' },
  '2.1': {
    happened: 'The mailbox of the recipient is switched off.',
    advice: 'Reach the recipient another way, or ask for another address.',
  },
  '2.2': {
    happened: 'The mailbox of the recipient is full.',
    advice: 'Reach the recipient another way and tell them that their mailbox is full.',
  },
  '2.3': { happened: 'The message is too large for the mailbox of the recipient.', advice: 'Send it with fewer or smaller attachments.' },
  '3.4': {
    happened: 'The message is larger than the mail server of the recipient takes.',
    advice: 'Send it with fewer or smaller attachments.',
  },
  '4.6': { happened: "The message was going round in a circle at the recipient's side.", advice: TELL_RECIPIENT },
  '7.1': { happened: 'The mail server of the recipient did not permit this message.', advice: TELL_RECIPIENT },
};

/** Codes for which the next hop's own status says more. */
const FROM_NEXT_HOP: ReadonlySet<string> = new Set(['delivery.refused', 'delivery.refused-temporarily']);

/**
 * The sentences for a recipient.
 * @param code of the catalogue; anything else gets the sentences of a plain refusal
 * @param status enhanced status
 */
export function sentencesFor(code: string, status: string): Sentences {
  const detail = status.slice(2);
  // 451 4.7.1 is how servers put off mail from strangers for a while (RFC 6647): no verdict.
  if (code === 'delivery.refused-temporarily' && detail === '7.1') return SENTENCES[code];
  if (FROM_NEXT_HOP.has(code) && Object.hasOwn(BY_STATUS, detail)) return BY_STATUS[detail] ?? NOT_TAKEN;
  return Object.hasOwn(SENTENCES, code) ? SENTENCES[code as TravellingCode] : SENTENCES['delivery.refused'];
}
