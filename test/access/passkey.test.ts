// Passkeys: what a device of the person signed for our page counts, once; nothing else does.
import t from 'tap';
import { type Challenge, passkeys, type PasskeySecret } from '../../src/access/passkey.ts';
import { asserted, type Ceremony, created, PRESENT_ONLY, softCredential } from '../support/authenticator.ts';

const PARTY = { name: 'Riverside Clinic', origin: 'https://portal.clinic.example' };
const RP = { origin: PARTY.origin, rpId: 'portal.clinic.example' };
const OWNER = { handle: Buffer.alloc(32, 1), name: 'Pat Doe', enrolled: [] };

const challengeIn = ({ options }: Challenge): string => String(options['challenge']);

async function enrolledKey(change: Partial<Ceremony> = {}) {
  const credential = softCredential();
  const keys = passkeys(() => 0);
  const challenge = await keys.toEnrol(PARTY, OWNER, 'session');
  const response = created(credential, { ...RP, challenge: challengeIn(challenge), ...change });
  return { credential, secret: await keys.enrolled(challenge.challengeId, response, 'session', 'My phone') };
}

await t.test('enrolled: the person verified, for our page, for the session that asked', async (t) => {
  const { credential, secret } = await enrolledKey();
  t.match(secret, { kind: 'passkey', credentialId: credential.id, counter: 1, transports: ['internal'], label: 'My phone' });
  const cases: readonly (readonly [name: string, change: Partial<Ceremony>])[] = [
    ['not verified by the device', { flags: PRESENT_ONLY }],
    ['another page', { origin: 'https://portal.clinic.example.evil.example' }],
    ['a page without TLS', { origin: 'http://portal.clinic.example' }],
    ['for another party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
  ];
  for (const [name, change] of cases) t.equal((await enrolledKey(change)).secret, null, name);
});

await t.test('what is asked of a browser', async (t) => {
  const keys = passkeys(() => 0);
  const { secret } = await enrolledKey();
  const enrolled = secret === null ? [] : [secret];
  t.match((await keys.toEnrol(PARTY, { ...OWNER, enrolled }, 's')).options, {
    rp: { id: 'portal.clinic.example', name: 'Riverside Clinic' },
    authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
    attestation: 'none',
    excludeCredentials: [{ id: secret?.credentialId }],
  });
  const { options } = await keys.toSignIn(PARTY);
  t.match(options, { rpId: 'portal.clinic.example', userVerification: 'required' });
  t.same(options['allowCredentials'] ?? [], [], 'nobody is told what there is at an address');
});

await t.test('signing in', async (t) => {
  const { credential, secret } = await enrolledKey();
  if (secret === null) throw new Error('not enrolled');
  const other = softCredential();
  let at = 0;
  const keys = passkeys(() => at);
  const signIn = async (
    change: Partial<Ceremony>,
    known: PasskeySecret | null = secret,
    by = credential,
  ): Promise<PasskeySecret | null> => {
    const challenge = await keys.toSignIn(PARTY);
    return keys.signedIn(challenge.challengeId, asserted(by, { ...RP, challenge: challengeIn(challenge), counter: 2, ...change }), known);
  };
  t.match(await signIn({}), { credentialId: credential.id, counter: 2 });
  const cases: readonly (readonly [name: string, change: Partial<Ceremony>, known?: PasskeySecret | null, by?: typeof credential])[] = [
    ['a counter that stands: a copy', { counter: 1 }],
    ['not verified by the device', { flags: PRESENT_ONLY }],
    ['another page', { origin: 'https://evil.example' }],
    ['another party', { rpId: 'evil.example' }],
    ['nobody has it', {}, null],
    ['signed by another key', {}, secret, { ...other, id: credential.id }],
    ['another credential', {}, secret, other],
  ];
  for (const [name, change, known, by] of cases) t.equal(await signIn(change, known, by), null, name);

  await t.test('a challenge is good once, in its time, for what it was made', async (t) => {
    const challenge = await keys.toSignIn(PARTY);
    const response = asserted(credential, { ...RP, challenge: challengeIn(challenge), counter: 3 });
    t.equal(await keys.signedIn('unknown', response, secret), null);
    t.not(await keys.signedIn(challenge.challengeId, response, secret), null);
    t.equal(await keys.signedIn(challenge.challengeId, response, secret), null, 'replayed');
    const late = await keys.toSignIn(PARTY);
    at += 5 * 60_000;
    const answer = asserted(credential, { ...RP, challenge: challengeIn(late), counter: 4 });
    t.equal(await keys.signedIn(late.challengeId, answer, secret), null, 'after five minutes');
    const enrol = await keys.toEnrol(PARTY, OWNER, 'session');
    const made = created(softCredential(), { ...RP, challenge: challengeIn(enrol) });
    t.equal(await keys.enrolled(enrol.challengeId, made, 'another session', ''), null);
    t.equal(await keys.enrolled(enrol.challengeId, made, 'session', ''), null, 'spent by the try');
  });

  await t.test('whatever is sent', async (t) => {
    const whole = asserted(credential, { ...RP, challenge: 'x' });
    const sent: readonly unknown[] = [null, 7, '', [], {}, { ...whole, response: null }, { ...whole, id: 7 }, { ...whole, type: 'x' }];
    for (const response of sent) {
      const { challengeId } = await keys.toSignIn(PARTY);
      t.equal(await keys.signedIn(challengeId, response, secret), null);
      t.equal(await keys.enrolled(challengeId, response, 'session', ''), null);
    }
    t.equal(keys.credentialOf(whole), credential.id);
    t.equal(keys.credentialOf({}), null);
  });
});
