// Tokens of one-click unsubscribe: what each says, and that nothing but what was made is taken.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { readUnsubscribeToken, type Unsubscribing, unsubscribeToken } from '../../src/mail/unsubscribe-token.ts';
import { fuzz } from '../support/fuzz.ts';
import { idOf } from '../support/store-names.ts';

const digestWith =
  (key: string) =>
  (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
    createHmac('sha256', `${key} ${label}`)
      .update(JSON.stringify(values.map(String)))
      .digest();
const ours = digestWith('ours');

const MADE: Unsubscribing = { messageId: idOf(7), n: 3, purpose: 'marketing' };
const TOKEN = unsubscribeToken(ours, MADE);

const good: readonly (readonly [name: string, what: Unsubscribing])[] = [
  ['marketing', MADE],
  ['fundraising', { ...MADE, purpose: 'fundraising' }],
  ['the first recipient', { ...MADE, n: 0 }],
  ['the last that an envelope may have', { ...MADE, n: 65_535 }],
  ['another message', { ...MADE, messageId: idOf(8) }],
];
await t.test('what was made is read', async (t) => {
  for (const [name, what] of good) {
    const token = unsubscribeToken(ours, what);
    t.match(token, /^[\w-]{74,}$/, `${name}: stands in a URL as it is`);
    t.ok(token.length <= 78, `${name}: short`);
    t.same(readUnsubscribeToken(ours, token), what, name);
    t.equal(readUnsubscribeToken(digestWith('other'), token), null, `${name}: of another gateway`);
  }
  t.equal(new Set(good.map(([, what]) => unsubscribeToken(ours, what).slice(-43))).size, good.length, 'each has a digest of its own');
});

const [id = '', n = '', letter = ''] = TOKEN.split('-');
const mac = TOKEN.slice(-43);
const flipped = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`;
/** The same bits, spelled with others in the two that the last character leaves over. */
const respelled = mac.slice(0, -1) + String.fromCharCode(mac.charCodeAt(42) + 1);
const bad: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['another recipient of the message', `${id}-4-${letter}-${mac}`],
  ['another message', `${idOf(8)}-${n}-${letter}-${mac}`],
  ['another purpose', `${id}-${n}-f-${mac}`],
  ['a purpose that is none', `${id}-${n}-x-${mac}`],
  ['another digest', `${id}-${n}-${letter}-${flipped}`],
  ['the same digest spelled otherwise', `${id}-${n}-${letter}-${respelled}`],
  ['a digest of zeros', `${id}-${n}-${letter}-${'A'.repeat(43)}`],
  ['a digest cut short', TOKEN.slice(0, -1)],
  ['a digest with more', `${TOKEN}A`],
  ['without a digest', `${id}-${n}-${letter}-`],
  ['a number with a zero before it', `${id}-03-${letter}-${mac}`],
  ['a number with a sign', `${id}-+3-${letter}-${mac}`],
  ['a number too large for an envelope', `${id}-300000-${letter}-${mac}`],
  ['an id in small letters', `${id.toLowerCase()}-${n}-${letter}-${mac}`],
  ['a line end behind it', `${TOKEN}\n`],
  ['octets that only look alike', TOKEN.replace('-3-', '-３-')],
  ['padding', `${TOKEN}=`],
];
await t.test('nothing else is', async (t) => {
  for (const [name, text] of bad) t.equal(readUnsubscribeToken(ours, text), null, name);
});

await t.test('no text that was not made is ever taken', async (t) => {
  const at = fc.integer({ min: 0, max: TOKEN.length - 1 });
  fuzz(
    t,
    2_000,
    fc.property(at, fc.string({ minLength: 1, maxLength: 2, unit: 'binary' }), (place, put) => {
      const changed = TOKEN.slice(0, place) + put + TOKEN.slice(place + 1);
      return changed === TOKEN || readUnsubscribeToken(ours, changed) === null;
    }),
  );
});
