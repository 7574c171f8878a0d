// postern pickup list|show|recall|restore|resend|code|phone|lost|forget: what waits at the portal, for senders and the help desk.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { PickupAnswers, PickupReport } from '../../control/pickup-commands.ts';
import { countOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { readPhone } from '../../mail/phone.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { codeText, lostText, phoneText, pickupsText, pickupText } from '../pickup-text.ts';
import { withService } from '../service.ts';
import type { Asked, Service } from '../service.ts';
import { readLimit } from './queue.ts';

const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const PAGE = 500;
const CHECKED = ['--checked <how>', 'how you made sure who it is; kept as evidence'] as const;
const WHY = ['--why <reason>', 'the reason, kept as evidence'] as const;

export function addPickup(program: Command, act: Act): void {
  const pickup = program
    .command('pickup')
    .description('Messages at the portal: list, show, recall, restore, resend, code, phone, lost,\nforget');
  pickup
    .command('list')
    .description('Show what waits at the portal')
    .option('--all', 'what is over too')
    .option('-n, --limit <count>', 'how many', readLimit, 100)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern pickup list'))
    .action(act(list));
  pickup
    .command('show')
    .argument('<pickup>', 'delivery, as id/n', deliveryOf)
    .description('Show one: was it read, what opens it, who reads at the\naddress and by what they sign in')
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern pickup show ${ID}/0`))
    .action(act(show));
  addChange(pickup, act, 'recall', 'Take back what has not been read yet: it opens no more', 'sent to the wrong person');
  addChange(pickup, act, 'restore', 'Give again what was taken back', 'it was the right person');
  addChange(pickup, act, 'resend', 'Send the notice once more', 'she deleted it');
  pickup
    .command('code')
    .argument('<pickup>', 'delivery, as id/n', deliveryOf)
    .description('Make a code that opens one message, to be told in person or\nby telephone. An earlier one ends')
    .requiredOption(...CHECKED)
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern pickup code ${ID}/0 --checked "called back, birth date and MRN"`))
    .action(act(code));
  pickup
    .command('phone')
    .argument('<pickup>', 'delivery, as id/n', deliveryOf)
    .argument('[number]', 'telephone number with "+" and country code', phoneOf)
    .description(
      'Give the telephone number of a person, for codes by text\nmessage or call; or take it away. One that was there before\nis replaced',
    )
    .option('--remove', 'take it away')
    .option('--person <number>', 'who, as `postern pickup show` numbers them', readLimit)
    .requiredOption(...CHECKED)
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern pickup phone ${ID}/0 +15550100 --checked "number in the chart"`))
    .action(act(phone));
  pickup
    .command('lost')
    .argument('<pickup>', 'delivery, as id/n', deliveryOf)
    .description('Somebody lost what they sign in with: all of it and their\nsessions end, the address is told, and a code is made')
    .requiredOption('--person <number>', 'who, as `postern pickup show` numbers them', readLimit)
    .requiredOption(...CHECKED)
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern pickup lost ${ID}/0 --person 3 --checked "photo ID at the desk"`))
    .action(act(lost));
  pickup
    .command('forget')
    .argument('<address>', "the person's address")
    .description('Remove a recipient: what waits for them is over, and who they\nare is destroyed. It cannot be undone')
    .requiredOption(...WHY)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern pickup forget pat@home.example --why "letter of 2026-11-20"'))
    .action(act(forget));
}

const DONE = { recall: 'Taken back', restore: 'Given again', resend: 'To be told again' } as const;

