// Addresses that mail about a pickup comes back to: what was issued is read, however it was changed on the way, and nothing else is.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { parseMailbox } from '../../src/mail/address.ts';
import { readReturnAddress, returnAddress } from '../../src/mail/return-address.ts';
import { fuzz } from '../support/fuzz.ts';
import { idOf } from '../support/store-names.ts';

const digestWith =
  (key: string) =>
  (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
    createHmac('sha256', `${key} ${label}`)
      .update(JSON.stringify(values.map(String)))
      .digest();
const ours = digestWith('ours');

const DOMAIN = 'return.clinic.example';
const REFERENCE = { messageId: idOf(7), n: 3 };
const NOTICE = returnAddress(ours, 'notice', REFERENCE, DOMAIN);
const ANSWER = returnAddress(ours, 'answer', REFERENCE, DOMAIN);
const notice = { kind: 'pickup', use: 'notice', reference: REFERENCE };
const unknown = { kind: 'unknown' };
const local = NOTICE.slice(0, NOTICE.indexOf('@'));
const flipped = local.endsWith('a') ? `${local.slice(0, -1)}b` : `${local.slice(0, -1)}a`;

await t.test('fits an envelope', async (t) => {
  const longest = returnAddress(ours, 'answer', { messageId: idOf(7), n: 65_535 }, DOMAIN);
  t.ok(longest.indexOf('@') <= 56, 'with room for a subaddress');
  for (const address of [NOTICE, ANSWER, longest]) {
    t.match(address, /^[a-z0-9-]+@return\.clinic\.example$/);
    t.not(parseMailbox(address), null);
  }
  t.notMatch(ANSWER.slice(-40), NOTICE.slice(-40), 'each use has a token of its own');
});

const cases: readonly (readonly [name: string, address: string, read: unknown])[] = [
  ['a notice', NOTICE, notice],
  ['an answer', ANSWER, { kind: 'pickup', use: 'answer', reference: REFERENCE }],
  ['in capitals', NOTICE.toUpperCase(), notice],
  ['with a subaddress', NOTICE.replace('@', '+news@'), notice],
  ['quoted', `"${local}"@${DOMAIN}`, notice],
  ['quoted letter by letter', `"${local.replace(/(.)/g, '\\$1')}"@${DOMAIN}`, notice],
  ['postmaster', `Postmaster@${DOMAIN}`, { kind: 'postmaster' }],
  ['postmaster with a subaddress', `postmaster+x@${DOMAIN}`, { kind: 'postmaster' }],
  ['somebody else', `joe@${DOMAIN}`, unknown],
  ['one letter changed', `${flipped}@${DOMAIN}`, unknown],
  ['one letter more', `${local}a@${DOMAIN}`, unknown],
  ['one letter less', `${local.slice(0, -1)}@${DOMAIN}`, unknown],
  ['the token of the other use', `answer-${local.slice('notice-'.length)}@${DOMAIN}`, unknown],
  ['a word only', `notice@${DOMAIN}`, unknown],
  ['an empty token', `notice-@${DOMAIN}`, unknown],
  ['a subaddress only', `+${local}@${DOMAIN}`, unknown],
  ['no local part', `@${DOMAIN}`, unknown],
  ['another domain', `${local}@clinic.example`, null],
  ['a domain below', `${local}@x.${DOMAIN}`, null],
  ['ours before another', `${NOTICE}@example.net`, null],
  ['no domain', local, null],
  ['nothing', '', null],
  ['a domain that is none', `${local}@-`, null],
];
await t.test('read', async (t) => {
  for (const [name, address, read] of cases) t.same(readReturnAddress(ours, address, DOMAIN), read, name);
  t.same(readReturnAddress(digestWith('other'), NOTICE, DOMAIN), unknown, 'of another gateway');
  t.same(readReturnAddress(ours, NOTICE, 'Return.Clinic.Example'), notice, 'the domain as an administrator may write it');
});

await t.test('no text is taken for one that was not issued', async (t) => {
  const near = fc.array(
    fc.constantFrom('notice-', 'answer-', local.slice(7, 33), '-3-', local.slice(-16), 'a', '+', '@', DOMAIN, '"', '\\'),
    { maxLength: 8 },
  );
  fuzz(
    t,
    500,
    fc.property(near, (pieces) => {
      const address = pieces.join('');
      const read = readReturnAddress(ours, address, DOMAIN);
      return read?.kind !== 'pickup' || address.toLowerCase().includes(local);
    }),
  );
});
