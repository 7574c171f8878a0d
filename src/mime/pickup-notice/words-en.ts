// Notices about a pickup, in English.
import type { NoticeWords } from './words.ts';

export const EN: NoticeWords = {
  subjects: {
    first: 'Your message from {organisation}',
    reminder: 'Your message from {organisation} is still waiting',
    again: 'Your message from {organisation}: the link again',
    'lost-factor': 'Your sign-in at {organisation} has changed',
    code: 'A code to tell by telephone: your message waits at the portal',
  },
  titles: {
    first: 'You have a message',
    reminder: 'Your message is still waiting',
    again: 'Here is the link again',
    'lost-factor': 'Your sign-in has changed',
  },
  from: '{from} of {organisation} has written to you. To keep what it says private, it is not in this email. You read it on our page.',
  fromNobody: '{organisation} has written to you. To keep what it says private, it is not in this email. You read it on our page.',
  reminder: 'You have not opened it yet.',
  again: 'You or somebody at {organisation} asked us to send you this link again.',
  lostFactor:
    '{organisation} was told that you have lost what you sign in with. It opens nothing any more, and you were signed out everywhere. They have made a new code, to be told to you by telephone or in person. If you did not ask for this, call now: {help}',
  until: 'You can read it until {date}.',
  open: 'Read your message',
  byMail: 'You need no account. The page sends a code to this email address, and you type it in.',
  byClinic:
    'To open it you need a code from {organisation}. They tell it to you by telephone or in person. If nobody has told you one, call {help}.',
  genuineTitle: 'Is this email real?',
  genuine: 'Look at where the link leads: it must be {host}. We never ask for money, for a card number or for a password by email.',
  call: 'Not sure? Call {organisation}: {help}',
  answerThere: 'Please answer on the page. An answer to this email is not protected.',
  noAnswers: 'Please answer on the page. Nobody reads answers to this email.',
  code: {
    title: 'Please tell this code',
    what: 'Your message of {date} waits at the portal, because it could not go safely by mail, or because it holds much about a patient. Those it is for have been sent a link. To open it they also need a code from you.',
    how: 'Tell it by telephone or in person. Do not send it by email: then whoever reads that mail could open the message too.',
    line: 'Code for {recipient}: {code}',
    until: 'It is good until {date}, once, and for this message only.',
    questions: 'Questions? {help}',
  },
};
