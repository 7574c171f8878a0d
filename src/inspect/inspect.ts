// Inspection: a message as read goes in, a report of what it holds comes out. Pure: lexicon, detectors and the key of digests are arguments.
import type { Finding, InspectionReport, Label } from '../mail/finding.ts';
import type { Message } from '../mail/message.ts';
import { correspondence, lessened } from './correspondence.ts';
import { correspondentsOf } from './correspondents.ts';
import { combine } from './combine.ts';
import type { Candidate, Surroundings } from './detector.ts';
import { type Examined, examine, type ExamineDeps } from './examined.ts';
import { weightOf } from './field.ts';
import { knownPatients } from './known-patients.ts';
import { type PassageText, placeAt } from './passage.ts';
import type { PatientTable } from './patient-table.ts';
import { levelOf } from './weights.ts';

export interface InspectDeps extends ExamineDeps {
  /** Keyed digest of a value of a kind. */
  readonly digest: (kind: string, value: string) => string;
  /** Whoever is in it is known for certain; null where there is none. */
  readonly patients: PatientTable | null;
}

const MOST_FINDINGS = 200;

export function inspect(message: Message, surroundings: Surroundings, deps: InspectDeps): InspectionReport {
  const correspondents = correspondentsOf(surroundings);
  const looked = examine(message, surroundings, correspondents, deps);
  const { patients } = deps;
  const found = patients === null ? { examined: looked, reasons: [] } : knownPatients(looked, surroundings, patients);
  const { examined } = found;
  const combined = combine(examined, message.documents, surroundings);
  const letters = correspondence(examined, correspondents, combined.reasons);
  const reasons = [...found.reasons, ...lessened(combined.reasons, letters), ...letters.reasons].sort((a, b) => b.weight - a.weight);
  const score = reasons[0]?.weight ?? 0;
  return {
    level: levelOf(score),
    score,
    reasons,
    findings: strongest(examined, deps.digest),
    labels: labelsOf(examined),
    documents: message.documents,
    blindSpots: message.blindSpots,
  };
}

/** Those that weigh most; of equals the first. What is more than twice as many is let go on the way. */
function strongest(examined: readonly Examined[], digest: InspectDeps['digest']): readonly Finding[] {
  const kept: { readonly passage: PassageText; readonly candidate: Candidate; readonly weight: number }[] = [];
  let least = 0;
  for (const { passage, candidates } of examined) {
    for (const candidate of candidates) {
      const weight = weightOf(candidate);
      if (weight < least) continue;
      kept.push({ passage, candidate, weight });
      if (kept.length < 2 * MOST_FINDINGS) continue;
      kept.sort((a, b) => b.weight - a.weight).length = MOST_FINDINGS;
      least = kept.at(-1)?.weight ?? 0;
    }
  }
  kept.sort((a, b) => b.weight - a.weight);
  const digestOf = onceEach(digest);
  return kept.slice(0, MOST_FINDINGS).map(({ passage, candidate }) => findingOf(passage, candidate, digestOf));
}

/** The same digests, each made once: what is found in a text mostly stands there several times. */
function onceEach(digest: InspectDeps['digest']): InspectDeps['digest'] {
  const made = new Map<string, string>();
  return (kind, value) => {
    const key = `${kind} ${value}`;
    const known = made.get(key) ?? digest(kind, value);
    made.set(key, known);
    return known;
  };
}

function findingOf(passage: PassageText, candidate: Candidate, digest: InspectDeps['digest']): Finding {
  const { axis, kind, length, confidence, role, reason, value, labels } = candidate;
  const { place, at } = placeAt(passage, candidate.at);
  return { axis, kind, part: passage.part, place, at, length, confidence, role, reason, digest: digest(kind, value), labels };
}

function labelsOf(examined: readonly Examined[]): readonly Label[] {
  const labels = new Set<Label>();
  for (const { candidates } of examined)
    for (const { labels: some, confidence } of candidates) if (confidence >= 0.5) for (const label of some) labels.add(label);
  return [...labels].sort();
}
