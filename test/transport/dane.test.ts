// TLSA records against certificates: selectors, matching types, usages, digest agility; and the public key as it stands in the certificate.
import { createHash } from 'node:crypto';
import t from 'tap';
import type { Tlsa } from '../../src/mail/next-hop.ts';
import { DANE_EE, DANE_TA, matchesTlsa, subjectPublicKeyInfo } from '../../src/transport/dane.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const leaf = ca.issue({ names: ['mx.peer.test'] });
const other = ca.issue({ names: ['mx.peer.test'] });
const hash = (name: 'sha256' | 'sha512', data: Buffer): Buffer => createHash(name).update(data).digest();
const record = (usage: number, selector: number, matchingType: number, data: Uint8Array): Tlsa => ({ usage, selector, matchingType, data });

await t.test('one record', async (t) => {
  const table: readonly (readonly [string, Tlsa, boolean])[] = [
    ['3 0 0', record(3, 0, 0, leaf.der), true],
    ['3 0 1', record(3, 0, 1, hash('sha256', leaf.der)), true],
    ['3 0 2', record(3, 0, 2, hash('sha512', leaf.der)), true],
    ['3 1 0', record(3, 1, 0, leaf.spki), true],
    ['3 1 1', record(3, 1, 1, hash('sha256', leaf.spki)), true],
    ['3 1 2', record(3, 1, 2, hash('sha512', leaf.spki)), true],
    ['another certificate', record(3, 0, 1, hash('sha256', other.der)), false],
    ['another key', record(3, 1, 1, hash('sha256', other.spki)), false],
    ['the key where the certificate is meant', record(3, 0, 1, hash('sha256', leaf.spki)), false],
    ['the certificate where the key is meant', record(3, 1, 1, hash('sha256', leaf.der)), false],
    ['the wrong digest', record(3, 1, 2, hash('sha256', leaf.spki)), false],
    ['a digest cut short', record(3, 1, 1, hash('sha256', leaf.spki).subarray(0, 31)), false],
    ['an empty digest', record(3, 1, 1, new Uint8Array()), false],
    ['unknown selector', record(3, 2, 1, hash('sha256', leaf.spki)), false],
    ['unknown matching type', record(3, 1, 3, hash('sha256', leaf.spki)), false],
    ['another usage', record(2, 1, 1, hash('sha256', leaf.spki)), false],
    ['usage 1 is not usable', record(1, 1, 1, hash('sha256', leaf.spki)), false],
  ];
  for (const [name, tlsa, match] of table) t.equal(matchesTlsa(leaf.der, [tlsa], DANE_EE), match, name);
  t.ok(matchesTlsa(ca.der, [record(2, 0, 1, hash('sha256', ca.der))], DANE_TA), '2 0 1');
});

await t.test('several records', async (t) => {
  const good256 = record(3, 1, 1, hash('sha256', leaf.spki));
  const good512 = record(3, 1, 2, hash('sha512', leaf.spki));
  const bad256 = record(3, 1, 1, hash('sha256', other.spki));
  const bad512 = record(3, 1, 2, hash('sha512', other.spki));
  t.ok(matchesTlsa(leaf.der, [bad256, good256], DANE_EE), 'one of them is enough: keys roll over');
  t.notOk(matchesTlsa(leaf.der, [good256, bad512], DANE_EE), 'the weaker digest does not count beside the stronger');
  t.ok(matchesTlsa(leaf.der, [bad256, good512], DANE_EE));
  t.ok(matchesTlsa(leaf.der, [bad512, record(3, 0, 1, hash('sha256', leaf.der))], DANE_EE), 'with another selector it does');
  t.ok(matchesTlsa(leaf.der, [record(2, 1, 2, hash('sha512', other.spki)), good256], DANE_EE), 'with another usage too');
  t.notOk(matchesTlsa(leaf.der, [], DANE_EE), 'none');
});

await t.test('the public key of a certificate', async (t) => {
  t.same(Buffer.from(subjectPublicKeyInfo(leaf.der) ?? []), leaf.spki);
  t.same(Buffer.from(subjectPublicKeyInfo(ca.der) ?? []), ca.spki);
  t.equal(subjectPublicKeyInfo(Buffer.alloc(0)), null, 'nothing');
  t.equal(subjectPublicKeyInfo(leaf.spki), null, 'no certificate');
  for (let length = 0; length < leaf.der.length; length++)
    t.equal(subjectPublicKeyInfo(leaf.der.subarray(0, length)), null, `cut after ${length}`);
});
