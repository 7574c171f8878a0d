// Reads a cases file: all faults at once, each with its path, as the policy's own reader does. A case with a fault is none.
import { canonicalDomain } from '../mail/address.ts';
import { isInside } from '../mail/inside.ts';
import type { YamlPath } from '../yaml/positions.ts';
import type { CaseRecipient, PolicyCase, StraightFacts } from './case.ts';
import { type Expected, given as givenShape, policyCase, type WrittenCase, type WrittenGiven } from './case-shape.ts';
import { fault, faultsOfShape, keyFault, type PolicyFault, unknownWord } from './fault.ts';
import type { BaseSettings } from './source.ts';

export interface CasesRead {
  /** None where there is a fault. */
  readonly cases: readonly PolicyCase[];
  /** Settings of the configuration that the cases are made for, or null: whatever it says. */
  readonly base: Omit<BaseSettings, 'methodsSetUp'> | null;
  readonly faults: readonly PolicyFault[];
}

const KEYS = ['version', 'given', 'cases'] as const;
const MOST_CASES = 5_000;
const CASES = 'write each case after "- "';

/** `value`: the document of a cases file. Never throws for what is in it. */
export function readCases(value: unknown): CasesRead {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { cases: [], base: null, faults: [fault([], 'the file is not a set of keys', 'begin with "version: 1"')] };
  const faults: PolicyFault[] = [];
  const written = new Map<string, unknown>(Object.entries(value));
  for (const key of written.keys())
    if (!KEYS.some((one) => one === key)) faults.push({ ...unknownWord([key], 'the key', key, KEYS), at: 'key' });
  if (written.get('version') !== 1) faults.push(keyFault(['version'], '"version" is not 1', 'write version: 1'));
  const given = readGiven(written.get('given'), faults);
  const list = written.get('cases');
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST_CASES) {
    faults.push(fault(['cases'], 'there is no list of cases', `${CASES}, at most ${MOST_CASES}`));
    return { cases: [], base: null, faults };
  }
  const cases = list.flatMap((one: unknown, i) => readCase(one, ['cases', i], given, faults) ?? []);
  faultsOfIds(list, faults);
  const { delivery } = given;
  const base = delivery === undefined ? null : { protection: delivery.floor, otherwise: delivery.otherwise };
  return { cases: faults.length > 0 ? [] : cases, base, faults };
}

function readGiven(value: unknown, faults: PolicyFault[]): WrittenGiven {
  if (value === undefined) return {};
  const read = givenShape.safeParse(value);
  if (!read.success) {
    faults.push(...faultsOfShape(read.error.issues, ['given'], value));
    return {};
  }
  for (const domain of read.data.organisation ?? [])
    if (canonicalDomain(domain) === null) faults.push(fault(['given', 'organisation'], 'this is not a domain', 'write clinic.example'));
  return read.data;
}

function readCase(value: unknown, path: YamlPath, given: WrittenGiven, faults: PolicyFault[]): PolicyCase | null {
  const read = policyCase.safeParse(value);
  if (!read.success) {
    faults.push(...faultsOfShape(read.error.issues, path, value));
    return null;
  }
  const before = faults.length;
  const written = read.data;
  const sender = written.sender ?? given.sender;
  if (sender === undefined) faults.push(keyFault([...path, 'sender'], '"sender" is missing', 'write it here, or for all under given'));
  if (written.account !== undefined && written.submitter !== undefined)
    faults.push(keyFault([...path, 'submitter'], 'account and submitter are both written', 'keep one of them'));
  faultsOfMessage(written.message ?? {}, [...path, 'message'], faults);
  const organisation = (given.organisation ?? []).map((domain) => canonicalDomain(domain) ?? '');
  const recipients = written.to.map((_, i) =>
    readRecipient(written, i, [...path, 'to', i], { sender: sender ?? '', organisation }, faults),
  );
  if (faults.length > before || sender === undefined) return null;
  const { eml, text } = written.message ?? {};
  return {
    id: written.id,
    path,
    sender,
    submitter: submitterOf(written, given, sender),
    client: written.client ?? given.client ?? '192.0.2.1',
    attested: (written.attested ?? given.attested) === 'yes',
    time: written.time ?? given.time ?? { day: 'wed', minute: 720 },
    organisation,
    content: eml !== undefined ? { kind: 'eml', file: eml } : text !== undefined ? { kind: 'text', text } : null,
    header: headerOf(written, sender),
    straight: straightOf(written.message ?? {}),
    recipients,
  };
}

