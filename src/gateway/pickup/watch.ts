// What becomes of pickups by themselves: the originator is alarmed of those that stand unopened, those past their term are over, and one whose
// notice came back ends.
import { brandNamed } from '../../config/portal.ts';
import type { PortalConfig } from '../../config/portal.ts';
import type { PickupChanged, Pickups } from '../../store/pickups.ts';
import type { DeliveryStatus } from '../../store/queue.ts';
import type { Clock } from '../clock.ts';
import { alarmReport, bouncedReport, pickupEvidence } from './reports.ts';

export interface WatchDeps {
  readonly pickups: Pick<Pickups, 'unopened' | 'expire' | 'change'>;
  readonly portal: () => PortalConfig | null;
  readonly clock: Clock;
  readonly reportsOwed: () => void;
}

const AT_ONCE = 100;

/** Gives how many it dealt with; call again while that is more than none. Also without a portal: what waits has its end all the same. */
export async function watchPickups(deps: WatchDeps): Promise<number> {
  const { pickups, clock } = deps;
  const now = clock.steady();
  const portal = deps.portal();
  const alarming = portal === null ? [] : await pickups.unopened({ due: 'alarm', now, limit: AT_ONCE });
  for (const pickup of portal === null ? [] : alarming) {
    await pickups.change({
      deliveryId: pickup.deliveryId,
      at: now,
      event: { what: 'alarmed' },
      report: portal === null ? null : alarmReport(pickup, brandNamed(portal, pickup.brand), clock.now()),
      evidence: [pickupEvidence('pickup.alarmed', pickup, clock.now(), { since: pickup.createdAt }, null)],
    });
  }
  const expired = await pickups.expire({ now, limit: AT_ONCE });
  if (alarming.length + expired > 0) deps.reportsOwed();
  return alarming.length + expired;
}

/**
 * A notice came back, at once or as a bounce later: unopened, the delivery is returned and the originator told. `by` says which way in evidence.
 */
export async function noticeBounced(
  deliveryId: string,
  said: Pick<DeliveryStatus, 'status' | 'diagnostic'> | null,
  by: 'delivery' | 'bounce',
  { pickups, clock, reportsOwed }: Pick<WatchDeps, 'clock' | 'reportsOwed'> & { readonly pickups: Pick<Pickups, 'change'> },
): Promise<PickupChanged['kind']> {
  const at = clock.now();
  const messageId = deliveryId.slice(0, deliveryId.lastIndexOf('/'));
  const result = await pickups.change({
    deliveryId,
    at: clock.steady(),
    event: { what: 'bounced' },
    report: bouncedReport(at, said),
    evidence: [pickupEvidence('pickup.bounced', { messageId, deliveryId }, at, { by, status: said?.status ?? '' }, null)],
  });
  if (result.kind === 'done') reportsOwed();
  return result.kind;
}
