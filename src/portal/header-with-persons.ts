// A message on its way to a reader's device, with the people in the place of the addresses of ours that stand for them. Only its header is held.
import { headerWithPersons, type StandIn } from '../mail/stand-in.ts';
import { HeaderCollector } from '../mime/header-collector.ts';

/** The octets as they are where nobody is stood for; else their number may change. */
export async function* withPersons(content: AsyncIterable<Uint8Array>, standIns: readonly StandIn[]): AsyncGenerator<Uint8Array> {
  if (standIns.length === 0) {
    yield* content;
    return;
  }
  const collector = new HeaderCollector();
  let isBody = false;
  for await (const piece of content) {
    if (isBody) {
      yield piece;
      continue;
    }
    const collected = collector.push(piece);
    if (collected.kind === 'more') continue;
    isBody = true;
    if (collected.kind === 'too-large') throw new Error('a header over its limit was stored');
    yield changed(collected.header, standIns);
    yield collected.rest;
  }
  if (!isBody) yield changed(collector.end(), standIns);
}

/** Octets as characters, so that none of what else is in it changes. */
function changed(header: Uint8Array, standIns: readonly StandIn[]): Uint8Array {
  return Buffer.from(headerWithPersons(Buffer.from(header).toString('latin1'), standIns), 'latin1');
}
