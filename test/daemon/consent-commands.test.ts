// The consent commands over the real store and real keys: what they answer, what evidence says, and that nothing personal lies in clear.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ControlRequest } from '../../src/control/commands.ts';
import { consentCommands } from '../../src/daemon/consent-commands.ts';
import { attestationSubject, consentSubjects } from '../../src/mail/consent.ts';
import type { Consent } from '../../src/mail/consent.ts';
import { ATTESTATION, AUTHORISATION, MARKETING, OPT_OUT, OTHER_WAY, PLAIN_MAIL } from '../support/consents.ts';
import { gatewayGround, type GatewayGround } from '../support/gateway-ground.ts';

const ACCOUNT = {
  name: 'newsletter',
  passwordHash: '$scrypt$ln=15$abc',
  state: 'enabled',
  mayUse: ['news@hospital.example'],
  reports: null,
  likelyRepeats: 'report',
  createdAt: 0,
  changedAt: 0,
} as const;

function commandsOf({ store, consentReader, keys, clock }: GatewayGround) {
  return consentCommands({ consents: store.consents, reader: consentReader, accounts: store.accounts, keys, clock });
}

const digestOf =
  ({ keys }: GatewayGround) =>
  (label: string, ...values: readonly (string | Uint8Array)[]): Uint8Array =>
    keys.digest(label, ...values);

const LIST: ControlRequest<'consent.list'> = { kind: null, state: null, address: null, before: null, limit: 100 };

t.test('recorded: found for the sender, with evidence that names it', async (t) => {
  const ground = await gatewayGround(t);
  const { consents } = ground.store;
  const added = await commandsOf(ground)['consent.record']({ consents: [PLAIN_MAIL, { ...OPT_OUT, takenBy: 'Dr Lee' }], who: 'ann' });
  t.same(added, {
    kind: 'done',
    value: { results: [1, 2].map((id) => ({ id, result: 'recorded' })) },
  });
  const subjects = consentSubjects(digestOf(ground), 'ann@hospital.example', 'pat@home.example');
  t.same(await consents.inForce(subjects, ground.clock.at), {
    revision: 2,
    consents: [
      [
        { id: 1, kind: 'plain-mail', until: null },
        { id: 2, kind: 'fundraising-opt-out', until: null },
      ],
      [],
    ],
  });
  t.match(ground.evidence(), [
    {
      kind: 'consent.recorded',
      codes: { by: 'person', consent: 1, consentKind: 'plain-mail' },
      detail: { address: 'pat@home.example', scope: 'hospital.example', who: 'ann', text: 'warning-2026-02' },
    },
    { kind: 'consent.recorded', codes: { consent: 2 }, detail: { takenBy: 'Dr Lee' } },
  ]);
});

const refusals: readonly (readonly [name: string, consents: readonly Consent[], text: string])[] = [
  [
    'no warning',
    [{ ...PLAIN_MAIL, text: null }],
    'Which warning the person was given is missing: the version of its text, or the document. (45 CFR 164.524(c))',
  ],
  [
    'the second of two',
    [PLAIN_MAIL, { ...MARKETING, until: null }],
    'Record 2 of 2: The day or the event on which it expires is missing. (45 CFR 164.508(c)(1)(v))',
  ],
  ['an account that is not there', [{ ...ATTESTATION, address: 'nobody' }], 'There is no account nobody.'],
  ['a domain that is none', [{ ...PLAIN_MAIL, scope: '*' }], 'This is neither a domain nor an address.'],
];
for (const [name, given, text] of refusals) {
  t.test(`not recorded: ${name}`, async (t) => {
    const ground = await gatewayGround(t);
    const commands = commandsOf(ground);
    t.same(await commands['consent.record']({ consents: [...given], who: 'ann' }), { kind: 'failed', code: 'refused', text });
    t.same(ground.evidence(), []);
    t.same(await commands['consent.list'](LIST), { kind: 'done', value: { records: [], next: null } }, 'none of them');
  });
}

t.test('an attestation of an account that is there', async (t) => {
  const ground = await gatewayGround(t);
  const at = ground.clock.at;
  await ground.store.accounts.add(ACCOUNT, { kind: 'account.added', at, messageId: null, deliveryId: null, codes: {}, detail: null });
  t.match(await commandsOf(ground)['consent.record']({ consents: [ATTESTATION], who: 'ann' }), { kind: 'done' });
  t.match((await ground.store.consents.inForce([attestationSubject(digestOf(ground), 'newsletter')], at)).consents, [
    [{ kind: 'attestation' }],
  ]);
});

