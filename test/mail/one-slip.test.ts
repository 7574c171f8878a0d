// Spellings with one character left out: enough to tell one slip of a finger from more, by tables and against a plain comparison.
import t from 'tap';
import { recipientDigests, restsOf, typedAddress } from '../../src/mail/one-slip.ts';

const typed: readonly (readonly [canonical: string, typed: string])[] = [
  ['ann@clinic.example', 'ann@clinic.example'],
  ['ann@xn--bcher-kva.example', 'ann@bücher.example'],
  ['"a@b"@clinic.example', '"a@b"@clinic.example'],
  ['ann@[192.0.2.1]', 'ann@[192.0.2.1]'],
  ['zoe\u0308@clinic.example', 'zo\u00eb@clinic.example'],
  ['ann@xn--a.example', 'ann@xn--a.example'],
];
for (const [canonical, expected] of typed) t.equal(typedAddress(canonical), expected, canonical);

const rests: readonly (readonly [text: string, rests: readonly string[]])[] = [
  ['abc', ['bc', 'ac', 'ab']],
  ['aab', ['ab', 'ab', 'aa']],
  ['a', ['']],
  ['', []],
  ['a\u{1f600}b', ['\u{1f600}b', 'ab', 'a\u{1f600}']],
];
for (const [text, expected] of rests) t.same(restsOf(text), expected, `"${text}"`);

t.test('digests: one label for whole and rest, so that they can be compared; another for domains', async (t) => {
  const asked: string[] = [];
  const digest = (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array => {
    asked.push(`${label} ${values.join(' ')}`);
    return Buffer.from(`${label} ${values.join(' ')}`);
  };
  const found = recipientDigests(digest, 'ab@xn--bcher-kva.example');
  t.same(asked, ['correspondent ab@bücher.example', 'correspondent-domain bücher.example'], 'no rest is made before it is asked for');
  t.equal(Buffer.from(found.rests()[1] ?? []).toString(), 'correspondent a@bücher.example');
  t.equal(found.rests().length, 'ab@bücher.example'.length);
});
