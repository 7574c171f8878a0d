// postern queue list|show|retry|hold|release|return|cancel: what waits, and what a person may do about it. All that changes what becomes
// of a delivery wants the reason.
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { ChangeReport, ControlAnswers } from '../../control/commands.ts';
import { DELIVERY_STATES, isFinal } from '../../mail/delivery.ts';
import type { DeliveryState } from '../../mail/delivery.ts';
import type { QueueEntry } from '../../store/queue.ts';
import { countOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { messageText, queueText } from '../queue-text.ts';
import { withService } from '../service.ts';
import type { Asked, Service } from '../service.ts';

const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const PAGE = 500;

export function addQueue(program: Command, act: Act): void {
  const queue = program.command('queue').description('Messages on their way: list, show, retry, hold, release, return, cancel');
  queue
    .command('list')
    .description('Show deliveries that have not ended')
    .addOption(new Option('-s, --state <state...>', 'only these states').choices([...DELIVERY_STATES]))
    .option('-n, --limit <count>', 'how many', readLimit, 100)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern queue list --state held'))
    .action(act(list));
  queue
    .command('show')
    .argument('<id>', 'message id')
    .description('Show one message with all its deliveries')
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern queue show ${ID}`))
    .action(act(show));
  queue
    .command('retry')
    .argument('<id>', 'message id, or delivery as id/n')
    .description('Try again now')
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern queue retry ${ID}`))
    .action(
      act((context, target: string, { json }: JsonOption) =>
        withService(context, 'open-the-data', (service) =>
          service.ask('queue.retry', { target, who: context.who }).then(showChange(context, json, 'Retried')),
        ),
      ),
    );
  addPersonal(queue, act, 'hold', 'Hold: nothing is sent until someone releases it', 'waiting for a call from the lab');
  addPersonal(queue, act, 'release', 'Release a held delivery to the queue; no floor is lowered by it', 'spoke with the recipient');
  addPersonal(
    queue,
    act,
    'return',
    'Return a held delivery: it is never sent, and the originator gets a report',
    'no encryption there yet',
  );
  addPersonal(queue, act, 'cancel', 'Cancel: it is never sent, and the originator gets no report', 'sent to the wrong clinic');
}

const DONE = { hold: 'Held', release: 'Released', return: 'Returned', cancel: 'Cancelled' } as const;

function addPersonal(queue: Command, act: Act, change: keyof typeof DONE, description: string, why: string): void {
  queue
    .command(change)
    .argument('<id>', 'message id, or delivery as id/n')
    .description(description)
    .requiredOption('--why <reason>', 'the reason, kept as evidence')
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern queue ${change} ${ID} --why "${why}"`))
    .action(
      act((context, target: string, { why: reason, json }: JsonOption & { readonly why: string }) =>
        withService(context, 'open-the-data', (service) =>
          service.ask(`queue.${change}`, { target, who: context.who, why: reason }).then(showChange(context, json, DONE[change])),
        ),
      ),
    );
}

interface ListOptions extends JsonOption {
  readonly state?: readonly DeliveryState[];
  readonly limit: number;
}

function list(context: CommandContext, { state, limit, json }: ListOptions): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const entries = await readEntries(service, state ?? DELIVERY_STATES.filter((one) => !isFinal(one)), limit);
    if (!Array.isArray(entries)) return entries.code;
    const { terminal } = context;
    if (json) for (const entry of entries) terminal.out(JSON.stringify(entry));
    else if (entries.length === 0) terminal.out('Nothing is waiting.');
    else terminal.out(queueText(entries, context.now(), terminal));
    if (entries.length === limit) terminal.err(`postern: the first ${limit} are shown; --limit shows more`);
    return EXIT.done;
  });
}

/** Page by page, so that no answer is too large. */
async function readEntries(
  service: Service,
  states: readonly DeliveryState[],
  limit: number,
): Promise<QueueEntry[] | { readonly code: ExitCode }> {
  const entries: QueueEntry[] = [];
  let after: string | null = null;
  do {
    const asked: Asked<ControlAnswers['queue.list']> = await service.ask('queue.list', {
      states: [...states],
      after,
      limit: Math.min(PAGE, limit - entries.length),
    });
    if (asked.kind === 'exit') return asked;
    entries.push(...asked.value.entries);
    after = asked.value.next;
  } while (after !== null && entries.length < limit);
  return entries;
}

function show(context: CommandContext, messageId: string, { json }: JsonOption): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('queue.show', { messageId });
    if (asked.kind === 'exit') return asked.code;
    context.terminal.out(json ? JSON.stringify(asked.value) : messageText(asked.value, context.now(), context.terminal));
    return EXIT.done;
  });
}

export function showChange(context: CommandContext, json: true | undefined, done: string): (asked: Asked<ChangeReport>) => ExitCode {
  return (asked) => {
    if (asked.kind === 'exit') return asked.code;
    const { changed, unchanged } = asked.value;
    const { terminal } = context;
    if (json) terminal.out(JSON.stringify({ changed, unchanged }));
    else {
      if (changed.length > 0) terminal.out(`${done}: ${countOf(changed.length, 'delivery', 'deliveries')} (${changed.join(', ')}).`);
      for (const { deliveryId, state } of unchanged) terminal.err(`postern: ${deliveryId} is ${state} and was left as it is`);
    }
    return changed.length > 0 ? EXIT.done : EXIT.no;
  };
}

export function readLimit(given: string): number {
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) throw new InvalidArgumentError('Write a whole number from 1 to 1000000.');
  return limit;
}
