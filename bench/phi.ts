// How well PHI is known on labelled mail, by data set, never pooled; and how fast inspection is. Messages are read in this process: children
// would cost more than they save where nothing has to be survived. `node bench/phi.ts --help`
import { parseArgs } from 'node:util';
import type { InspectionReport } from '../src/mail/finding.ts';
import type { Message } from '../src/mail/message.ts';
import { MessageCollector } from '../src/mail/read-event.ts';
import { DEFAULT_READ_LIMITS } from '../src/mail/read-limits.ts';
import { readers } from '../src/daemon/extractors.ts';
import { createInspector, type Inspector } from '../src/daemon/inspector.ts';
import { loadLexicon } from '../src/daemon/lexicons.ts';
import { readMessage } from '../src/mime/read-message.ts';
import { type Labelled, type LabelledSet, labelledSets } from './phi-sets.ts';
import { type ReadMail, speedOf } from './phi-speed.ts';

const HELP = `node bench/phi.ts FOLDER [--set NAME]... [--list] [--why] [--half NAME] [--json]
  FOLDER  holds the labelled sets, a folder each; or FILE.jsonl, an item a line: id, label (phi, or anything else), text, and from, to, subject
  --set   only sets whose name begins so
  --list  misses and false alarms by id
  --why   with level, score and reasons of each
  --half  only those of this half: fit, held-out (who tunes looks at fit)`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    why: { type: 'boolean', default: false },
    half: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Of less text no speed is told. */
const LEAST_MEGABYTES = 0.05;
/** The day that the sets are looked at from: ages and dates to come must not change with the day of the run. */
const TODAY = Math.floor(Date.UTC(2026, 10, 27) / 86_400_000);

const lexicon = loadLexicon();
const inspectorFor = (sends: LabelledSet['sends']): Inspector =>
  createInspector({ lexicon, digest: (kind, value) => `${kind} ${value}`, organisation: [], sends, today: () => TODAY });
const inspectors = { unknown: inspectorFor('unknown'), clinic: inspectorFor('clinic') } as const;
const { extractors } = readers(() => performance.now());
const mails: ReadMail[] = [];
const spent = { reading: 0, inspecting: 0 };

interface Judged {
  readonly id: string;
  readonly half: Labelled['half'];
  readonly right: boolean;
  readonly report: InspectionReport;
}

async function read(mail: Buffer): Promise<Message> {
  const collector = new MessageCollector();
  await readMessage(mail, { extractors, limits: DEFAULT_READ_LIMITS, skip: new Map(), tell: (event) => collector.add(event) });
  return collector.message();
}

async function judged({ name, asks, sends, items }: LabelledSet): Promise<readonly Judged[]> {
  const all: Judged[] = [];
  for (const { id, half, envelope, mail } of items) {
    const startedAt = performance.now();
    const message = await read(mail());
    const readAt = performance.now();
    const report = inspectors[sends].inspect(message, envelope);
    spent.reading += readAt - startedAt;
    spent.inspecting += performance.now() - readAt;
    mails.push({ set: name, message, envelope });
    const taken = report.level === 'medium' || report.level === 'high';
    all.push({ id, half, report, right: taken === (asks === 'found') });
  }
  return all;
}

/** Of what is asked: the share found, or of false alarms. NaN where there is none. */
function rateOf(asks: LabelledSet['asks'], all: readonly Judged[]): number {
  const right = all.filter((one) => one.right).length;
  return (asks === 'found' ? right : all.length - right) / all.length;
}

const COLUMNS = [26, 12, 6, 7, 8, 7, 7, 9] as const;
const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i < 2 ? cell.padEnd(COLUMNS[i] ?? 0) : cell.padStart(COLUMNS[i] ?? 0))).join(' ');
const shown = (rate: number): string => (Number.isNaN(rate) ? '-' : rate.toFixed(3));

function told({ id, report: { level, score, reasons, findings } }: Judged): string {
  if (!values.why) return `    ${id}`;
  const kinds = [...new Set(findings.map(({ kind, role }) => (role === null ? kind : `${kind}/${role}`)))];
  return `    ${id}  ${level} ${score.toFixed(2)}  ${reasons.map(({ code }) => code).join(' ')}  [${kinds.join(' ')}]`;
}

function rowOf({ name, asks, target }: LabelledSet, all: readonly Judged[]): Record<string, unknown> {
  const of = (half: Labelled['half']): number =>
    rateOf(
      asks,
      all.filter((one) => one.half === half),
    );
  const rate = rateOf(asks, all);
  const met = target === null ? null : asks === 'found' ? rate >= target : rate <= target;
  const wrong = all.filter(({ right }) => !right);
  if (!values.json) {
    const asked = target === null ? '' : `${asks === 'found' ? '>=' : '<='} ${target}`;
    const verdict = met === null ? '' : met ? 'yes' : 'NO';
    console.log(line([name, asks, String(all.length), shown(rate), asked, verdict, shown(of('fit')), shown(of('held-out'))]).trimEnd());
    if (values.list || values.why) for (const one of wrong) if (one.half.startsWith(values.half)) console.log(told(one));
  }
  return { name, asks, items: all.length, rate, target, met, fit: of('fit'), heldOut: of('held-out'), wrong: wrong.map(({ id }) => id) };
}

async function measure(root: string): Promise<void> {
  if (!values.json) console.log(line(['set', 'asked', 'items', 'rate', 'target', 'met', 'fit', 'held out']));
  const rows: Record<string, unknown>[] = [];
  for (const set of labelledSets(root)) {
    if (values.set.length > 0 && !values.set.some((name) => set.name.startsWith(name))) continue;
    rows.push(rowOf(set, await judged(set)));
  }
  const share = spent.inspecting / (spent.inspecting + spent.reading);
  const speed = speedOf(mails, inspectors.unknown, lexicon);
  if (values.json) return console.log(JSON.stringify({ sets: rows, speed, share }));
  console.log(
    `\ninspection: ${speed.inOneMessage.toFixed(1)} MB/s of ${speed.megabytes.toFixed(1)} MB text, processor time of one core, all in one message`,
  );
  console.log(`            ${speed.megabytesPerSecond.toFixed(1)} MB/s message by message`);
  console.log(`            ${(100 * share).toFixed(0)} % of the time of reading and inspecting these messages`);
  for (const [set, megabytes, rate] of speed.bySet.filter(([, some]) => some >= LEAST_MEGABYTES))
    console.log(`            ${rate.toFixed(1).padStart(5)} MB/s  ${set} (${megabytes.toFixed(1)} MB)`);
  const shares = speed.msPerMegabyte.map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  console.log(`            ms for a MB: ${shares.join(', ')}`);
}

const [root] = positionals;
if (values.help || root === undefined) console.log(HELP);
else await measure(root);
