// What of a node has been read, so that no octets are read twice, and how much may be read again because mail programs differ over it.
import { createHash } from 'node:crypto';
import type { Inner, Output } from './extractor.ts';
import { sniff } from './sniff.ts';

/** Of one node. More is a blind spot: who makes so many readings hides something in one of them. */
const MOST_OTHER_READINGS = 64;
/** Looks beyond a part for the end of what it holds, each to the end of the multipart. */
const MOST_LOOKS = 16;

export class OtherReadings {
  readonly output: Output;
  readonly #seen = new Map<string, Buffer[]>();
  readonly #digests = new Set<string>();
  readonly #spent: { others: number; looks: number };

  constructor(output: Output, spent = { others: 0, looks: 0 }) {
    this.output = output;
    this.#spent = spent;
  }

  /** For one entity of the node: what it decodes is not kept longer than it is read. */
  ofEntity(): OtherReadings {
    return new OtherReadings(this.output, this.#spent);
  }

  /** Remembers what every reader sees: it is read each time it stands there. */
  note(key: string, octets: Buffer): true {
    const place = `${octets.length} ${key}`;
    const known = this.#seen.get(place);
    if (known === undefined) this.#seen.set(place, [octets]);
    else if (known.length < 100) known.push(octets);
    return true;
  }

  /** Whether this other reading is new, and there is room for it. @throws LimitReached */
  admits(key: string, octets: Buffer): boolean {
    if (octets.length === 0 || this.#seen.get(`${octets.length} ${key}`)?.some((one) => one.equals(octets)) === true) return false;
    // Other readings are known by their digest: large ones are not kept.
    const digest = `${createHash('sha256').update(octets).digest('hex')} ${key}`;
    if (this.#digests.has(digest)) return false;
    if (this.#spent.others >= MOST_OTHER_READINGS) {
      this.output.blind('too-large');
      return false;
    }
    this.#spent.others++;
    // What is read again counts as if it were unpacked.
    this.output.unpacked(octets.length);
    this.#digests.add(digest);
    return true;
  }

  mayLook(): boolean {
    return this.#spent.looks++ < MOST_LOOKS;
  }

  async usual(key: string, found: Inner): Promise<void> {
    this.note(key, found.bytes);
    await this.output.inner(found);
  }

  /** What would be noise to its reader is no reading. */
  async other(key: string, found: Inner): Promise<void> {
    const { kind } = sniff(found);
    if (kind === 'unknown' || kind === 'empty') return;
    if (this.admits(key, found.bytes)) await this.output.inner({ ...found, role: 'other-reading' });
  }
}
