// Paths of pages that are about a message. A delivery's id holds a slash, which no path may: a hyphen stands for it.

const IN_PATH = /^([0-9A-Z]{26})-(0|[1-9]\d{0,4})$/;

export function messagePath(deliveryId: string): string {
  return `/messages/${deliveryId.replace('/', '-')}`;
}

/** Null for what is no id of a delivery. */
export function deliveryIdIn(path: string): string | null {
  const [, messageId, n] = IN_PATH.exec(path) ?? [];
  return messageId === undefined || n === undefined ? null : `${messageId}/${n}`;
}
