// postern consent add|import|revoke|list|show: what people outside have asked for, allowed and refused, and what accounts attest.
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { ConsentReport, ControlAnswers, ControlRequest } from '../../control/commands.ts';
import { canonicalAddress } from '../../mail/address.ts';
import { RECORD_KINDS } from '../../mail/consent.ts';
import type { RecordKind } from '../../mail/consent.ts';
import { countOf } from '../amounts.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { canonicalScope, readConsent } from '../consent-input.ts';
import type { ConsentWords } from '../consent-input.ts';
import { consentsText, consentText } from '../consent-text.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { importConsents } from '../import-consents.ts';
import { readImport } from '../read-import.ts';
import { withService } from '../service.ts';
import type { Asked, Service } from '../service.ts';

const PAGE = 500;
const KINDS = [...RECORD_KINDS];

/** Options of `add`, in the order of a record. */
const WORDS: readonly (readonly [flags: string, says: string])[] = [
  ['--for <domain...>', 'whose mail: domains of the organisation, or one\nsender (default: inspection.organisation)'],
  ['--text <version>', 'version of the text that was shown or signed'],
  ['--document <reference>', 'where the signed document is filed'],
  ['--given <day>', 'since when, as 2026-11-30 (default: now)'],
  ['--until <day>', 'the last day'],
  ['--taken-by <name>', 'who took it down, where that is not you'],
  ['--note <words>', 'anything else'],
  ['--other-way <words>', 'other-way: the address or way to use'],
  ['--uses <words>', 'attestation: what less protection is used for'],
  ['--information <words>', 'marketing: what is used, 164.508(c)(1)(i)'],
  ['--discloser <words>', 'marketing: who may disclose it, (c)(1)(ii)'],
  ['--receiver <words>', 'marketing: to whom, (c)(1)(iii)'],
  ['--purpose <words>', 'marketing: what for, (c)(1)(iv)'],
  ['--ends-with <event>', 'marketing: the event that ends it, (c)(1)(v)'],
  ['--signed-by <name>', 'marketing: who signed, (c)(1)(vi)'],
  ['--signed-on <day>', 'marketing: when'],
  ['--authority <words>', 'marketing: of one who signed for the person'],
  ['--statements <version>', 'marketing: text with the statements of (c)(2)'],
];

export function addConsent(program: Command, act: Act): void {
  const consent = program.command('consent').description('Consents, authorisations and refusals of people outside');
  const add = consent
    .command('add')
    .argument('<kind>', RECORD_KINDS.join(', '))
    .argument('<address>', "the person's address; of an attestation the account")
    .description('Record one; what is incomplete is refused, with the paragraph');
  for (const [flags, says] of WORDS) add.option(flags, says);
  add
    .addOption(new Option('--third-party-payment <answer>', 'marketing: does a third party pay, (a)(3)(ii)').choices(['yes', 'no']))
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern consent add plain-mail pat@home.example --text warning-2026-02'))
    .action(act(record));
  consent
    .command('import')
    .argument('<file>', 'CSV with a header line; "-" for standard input')
    .description(
      'Record many: columns are named like the options of add,\nwith "_" for "-", beside kind and address; given is needed.\nA fault anywhere, and nothing is recorded',
    )
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern consent import consents.csv'))
    .action(act(importFile));
  addRevoke(consent, act);
  consent
    .command('list')
    .description('Show records, newest first')
    .option('--address <address>', 'only of this address, or account')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(KINDS))
    .addOption(new Option('--state <state>', 'only these').choices(['in-force', 'not-in-force']))
    .option('-n, --limit <count>', 'how many', wholeNumber, 100)
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern consent list --address pat@home.example --state in-force'))
    .action(act(list));
  consent
    .command('show')
    .argument('<record>', 'number of the record', wholeNumber)
    .description('Show one record with its history')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern consent show 17'))
    .action(act(show));
}

function addRevoke(consent: Command, act: Act): void {
  consent
    .command('revoke')
    .argument('[record...]', 'numbers of records')
    .description('Revoke records, or all in force of an address')
    .requiredOption('--why <reason>', 'the reason, kept with the record')
    .option('--address <address>', 'all of this address, or account')
    .addOption(new Option('--kind <kind>', 'with --address: only of this kind').choices(KINDS))
    .option('--for <domain>', 'with --address: only for this domain or sender')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      example('postern consent revoke 17 --why "letter of 2026-11-20"', 'postern consent revoke --address pat@home.example --why "call"'),
    )
    .action(act(revoke));
}

type AddOptions = JsonOption & Readonly<Record<string, string | readonly string[] | true | undefined>>;

async function record(context: CommandContext, kind: string, address: string, options: AddOptions): Promise<ExitCode> {
  const given = Object.entries(options).filter(([name]) => name !== 'json');
  const columns = given.map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    Array.isArray(value) ? value.join(' ') : value,
  ]);
  const words = { ...Object.fromEntries(columns), kind, address } as ConsentWords;
  const read = readConsent(words, { organisation: await organisationOf(context), givenAt: context.now(), now: context.now() });
  if (read.kind === 'faults') {
    const named = (column: string): string => (column === 'kind' || column === 'address' ? column : `--${column.replaceAll('_', '-')}`);
    return wrong(
      context,
      read.faults.map(({ column, text }) => `${named(column)}: ${text}`),
    );
  }
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('consent.record', { consents: [...read.consents], who: context.who });
    if (asked.kind === 'exit') return asked.code;
    for (const { id, result } of asked.value.results) {
      if (options.json) context.terminal.out(JSON.stringify({ id, result }));
      else context.terminal.out(result === 'recorded' ? `Recorded as ${id}.` : `On file already as ${id}.`);
    }
    return EXIT.done;
  });
}

