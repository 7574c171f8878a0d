// Faults of mail servers, by name: what real ones, broken ones and attackers on the way have been seen to do.
import type { Act, Call, PeerSession, Step } from './smtp-peer.ts';

interface Behaviour {
  /** Changes what EHLO offers. */
  readonly offer?: (offer: readonly string[], session: PeerSession) => readonly string[];
  /** Asked at every step; undefined leaves it alone. */
  readonly act?: (step: Step, call: Call) => Act | string | undefined | Promise<Act | string | undefined>;
}

const without =
  (...keywords: readonly string[]) =>
  (offer: readonly string[]): readonly string[] =>
    offer.filter((one) => !keywords.includes(one.split(' ')[0] ?? ''));

const at =
  (wanted: Step, act: Act | string) =>
  (step: Step): Act | string | undefined =>
    step === wanted ? act : undefined;

/** The local part of the forward-path: faults that hit one recipient go by it. */
const localPart = (line: string): string => /^RCPT TO:<([^@>]*)/i.exec(line)?.[1] ?? '';

/** Says the same at MAIL until nobody listens any more. */
async function endless(step: Step, call: Call, text: string): Promise<Act | undefined> {
  if (step !== 'mail') return undefined;
  while ((await call.write(text)) === 'open');
  return { say: null };
}

const TABLE = {
  'no-starttls': { offer: without('STARTTLS') },
  /** As a device on the way does it: the keyword is overwritten, the command unknown. */
  'strips-starttls': {
    offer: (offer) => offer.map((one) => (one === 'STARTTLS' ? 'XXXXXXXA' : one)),
    act: at('starttls', '502 5.5.1 unknown command\r\n'),
  },
  'refuses-starttls-for-now': { act: at('starttls', '454 4.7.0 TLS not available\r\n') },
  'refuses-starttls': { act: at('starttls', '501 5.5.4 no\r\n') },
  /** Bytes in clear, to be read as if they had come over TLS (RFC 3207 section 6). */
  'injects-after-starttls': { act: at('starttls', '220 2.0.0 ready\r\n250 2.0.0 injected\r\n') },
  'speaks-plain-after-starttls': { act: at('starttls', { say: '220 2.0.0 ready\r\n', then: 'drop' }) },
  'no-pipelining': { offer: without('PIPELINING') },
  'no-dsn': { offer: without('DSN') },
  'no-8bitmime': { offer: without('8BITMIME', 'SMTPUTF8') },
  'no-smtputf8': { offer: without('SMTPUTF8') },
  'small-size': { offer: (offer) => [...without('SIZE')(offer), 'SIZE 1000'] },
  'offers-requiretls': { offer: (offer, session) => (session.tls === null ? offer : [...offer, 'REQUIRETLS']) },
  'offers-auth': { offer: (offer, session) => (session.tls === null ? offer : [...offer, 'AUTH PLAIN LOGIN']) },
  'greets-421': { act: at('connect', { say: '421 4.3.2 too busy\r\n', then: 'end' }) },
  'greets-554': { act: at('connect', { say: '554 5.7.1 not you\r\n', then: 'end' }) },
  'drops-at-connect': { act: at('connect', { say: null, then: 'drop' }) },
  'drops-at-mail': { act: at('mail', { say: null, then: 'drop' }) },
  'drops-at-rcpt': { act: at('rcpt', { say: null, then: 'drop' }) },
  'drops-mid-data': { act: at('content', { say: null, then: 'drop' }) },
  'refuses-mid-data': { act: at('content', { say: '552 5.3.4 too much\r\n', then: 'drop' }) },
  'stops-reading': { act: at('content', { say: null, then: 'deaf' }) },
  'drops-after-dot': { act: at('dot', { say: null, then: 'drop' }) },
  'hangs-after-dot': { act: async (step, call) => (step === 'dot' ? call.ended.then(() => ({ say: null })) : undefined) },
  'hangs-at-connect': { act: async (step, call) => (step === 'connect' ? call.ended.then(() => ({ say: null })) : undefined) },
  'hangs-at-mail': { act: async (step, call) => (step === 'mail' ? call.ended.then(() => ({ say: null })) : undefined) },
  'answers-dot-early': { act: at('data', '354 go on\r\n250 2.0.0 taken before it came\r\n') },
  '421-at-mail': { act: at('mail', { say: '421 4.3.2 going down\r\n', then: 'end' }) },
  'refuses-mail': { act: at('mail', '550 5.7.1 not from there\r\n') },
  'defers-mail': { act: at('mail', '451 4.7.1 not now\r\n') },
  'mail-552': { act: at('mail', '552 5.3.4 that is too large\r\n') },
  'refuses-data': { act: at('data', '554 5.5.0 no\r\n') },
  'refuses-dot': { act: at('dot', '550 5.7.1 looks like spam\r\n') },
  'defers-dot': { act: at('dot', '451 4.3.0 no room\r\n') },
  /** `later...` is put off, `never...` refused, `full...` has no room, `bye...` closes; all others are taken. */
  'mixed-recipients': {
    act: (step, { line }) => {
      if (step !== 'rcpt') return undefined;
      const local = localPart(line);
      if (local.startsWith('later')) return '450 4.2.1 busy mailbox\r\n';
      if (local.startsWith('never')) return '550 5.1.1 no such mailbox\r\n';
      if (local.startsWith('full')) return '452 4.2.2 mailbox full\r\n';
      if (local.startsWith('many')) return '552 too many recipients\r\n';
      if (local.startsWith('bye')) return { say: '421 4.3.2 closing\r\n', then: 'end' };
      return undefined;
    },
  },
  /** The first try of each sender and recipient is put off. */
  greylists: {
    act: (step, { line, peer }) => {
      if (step !== 'rcpt') return undefined;
      const tries = peer.lines.filter((one) => one === line).length;
      return tries > 1 ? undefined : '451 4.7.1 greylisted, try again\r\n';
    },
  },
  /** Content comes back in the reply: it must reach no log, DSN or evidence in clear. */
  'repeats-content': {
    act: (step, { content }) => {
      if (step !== 'dot') return undefined;
      const text = content.toString('latin1').replace(/\r\n\.\r\n[^]*$/, '');
      const subject = /^Subject: (.*)$/m.exec(text)?.[1] ?? '';
      return `550-5.7.1 refused: ${subject.trim()}\r\n550 5.7.1 ${text.replace(/[\r\n]+/g, ' ').slice(0, 1500)}\r\n`;
    },
  },
  'control-bytes': { act: at('dot', { say: Buffer.from('550 5.7.1 no\0\x07\x1b[31mred\x1b[0m \xff\xfe\x80 end\r\n', 'latin1') }) },
  'huge-line': { act: at('mail', `250 2.1.0 ${'x'.repeat(10_000)}\r\n`) },
  'endless-line': { act: (step, call) => endless(step, call, 'x'.repeat(4_000)) },
  'endless-reply': { act: (step, call) => endless(step, call, '250-2.1.0 and another line\r\n'.repeat(50)) },
  'mixed-codes': { act: at('mail', '250-2.1.0 yes\r\n550 5.1.0 no\r\n') },
  'no-reply-at-all': { act: at('mail', 'HTTP/1.1 400 Bad Request\r\n') },
} as const satisfies Readonly<Record<string, Behaviour>>;

export type Fault = keyof typeof TABLE;

export const FAULTS: Readonly<Record<Fault, Behaviour>> = TABLE;
