// In what an originator answers to a person at the portal an address of ours stands for that person (return-address.ts). Whoever reads it there sees
// the person's own address in its place. Pure.

export interface StandIn {
  /** Of ours, as it stands in the header. */
  readonly address: string;
  /** Address of the person. */
  readonly person: string;
}

/** A mailbox as its reader is to see it: the name that our address carried says where it came from, not who it is. */
export function asPerson<M extends { readonly name: string | null; readonly address: string }>(
  mailbox: M,
  standIns: readonly StandIn[],
): M {
  const found = standIns.find(({ address }) => address === mailbox.address.toLowerCase());
  return found === undefined ? mailbox : { ...mailbox, name: null, address: found.person };
}

/** The header of a message with the people in the place of those who stand for them; its line ends stay. */
export function headerWithPersons(header: string, standIns: readonly StandIn[]): string {
  return standIns.reduce((text, { address, person }) => text.replaceAll(new RegExp(escaped(address), 'gi'), () => person), header);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