async function importFile(context: CommandContext, file: string, { json }: JsonOption): Promise<ExitCode> {
  const read = await readImport(context.terminal, file);
  if (read.kind === 'none') return wrong(context, [read.text]);
  return importConsents(context, read.text, read.name, { organisation: await organisationOf(context), form: json ? 'json' : 'text' });
}

interface RevokeOptions extends JsonOption {
  readonly why: string;
  readonly address?: string;
  readonly kind?: RecordKind;
  readonly for?: string;
}

async function revoke(context: CommandContext, given: readonly string[], options: RevokeOptions): Promise<ExitCode> {
  const ids = given.map(Number);
  if (ids.some((id) => !Number.isSafeInteger(id) || id < 1)) return wrong(context, ['a record is named by its number']);
  if (ids.length > 0 === (options.address !== undefined)) return wrong(context, ['name records by their numbers, or --address']);
  return withService(context, 'open-the-data', async (service) => {
    const found = options.address === undefined ? { records: ids } : await inForceOf(service, options.address, options);
    if ('code' in found) return found.code;
    if (found.records.length === 0) {
      context.terminal.err('postern: There is no record in force that this names.');
      return EXIT.no;
    }
    const asked = await service.ask('consent.revoke', { ids: [...found.records], who: context.who, why: options.why });
    if (asked.kind === 'exit') return asked.code;
    const { results } = asked.value;
    for (const { id, result } of results) {
      if (options.json) context.terminal.out(JSON.stringify({ id, result }));
      else context.terminal.out(DONE[result](id));
    }
    return results.every(({ result }) => result === 'revoked') ? EXIT.done : EXIT.no;
  });
}

const DONE = {
  revoked: (id: number) => `Revoked ${id}.`,
  'revoked-before': (id: number) => `${id} was revoked before.`,
  'not-found': (id: number) => `There is no record ${id}.`,
} as const;

async function inForceOf(
  service: Service,
  address: string,
  options: RevokeOptions,
): Promise<{ readonly records: readonly number[] } | { readonly code: ExitCode }> {
  const request = { kind: options.kind ?? null, state: 'in-force', address: canonicalAddress(address) } as const;
  const scope = options.for === undefined ? null : canonicalScope(options.for);
  const found = await listAll(service, request, 1000);
  if (!Array.isArray(found)) return found;
  return { records: found.filter(({ said }) => scope === null || said?.consent.scope === scope).map(({ id }) => id) };
}

interface ListOptions extends JsonOption {
  readonly address?: string;
  readonly kind?: RecordKind;
  readonly state?: 'in-force' | 'not-in-force';
  readonly limit: number;
}

function list(context: CommandContext, options: ListOptions): Promise<ExitCode> {
  const address = options.address === undefined ? null : canonicalAddress(options.address);
  return withService(context, 'open-the-data', async (service) => {
    const found = await listAll(service, { kind: options.kind ?? null, state: options.state ?? null, address }, options.limit);
    if (!Array.isArray(found)) return found.code;
    const { terminal } = context;
    if (options.json) for (const one of found) terminal.out(JSON.stringify(one));
    else terminal.out(found.length === 0 ? 'There are no records.' : consentsText(found, terminal));
    if (!options.json && found.length > 0) terminal.err(countOf(found.length, 'record', 'records'));
    return EXIT.done;
  });
}

async function listAll(
  service: Service,
  wanted: Pick<ControlRequest<'consent.list'>, 'kind' | 'state' | 'address'>,
  limit: number,
): Promise<ConsentReport[] | { readonly code: ExitCode }> {
  const records: ConsentReport[] = [];
  for (let before: number | null = null; records.length < limit;) {
    const asked: Asked<ControlAnswers['consent.list']> = await service.ask('consent.list', {
      ...wanted,
      before,
      limit: Math.min(PAGE, limit - records.length),
    });
    if (asked.kind === 'exit') return { code: asked.code };
    records.push(...asked.value.records);
    before = asked.value.next;
    if (before === null) break;
  }
  return records;
}

function show(context: CommandContext, id: number, { json }: JsonOption): Promise<ExitCode> {
  return withService(context, 'open-the-data', async (service) => {
    const asked = await service.ask('consent.show', { id });
    if (asked.kind === 'exit') return asked.code;
    context.terminal.out(json ? JSON.stringify(asked.value) : consentText(asked.value, context.terminal));
    return EXIT.done;
  });
}

/** A configuration that cannot be read names no domains: then the record must. */
async function organisationOf(context: CommandContext): Promise<readonly string[]> {
  const read = await context.readConfig();
  return read.kind === 'loaded' ? read.config.inspection.organisation : [];
}

function wholeNumber(given: string): number {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1 || number > 1_000_000)
    throw new InvalidArgumentError('Write a whole number from 1 to 1000000.');
  return number;
}

function wrong({ terminal }: CommandContext, texts: readonly string[]): ExitCode {
  for (const text of texts) terminal.err(`postern: ${text}`);
  return EXIT.usage;
}
