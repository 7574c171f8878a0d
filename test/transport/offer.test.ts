// What EHLO offers, from replies as servers write them.
import t from 'tap';
import { offersAuth, parseOffer, sizeLimit } from '../../src/transport/offer.ts';

const offer = (...lines: readonly string[]): ReturnType<typeof parseOffer> =>
  parseOffer({ code: 250, lines: ['peer.test hello', ...lines] });

await t.test('keywords', async (t) => {
  t.same([...offer('PIPELINING', 'size 1000', '8BITMIME', 'AUTH PLAIN LOGIN').keys()], ['PIPELINING', 'SIZE', '8BITMIME', 'AUTH']);
  t.notOk(parseOffer({ code: 250, lines: ['STARTTLS'] }).has('STARTTLS'), 'the first line is a greeting');
  t.equal(offer('SIZE 10', 'SIZE 20').get('SIZE'), '10', 'the first one counts');
  t.equal(offer('').size, 0, 'an empty line is nothing');
});

await t.test('SIZE', async (t) => {
  const table: readonly (readonly [string, number | null])[] = [
    ['SIZE 1000', 1000],
    ['SIZE', null],
    ['SIZE 0', null],
    ['SIZE -5', null],
    ['SIZE 10M', null],
    ['SIZE 99999999999999999999', null],
    ['PIPELINING', null],
  ];
  for (const [line, limit] of table) t.equal(sizeLimit(offer(line)), limit, line);
});

await t.test('AUTH', async (t) => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['AUTH PLAIN LOGIN', 'LOGIN', true],
    ['AUTH plain', 'PLAIN', true],
    ['AUTH CRAM-MD5', 'PLAIN', false],
    ['AUTH', 'PLAIN', false],
    ['AUTH=PLAIN', 'PLAIN', false],
    ['PIPELINING', 'PLAIN', false],
  ];
  for (const [line, mechanism, offered] of table) t.equal(offersAuth(offer(line), mechanism), offered, `${line}: ${mechanism}`);
});
