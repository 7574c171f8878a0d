// A view of a pooled Buffer crosses a thread with its whole pool: bytes are copied out before they are posted.
import type { AcceptUnit, Reading } from '../journal.ts';
import type { Settlement } from '../queue.ts';

export function tight(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.prototype.slice.call(bytes);
}

function tightOrNull(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : tight(bytes);
}

export function tightUnit(unit: AcceptUnit): AcceptUnit {
  const { content } = unit.message;
  return {
    ...unit,
    sealed: tightOrNull(unit.sealed),
    reading: unit.reading === null ? null : tightReading(unit.reading),
    message: { ...unit.message, content: { ...content, wrappedKey: tight(content.wrappedKey), digest: tight(content.digest) } },
    deliveries: unit.deliveries.map((delivery) => ({
      ...delivery,
      destination: tight(delivery.destination),
      repeatDigest: tightOrNull(delivery.repeatDigest),
      likelyDigest: tightOrNull(delivery.likelyDigest),
    })),
  };
}

export function tightReading(reading: Reading): Reading {
  const correspondents = reading.correspondents.map(({ address, domain, rests }) => ({
    address: tight(address),
    domain: tight(domain),
    rests: rests?.map(tight) ?? null,
  }));
  return { ...reading, pictures: reading.pictures.map(tight), correspondents };
}

export function tightSettlement(settlement: Settlement): Settlement {
  const { after } = settlement;
  if (after.state !== 'waiting') return settlement;
  return { ...settlement, after: { ...after, pickup: { ...after.pickup, address: tight(after.pickup.address) } } };
}
