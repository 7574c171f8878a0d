// Who has been named so far in a passage: so that "Jennifer", "Ms. Jones" and "J. Jones" behind "Jennifer Jones" are she, and are counted
// once. What two people share tells neither apart.
import type { Role } from '../mail/finding.ts';
import type { Form } from './name-shapes.ts';

export interface Person {
  /** Given names first, middle initials left out. */
  readonly value: string;
  readonly parts: readonly string[];
  role: Role;
  /** How sure the role is. */
  weight: number;
}

/** No more people are told apart; a list of thousands needs no later parts. */
const MOST_PEOPLE = 5_000;

export class People {
  /** Made with the first: most passages name nobody. */
  #byValue: Map<string, Person> | null = null;
  /** By part of a name; null where several people share it. */
  #byPart: Map<string, Person | null> | null = null;
  /** A bit for each letter with which a part begins, and for each length: most words are told from all parts by them. */
  #letters = 0;
  #lengths = 0;

  /** The person that a name says, made when new. */
  person(parts: readonly string[], form: Form): Person {
    const value = valueOf(parts);
    const known = this.#byValue?.get(value) ?? this.#sameAs(parts, form);
    if (known !== undefined) return known;
    const person: Person = { value, parts, role: 'unknown', weight: 0 };
    if ((this.#byValue?.size ?? 0) < MOST_PEOPLE) this.#remember(person);
    return person;
  }

  /**
   * Whether a word may be a part of a name.
   * @param code of its first letter, large or small: beyond US-ASCII the two are not told from other letters
   * @param length of the word, null where 's may belong to it
   */
  mayBe(code: number, length: number | null): boolean {
    if (code > 127) return this.#letters !== 0;
    return (this.#letters & (1 << (code & 31))) !== 0 && (length === null || (this.#lengths & (1 << (length & 31))) !== 0);
  }

  /** The only one who has this as a part of the name. */
  having(part: string): Person | null {
    return this.#byPart?.get(part) ?? null;
  }

  #remember(person: Person): void {
    const { value, parts } = person;
    (this.#byValue ??= new Map<string, Person>()).set(value, person);
    if (parts.length < 2) return;
    const byPart = (this.#byPart ??= new Map<string, Person | null>());
    for (let place = 0; place < parts.length; place++) {
      const part = parts[place] ?? '';
      if (part.length < 2 || parts.indexOf(part) < place) continue;
      byPart.set(part, byPart.has(part) ? null : person);
      this.#letters |= 1 << (part.charCodeAt(0) & 31);
      this.#lengths |= 1 << (part.length & 31);
    }
  }

  /** J. Jones and Jennifer J. behind Jennifer Jones; Jones alone. */
  #sameAs(parts: readonly string[], form: Form): Person | undefined {
    const [first = ''] = parts;
    const last = parts.at(-1) ?? '';
    if (parts.length === 1) return this.having(first) ?? undefined;
    if (form === 'initial-last') {
      const person = this.having(last);
      return person?.parts[0]?.startsWith(first.charAt(0)) === true ? person : undefined;
    }
    if (form !== 'first-initial') return undefined;
    const person = this.having(first);
    return person?.parts[0] === first && person.parts.at(-1)?.startsWith(last) === true ? person : undefined;
  }
}

/** Of "john", "a", "smith": john smith. An initial that ends the name stays. */
export function valueOf(parts: readonly string[]): string {
  if (parts.length < 3) return parts.length === 2 ? `${parts[0] ?? ''} ${parts[1] ?? ''}` : (parts[0] ?? '');
  return parts.filter((part, i) => part.length > 1 || i === 0 || i === parts.length - 1).join(' ');
}