function submitterOf(written: WrittenCase, given: WrittenGiven, sender: string): PolicyCase['submitter'] {
  for (const { account, submitter } of [written, given]) {
    if (account !== undefined) return { kind: 'account', name: account };
    if (submitter !== undefined) return submitter;
  }
  return sender === '' ? { kind: 'network', name: '' } : { kind: 'account', name: sender };
}

type WrittenMessage = NonNullable<WrittenCase['message']>;

/** What reading finds cannot be said as well: one of the two would be wrong. */
function faultsOfMessage(message: WrittenMessage, path: YamlPath, faults: PolicyFault[]): void {
  const { eml, text } = message;
  if (eml === undefined && text === undefined) return;
  const how = eml === undefined ? 'text' : 'eml';
  const found = ['phi', 'blind_spots', 'automatic', 'urgent', 'encrypted'] as const;
  const inFile = ['text', 'subject', 'from', 'header', 'attachments', 'size', 'visible_outside'] as const;
  for (const key of eml === undefined ? found : [...inFile, ...found])
    if (message[key] !== undefined)
      faults.push(keyFault([...path, key], `"${key}" is found by reading "${how}"`, `remove it, or "${how}"`));
}

function headerOf({ message = {}, to }: WrittenCase, sender: string): PolicyCase['header'] {
  const own = Object.entries(message.header ?? {}).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  const from = message.from ?? (sender === '' ? [] : [sender]);
  const hasVisible = own.some(([name]) => name === 'to' || name === 'cc');
  return [
    ...(from.length === 0 ? [] : [['from', from.join(', ')] as const]),
    ...(hasVisible ? [] : [['to', to.map(({ address }) => address).join(', ')] as const]),
    ...(message.subject === undefined ? [] : [['subject', message.subject] as const]),
    ...own,
  ];
}

function straightOf(message: WrittenMessage): StraightFacts {
  const { phi = { level: 'none' }, attachments = [], encrypted = 'no' } = message;
  const isSaid = (one: 'yes' | 'no' | undefined): boolean | null => (one === undefined ? null : one === 'yes');
  const { level, counts = {}, labels = [], documents = [], reasons = [] } = phi;
  return {
    attachments: attachments.map(({ kind, type, name }) => ({
      kind: kind ?? 'unknown',
      declaredType: type?.toLowerCase() ?? null,
      name: name?.toLowerCase() ?? null,
    })),
    sizeBytes: message.size ?? null,
    visibleOutside: message.visible_outside ?? null,
    phi: { level, score: SCORES[level], counts: numbersOf(counts), labels, documents, reasons },
    blindSpots: message.blind_spots ?? [],
    automatic: isSaid(message.automatic),
    urgent: isSaid(message.urgent),
    encryptedBy: encrypted === 'no' ? null : encrypted,
  };
}

const SCORES = { none: 0, low: 0.3, medium: 0.6, high: 0.9 } as const;

function numbersOf(counts: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).flatMap(([kind, count]) => (count === undefined ? [] : [[kind, count]])));
}

function readRecipient(
  { to, expect = {} }: WrittenCase,
  i: number,
  path: YamlPath,
  { sender, organisation }: { readonly sender: string; readonly organisation: readonly string[] },
  faults: PolicyFault[],
): CaseRecipient {
  const written = to[i];
  if (written === undefined) throw new Error('no such recipient');
  const { inside, seen = 'yes', one_slip = 'no', consents = [], expect: own = {} } = written;
  const expected = { ...expect, ...own };
  if (Object.keys(expected).length === 0)
    faults.push(fault(path, 'nothing is expected for this recipient', 'write expect: in the case or here'));
  const casePath = path.slice(0, 2);
  return {
    address: written.address,
    path,
    inside: inside === undefined ? isInside(written.address, sender, organisation) : inside === 'yes',
    seen: { address: seen === 'yes', domain: seen !== 'no' },
    oneSlipFromKnown: one_slip === 'yes',
    consents,
    expect: expected,
    expectPaths: new Map(
      (Object.keys(expected) as (keyof Expected)[]).map((key) => [key, [...(key in own ? path : casePath), 'expect', key]]),
    ),
  };
}

/** Ids stand in what is printed: each is given once. */
function faultsOfIds(list: readonly unknown[], faults: PolicyFault[]): void {
  const seen = new Map<string, number>();
  for (const [i, one] of list.entries()) {
    const id: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'id') : null;
    if (typeof id !== 'string') continue;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, i);
    else faults.push(fault(['cases', i, 'id'], `case ${before + 1} has this name already`, 'give each its own'));
  }
}
