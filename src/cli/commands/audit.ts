// postern audit list|show|verify: the evidence, read by a connection of its own, whether the service runs or not.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { timeOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { facts, table } from '../table.ts';
import type { AuditAccess, AuditEntry, AuditVerdict } from '../../daemon/work.ts';

export function addAudit(program: Command, act: Act): void {
  const audit = program.command('audit').description('Evidence: what happened to each message, and proof that it is unchanged');
  audit
    .command('list')
    .description('Show the latest records, newest first')
    .option('-m, --message <id>', 'only this message')
    .option('-n, --limit <count>', 'how many', readCount, 50)
    .option('--before <number>', 'only records before this number', readCount)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern audit list --message 01JDB2V3X8QK4T6M9W0YHZ5RCE'))
    .action(act(list));
  audit
    .command('show')
    .argument('<number>', 'number of a record', readCount)
    .description('Show one record with its personal detail, where that still exists')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern audit show 1841'))
    .action(act(show));
  audit
    .command('verify')
    .description('Verify the whole log: the first bad record, and how far the signed head proves')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern audit verify'))
    .action(act(verify));
}

function readCount(given: string): number {
  const count = Number(given);
  if (!Number.isSafeInteger(count) || count < 1 || count > 1e12) throw new InvalidArgumentError('Write a whole number from 1.');
  return count;
}

interface ListOptions extends JsonOption {
  readonly message?: string;
  readonly limit: number;
  readonly before?: number;
}

function list(context: CommandContext, { message, limit, before, json }: ListOptions): Promise<ExitCode> {
  return withAudit(context, async (audit) => {
    const entries = await audit.list({ messageId: message ?? null, beforeSeq: before ?? null, limit: Math.min(limit, 10_000) });
    const { terminal } = context;
    if (json) for (const entry of entries) terminal.out(JSON.stringify(entry));
    else if (entries.length === 0) terminal.err('postern: there are no such records');
    else terminal.out(listText(context, entries));
    return entries.length === 0 ? EXIT.no : EXIT.done;
  });
}

function listText({ terminal }: CommandContext, entries: readonly AuditEntry[]): string {
  const columns = [
    { title: 'Number', align: 'right', overflow: 'keep' },
    { title: 'Time', align: 'left', overflow: 'keep' },
    { title: 'Kind', align: 'left', overflow: 'keep' },
    { title: 'About', align: 'left', overflow: 'cut' },
  ] as const;
  const about = ({ deliveryId, messageId, codes }: AuditEntry): string =>
    [deliveryId ?? messageId, ...Object.entries(codes).map(([name, value]) => `${name}=${value}`)].filter((one) => one !== null).join(' ');
  return table(
    columns,
    entries.map((entry) => [String(entry.seq), timeOf(entry.at), entry.kind, about(entry)]),
    terminal,
  );
}

function show(context: CommandContext, seq: number, { json }: JsonOption): Promise<ExitCode> {
  return withAudit(context, async (audit) => {
    const entry = await audit.show(seq);
    if (entry === null) {
      context.terminal.err(`postern: there is no record ${seq}`);
      return EXIT.no;
    }
    context.terminal.out(json ? JSON.stringify(entry) : entryText(context, entry));
    return EXIT.done;
  });
}

const DETAIL = { destroyed: 'its key has been destroyed', damaged: 'it does not open: postern audit verify' } as const;

function entryText({ terminal }: CommandContext, entry: AuditEntry): string {
  const pairs = (given: AuditEntry['codes']): (readonly [string, string])[] =>
    Object.entries(given).map(([name, value]) => [name, String(value)]);
  const detail =
    entry.detail === null ? [] : typeof entry.detail === 'string' ? [['detail', DETAIL[entry.detail]] as const] : pairs(entry.detail);
  return facts(
    [
      ['number', String(entry.seq)],
      ['time', timeOf(entry.at)],
      ['kind', entry.kind],
      ...(entry.messageId === null ? [] : [['message', entry.messageId] as const]),
      ...(entry.deliveryId === null ? [] : [['delivery', entry.deliveryId] as const]),
      ...pairs(entry.codes),
      ...detail,
    ],
    terminal.style,
  );
}

function verify(context: CommandContext, { json }: JsonOption): Promise<ExitCode> {
  return withAudit(context, async (audit) => {
    const { terminal } = context;
    const verdict = await audit.verify((done, total) => terminal.progress(`${done} of ${total} records`));
    terminal.progress(null);
    terminal.out(json ? JSON.stringify(verdict) : verdictText(context, verdict));
    return verdict.bad === null && verdict.head === 'right' ? EXIT.done : EXIT.no;
  });
}

const WHY: Readonly<Record<string, string>> = {
  missing: 'it is not there: a record was removed',
  'not-a-record': 'its bytes are not those of a record',
  'out-of-place': 'it belongs elsewhere: records were swapped or copied',
  'not-chained': 'it does not follow the record before it',
  changed: 'its bytes were changed',
  'detail-changed': 'its sealed detail is not the one that was recorded',
  rewritten: 'it and those before it are not what was signed',
  cut: 'the log ends before it, but the signed head covers it',
};

function verdictText({ terminal }: CommandContext, { logId, bad, chainedTo, provenTo, details, head }: AuditVerdict): string {
  const { style } = terminal;
  const first =
    bad === null
      ? style('good', 'Every record is as it was written.')
      : style('trouble', `Record ${bad.seq} is the first bad one: ${WHY[bad.why] ?? bad.why}.`);
  const heads = {
    right: `The signed head proves records 1 to ${provenTo}.`,
    missing: 'There is no signed head: nothing is proven against someone with access to the database.',
    'wrong-signature': 'The signature of the head is wrong: it proves nothing.',
  };
  return [
    first,
    head === 'right' ? heads.right : style('trouble', heads[head]),
    facts(
      [
        ['log', logId],
        ['chained', chainedTo === 0 ? 'no record' : `records 1 to ${chainedTo}`],
        ['details', `${details.checked} checked, ${details.gone} destroyed or not kept`],
      ],
      style,
    ),
  ].join('\n');
}

async function withAudit(context: CommandContext, use: (audit: AuditAccess) => Promise<ExitCode>): Promise<ExitCode> {
  const loaded = await context.loadConfig();
  if (loaded === null) return EXIT.config;
  const audit = await context.work.openAudit(loaded);
  if (audit.kind === 'not-reached') {
    context.terminal.err(`postern: ${audit.text}`);
    return EXIT.unreachable;
  }
  try {
    return await use(audit);
  } finally {
    await audit.close();
  }
}
