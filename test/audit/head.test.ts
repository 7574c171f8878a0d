import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { headSigner, headVerifier, openHead, signHead } from '../../src/audit/head.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const HEAD = { logId: 'log-1', seq: 7, hash: Buffer.alloc(32, 5), at: Date.UTC(2026, 10, 22) };
const signer = headSigner(privateKey);
const verifier = headVerifier(publicKey);

await t.test('a signed head opens as it was signed', async (t) => {
  t.same(openHead(signHead(HEAD, signer), verifier), HEAD);
});

await t.test('a head that is not the one that was signed does not open', async (t) => {
  const signed = signHead(HEAD, signer);
  const outer = JSON.parse(signed) as { head: string; signature: string };
  const cases: Readonly<Record<string, string>> = {
    'another number': JSON.stringify({ ...outer, head: outer.head.replace('"seq":7', '"seq":6') }),
    'another log': JSON.stringify({ ...outer, head: outer.head.replace('log-1', 'log-2') }),
    'another hash': JSON.stringify({ ...outer, head: outer.head.replace('0505', '0506') }),
    'a signature of nothing': JSON.stringify({ ...outer, signature: '' }),
    'a signature of another key': signHead(HEAD, headSigner(generateKeyPairSync('ed25519').privateKey)),
    'no signature': JSON.stringify({ head: outer.head }),
    'cut short': signed.slice(0, -10),
    nothing: '',
    null: 'null',
  };
  for (const [name, text] of Object.entries(cases)) t.equal(openHead(text, verifier), null, name);
});

await t.test('the signature covers more than the document: it cannot be one made for another purpose', async (t) => {
  const { head } = JSON.parse(signHead(HEAD, signer)) as { head: string };
  const bare = JSON.stringify({ head, signature: Buffer.from(signer.sign(Buffer.from(head))).toString('base64') });
  t.equal(openHead(bare, verifier), null);
});
