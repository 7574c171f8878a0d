// How many connections there may be: in total and for each client address, over all listeners together.
// Counted from the TCP accept on, so that handshakes that never end count too.
import { addressGroup } from '../access/address-group.ts';

export interface ConnectionPlace {
  /** The connection is gone. Twice does no harm. */
  leave(): void;
}

export interface ConnectionPlaces {
  /** Null where there is no place. */
  enter(address: string): ConnectionPlace | null;
  readonly taken: number;
}

export function connectionPlaces(
  limits: () => { readonly connectionsTotal: number; readonly connectionsPerAddress: number },
): ConnectionPlaces {
  const byGroup = new Map<string, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    enter(address) {
      const { connectionsTotal, connectionsPerAddress } = limits();
      const group = addressGroup(address);
      const ofGroup = byGroup.get(group) ?? 0;
      if (taken >= connectionsTotal || ofGroup >= connectionsPerAddress) return null;
      taken++;
      byGroup.set(group, ofGroup + 1);
      let here = true;
      return {
        leave() {
          if (!here) return;
          here = false;
          taken--;
          const left = (byGroup.get(group) ?? 1) - 1;
          if (left > 0) byGroup.set(group, left);
          else byGroup.delete(group);
        },
      };
    },
  };
}
