// One sentence in every container, encoding, charset and depth: found where a reader could find it, told as a blind spot where it is locked.
import t, { type Test } from 'tap';
import type { BlindSpotKind, Message } from '../../src/mail/message.ts';
import { readFileWith, readWith } from '../support/read.ts';
import { allExtractors } from '../support/sentinel/all.ts';
import { CARRIERS } from '../support/sentinel/carriers.ts';
import {
  bodyCases,
  carriedCases,
  type Case,
  charsetCases,
  deepCases,
  headerCases,
  nameless,
  placeCases,
  plainCases,
  tooDeepCases,
  twiceCarriedCases,
} from '../support/sentinel/cases.ts';
import { ownPayloads, realPayloads } from '../support/sentinel/payloads.ts';
import { numbersFrom, SENTENCE, verdictOf } from '../support/sentinel/sentence.ts';

const SEED = 4711;
const extractors = allExtractors();

function read({ bytes, file }: Pick<Case, 'bytes' | 'file'>): Promise<Message> {
  return file === null ? readWith(extractors, bytes) : readFileWith(extractors, bytes, file);
}

const spotsOf = (message: Message): string => [...new Set(message.blindSpots.map(({ kind }) => kind))].join(',');

/** Names of what was not found, or found beside a blind spot that no reader has. */
async function misses(cases: readonly Case[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const one of cases) {
    const message = await read(one);
    const verdict = verdictOf(message, one.wanted);
    if (verdict !== 'found') found.push(`${verdict} ${spotsOf(message)}: ${one.name}`);
    else if (message.blindSpots.length > 0) found.push(`found, but ${spotsOf(message)}: ${one.name}`);
  }
  return found;
}

/** A part of them, always the same. */
function sample<T>(from: readonly T[], share: number): readonly T[] {
  const random = numbersFrom(SEED);
  return from.filter(() => random() < share);
}

const own = ownPayloads();
const real = realPayloads('found');

await t.test('files of our own writers', async (t) => {
  t.same(await misses(plainCases(own)), []);
});

await t.test('files that real programs made', async (t) => {
  t.same(await misses(plainCases(real)), []);
});

await t.test('each of them in each container', async (t) => {
  const payloads = [
    ...own,
    ...sample(
      real.filter(({ bytes }) => bytes.length < 20_000),
      0.4,
    ),
  ];
  for (const carrier of CARRIERS) t.same(await misses(carriedCases(payloads, [carrier])), [], carrier.name);
});

await t.test('containers in containers', async (t) => {
  t.same(await misses(twiceCarriedCases(sample(nameless([...own, ...real.filter(({ bytes }) => bytes.length < 6_000)]), 0.5))), []);
});

await t.test('three to fifteen deep', async (t) => {
  const cases = deepCases(
    own.filter(({ family }) => family !== 'pdf'),
    22,
    200,
    SEED,
  );
  t.ok(cases.length > 200, `${cases.length} cases`);
  t.same(await misses(cases), []);
});

await t.test('deeper than the limit', async (t) => {
  const payload = own.find(({ family }) => family === 'txt');
  for (const one of payload === undefined ? [] : tooDeepCases(payload)) t.equal(spotsOf(await read(one)), 'too-deep', one.name);
});

await t.test('bodies and transfer encodings', async (t) => {
  t.same(await misses(bodyCases()), []);
});

await t.test('places in messages and in HTML', async (t) => {
  t.same(await misses(placeCases()), []);
});

await t.test('charsets', async (t) => {
  t.same(await misses(charsetCases()), []);
});

await t.test('header fields', async (t) => {
  t.same(await misses(headerCases()), []);
});

/** The sentence must not show, and each kind of blind spot must. */
async function unread(t: Test, folder: 'encrypted' | 'picture', kind: BlindSpotKind): Promise<void> {
  const locked = realPayloads(folder);
  const some = CARRIERS.filter(({ name }) => ['zip', 'tgz', 'eml-base64', 'tnef', 'msg', 'pdf', 'docx'].includes(name));
  for (const one of [...plainCases(locked), ...carriedCases(locked, some)]) {
    const message = await read(one);
    t.ok(
      message.blindSpots.some((spot) => spot.kind === kind),
      `${one.name}: ${spotsOf(message)}`,
    );
    t.notOk(
      message.spans.some(({ text }) => text.includes(SENTENCE)),
      `${one.name} is not read`,
    );
  }
}

await t.test('what is locked is told', async (t) => {
  await unread(t, 'encrypted', 'encrypted');
});

await t.test('pictures without OCR are told', async (t) => {
  await unread(t, 'picture', 'picture-not-read');
});

await t.test('pictures with OCR', async (t) => {
  const readers = allExtractors(120_000);
  for (const { name, bytes } of realPayloads('picture')) {
    const message = await readFileWith(readers, bytes, name);
    t.same([verdictOf(message), spotsOf(message)], ['found', ''], name);
  }
});
