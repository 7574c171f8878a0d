// postern review list|show|release|return|reroute|verdicts: held mail, for those who look at it. All that changes anything, and every look
// at the content, wants the reason.
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { ControlAnswers, ControlRequest } from '../../control/commands.ts';
import type { ReviewEntry } from '../../control/review-commands.ts';
import { METHOD_NAMES, type MethodName } from '../../mail/decision.ts';
import { countOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { extractText } from '../extract-text.ts';
import { reviewsText, reviewText, verdictsText } from '../review-text.ts';
import { withService } from '../service.ts';
import type { Asked, Service } from '../service.ts';
import { readLimit, showChange } from './queue.ts';

const ID = '01JDB2V3X8QK4T6M9W0YHZ5RCE';
const PAGE = 500;
const DAY_MS = 86_400_000;

interface ReviewerOption extends JsonOption {
  readonly as?: string;
}

interface ChangeOptions extends ReviewerOption {
  readonly why: string;
  readonly phi?: true;
  readonly notPhi?: true;
  readonly tell?: string;
}

const AS = ['--as <name>', 'who you are: your account or address\n(default: the system user)'] as const;
const WHY = ['--why <reason>', 'the reason, kept as evidence'] as const;

export function addReview(program: Command, act: Act): void {
  const review = program.command('review').description('Held mail: list, show, release, return, reroute, and what reviewers said');
  review
    .command('list')
    .description('Show held deliveries')
    .option('-n, --limit <count>', 'how many', readLimit, 100)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern review list'))
    .action(act(list));
  review
    .command('show')
    .argument('<id>', 'message id')
    .description(
      'Show why a message is held: what was found, where, and what policy\nsays. --content shows its text, which is recorded with your reason',
    )
    .option('--content', 'show the text, as it was read')
    .option(...AS)
    .option('--why <reason>', 'why you look at the content; kept as evidence')
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern review show ${ID}`, `postern review show ${ID} --content --why "is it a form?"`))
    .action(act(show));
  addRelease(review, act);
  addReturn(review, act);
  review
    .command('reroute')
    .argument('<id>', 'message id, or delivery as id/n')
    .description('Release to one method only: one that policy allows, never a weaker one')
    .addOption(new Option('--method <method>', 'how it goes').choices([...METHOD_NAMES]).makeOptionMandatory())
    .requiredOption(...WHY)
    .option(...AS)
    .option(...JSON_OPTION)
    .addHelpText('after', example(`postern review reroute ${ID}/0 --method portal --why "no key known"`))
    .action(act(reroute));
  review
    .command('verdicts')
    .description('Count how often reviewers said "not PHI", by what had been found')
    .option('--since <days>', 'how far back, as 90d', daysOf, 90)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern review verdicts --since 90d'))
    .action(act(verdicts));
}

function addRelease(review: Command, act: Act): void {
  withVerdict(review.command('release').argument('<id>', 'message id, or delivery as id/n'))
    .description(
      'Release what is held: it goes out by what policy allows today, never\nbelow its floor. Nobody releases their own, unless policy lets them',
    )
    .addHelpText('after', example(`postern review release ${ID} --why "an empty form" --not-phi`))
    .action(
      act((context, target: string, options: ChangeOptions) =>
        withVerdictOf(context, options, (verdict, service) => {
          const request = { target, who: context.who, as: options.as ?? null, why: options.why, verdict };
          return service.ask('review.release', request).then(showChange(context, options.json, 'Released'));
        }),
      ),
    );
}

function addReturn(review: Command, act: Act): void {
  withVerdict(review.command('return').argument('<id>', 'message id, or delivery as id/n'))
    .description('Return what is held: it is never sent, and the originator is told')
    .option('--tell <words>', 'words for the originator, in the report')
    .addHelpText('after', example(`postern review return ${ID} --why "wrong clinic" --tell "Use the portal."`))
    .action(
      act((context, target: string, options: ChangeOptions) =>
        withVerdictOf(context, options, (verdict, service) => {
          const request = { target, who: context.who, as: options.as ?? null, why: options.why, verdict, words: options.tell ?? null };
          return service.ask('review.return', request).then(showChange(context, options.json, 'Returned'));
        }),
      ),
    );
}

function withVerdict(command: Command): Command {
  return command
    .requiredOption(...WHY)
    .option('--phi', 'say that it holds PHI')
    .addOption(new Option('--not-phi', 'say that it holds none; counted by what was found').conflicts('phi'))
    .option(...AS)
    .option(...JSON_OPTION);
}

function withVerdictOf(
  context: CommandContext,
  { phi, notPhi }: ChangeOptions,
  use: (verdict: ControlRequest<'review.release'>['verdict'], service: Service) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withService(context, 'open-the-data', (service) => use(phi ? 'phi' : notPhi ? 'not-phi' : null, service));
}

function reroute(
  context: CommandContext,
  target: string,
  { method, why, as, json }: ReviewerOption & { readonly method: MethodName; readonly why: string },
): Promise<ExitCode> {
  return withService(context, 'open-the-data', (service) =>
    service
      .ask('review.reroute', { target, who: context.who, as: as ?? null, why, method })
      .then(showChange(context, json, `Released to ${method} only`)),
  );
}

function list(context: CommandContext, { limit, json }: JsonOption & { readonly limit: number }): Promise<ExitCode> {
  const { terminal } = context;
  return withService(context, 'open-the-data', async (service) => {
    const entries: ReviewEntry[] = [];
    let after: string | null = null;
    do {
      const request: ControlRequest<'review.list'> = { after, limit: Math.min(PAGE, limit - entries.length) };
      const asked: Asked<ControlAnswers['review.list']> = await service.ask('review.list', request);
      if (asked.kind === 'exit') return asked.code;
      entries.push(...asked.value.entries);
      after = asked.value.next;
    } while (after !== null && entries.length < limit);
    if (json) for (const entry of entries) terminal.out(JSON.stringify(entry));
    else if (entries.length === 0) terminal.out('Nothing is held.');
    else terminal.out(reviewsText(entries, context.now(), terminal));
    if (after !== null) terminal.err(`postern: the first ${limit} are shown; --limit shows more`);
    return EXIT.done;
  });
}

interface ShowOptions extends ReviewerOption {
  readonly content?: true;
  readonly why?: string;
}

async function show(context: CommandContext, messageId: string, { content, why, as, json }: ShowOptions): Promise<ExitCode> {
  const { terminal, who } = context;
  if (content && why === undefined) {
    terminal.err('postern: --content needs --why: every look at the content is recorded with its reason');
    return EXIT.usage;
  }
  return withService(context, 'open-the-data', async (service) => {
    if (content && why !== undefined) {
      const asked = await service.ask('review.content', { messageId, who, as: as ?? null, why });
      if (asked.kind === 'exit') return asked.code;
      const { leftOut, ...read } = asked.value;
      terminal.out(json ? JSON.stringify(asked.value) : extractText(messageId, { kind: 'read', ...read }, terminal));
      if (leftOut > 0) terminal.err(`postern: the text of ${countOf(leftOut, 'place', 'places')} is left out: there is too much`);
      return EXIT.done;
    }
    const asked = await service.ask('review.show', { messageId });
    if (asked.kind === 'exit') return asked.code;
    terminal.out(json ? JSON.stringify(asked.value) : reviewText(asked.value, context.now(), terminal));
    return EXIT.done;
  });
}

function verdicts(context: CommandContext, { since, json }: JsonOption & { readonly since: number }): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('review.verdicts', { since: Math.max(0, context.now() - since * DAY_MS) });
    if (asked.kind === 'exit') return asked.code;
    context.terminal.out(json ? JSON.stringify(asked.value) : verdictsText(asked.value, context.terminal));
    return EXIT.done;
  });
}

function daysOf(text: string): number {
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days === undefined || Number(days) === 0) throw new InvalidArgumentError('Write a number of days, such as 90d.');
  return Number(days);
}
