// Imports accounts in batches with progress; passwords that were made are printed once, at the end of each batch, so that none is lost.
import type { CommandContext } from './context.ts';
import { readAccounts } from './account-file.ts';
import type { ImportedAccount } from './account-file.ts';
import { countOf } from './amounts.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { withService } from './service.ts';

/** Hashing takes most of the time: a batch stays well under the time limit of a command. */
const BATCH = 25;

export async function importAccounts(context: CommandContext, text: string, file: string, form: 'text' | 'json'): Promise<ExitCode> {
  const { terminal } = context;
  const read = readAccounts(text, file);
  if (read.kind === 'faults') {
    for (const fault of read.faults) terminal.err(terminal.style('trouble', fault));
    return EXIT.usage;
  }
  return withService(context, 'open-the-data', async (service) => {
    let added = 0;
    let left = 0;
    for (let from = 0; from < read.accounts.length; from += BATCH) {
      const batch = read.accounts.slice(from, from + BATCH);
      terminal.progress(`${from} of ${read.accounts.length} accounts`);
      const asked = await service.ask('account.import', { accounts: batch.map(({ account }) => account), who: context.who });
      terminal.progress(null);
      if (asked.kind === 'exit') {
        terminal.err(
          `postern: ${countOf(added, 'account was', 'accounts were')} added before this; import the file again, those are left as they are`,
        );
        return asked.code;
      }
      for (const { name, result, text: reason } of asked.value.results) {
        if (result === 'added') added += 1;
        else left += 1;
        show(context, form, batch.find(({ account }) => account.name === name) ?? null, { name, result, reason });
      }
    }
    terminal.err(`${countOf(added, 'account', 'accounts')} added, ${left} left as they are.`);
    return left === 0 ? EXIT.done : EXIT.no;
  });
}

interface Result {
  readonly name: string;
  readonly result: 'added' | 'exists' | 'refused';
  readonly reason: string | null;
}

function show(
  { terminal }: CommandContext,
  form: 'text' | 'json',
  imported: ImportedAccount | null,
  { name, result, reason }: Result,
): void {
  const made = result === 'added' && imported?.passwordOrigin === 'generated' ? imported.account.password : null;
  if (form === 'json')
    terminal.out(JSON.stringify({ name, result, ...(made === null ? {} : { password: made }), ...(reason === null ? {} : { reason }) }));
  else if (result === 'added') terminal.out(made === null ? name : `${name}\t${made}`);
  else terminal.err(`postern: ${name}: ${result === 'exists' ? 'there is an account of this name' : (reason ?? 'refused')}`);
}
