// What reading a message tells, piece by piece, so that what was found before a fault is not lost with it.
import type { BlindSpot, Defect, HealthDocument, Message, Part, Span } from './message.ts';

export type ReadEvent =
  | { readonly event: 'part'; readonly part: Part }
  /** The part and all in it have been read. */
  | { readonly event: 'part-read'; readonly path: string }
  | { readonly event: 'span'; readonly span: Span }
  | { readonly event: 'blind-spot'; readonly blindSpot: BlindSpot }
  | { readonly event: 'defect'; readonly defect: Defect }
  | { readonly event: 'document'; readonly document: HealthDocument }
  /** Only where that was asked for. */
  | { readonly event: 'shown'; readonly shown: ShownTexts };

/** The body of a message made ready for the portal to show. Content: it reaches the page and nothing else. */
export interface ShownTexts {
  /** Sanitised; null where there is text only. */
  readonly html: string | null;
  readonly text: string;
  readonly remotePictures: number;
  /** Places of pictures of the message that stand in `html`. */
  readonly parts: readonly string[];
  readonly end: 'complete' | 'over-limits';
}

/** Gathers events into the message as read. */
export class MessageCollector {
  readonly #parts: Part[] = [];
  readonly #spans: Span[] = [];
  readonly #defects: Defect[] = [];
  readonly #blindSpots: BlindSpot[] = [];
  readonly #documents: HealthDocument[] = [];

  add(event: ReadEvent): void {
    switch (event.event) {
      case 'part':
        this.#parts.push(event.part);
        break;
      case 'span':
        this.#spans.push(event.span);
        break;
      case 'blind-spot':
        this.#blindSpots.push(event.blindSpot);
        break;
      case 'defect':
        this.#defects.push(event.defect);
        break;
      case 'document':
        this.#documents.push(event.document);
        break;
      case 'part-read':
      case 'shown':
        break;
    }
  }

  message(): Message {
    return {
      parts: this.#parts,
      spans: this.#spans,
      defects: this.#defects,
      blindSpots: this.#blindSpots,
      documents: this.#documents,
    };
  }
}
