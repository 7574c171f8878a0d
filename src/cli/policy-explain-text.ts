// Why a message goes the way it does, for people: the decision first, then facts, floors, rules, settings, and what would have changed it.
// Kinds and counts of what was found, and words of the policy; nothing of the message's content.
import type { PolicyExplained } from '../daemon/policy-work.ts';
import type { Decision } from '../mail/decision.ts';
import type { Facts } from '../mail/facts.ts';
import type { Change } from '../policy/changes.ts';
import { isRoleAddress } from '../policy/role-addresses.ts';
import type { Trace } from '../policy/trace.ts';
import type { Verdict } from '../policy/verdict.ts';
import { countOf, sizeOf } from './amounts.ts';
import { type Look, section, wrapped } from './part-text.ts';
import { settingRows } from './policy-settings-text.ts';
import { plainText } from './terminal.ts';

type Explained = Pick<PolicyExplained, 'file' | 'traces' | 'lineOf'>;
type LineOf = PolicyExplained['lineOf'];

export function explainedText(message: string, explained: Explained, look: Look): string {
  const of = explained.traces.map(({ facts, trace }) => recipientText(facts, trace, explained.lineOf, look));
  const head = `${look.style('bold', plainText(message))}  by ${plainText(explained.file)}, version ${explained.traces[0]?.trace.policyVersion ?? ''}`;
  return [head, ...of].join('\n\n');
}

function recipientText(facts: Facts, trace: Trace, lineOf: LineOf, look: Look): string {
  const bold = (text: string): string => look.style('bold', text);
  const width = look.columns === null ? null : look.columns - 2;
  const at = (path: Trace['rules'][number]['path']): string => `line ${lineOf(path)}`;
  const mark = (holds: boolean): string => look.style(holds ? 'good' : 'dim', holds ? 'yes' : 'no ');
  const parts = (verdict: Verdict): readonly string[] =>
    partsOf(verdict).flatMap(({ holds, words }) =>
      wrapped(words, '          ', width).map((line, i) => (i === 0 ? `     ${mark(holds)}  ${line.trimStart()}` : line)),
    );
  const decider = trace.rules.find(({ id }) => id === trace.decision.rule)?.path;
  return [
    `${bold(plainText(facts.recipient.address))}`,
    ...wrapped(
      `${outcomeOf(trace.decision)}, by ${whoDecided(trace.decision.rule)}${decider === undefined ? '' : `, ${at(decider)}`}`,
      '',
      look.columns,
    ).map((line) => look.style(trace.decision.action === 'deliver' ? 'good' : 'attention', line)),
    ...(trace.decision.reason === null ? [] : wrapped(`"${plainText(trace.decision.reason)}"`, '', look.columns)),
    ...section('Facts', named(factPairs(facts, trace), look), bold),
    ...section(
      'Purposes',
      trace.purposes.flatMap(({ id, path, as, verdict }) => [`${mark(verdict.holds)}  ${id}, ${at(path)}: ${as}`, ...parts(verdict)]),
      bold,
    ),
    ...section(
      'Floors',
      trace.floors.flatMap(({ id, path, protection, verdict, waived }) => [
        `${mark(verdict.holds)}  ${id}, ${at(path)}: ${protection}${waived ? ', waived by the consent' : ''}`,
        ...parts(verdict),
      ]),
      bold,
    ),
    ...section(
      'Rules, until the first that matches',
      trace.rules.flatMap(({ id, path, verdict }) => [`${mark(verdict.holds)}  ${id}, ${at(path)}`, ...parts(verdict)]),
      bold,
    ),
    ...section(
      'Left out',
      trace.dropped.map((method) => `${method}: it cannot meet the floor ${trace.decision.floor}`),
      bold,
    ),
    ...section('Settings', named(settingPairs(trace, lineOf), look), bold),
    ...section(
      'What would have changed it',
      trace.changes.flatMap((change) => changeLines(change, width)),
      bold,
    ),
  ].join('\n');
}

