// What is gathered of a structured health document while it is read: its patients, which identifiers of theirs it has, and of what it tells.
import { type HealthDocument, HEALTH_CONTENTS, IDENTIFIER_KINDS } from '../../mail/message.ts';
import { PatientCount, type PatientFound } from './patient-count.ts';

export type IdentifierKind = HealthDocument['identifiers'][number];
export type HealthContent = HealthDocument['contents'][number];

export class HealthRecord {
  readonly #patients = new PatientCount();
  readonly #identifiers = new Set<IdentifierKind>();
  readonly #contents = new Set<HealthContent>();
  readonly #types = new Set<string>();

  patient(found: PatientFound): void {
    this.#patients.add(found);
  }

  /** @param value only looked at for whether there is one */
  identifier(kind: IdentifierKind, value: string): void {
    if (!this.#identifiers.has(kind) && SAYS_SOMETHING.test(value)) this.#identifiers.add(kind);
  }

  content(kind: HealthContent): void {
    this.#contents.add(kind);
  }

  /** A code of the standard: the caller has held it against its grammar. */
  type(code: string): void {
    this.#types.add(code);
  }

  /** The types of all messages or transactions of a file. */
  get types(): ReadonlySet<string> {
    return this.#types;
  }

  /** @param type where it is not the one of `type()` */
  document(standard: HealthDocument['standard'], type?: string): Omit<HealthDocument, 'part'> {
    const [first, ...others] = this.#types;
    return {
      standard,
      type: type ?? (first !== undefined && others.length === 0 ? first : 'unknown'),
      patients: this.#patients.patients,
      identifiers: IDENTIFIER_KINDS.filter((kind) => this.#identifiers.has(kind)),
      contents: HEALTH_CONTENTS.filter((kind) => this.#contents.has(kind)),
    };
  }
}

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
