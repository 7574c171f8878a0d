// Messages that wait at the portal, over the real store of a gateway's ground.
import type { MessageRecord } from '../../src/store/journal.ts';
import type { NewPickup } from '../../src/store/pickups.ts';
import type { GatewayGround } from './gateway-ground.ts';
import { idOf } from './store-names.ts';
import { acceptUnit, DAY, evidence, newPickup, settlement } from './store-units.ts';

/** A message of that number whose recipients wait, from now on. Gives the delivery ids. */
export async function waitingOn(
  { store, clock }: GatewayGround,
  number: number,
  pickup: Partial<NewPickup> = {},
  more: { readonly recipients?: readonly string[]; readonly message?: Partial<MessageRecord> } = {},
): Promise<readonly string[]> {
  const { recipients = ['jane@home.test'], message = {} } = more;
  const result = await store.journal.accept(acceptUnit({ number, state: 'active', at: clock.at, recipients, message }));
  if (result.kind !== 'accepted') throw new Error(result.kind);
  await store.queue.settle(
    result.active.map(({ lease, recipient }) =>
      settlement(lease, {
        at: clock.at,
        after: {
          state: 'waiting',
          pickup: newPickup({
            expiresAt: clock.at + 30 * DAY,
            remindAt: clock.at + 3 * DAY,
            alarmAt: clock.at + 7 * DAY,
            detail: { recipient, from: 'ann@hospital.example', language: 'en' },
            ...pickup,
          }),
        },
        status: null,
        evidence: [evidence('delivery.waiting', idOf(number), lease.deliveryId)],
      }),
    ),
    null,
  );
  return result.active.map(({ lease }) => lease.deliveryId);
}