t.test('revoked: who, when and why stay with the record', async (t) => {
  const ground = await gatewayGround(t);
  const commands = commandsOf(ground);
  await commands['consent.record']({ consents: [PLAIN_MAIL, MARKETING], who: 'ann' });
  ground.clock.at += 1000;
  const request = { ids: [1, 9], who: 'bob', why: 'letter of today' };
  t.same(await commands['consent.revoke'](request), {
    kind: 'done',
    value: {
      results: [
        { id: 1, result: 'revoked' },
        { id: 9, result: 'not-found' },
      ],
    },
  });
  t.match(await commands['consent.revoke']({ ...request, ids: [9] }), { kind: 'failed', code: 'not-found', text: 'There is no record 9.' });
  t.match(await commands['consent.revoke'](request), { value: { results: [{ result: 'revoked-before' }, { result: 'not-found' }] } });
  t.match(await commands['consent.show']({ id: 1 }), {
    kind: 'done',
    value: {
      state: 'revoked',
      said: { consent: PLAIN_MAIL, who: 'ann' },
      revocation: { at: ground.clock.at, said: { who: 'bob', why: 'letter of today' } },
    },
  });
  t.match(await commands['consent.show']({ id: 9 }), { kind: 'failed', code: 'not-found' });
  t.match(ground.evidence().slice(2), [
    {
      kind: 'consent.revoked',
      codes: { by: 'person', consent: 1, consentKind: 'plain-mail' },
      detail: { who: 'bob', why: 'letter of today', address: 'pat@home.example', scope: 'hospital.example' },
    },
  ]);
});

t.test('states, as the clock goes on', async (t) => {
  const ground = await gatewayGround(t);
  const commands = commandsOf(ground);
  const at = ground.clock.at;
  await commands['consent.record']({ consents: [{ ...PLAIN_MAIL, givenAt: at + 10, until: at + 20 }], who: 'ann' });
  for (const [later, state] of [
    [9, 'not-yet'],
    [10, 'in-force'],
    [19, 'in-force'],
    [20, 'ended'],
  ] as const) {
    ground.clock.at = at + later;
    t.match(await commands['consent.show']({ id: 1 }), { value: { state } }, `after ${later} ms`);
  }
});

t.test('listed by address over many records: as many as asked for, and where to go on', async (t) => {
  const ground = await gatewayGround(t);
  const commands = commandsOf(ground);
  const others = Array.from({ length: 400 }, (_, i) => ({ ...OTHER_WAY, address: `p${i}@home.example` }));
  for (const scope of ['a.example', 'b.example', 'c.example'])
    await commands['consent.record']({ consents: [{ ...PLAIN_MAIL, scope }, ...others], who: 'ann' });
  const asked = { ...LIST, address: 'pat@home.example', limit: 2 };
  const first = await commands['consent.list'](asked);
  if (first.kind !== 'done') throw new Error(first.text);
  t.match(first.value.records, [{ said: { consent: { scope: 'c.example' } } }, { said: { consent: { scope: 'b.example' } } }]);
  const rest = await commands['consent.list']({ ...asked, before: first.value.next });
  t.match(rest, { value: { records: [{ said: { consent: { scope: 'a.example' } } }], next: null } });
  t.match(await commands['consent.list']({ ...asked, address: 'nobody@home.example' }), { value: { records: [], next: null } });
  t.match(await commands['consent.list']({ ...LIST, kind: 'plain-mail', limit: 2 }), { value: { records: { length: 2 } } });
});

t.test('nothing personal lies in clear', async (t) => {
  const ground = await gatewayGround(t);
  const commands = commandsOf(ground);
  const canaries = ['canary-address', 'canary-note', 'canary-way', 'canary-why', 'canary-signer', 'canary-taker'];
  await commands['consent.record']({
    consents: [
      { ...OTHER_WAY, address: 'canary-address@home.example', note: 'canary-note', otherWay: 'canary-way', takenBy: 'canary-taker' },
      { ...MARKETING, authorisation: { ...AUTHORISATION, signedBy: 'canary-signer' } },
    ],
    who: 'ann',
  });
  await commands['consent.revoke']({ ids: [1], who: 'ann', why: 'canary-why' });
  for (const name of readdirSync(ground.dataFolder).filter((one) => one.startsWith('postern.db'))) {
    const bytes = readFileSync(join(ground.dataFolder, name));
    for (const canary of canaries) t.notOk(bytes.includes(canary), `${canary} in ${name}`);
  }
});
