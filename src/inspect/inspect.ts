// Inspection: a message as read goes in, a report of what it holds comes out. Pure: lexicon, detectors and the key of digests are arguments.
import type { Finding, InspectionReport, Label } from '../mail/finding.ts';
import type { Message, Span } from '../mail/message.ts';
import { correspondence, lessened } from './correspondence.ts';
import { combine, type Examined } from './combine.ts';
import type { Candidate, Detector, Surroundings } from './detector.ts';
import { weightOf } from './field.ts';
import { knownPatients } from './known-patients.ts';
import type { Lexicon } from './lexicon.ts';
import { type Passage, passagesOf, placeAt } from './passage.ts';
import type { PatientTable } from './patient-table.ts';
import { levelOf } from './weights.ts';

export interface InspectDeps {
  readonly detectors: readonly Detector[];
  readonly lexicon: Lexicon;
  /** Keyed digest of a value of a kind. */
  readonly digest: (kind: string, value: string) => string;
  /** Whoever is in it is known for certain; null where there is none. */
  readonly patients: PatientTable | null;
}

const MOST_CANDIDATES = 20_000;
const MOST_FINDINGS = 200;
/** Header fields that people write: in the others stand machines, and those who send and receive. */
const WRITTEN_FIELDS: ReadonlySet<string> = new Set(['subject', 'comments', 'keywords', 'content-description']);

export function inspect(message: Message, surroundings: Surroundings, deps: InspectDeps): InspectionReport {
  const looked = examine(message, surroundings, deps);
  const { patients } = deps;
  const found = patients === null ? { examined: looked, reasons: [] } : knownPatients(looked, surroundings, patients);
  const { examined } = found;
  const combined = combine(examined, message.documents, surroundings);
  const letters = correspondence(examined, surroundings, combined.reasons);
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

/** What people wrote in it, with what the detectors find there. */
export function examine(
  message: Message,
  surroundings: Surroundings,
  deps: Pick<InspectDeps, 'detectors' | 'lexicon'>,
): readonly Examined[] {
  return passagesOf(message.spans.filter(isWritten), deps.lexicon).map((passage) => ({
    passage,
    candidates: candidatesIn(passage, surroundings, deps.detectors),
  }));
}

function isWritten({ place: { area, field } }: Span): boolean {
  return area !== 'header' || WRITTEN_FIELDS.has(field ?? '');
}

function candidatesIn(passage: Passage, surroundings: Surroundings, detectors: readonly Detector[]): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const add = (candidate: Candidate): void => {
    if (candidates.length < MOST_CANDIDATES) candidates.push(candidate);
  };
  for (const detector of detectors) detector.detect(passage, surroundings, add);
  return candidates.sort((a, b) => a.at - b.at);
}

/** Those that weigh most; of equals the first. What is more than twice as many is let go on the way. */
function strongest(examined: readonly Examined[], digest: InspectDeps['digest']): readonly Finding[] {
  const kept: { readonly passage: Passage; readonly candidate: Candidate; readonly weight: number }[] = [];
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

function findingOf(passage: Passage, candidate: Candidate, digest: InspectDeps['digest']): Finding {
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
