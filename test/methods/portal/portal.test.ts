// Whom the portal reaches: who has a way of opening that did not travel by mail below the floor, or can be told one by the originator.
import t from 'tap';
import type { PortalConfig } from '../../../src/config/portal.ts';
import type { StoredFacts } from '../../../src/mail/facts.ts';
import type { Assurance } from '../../../src/mail/pickup.ts';
import type { Kept, LeftBy } from '../../../src/methods/method.ts';
import { pickupAddress, portalMethod, type PortalDeps } from '../../../src/methods/portal/portal.ts';
import type { ActiveDelivery } from '../../../src/store/queue.ts';
import { activeDelivery, messageRecord, NOW } from '../../support/active-delivery.ts';
import { brand, portalConfig } from '../../support/portal-config.ts';
import { digestOf } from '../../support/store-names.ts';
import { storedFacts } from '../../support/store-units.ts';

const DAY = 86_400_000;
const digest: PortalDeps['digest'] = (label, ...values) => digestOf([label, ...values].join(' '));

interface Case {
  readonly delivery?: Partial<ActiveDelivery>;
  readonly leftBy?: LeftBy;
  readonly portal?: PortalConfig | null;
  readonly level?: StoredFacts['message']['phi']['level'] | 'not known';
  readonly message?: Partial<StoredFacts['message']>;
  readonly enrolled?: Assurance | null;
  readonly organisation?: readonly string[];
}

async function keep(one: Case): Promise<Kept> {
  const { message, ...rest } = storedFacts();
  const { level = 'medium', enrolled = null, organisation = ['clinic.test'], portal = portalConfig() } = one;
  const facts: StoredFacts = {
    ...rest,
    message: {
      ...message,
      from: ['doctor@clinic.test'],
      phi: { ...message.phi, level: level === 'not known' ? 'none' : level },
      ...one.message,
    },
  };
  const method = portalMethod({
    portal: () => portal,
    digest,
    facts: async () => (level === 'not known' ? null : facts),
    enrolled: async (address) => (Buffer.from(address).equals(digestOf('pickup-address patient@example.test')) ? enrolled : null),
    blindSpotLevel: () => 'medium',
    organisation: () => organisation,
    now: () => NOW,
  });
  return method.keep(activeDelivery({ ...one.delivery }), one.leftBy ?? 'first');
}

const envelope = (change: Partial<ReturnType<typeof messageRecord>['envelope']>): Partial<ActiveDelivery> => {
  const message = messageRecord();
  return { message: { ...message, envelope: { ...message.envelope, ...change } } };
};
const record = (change: Parameters<typeof messageRecord>[0]): Partial<ActiveDelivery> => ({ message: messageRecord(change) });

const REACHED: readonly (readonly [name: string, given: Case, opensBy: 'mailed-code' | 'enrolled' | 'code' | 'nothing'])[] = [
  ['medium: whoever reads mail at the address', {}, 'mailed-code'],
  ['high: a code that the originator tells', { level: 'high' }, 'code'],
  ['high, enrolled after a code of the clinic', { level: 'high', enrolled: 'clinic' }, 'enrolled'],
  ['high, enrolled with a mailed code only: counts as no more', { level: 'high', enrolled: 'address' }, 'code'],
  ['nothing is known of the content', { level: 'not known' }, 'code'],
  ['below the floor', { leftBy: 'delivery.below-floor' }, 'code'],
  ['below the floor, enrolled', { leftBy: 'delivery.below-floor', enrolled: 'clinic' }, 'enrolled'],
  ['below the floor, and nobody to be told', { leftBy: 'delivery.below-floor', delivery: envelope({ reversePath: '' }) }, 'nothing'],
  ['below the floor, and no reports', { leftBy: 'delivery.below-floor', delivery: record({ reportTo: null }) }, 'nothing'],
  [
    'below the floor, and reports go outside',
    { leftBy: 'delivery.below-floor', delivery: record({ reportTo: 'it@provider.test' }) },
    'nothing',
  ],
  [
    'below the floor, and reports go to another domain of ours',
    {
      leftBy: 'delivery.below-floor',
      organisation: ['clinic.test', 'lab.test'],
      delivery: record({ reportTo: 'it@lab.test' }),
    },
    'code',
  ],
  ['an answer from the portal has nobody inside to be told', { level: 'high', delivery: record({ kind: 'answer' }) }, 'nothing'],
  ['a null reverse-path and a mailed code', { delivery: envelope({ reversePath: '' }) }, 'mailed-code'],
];

for (const [name, given, opensBy] of REACHED) {
  t.test(name, async (t) => {
    const kept = await keep(given);
    if (opensBy === 'nothing') return void t.same(kept, { kept: 'no', code: 'delivery.no-way-to-open' });
    t.match(kept, { kept: 'yes', codes: { opensBy }, pickup: { tells: opensBy === 'code' ? 'code' : null } });
  });
}

t.test('no portal: it reaches nobody', async (t) => {
  t.same(await keep({ portal: null }), { kept: 'no', code: 'delivery.below-floor' });
});

t.test('the pickup: when it ends, whom it is from, and nothing of a person in its codes', async (t) => {
  const kept = await keep({});
  t.match(kept, {
    kept: 'yes',
    codes: { brand: 'default', minimum: 'address', mailedCode: 'may-travel', until: NOW + 30 * DAY },
    pickup: {
      brand: 'default',
      expiresAt: NOW + 30 * DAY,
      remindAt: NOW + 3 * DAY,
      alarmAt: NOW + 7 * DAY,
      detail: { recipient: 'patient@example.test', from: 'doctor@clinic.test', language: 'en' },
    },
  });
  if (kept.kept === 'no') return;
  t.same(kept.pickup.address, pickupAddress(digest, 'Patient@EXAMPLE.test'), 'however it is written');
  t.notMatch(JSON.stringify(kept.codes), /@|patient|doctor/);
});

const DETAILS: readonly (readonly [name: string, given: Case, pickup: object])[] = [
  ['urgent', { message: { urgent: true } }, { alarmAt: NOW + 1_800_000 }],
  ['nobody to alarm', { delivery: record({ reportTo: null }) }, { alarmAt: null }],
  [
    'a term of its own, by policy',
    { delivery: { decision: { ...activeDelivery().decision, modifiers: { ...activeDelivery().decision.modifiers, expireAfterMs: DAY } } } },
    { expiresAt: NOW + DAY },
  ],
  [
    'another brand, by the domain of who wrote',
    { portal: portalConfig({ brands: [brand(), brand({ name: 'lake', domains: ['clinic.test'], language: 'es' })] }) },
    { brand: 'lake', detail: { language: 'es' } },
  ],
  ['From of a stranger is not named', { message: { from: ['x@other.test'] } }, { detail: { from: 'doctor@clinic.test' } }],
  ['another of ours in From is', { message: { from: ['nurse@clinic.test'] } }, { detail: { from: 'nurse@clinic.test' } }],
  [
    'an answer is from who wrote it',
    { delivery: { message: messageRecord({ kind: 'answer', envelope: { ...messageRecord().envelope, writer: 'jane@home.test' } }) } },
    { detail: { from: 'jane@home.test' } },
  ],
];

for (const [name, given, pickup] of DETAILS) t.test(name, async (t) => void t.match(await keep(given), { kept: 'yes', pickup }));
