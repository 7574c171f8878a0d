// What a message says of patients of the table: a name with its birth date or record number, a record number, an address. Each raises what
// was found to certainty, and tells when a message about one patient goes to the address of another.
import type { Reason } from '../mail/finding.ts';
import type { Examined } from './examined.ts';
import type { Candidate, Surroundings } from './detector.ts';
import { type PassageText, placeAt } from './passage.ts';
import type { PatientTable } from './patient-table.ts';
import { plainAddress, plainName, plainRecordNumber, readingsOfDay } from './patient-values.ts';
import type { ReasonCode } from '../mail/reasons.ts';
import { wordsOf, lowerAt } from './words.ts';

export interface PatientsFound {
  readonly examined: readonly Examined[];
  /** At most one of a code. */
  readonly reasons: readonly Reason[];
}

/** Different values of a kind that are looked up in one message. */
const MOST_VALUES = 2_000;
const CERTAIN = 0.97;
/** By itself: who is found so is a patient here, whatever else is said. */
const IS_PATIENT = 0.6;
const OTHERS_ADDRESS = 0.9;
const OTHERS_ADDRESS_BY_NAME = 0.55;
const NUMBERS: ReadonlySet<string> = new Set(['account', 'plan-number', 'other-id']);

/** Where the same patients are meant: a name, a number. */
interface Mention {
  readonly passage: PassageText;
  readonly candidate: Candidate;
  readonly patients: readonly number[];
  readonly sure: 'sure' | 'by-name';
}

type Looked = (value: string | null) => readonly number[];

interface LookUps {
  readonly named: Looked;
  readonly recorded: Looked;
  readonly addressed: Looked;
}

export function knownPatients(examined: readonly Examined[], surroundings: Surroundings, table: PatientTable): PatientsFound {
  const lookUps: LookUps = {
    named: remembered((name) => table.named(name)),
    recorded: remembered((number) => table.recorded(number)),
    addressed: remembered((address) => table.addressed(address)),
  };
  const days = daysOf(examined, table);
  const named = new Set(examined.flatMap(({ passage, candidates }) => candidates.flatMap((one) => namesOf(passage, one, lookUps))));
  const born = new Set([...named].filter((patient) => days.has(table.birthKey(patient))));
  const births = new Set([...born].map((patient) => table.birthKey(patient)));
  const numbered = new Set<number>();
  const withNumbers = examined.map((one) => ({ ...one, candidates: [...one.candidates, ...numbersIn(one, named, lookUps)] }));
  for (const { candidates } of withNumbers)
    for (const one of candidates) for (const patient of recordsOf(one, named, lookUps)) numbered.add(patient);
  const known = (patient: number): boolean => born.has(patient) || numbered.has(patient);
  const mentions: Mention[] = [];
  const raised = withNumbers.map(({ candidates, ...rest }) => ({
    ...rest,
    candidates: candidates
      .map((candidate) => {
        const names = namesOf(rest.passage, candidate, lookUps);
        const sure = [...recordsOf(candidate, named, lookUps), ...names.filter(known)];
        if (sure.length > 0) mentions.push({ passage: rest.passage, candidate, patients: sure, sure: 'sure' });
        else if (names.length === 1) mentions.push({ passage: rest.passage, candidate, patients: names, sure: 'by-name' });
        const isBirth = isDay(candidate) && readingsOfDay(candidate.value).some((day) => births.has(table.dayKey(day)));
        if (isBirth) return certain({ ...candidate, kind: 'birth-date' });
        return sure.length > 0 || isAddress(candidate, lookUps) ? certain(candidate) : candidate;
      })
      .sort((a, b) => a.at - b.at),
  }));
  return { examined: raised, reasons: reasonsOf(mentions, surroundings, lookUps) };
}

function certain(candidate: Candidate): Candidate {
  return { ...candidate, confidence: Math.max(candidate.confidence, CERTAIN), role: 'patient', reason: 'exact-match' };
}

/** Each value is asked once, and no more than so many. */
function remembered(lookUp: (value: string) => readonly number[]): Looked {
  const known = new Map<string, readonly number[]>();
  return (value) => {
    if (value === null) return [];
    const before = known.get(value);
    if (before !== undefined || known.size >= MOST_VALUES) return before ?? [];
    const found = lookUp(value);
    known.set(value, found);
    return found;
  };
}

