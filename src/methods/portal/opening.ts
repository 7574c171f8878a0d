// What must open a pickup: by how sure it is that the message holds PHI, and by what way a code could travel. Pure.
import type { Level } from '../../mail/finding.ts';
import type { StoredFacts } from '../../mail/facts.ts';
import type { Assurance, Opening } from '../../mail/pickup.ts';
import { isEnough } from '../../mail/pickup.ts';
import type { Protection } from '../../mail/tls.ts';
import type { LeftBy } from '../method.ts';

export interface OpeningFacts {
  /** Null: not known, and then it counts as PHI. */
  readonly facts: Pick<StoredFacts['message'], 'phi' | 'blindSpots'> | null;
  /** What could not be read counts as this. */
  readonly blindSpotLevel: Level;
  readonly floor: Protection;
  /** REQUIRETLS was asked for the message: no mail of ours asks it. */
  readonly requireTls: boolean;
  readonly leftBy: LeftBy;
  /** Of the configuration. */
  readonly least: Readonly<Record<'low' | 'medium' | 'high', Assurance>>;
}

/** Connection failures say nothing of the way: a code that travels by it has the floor that the content would have needed. */
const WAY_IS_GOOD_ENOUGH: readonly LeftBy[] = [
  'first',
  'delivery.connect-failed',
  'delivery.connection-lost',
  'delivery.timeout',
  'delivery.protocol-error',
  'delivery.login-refused',
  'delivery.stopped',
  'delivery.refused-temporarily',
  'delivery.too-large',
  'delivery.no-unsubscribe',
  'route.dns-failed',
  'route.sts-unavailable',
  'route.sts-mismatch',
];

/** DESIGN.md section 3: where the floor was not met, or what met it was not the relay, no code that opens travels by that mail. */
export function openingOf(given: OpeningFacts): Opening {
  const travels = given.floor !== 'sealed' && !given.requireTls && WAY_IS_GOOD_ENOUGH.includes(given.leftBy);
  const wanted = given.least[levelOf(given)];
  return travels
    ? { minimum: wanted, mailedCode: 'may-travel' }
    : { minimum: isEnough(wanted, 'clinic') ? wanted : 'clinic', mailedCode: 'below-floor' };
}

function levelOf({ facts, blindSpotLevel }: OpeningFacts): 'low' | 'medium' | 'high' {
  if (facts === null) return 'high';
  const counted: readonly Level[] = [facts.phi.level, facts.blindSpots.length > 0 ? blindSpotLevel : 'none'];
  return counted.includes('high') ? 'high' : counted.includes('medium') ? 'medium' : 'low';
}
