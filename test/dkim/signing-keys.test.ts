// Signing keys from PEM: what can sign, and what is said of what cannot.
import { generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import { readSigningKeys } from '../../src/dkim/signing-keys.ts';
import { testKey } from '../support/dkim-verifiers.ts';

const rsa = testKey('rsa', 'clinic.example', 's1');
const ed25519 = testKey('ed25519', 'clinic.example', 's2');

await t.test('keys by domain', async (t) => {
  const { keys, problems } = readSigningKeys([{ ...rsa, domain: 'Clinic.Example' }, ed25519, { ...ed25519, domain: 'klinik-süd.example' }]);
  t.strictSame(problems, []);
  t.strictSame([...keys.keys()], ['clinic.example', 'xn--klinik-sd-x9a.example']);
  t.strictSame(
    keys.get('clinic.example')?.map(({ algorithm, selector }) => [algorithm, selector]),
    [
      ['rsa-sha256', 's1'],
      ['ed25519-sha256', 's2'],
    ],
  );
  const pkcs1 = rsa.key.export({ type: 'pkcs1', format: 'pem' }).toString();
  t.strictSame(readSigningKeys([{ ...rsa, pem: pkcs1 }]).problems, [], 'PKCS #1');
});

await t.test('problems', async (t) => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const locked = rsa.key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  const table: readonly (readonly [name: string, entry: { domain: string; selector: string; pem: string }, problem: RegExp])[] = [
    ['a short key', { ...rsa, pem: short }, /1024 bits is too short/],
    ['another type', { ...rsa, pem: ec }, /type ec cannot sign DKIM/],
    ['with a pass phrase', { ...rsa, pem: locked }, /no private key/],
    ['no key', { ...rsa, pem: 'hello' }, /no private key/],
    ['a public key', { ...rsa, pem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n' }, /no private key/],
    ['no domain', { ...rsa, domain: 'not a domain' }, /not a domain name/],
    ['an address literal', { ...rsa, domain: '[192.0.2.1]' }, /not a domain name/],
    ['a domain that breaks out', { ...rsa, domain: 'a.example; d=b.example' }, /not a domain name/],
    ['a selector that breaks out', { ...rsa, selector: 's1; d=b.example' }, /selector/],
    ['no selector', { ...rsa, selector: '' }, /selector/],
  ];
  for (const [name, entry, problem] of table) {
    const { keys, problems } = readSigningKeys([entry]);
    t.equal(keys.size, 0, name);
    t.match(problems[0]?.problem, problem);
    t.notMatch(JSON.stringify(problems), /BEGIN|MII/, 'no key in the words');
  }
  const twice = readSigningKeys([rsa, { ...rsa, selector: 's3' }]);
  t.match(twice.problems, [{ selector: 's3', problem: 'a second rsa-sha256 key for this domain' }]);
  t.equal(twice.keys.get('clinic.example')?.length, 1);
});