function addChange(pickup: Command, act: Act, change: keyof typeof DONE, description: string, why: string): void {
  pickup
    .command(change)
    .argument('<id>', 'message id, or delivery as id/n')
    .description(description)
    .requiredOption(...WHY)
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern pickup ${change} ${ID}/0 --why "${why}"`))
    .action(
      act((context, target: string, { why: reason, json }: JsonOption & { readonly why: string }) =>
        asked(
          context,
          json,
          (service) => service.ask(`pickup.${change}`, { target, who: context.who, why: reason }),
          ({ changed, unchanged }) => {
            for (const { deliveryId, why: left } of unchanged) context.terminal.err(`postern: ${deliveryId} ${left}`);
            return `${DONE[change]}: ${countOf(changed.length, 'message', 'messages')} (${changed.join(', ')}).`;
          },
        ),
      ),
    );
}

interface ListOptions extends JsonOption {
  readonly all?: true;
  readonly limit: number;
}

function list(context: CommandContext, { all, limit, json }: ListOptions): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const { terminal } = context;
    const pickups = await readPickups(service, all === true ? 'all' : 'open', limit);
    if (!Array.isArray(pickups)) return pickups.code;
    if (json) for (const one of pickups) terminal.out(JSON.stringify(one));
    else if (pickups.length === 0) terminal.out('Nothing waits at the portal.');
    else terminal.out(pickupsText(pickups, context.now(), terminal));
    if (pickups.length === limit) terminal.err(`postern: the first ${limit} are shown; --limit shows more`);
    return EXIT.done;
  });
}

/** Page by page, so that no answer is too large. */
async function readPickups(service: Service, open: 'open' | 'all', limit: number): Promise<PickupReport[] | { readonly code: ExitCode }> {
  const pickups: PickupReport[] = [];
  let after: string | null = null;
  do {
    const page: Asked<PickupAnswers['pickup.list']> = await service.ask('pickup.list', {
      open,
      after,
      limit: Math.min(PAGE, limit - pickups.length),
    });
    if (page.kind === 'exit') return page;
    pickups.push(...page.value.pickups);
    after = page.value.next;
  } while (after !== null && pickups.length < limit);
  return pickups;
}

function show(context: CommandContext, deliveryId: string, { json }: JsonOption): Promise<ExitCode> {
  return asked(
    context,
    json,
    (service) => service.ask('pickup.show', { deliveryId }),
    (shown) => pickupText(shown, context.now(), context.terminal),
  );
}

interface CheckedOptions extends JsonOption {
  readonly checked: string;
}

function code(context: CommandContext, deliveryId: string, { checked, json }: CheckedOptions): Promise<ExitCode> {
  return asked(context, json, (service) => service.ask('pickup.code', { deliveryId, who: context.who, checked }), codeText);
}

interface PhoneOptions extends CheckedOptions {
  readonly remove?: true;
  readonly person?: number;
}

async function phone(
  context: CommandContext,
  deliveryId: string,
  number: string | undefined,
  { remove, person, checked, json }: PhoneOptions,
): Promise<ExitCode> {
  if ((number === undefined) !== (remove === true)) {
    context.terminal.err('postern: write a number, or --remove');
    return EXIT.usage;
  }
  const asking = { deliveryId, number: number ?? null, person: person ?? null, who: context.who, checked };
  return asked(context, json, (service) => service.ask('pickup.phone', asking), phoneText(remove === true ? 'taken away' : 'kept'));
}

function lost(
  context: CommandContext,
  deliveryId: string,
  { person, checked, json }: CheckedOptions & { readonly person: number },
): Promise<ExitCode> {
  return asked(context, json, (service) => service.ask('pickup.lost', { deliveryId, person, who: context.who, checked }), lostText);
}

function forget(context: CommandContext, address: string, { why, json }: JsonOption & { readonly why: string }): Promise<ExitCode> {
  return asked(
    context,
    json,
    (service) => service.ask('pickup.forget', { address, who: context.who, why }),
    ({ ended }) => `Forgotten. ${countOf(ended, 'message is', 'messages are')} over that waited for them; senders of unread ones are told.`,
  );
}

/** Asks once and prints what came. */
function asked<T>(
  context: CommandContext,
  json: true | undefined,
  ask: (service: Service) => Promise<Asked<T>>,
  text: (value: T) => string,
): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const answer = await ask(service);
    if (answer.kind === 'exit') return answer.code;
    context.terminal.out(json ? JSON.stringify(answer.value) : text(answer.value));
    return EXIT.done;
  });
}

function deliveryOf(given: string): string {
  if (!/^[0-9A-Za-z]{1,40}\/\d{1,5}$/.test(given))
    throw new InvalidArgumentError('Write the delivery, as id/n: `postern pickup list` shows it.');
  return given;
}

function phoneOf(given: string): string {
  const number = readPhone(given);
  if (number === null) throw new InvalidArgumentError('Write the number with "+" and its country code, such as +15550100.');
  return number;
}
