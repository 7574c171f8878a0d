// The portal: the message stays here, sealed, until the recipient opens it on a page, after a way of proving who they are that did not travel
// where the content could not. It reaches whoever has such a way, or can be told a code by the originator.
import { brandFor } from '../../config/portal.ts';
import type { PortalConfig } from '../../config/portal.ts';
import { canonicalAddress, domainOf } from '../../mail/address.ts';
import type { StoredFacts } from '../../mail/facts.ts';
import type { Level } from '../../mail/finding.ts';
import { isInside } from '../../mail/inside.ts';
import { isEnough } from '../../mail/pickup.ts';
import type { Assurance, Opening } from '../../mail/pickup.ts';
import type { NewPickup } from '../../store/pickups.ts';
import type { ActiveDelivery } from '../../store/queue.ts';
import type { KeepingMethod, Kept, LeftBy } from '../method.ts';
import { openingOf } from './opening.ts';

export interface PortalDeps {
  /** As it is now; null where there is none. */
  readonly portal: () => PortalConfig | null;
  /** keys/digests.ts. */
  readonly digest: (label: string, ...values: readonly string[]) => Uint8Array;
  readonly facts: (messageId: string) => Promise<StoredFacts | null>;
  /** The best that is enrolled by anybody who reads at this address, or null for nobody. */
  readonly enrolled: (address: Uint8Array) => Promise<Assurance | null>;
  readonly blindSpotLevel: (sender: string, recipient: string) => Level;
  /** Domains of the organisation. */
  readonly organisation: () => readonly string[];
  /** Steady time. */
  readonly now: () => number;
}

/** Keyed digest of an address that pickups, people and codes are found by. */
export function pickupAddress(digest: PortalDeps['digest'], recipient: string): Uint8Array {
  return digest('pickup-address', canonicalAddress(recipient));
}

export function portalMethod(deps: PortalDeps): KeepingMethod {
  return { name: 'portal', does: 'keep', keep: (delivery, leftBy) => keep(delivery, leftBy, deps) };
}

async function keep(delivery: ActiveDelivery, leftBy: LeftBy, deps: PortalDeps): Promise<Kept> {
  const portal = deps.portal();
  if (portal === null) return { kept: 'no', code: 'delivery.below-floor' };
  const { message, recipient, decision } = delivery;
  const { envelope } = message;
  const found = await deps.facts(message.id);
  const facts = found?.message ?? null;
  const from = writerOf(delivery, facts, deps.organisation());
  const opening = openingOf({
    facts,
    blindSpotLevel: deps.blindSpotLevel(canonicalAddress(envelope.reversePath), canonicalAddress(recipient)),
    floor: decision.floor,
    requireTls: envelope.requireTls,
    leftBy,
    least: portal.opening,
  });
  const address = pickupAddress(deps.digest, recipient);
  const tells = await whatOpens(opening, address, delivery, deps);
  if (tells === null) return { kept: 'no', code: 'delivery.no-way-to-open' };
  const brand = brandFor(portal, domainOf(from));
  const now = deps.now();
  const pickup: NewPickup = {
    address,
    brand: brand.name,
    opening,
    tells: tells === 'code' ? 'code' : null,
    expiresAt: now + (decision.modifiers.expireAfterMs ?? portal.expireAfterMs),
    remindAt: now + portal.remindAfterMs,
    alarmAt: message.reportTo === null ? null : now + (facts?.urgent === true ? portal.urgentAfterMs : portal.alarmAfterMs),
    detail: { recipient, from, language: brand.language },
  };
  const codes = { brand: brand.name, minimum: opening.minimum, mailedCode: opening.mailedCode, until: pickup.expiresAt, opensBy: tells };
  return { kept: 'yes', pickup, codes };
}

/**
 * A mailed code that is enough; a factor that somebody has; a code that is now made and told to the originator, who tells the recipient. Null
 * where none of them is. Who wrote is only told a code inside the organisation: beyond it, the way is not known.
 */
async function whatOpens(
  { minimum, mailedCode }: Opening,
  address: Uint8Array,
  { message }: ActiveDelivery,
  deps: PortalDeps,
): Promise<'mailed-code' | 'enrolled' | 'code' | null> {
  if (minimum === 'address' && mailedCode === 'may-travel') return 'mailed-code';
  const enrolled = await deps.enrolled(address);
  if (enrolled !== null && isEnough(enrolled, minimum)) return 'enrolled';
  const { reversePath } = message.envelope;
  const { reportTo } = message;
  if (message.kind !== 'message' || reversePath === '' || reportTo === null) return null;
  return isInside(reportTo, reversePath, deps.organisation()) ? 'code' : null;
}

/** Who wrote, as the notice may name them: of From where that is of the organisation, else of the envelope. */
function writerOf({ message }: ActiveDelivery, facts: StoredFacts['message'] | null, organisation: readonly string[]): string {
  const { reversePath, writer } = message.envelope;
  return writer ?? facts?.from.find((address) => isInside(address, reversePath, organisation)) ?? reversePath;
}
