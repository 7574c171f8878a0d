// Imports records of the consent registry: nothing is recorded while one line has a fault; then batches with progress, each one commit.
// A record that is on file already is left as it is, so that a broken import can be done again.
import type { Consent } from '../mail/consent.ts';
import { countOf } from './amounts.ts';
import { readConsentFile } from './consent-file.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { withService } from './service.ts';
import type { Service } from './service.ts';

const MOST_SHOWN = 100;
/** A request stays well under the bound of the control socket. */
const BATCH = 200;
const BATCH_BYTES = 256 * 1024;

interface Numbered {
  readonly line: number;
  readonly consent: Consent;
}

export async function importConsents(
  context: CommandContext,
  text: string,
  file: string,
  options: { readonly organisation: readonly string[]; readonly form: 'text' | 'json' },
): Promise<ExitCode> {
  const read = readConsentFile(text, file, { organisation: options.organisation, now: context.now() });
  if (read.kind === 'faults') return faulty(context, read.faults);
  return withService(context, 'open-the-data', async (service) => {
    const strangers = await unknownAccounts(service, read.consents);
    if (typeof strangers === 'number') return strangers;
    if (strangers.length > 0)
      return faulty(
        context,
        strangers.map(({ line }) => `${file}:${line}:address: There is no such account.`),
      );
    return recordBatches(context, service, read.consents, options.form);
  });
}

async function recordBatches(
  context: CommandContext,
  service: Service,
  consents: readonly Numbered[],
  form: 'text' | 'json',
): Promise<ExitCode> {
  const { terminal } = context;
  let recorded = 0;
  let left = 0;
  for (const batch of batchesOf(consents)) {
    terminal.progress(`${recorded + left} of ${consents.length} records`);
    const asked = await service.ask('consent.record', { consents: batch.map(({ consent }) => consent), who: context.who });
    terminal.progress(null);
    if (asked.kind === 'exit') {
      terminal.err(
        `postern: ${countOf(recorded, 'record was', 'records were')} made before this; import the file again, those are left as they are`,
      );
      return asked.code;
    }
    for (const [i, { id, result }] of asked.value.results.entries()) {
      if (result === 'recorded') recorded += 1;
      else left += 1;
      if (form === 'json') terminal.out(JSON.stringify({ line: batch[i]?.line, id, result }));
    }
  }
  if (form === 'text') terminal.out(`${countOf(recorded, 'record', 'records')} made, ${left} on file already.`);
  return EXIT.done;
}

function batchesOf(consents: readonly Numbered[]): readonly (readonly Numbered[])[] {
  const batches: Numbered[][] = [];
  let bytes = Infinity;
  for (const one of consents) {
    const size = Buffer.byteLength(JSON.stringify(one.consent));
    const last = batches.at(-1);
    if (last === undefined || last.length >= BATCH || bytes + size > BATCH_BYTES) {
      batches.push([one]);
      bytes = size;
    } else {
      last.push(one);
      bytes += size;
    }
  }
  return batches;
}

async function unknownAccounts(service: Service, consents: readonly Numbered[]): Promise<readonly Numbered[] | ExitCode> {
  const attestations = consents.filter(({ consent }) => consent.kind === 'attestation');
  if (attestations.length === 0) return [];
  const asked = await service.ask('account.list', {});
  if (asked.kind === 'exit') return asked.code;
  const names = new Set(asked.value.accounts.map(({ name }) => name));
  return attestations.filter(({ consent }) => !names.has(consent.address));
}

function faulty({ terminal }: CommandContext, faults: readonly string[]): ExitCode {
  for (const fault of faults.slice(0, MOST_SHOWN)) terminal.err(terminal.style('trouble', fault));
  if (faults.length > MOST_SHOWN) terminal.err(`${faults.length - MOST_SHOWN} more`);
  terminal.err('Nothing was recorded.');
  return EXIT.usage;
}
