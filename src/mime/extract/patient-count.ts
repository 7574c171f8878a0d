// How many distinct patients a health document is about: the same one by a shared id, else by name and birth date.

/** What a document says of one patient in one place. Content: it is compared here, and goes no further. */
export interface PatientFound {
  /** Ids within their namespaces, so that the same number of two hospitals is two ids. */
  readonly ids: readonly string[];
  readonly name: string;
  readonly birthDate: string;
}

/** Longer ids are told apart by their beginning only. */
const KEY_LENGTH = 300;

export class PatientCount {
  /** The patient of each id. */
  readonly #byId = new Map<string, number>();
  /** The patients with an id by name and birth date: one who is named later without an id is one of them. */
  readonly #named = new Set<string>();
  readonly #namedOnly = new Set<string>();
  /** A patient that was found to be another one points to it. */
  readonly #sameAs: number[] = [];
  #merged = 0;

  add({ ids, name, birthDate }: PatientFound): void {
    const nameKey = keyOf(name) === '' ? '' : `${keyOf(name)}|${keyOf(birthDate)}`;
    const known = ids.map(keyOf).filter((id) => id !== '');
    if (known.length === 0) {
      if (nameKey !== '') this.#namedOnly.add(nameKey);
      return;
    }
    let patient: number | null = null;
    for (const id of known) {
      const before = this.#byId.get(id);
      const found = before === undefined ? null : this.#root(before);
      if (found !== null && patient !== null && found !== patient) {
        this.#sameAs[found] = patient;
        this.#merged++;
      } else if (found !== null) patient = found;
      patient ??= this.#sameAs.push(this.#sameAs.length) - 1;
      this.#byId.set(id, patient);
    }
    if (nameKey !== '') this.#named.add(nameKey);
  }

  get patients(): number {
    let namedOnly = 0;
    for (const name of this.#namedOnly) if (!this.#named.has(name)) namedOnly++;
    return this.#sameAs.length - this.#merged + namedOnly;
  }

  #root(patient: number): number {
    let at = patient;
    for (let next = this.#sameAs[at] ?? at; next !== at; next = this.#sameAs[at] ?? at) {
      // Halving the way keeps later look-ups short.
      this.#sameAs[at] = this.#sameAs[next] ?? next;
      at = next;
    }
    return at;
  }
}

function keyOf(text: string): string {
  return text.slice(0, KEY_LENGTH).trim().replace(/\s+/g, ' ').toUpperCase();
}
