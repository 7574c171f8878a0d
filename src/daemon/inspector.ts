// Inspection as the gateway runs it: the lexicon, all detectors and what weighs them, joined.
import type { Finding, InspectionReport } from '../mail/finding.ts';
import type { Examination } from '../gateway/examination.ts';
import { contentFacts } from '../mail/content-facts.ts';
import type { Message } from '../mail/message.ts';
import { matchesAddress } from '../mail/address.ts';
import type { Detector, Surroundings } from '../inspect/detector.ts';
import { inspect, type InspectDeps } from '../inspect/inspect.ts';
import { surroundingsOf } from '../inspect/surroundings.ts';
import { WordRoom } from '../inspect/word-room.ts';
import { DETECTORS } from './detectors.ts';

export interface InspectorDeps extends Pick<InspectDeps, 'lexicon' | 'digest'> {
  /** Domains of the organisation, lower case: who is not of them is outside. */
  readonly organisation: readonly string[];
  readonly sends: Surroundings['sends'];
  /** Who sends something else than `sends`, by pattern of `matchesAddress`; the first that matches. */
  readonly senders?: readonly { readonly match: string; readonly sends: Surroundings['sends'] }[];
  /** Of administrators, beside those that are built in. */
  readonly own?: readonly Detector[];
  readonly patients?: InspectDeps['patients'];
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

export function createInspector(given: InspectorDeps): Inspector {
  const { lexicon, digest, organisation, sends, senders = [], own = [], patients = null, today } = given;
  const deps: InspectDeps = { detectors: [...DETECTORS, ...own], lexicon, digest, patients, room: new WordRoom() };
  return {
    inspect(message, { from, to }) {
      const kind = senders.find(({ match }) => matchesAddress(match, from))?.sends ?? sends;
      return inspect(message, surroundingsOf(message, { from, to, organisation, sends: kind, today: today() }), deps);
    },
  };
}

/** What a message that was read says to policy. Its text is left out, and of findings of the same value all but the first. */
export function examinationOf(message: Message, envelope: InspectedEnvelope, inspector: Inspector): Omit<Examination, 'tookMs'> {
  const report = inspector.inspect(message, envelope);
  return {
    message: { ...message, spans: [] },
    report: { ...report, findings: eachValueOnce(report.findings) },
    content: contentFacts(message),
  };
}

/** Policy and evidence count values. Most findings repeat one, and each would be copied between threads. */
function eachValueOnce(findings: readonly Finding[]): readonly Finding[] {
  const values = new Map<string, Finding>();
  for (const finding of findings) {
    const value = `${finding.kind} ${finding.digest}`;
    if (!values.has(value)) values.set(value, finding);
  }
  return [...values.values()];
}
