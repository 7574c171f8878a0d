// What the gateway itself writes to people (notices, codes, reports) is put into a folder of the sandbox, so that who tries the portal can read what
// its recipients would get. Mail of others is not kept: its content stays nowhere but sealed.
import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface OwnMail {
  readonly at: number;
  readonly recipients: readonly string[];
  /** The beginning of it, at most as much as is looked through; a notice is whole. */
  readonly octets: Uint8Array;
}

const NEWEST = 100;

/** Where it lies, of a run folder. */
export function sandboxMailFolder(runFolder: string): string {
  return join(runFolder, 'sandbox-mail');
}

/** Auto-Submitted (RFC 3834 5) is on all that the gateway writes by itself. */
export function isOwnMail(header: string): boolean {
  return /^auto-submitted:\s*auto-/im.test(header);
}

/** Keeps the newest, one file each, named after time and recipient; whoever may not write there keeps none. */
export function ownMailbox(folder: string): (mail: OwnMail) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let number = 0;
  return ({ at, recipients, octets }) => {
    const when = new Date(at).toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
    const to = (recipients[0] ?? 'nobody')
      .toLowerCase()
      .replaceAll(/[^a-z0-9@.-]/g, '_')
      .slice(0, 80);
    number += 1;
    writeFileSync(join(folder, `${when}-${String(number).padStart(4, '0')}-${to}.eml`), octets, { mode: 0o600 });
    const kept = readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .toSorted();
    for (const name of kept.slice(0, Math.max(0, kept.length - NEWEST))) unlinkSync(join(folder, name));
  };
}
