// What opens a pickup: stronger for more PHI, and never by a code that travelled where the content could not.
import t from 'tap';
import type { BlindSpotKind } from '../../../src/mail/message.ts';
import { LEVELS, type Level } from '../../../src/mail/finding.ts';
import { MAIL_ERRORS } from '../../../src/mail/mail-error.ts';
import { isEnough } from '../../../src/mail/pickup.ts';
import { PROTECTIONS } from '../../../src/mail/tls.ts';
import type { LeftBy } from '../../../src/methods/method.ts';
import { openingOf, type OpeningFacts } from '../../../src/methods/portal/opening.ts';
import { storedFacts } from '../../support/store-units.ts';

const SHIPPED = { low: 'address', medium: 'address', high: 'clinic' } as const;

function facts(level: Level, blindSpots: readonly BlindSpotKind[] = []): OpeningFacts['facts'] {
  const { message } = storedFacts();
  return { ...message, phi: { ...message.phi, level }, blindSpots };
}

const given = (change: Partial<OpeningFacts> = {}): OpeningFacts => ({
  facts: facts('medium'),
  blindSpotLevel: 'medium',
  floor: 'tls-verified',
  requireTls: false,
  leftBy: 'first',
  least: SHIPPED,
  ...change,
});

const ADDRESS = { minimum: 'address', mailedCode: 'may-travel' } as const;
const CLINIC = { minimum: 'clinic', mailedCode: 'may-travel' } as const;
const BELOW = { minimum: 'clinic', mailedCode: 'below-floor' } as const;

const CASES: readonly (readonly [name: string, change: Partial<OpeningFacts>, expected: object])[] = [
  ['no PHI', { facts: facts('none') }, ADDRESS],
  ['little', { facts: facts('low') }, ADDRESS],
  ['medium', {}, ADDRESS],
  ['high', { facts: facts('high') }, CLINIC],
  ['nothing is known of it', { facts: null }, CLINIC],
  ['it could not all be read', { facts: facts('none', ['encrypted']) }, ADDRESS],
  ['and that counts as high', { facts: facts('none', ['encrypted']), blindSpotLevel: 'high' }, CLINIC],
  ['which it does only then', { facts: facts('none'), blindSpotLevel: 'high' }, ADDRESS],
  ['the configuration wants more', { least: { ...SHIPPED, medium: 'clinic' } }, CLINIC],
  ['the relay fell short of the floor', { leftBy: 'delivery.below-floor' }, BELOW],
  ['and there is hardly any PHI', { leftBy: 'delivery.below-floor', facts: facts('none') }, BELOW],
  ['REQUIRETLS was missing', { leftBy: 'delivery.requiretls-missing' }, BELOW],
  ['REQUIRETLS was asked for', { requireTls: true }, BELOW],
  ['sealed was asked for', { floor: 'sealed' }, BELOW],
  ['nobody remembers why the relay was left', { leftBy: 'not-known' }, BELOW],
  ['the next hop could not be reached', { leftBy: 'delivery.connect-failed' }, ADDRESS],
  ['too large for the next hop', { leftBy: 'delivery.too-large' }, ADDRESS],
];

for (const [name, change, expected] of CASES) t.test(name, async (t) => void t.same(openingOf(given(change)), expected));

t.test('whatever led there: a mailed code alone never opens high, and below the floor none does', async (t) => {
  const leftBy: readonly LeftBy[] = ['first', 'not-known', ...(Object.keys(MAIL_ERRORS) as (keyof typeof MAIL_ERRORS)[])];
  for (const left of leftBy) {
    for (const floor of PROTECTIONS) {
      for (const level of LEVELS) {
        const { minimum, mailedCode } = openingOf(given({ leftBy: left, floor, facts: facts(level) }));
        const name = `${left} ${floor} ${level}`;
        if (level === 'high') t.equal(minimum, 'clinic', name);
        if (mailedCode === 'below-floor') t.ok(isEnough(minimum, 'clinic'), name);
        if (floor === 'sealed' || left.startsWith('session.')) t.equal(mailedCode, 'below-floor', name);
      }
    }
  }
});
