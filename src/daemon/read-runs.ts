// What several readings of one message together have found: where a part ended a reading, what was found in it until then is kept, and
// the next reading leaves that part out.
import type { BlindSpotKind } from '../mail/message.ts';
import type { ReadEvent } from '../mail/read-event.ts';

export class ReadRuns {
  readonly #skip = new Map<string, BlindSpotKind>();
  /** By the part that ended a reading: all that was found in it. */
  readonly #kept = new Map<string, readonly ReadEvent[]>();
  #events: ReadEvent[] = [];

  /** Parts that the next reading leaves out. */
  get skip(): ReadonlyMap<string, BlindSpotKind> {
    return this.#skip;
  }

  get events(): readonly ReadEvent[] {
    return this.#events;
  }

  add(event: ReadEvent): void {
    const kept = event.event === 'part' ? this.#kept.get(event.part.path) : undefined;
    if (kept === undefined) this.#events.push(event);
    else this.#events.push(...kept);
  }

  /** The reading ended in this part. */
  endedIn(path: string, kind: BlindSpotKind): void {
    this.#kept.set(
      path,
      this.#events.filter((event) => event.event !== 'part-read' && isWithin(pathOf(event), path)),
    );
    this.#skip.set(path, kind);
  }

  /** Begins the next reading. */
  again(): void {
    this.#events = [];
  }
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || outer === '' || path.startsWith(`${outer}.`);
}

function pathOf(event: ReadEvent): string {
  switch (event.event) {
    case 'part':
      return event.part.path;
    case 'part-read':
      return event.path;
    case 'span':
      return event.span.part;
    case 'blind-spot':
      return event.blindSpot.part;
    case 'defect':
      return event.defect.part;
    case 'document':
      return event.document.part;
    case 'shown':
      return '';
  }
}
