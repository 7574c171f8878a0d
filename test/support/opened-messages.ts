// Messages of one kind in a store, with their content opened.
import type { DeliveryKind } from '../../src/mail/delivery.ts';
import type { MessageRecord } from '../../src/store/journal.ts';
import type { GatewayGround } from './gateway-ground.ts';
import { readWhole } from './sealed-content.ts';

export async function openedMessages(
  { store, keys, spool, deliveries }: GatewayGround,
  wanted: DeliveryKind,
): Promise<readonly { readonly message: MessageRecord; readonly text: string }[]> {
  const ids = new Set((await deliveries()).filter(({ kind }) => kind === wanted).map(({ deliveryId }) => deliveryId.slice(0, 26)));
  return Promise.all(
    [...ids].map(async (messageId) => {
      const message = await store.journal.readMessage(messageId);
      if (message === null) throw new Error('a message without a record');
      const { place, sizeBytes, wrappedKey, periodId } = message.content;
      const sealed = await store.journal.readSealed(messageId);
      const key = keys.unwrapDataKey(messageId, wrappedKey, periodId);
      return { message, text: (await readWhole(spool.read({ messageId, place, sealed, sizeBytes, key }))).toString('utf8') };
    }),
  );
}