function factPairs({ message, recipient, sender }: Facts, { phi, wishes }: Trace): readonly (readonly [string, string])[] {
  const { counts, labels, documents, reasons } = message.phi;
  const list = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '));
  const attached = Map.groupBy(message.attachments, ({ kind }) => kind);
  return [
    ['PHI', phi.counts === phi.found ? phi.found : `${phi.found} found, counts as ${phi.counts} for what could not be read`],
    ['kinds found', list(Object.entries(counts).map(([kind, count]) => `${kind} ${count}`))],
    ['reasons', list(reasons)],
    ...(labels.length === 0 ? [] : [['labels', list(labels)] as const]),
    ...(documents.length === 0 ? [] : [['documents', list(documents)] as const]),
    ['not readable', list(message.blindSpots)],
    ['sender', message.reversePath === '' ? 'the empty one, <>' : message.reversePath],
    ['submitted by', `${message.submitter.kind} ${message.submitter.name}${message.client === null ? '' : `, from ${message.client}`}`],
    [
      'recipient',
      `${recipient.inside ? 'inside' : 'outside'}, ${recipient.seen.address ? 'had mail before' : 'never had mail'}${isRoleAddress(recipient.address) ? ', an office or a list' : ''}`,
    ],
    ['consents', list(recipient.consents)],
    ['seen by others', countOf(message.visibleOutside, 'outside address', 'outside addresses')],
    [
      'message',
      [
        sizeOf(message.sizeBytes),
        ...(message.automatic ? ['automatic'] : []),
        ...(message.urgent ? ['urgent'] : []),
        ...(message.encryptedBy === null ? [] : [`encrypted by ${message.encryptedBy}`]),
      ].join(', '),
    ],
    ['attachments', list([...attached].map(([kind, of]) => `${of.length} ${kind}`))],
    ...(sender.attested ? [['attestation', 'on file'] as const] : []),
    ...wishes.map(
      ({ wish, tags, verdict }) =>
        ['wish', `${wish}${tags.length === 0 ? '' : ` by ${tags.join(', ')}`}: ${verdict.replaceAll('-', ' ')}`] as const,
    ),
  ];
}

function settingPairs({ settings }: Trace, lineOf: LineOf): readonly (readonly [string, string])[] {
  return settingRows({ settings, lineOf }).map(([name = '', value = '', whose = '', from = '']) => [name, `${value} (${whose}; ${from})`]);
}

/** Names in one column; a long value goes on below itself. */
function named(pairs: readonly (readonly [name: string, value: string])[], { columns, style }: Look): readonly string[] {
  const longest = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.flatMap(([name, value]) =>
    wrapped(plainText(value), '', columns === null ? null : columns - longest - 4).map(
      (line, i) => `${i === 0 ? style('dim', name.padEnd(longest)) : ' '.repeat(longest)}  ${line}`,
    ),
  );
}

function changeLines({ of, id, needs, then }: Change, width: number | null): readonly string[] {
  const so = of === 'floor-that-applies' ? `, so without the floor ${id}` : of === 'floor-that-does-not' ? `, so with the floor ${id}` : '';
  const conditions = needs.map(({ words, must }) => (must === 'hold' ? words : `not (${words})`)).join(', and ');
  return [...wrapped(`If ${conditions}${so}:`, '', width), ...wrapped(`${outcomeOf(then)}, by ${whoDecided(then.rule)}`, '    ', width)];
}

function outcomeOf({ action, methods, floor, otherwise }: Decision): string {
  const least = floor === 'opportunistic' ? 'with what TLS there is' : floor === 'sealed' ? 'at sealed' : `at ${floor} or better`;
  if (action === 'deliver') return `deliver by ${methods.join(', ')} ${least}; else ${otherwise}`;
  if (action === 'return') return 'return to the originator';
  return `hold for a reviewer, who may release by ${methods.length === 0 ? 'no method' : methods.join(', ')} ${least}`;
}

const NO_RULE: Readonly<Record<string, string>> = {
  '<no-rule>': 'no rule: none matches',
  '<marketing>': 'law: marketing without an authorisation on file (45 CFR 164.508(a)(3))',
  '<fundraising>': 'law: the person wants no fundraising (45 CFR 164.514(f))',
  '<other-way>': 'the consent other-way: the person asked to be reached otherwise',
  '<fault>': 'a fault in deciding',
};

function whoDecided(rule: string): string {
  return NO_RULE[rule] ?? `rule ${rule}`;
}

/** The parts of a condition, one level down. */
function partsOf(verdict: Verdict): readonly Verdict[] {
  return verdict.node === 'all' && verdict.of.length > 0 ? verdict.of : [verdict];
}

/** One object on a line for each recipient; decisions and verdicts as they are. */
export function explainedJson(message: string, { file, traces, lineOf }: Explained): string {
  const of = traces.map(
    ({
      facts: {
        recipient,
        message: { phi, blindSpots, visibleOutside },
      },
      trace,
    }) => ({
      recipient,
      phi,
      blindSpots,
      visibleOutside,
      trace: { ...trace, rules: trace.rules.map((rule) => ({ ...rule, line: lineOf(rule.path) })) },
    }),
  );
  return JSON.stringify({ message, policy: file, recipients: of });
}
