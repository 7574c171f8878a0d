// Inspection as the gateway runs it: the lexicon, all detectors and what weighs them, joined.
import type { InspectionReport } from '../mail/finding.ts';
import type { Message } from '../mail/message.ts';
import type { Surroundings } from '../inspect/detector.ts';
import { inspect, type InspectDeps } from '../inspect/inspect.ts';
import { surroundingsOf } from '../inspect/surroundings.ts';
import { DETECTORS } from './detectors.ts';

export interface InspectorDeps extends Pick<InspectDeps, 'lexicon' | 'digest'> {
  /** Domains of the organisation, lower case: who is not of them is outside. */
  readonly organisation: readonly string[];
  readonly sends: Surroundings['sends'];
  /** Days since the epoch. */
  readonly today: () => number;
}

/** Who a message is from and to, as the envelope says (RFC 5321 2.3.1). */
export interface InspectedEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

export interface Inspector {
  inspect(message: Message, envelope: InspectedEnvelope): InspectionReport;
}

export function createInspector({ lexicon, digest, organisation, sends, today }: InspectorDeps): Inspector {
  const deps: InspectDeps = { detectors: DETECTORS, lexicon, digest };
  return {
    inspect(message, { from, to }) {
      return inspect(message, surroundingsOf(message, { from, to, organisation, sends, today: today() }), deps);
    },
  };
}
