// Tokens of pickups: what each says, that none serves another use, and that nothing but what was made is taken.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { type PickupReference, type PickupTokenUse, pickupToken, readPickupToken } from '../../src/mail/pickup-token.ts';
import { fuzz } from '../support/fuzz.ts';
import { idOf } from '../support/store-names.ts';

const digestWith =
  (key: string) =>
  (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
    createHmac('sha256', `${key} ${label}`)
      .update(JSON.stringify(values.map(String)))
      .digest();
const ours = digestWith('ours');
const USES: readonly PickupTokenUse[] = ['link', 'notice', 'answer'];
const REFERENCE: PickupReference = { messageId: idOf(7), n: 3 };

await t.test('what was made is read, for its use only', async (t) => {
  const references: readonly PickupReference[] = [
    REFERENCE,
    { ...REFERENCE, n: 0 },
    { ...REFERENCE, n: 65_535 },
    { ...REFERENCE, messageId: idOf(8) },
  ];
  for (const use of USES) {
    for (const reference of references) {
      const token = pickupToken(ours, use, reference);
      const name = `${use} ${reference.n}`;
      t.match(token, /^[a-z0-9-]+$/, `${name}: stands in a URL and in a local part as it is`);
      t.ok(`answer-${token}`.length <= (use === 'link' ? 67 : 64), `${name}: short enough (RFC 5321 4.5.3.1.1)`);
      t.same(readPickupToken(ours, use, token), reference, name);
      t.same(readPickupToken(ours, use, token.toUpperCase()), reference, `${name}: whatever case a mail system makes of it`);
      t.equal(readPickupToken(digestWith('other'), use, token), null, `${name}: of another gateway`);
      for (const other of USES.filter((one) => one !== use)) t.equal(readPickupToken(ours, other, token), null, `${name} as ${other}`);
    }
  }
});

await t.test('seals differ by message, place and use', async (t) => {
  const tokens = USES.flatMap((use) =>
    [REFERENCE, { ...REFERENCE, n: 4 }, { ...REFERENCE, messageId: idOf(8) }].map((reference) =>
      pickupToken(ours, use, reference).slice(-16),
    ),
  );
  t.equal(new Set(tokens).size, tokens.length);
  const letters = new Set(Array.from({ length: 200 }, (_, n) => pickupToken(ours, 'link', { ...REFERENCE, n }).slice(-26)).join(''));
  t.equal(letters.size, 32, 'each of five bits is used');
});

const TOKEN = pickupToken(ours, 'link', REFERENCE);
const [id = '', n = '', seal = ''] = TOKEN.split('-');
const flipped = `${seal.startsWith('a') ? 'b' : 'a'}${seal.slice(1)}`;
const bad: readonly (readonly [name: string, token: string])[] = [
  ['empty', ''],
  ['another message', `${idOf(8).toLowerCase()}-${n}-${seal}`],
  ['another recipient', `${id}-4-${seal}`],
  ['a leading zero', `${id}-03-${seal}`],
  ['one letter of the seal', `${id}-${n}-${flipped}`],
  ['the last letter of the seal', `${id}-${n}-${seal.slice(0, -1)}${seal.endsWith('a') ? 'b' : 'a'}`],
  ['a shorter seal', `${id}-${n}-${seal.slice(0, 16)}`],
  ['a longer seal', `${TOKEN}a`],
  ['white space behind', `${TOKEN} `],
  ['a line more', `${TOKEN}\n`],
  ['something before', `x${TOKEN}`],
  ['no seal', `${id}-${n}-`],
  ['only the id', id],
];
const WITH_K =
  Array.from({ length: 500 }, (_, place) => pickupToken(ours, 'link', { ...REFERENCE, n: place })).find((token) => token.includes('k')) ??
  '';
await t.test('nothing else is read', async (t) => {
  for (const [name, token] of bad) if (token !== TOKEN) t.equal(readPickupToken(ours, 'link', token), null, name);
  t.match(WITH_K, 'k');
  t.equal(readPickupToken(ours, 'link', WITH_K.replace('k', '\u212a')), null, 'a letter that folds to ours is not ours');
});

await t.test('whatever comes is refused, and a change anywhere', async (t) => {
  fuzz(
    t,
    2_000,
    fc.property(fc.string({ maxLength: 80 }), (text) => readPickupToken(ours, 'link', text) === null),
  );
  fuzz(
    t,
    5_000,
    fc.property(fc.nat(TOKEN.length - 1), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567-'), (at, letter) => {
      const changed = TOKEN.slice(0, at) + letter + TOKEN.slice(at + 1);
      return changed === TOKEN || readPickupToken(ours, 'link', changed) === null;
    }),
  );
});
