// The key of a delivery's row: its message's number and its place in the envelope in one integer.

const PLACES = 65_536;

export function keyOf(messageNumber: number, n: number): number {
  if (n < 0 || n >= PLACES) throw new Error('a message has at most 65536 deliveries');
  return messageNumber * PLACES + n;
}

export function messageNumberOf(key: number): number {
  return Math.floor(key / PLACES);
}

export function placeOf(key: number): number {
  return key % PLACES;
}

/** First and last key that deliveries of a message can have. */
export function keysOf(messageNumber: number): readonly [number, number] {
  return [messageNumber * PLACES, messageNumber * PLACES + PLACES - 1];
}

/** A delivery id `messageId/n` taken apart, or null where it is none. */
export function readDeliveryId(deliveryId: string): { readonly messageId: string; readonly n: number } | null {
  const slash = deliveryId.lastIndexOf('/');
  const n = deliveryId.slice(slash + 1);
  return slash > 0 && /^\d{1,5}$/.test(n) ? { messageId: deliveryId.slice(0, slash), n: Number(n) } : null;
}