/** Of who writes or treats it is not asked whether they are patients too. */
function mayBePatient({ role }: Candidate): boolean {
  return role !== 'sender' && role !== 'staff' && role !== 'provider' && role !== 'public';
}

function namesOf({ text }: PassageText, candidate: Candidate, { named }: LookUps): readonly number[] {
  if (candidate.kind !== 'name' || !mayBePatient(candidate)) return [];
  return named(plainName(text.slice(candidate.at, candidate.at + candidate.length)));
}

/** What is labelled as a record number is one; another number only beside the patient's name. */
function recordsOf(candidate: Candidate, named: ReadonlySet<number>, { recorded }: LookUps): readonly number[] {
  if (candidate.kind === 'mrn') return recorded(plainRecordNumber(candidate.value));
  if (!NUMBERS.has(candidate.kind) || named.size === 0) return [];
  return recorded(plainRecordNumber(candidate.value)).filter((patient) => named.has(patient));
}

/** Numbers without any label, where the patient's name stands in the message. */
function numbersIn({ passage, candidates }: Examined, named: ReadonlySet<number>, { recorded }: LookUps): readonly Candidate[] {
  if (named.size === 0) return [];
  const words = wordsOf(passage.text);
  const taken = new Set(candidates.filter(({ axis }) => axis === 'who').map(({ at }) => at));
  return words.withDigits.slice(0, MOST_VALUES).flatMap((number): readonly Candidate[] => {
    const at = words.starts[number] ?? 0;
    const value = lowerAt(words, number).toUpperCase();
    if (taken.has(at) || !recorded(plainRecordNumber(value)).some((patient) => named.has(patient))) return [];
    const length = (words.ends[number] ?? 0) - at;
    return [{ axis: 'who', kind: 'mrn', at, length, confidence: CERTAIN, role: 'patient', reason: 'exact-match', value, labels: [] }];
  });
}

function isAddress(candidate: Candidate, { addressed }: LookUps): boolean {
  if (candidate.kind !== 'email' || !mayBePatient(candidate)) return false;
  return addressed(plainAddress(candidate.value)).length > 0;
}

function isDay({ kind, value }: Candidate): boolean {
  return (kind === 'birth-date' || kind === 'date') && /^\d{4}-\d\d-\d\d$/.test(value);
}

function daysOf(examined: readonly Examined[], table: PatientTable): ReadonlySet<bigint> {
  const days = new Set<string>();
  for (const { candidates } of examined)
    for (const one of candidates) if (isDay(one) && days.size < MOST_VALUES) for (const day of readingsOfDay(one.value)) days.add(day);
  return new Set([...days].map((day) => table.dayKey(day)));
}

function reasonsOf(mentions: readonly Mention[], { recipients }: Surroundings, { addressed }: LookUps): readonly Reason[] {
  const reasons: Reason[] = [];
  const sure = mentions.filter((mention) => mention.sure === 'sure');
  const [first] = sure;
  if (first !== undefined) reasons.push(reasonOf('exact-match', IS_PATIENT, first));
  for (const recipient of recipients) {
    const owners = new Set(addressed(plainAddress(recipient)));
    // The same person may stand in the table twice: whoever of them owns the address is meant.
    const anothers = ({ patients }: Mention): boolean => owners.size > 0 && !patients.some((patient) => owners.has(patient));
    const other = sure.find(anothers);
    if (other !== undefined) return [...reasons, reasonOf('other-patients-address', OTHERS_ADDRESS, other)];
    const byName = mentions.find((one) => anothers(one) && (one.candidate.role === 'patient' || one.candidate.role === 'recipient'));
    if (byName !== undefined && mentions.every(anothers))
      return [...reasons, reasonOf('other-patients-address', OTHERS_ADDRESS_BY_NAME, byName)];
  }
  return reasons;
}

function reasonOf(code: ReasonCode, weight: number, { passage, candidate }: Mention): Reason {
  return { code, weight, part: passage.part, place: placeAt(passage, candidate.at).place, kinds: [candidate.kind] };
}
