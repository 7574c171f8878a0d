// postern policy explain FILE.eml --from A --to B: why a message would go the way it would, for each recipient, in order.
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseMailbox } from '../../mail/address.ts';
import { CONSENT_KINDS, type ConsentKind } from '../../mail/facts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { explainedJson, explainedText } from '../policy-explain-text.ts';
import { plainText } from '../terminal.ts';

interface ExplainOptions extends JsonOption {
  readonly from: string;
  readonly to: readonly string[];
  readonly account?: string;
  readonly network?: string;
  readonly policy?: string;
  readonly consent?: readonly ConsentKind[];
  readonly attested?: true;
  readonly firstMail?: 'address' | 'domain';
}

export function addPolicyExplain(policy: Command, act: Act): void {
  policy
    .command('explain')
    .argument('<message>', 'a message (.eml)')
    .description(
      'Tell for each recipient what would be decided about a message, by\nwhat, and what would have changed it. Nothing of its content is printed',
    )
    .requiredOption('--from <address>', 'the sender of the envelope; "" is the empty one', oneMailboxOrNone)
    .requiredOption('--to <address>', 'a recipient; repeat for more', mailboxes)
    .option('--account <name>', 'submitted by login of this account (default: the\nsender)')
    .option('--network <ip>', "the client's address; without --account: submitted\nfrom a trusted network")
    .option('--policy <file>', 'the policy (default: the one in effect)')
    .addOption(new Option('--consent <kind>', 'on file for the recipients; repeat for more').choices(CONSENT_KINDS).argParser(consents))
    .option('--attested', 'the account has an attestation on file')
    .addOption(new Option('--first-mail <what>', 'the recipients never had mail (default: they had)').choices(['address', 'domain']))
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern policy explain note.eml --from ann@clinic.example --to jo@example.net'))
    .action(act(explain));
}

function consents(kind: string, before: readonly ConsentKind[] = []): readonly ConsentKind[] {
  const known = CONSENT_KINDS.find((one) => one === kind);
  if (known === undefined) throw new InvalidArgumentError(`Write one of ${CONSENT_KINDS.join(', ')}.`);
  return [...before, known];
}

/** @throws InvalidArgumentError where it is no address. */
export function oneMailbox(given: string): string {
  if (parseMailbox(given) === null) throw new InvalidArgumentError('Write an address, such as ann@clinic.example.');
  return given;
}

function oneMailboxOrNone(given: string): string {
  return given === '' || given === '<>' ? '' : oneMailbox(given);
}

function mailboxes(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, oneMailbox(given)];
}

async function explain(
  { terminal, work, configPath, configNamed, now }: CommandContext,
  message: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  const answer = await work.policyExplain({
    file: options.policy ?? null,
    configPath,
    unreadable: configNamed === 'yes' ? 'refused' : 'defaults',
    message,
    from: options.from,
    to: options.to,
    account: options.account ?? null,
    network: options.network ?? null,
    consents: options.consent ?? [],
    attested: options.attested === true ? 'yes' : 'no',
    firstMail: options.firstMail ?? null,
    at: now(),
  });
  switch (answer.kind) {
    case 'not-reached':
      terminal.err(`postern: ${plainText(answer.text)}`);
      return EXIT.unreachable;
    case 'refused':
    case 'faults':
      showIssues(terminal, answer.issues);
      return EXIT.config;
    case 'explained':
      terminal.out(options.json ? explainedJson(message, answer) : explainedText(message, answer, terminal));
      return EXIT.done;
  }
}
