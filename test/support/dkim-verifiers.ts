// Two independent readers of DKIM signatures: mailauth, and dkimpy of Debian's package python3-dkim. DNS is a table.
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { askPython } from './python.ts';

export interface TestKey {
  readonly domain: string;
  readonly selector: string;
  readonly pem: string;
  readonly key: KeyObject;
}

export function testKey(type: 'rsa' | 'ed25519', domain: string, selector: string): TestKey {
  const { privateKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  return { domain, selector, key: privateKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** The TXT record of a key (RFC 6376 3.6.1, RFC 8463 4). */
function record({ key }: TestKey): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return key.asymmetricKeyType === 'ed25519'
    ? `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString('base64')}`
    : `v=DKIM1; k=rsa; p=${spki.toString('base64')}`;
}

function zone(keys: readonly TestKey[]): ReadonlyMap<string, string> {
  return new Map(keys.map((key) => [`${key.selector}._domainkey.${key.domain}`, record(key)]));
}

/** What mailauth says of each signature, as `selector=result`, sorted. */
export async function verifyWithMailauth(message: Uint8Array, keys: readonly TestKey[]): Promise<readonly string[]> {
  const txt = zone(keys);
  const resolver = async (name: string): Promise<string[][]> => {
    const found = txt.get(name);
    if (found === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return [[found]];
  };
  const { results } = await dkimVerify(Buffer.from(message), { resolver });
  return results.map(({ selector, status }) => `${selector ?? ''}=${status.result}`).sort();
}

const VERIFY = `
import sys, json, base64, dkim
job = json.load(sys.stdin)
zone = {k.encode() + b'.': v.encode() for k, v in job['zone'].items()}
def verify(data):
    out = []
    count = data.lower().split(b'\\r\\n\\r\\n')[0].count(b'dkim-signature:')
    for i in range(count):
        d = dkim.DKIM(data)
        try: good = d.verify(idx=i, dnsfunc=lambda name, timeout=5: zone.get(name if isinstance(name, bytes) else name.encode()))
        except Exception: good = False
        out.append(d.selector.decode() + '=' + ('pass' if good else 'fail') if d.selector else 'error')
    return sorted(out)
print(json.dumps([verify(base64.b64decode(m)) for m in job['messages']]))
`;

/** What dkimpy says of each message's signatures, as above. */
export async function verifyWithDkimpy(messages: readonly Uint8Array[], keys: readonly TestKey[]): Promise<readonly (readonly string[])[]> {
  const input = { zone: Object.fromEntries(zone(keys)), messages: messages.map((message) => Buffer.from(message).toString('base64')) };
  return (await askPython(VERIFY, input)) as readonly (readonly string[])[];
}
