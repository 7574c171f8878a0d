import t from 'tap';
import { chainHash, GENESIS } from '../../src/audit/chain.ts';
import type { Head } from '../../src/audit/head.ts';
import { recordBytes, saltedDetailOf } from '../../src/audit/record.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import type { StoredRecord, VerificationOptions } from '../../src/audit/verify.ts';
import type { Evidence } from '../../src/mail/evidence.ts';

const LOG = 'log-1';
const evidenceOf = (n: number): Evidence => ({
  kind: 'message.accepted',
  at: 1_800_000_000_000 + n,
  messageId: `m${n}`,
  deliveryId: null,
  codes: { n },
  detail: { n },
});

/** A chain of `length` records from 1 on; details are kept in plain, the opening function gives them back. */
function chain(length: number, logId = LOG, salt = 1): StoredRecord[] {
  const records: StoredRecord[] = [];
  let previous = GENESIS;
  for (let seq = 1; seq <= length; seq++) {
    const detail = saltedDetailOf({ n: seq }, Buffer.alloc(16, salt));
    const bytes = recordBytes(evidenceOf(seq), { logId, seq, previous }, detail);
    previous = chainHash(previous, bytes);
    records.push({ seq, bytes, hash: previous, sealedDetail: detail });
  }
  return records;
}

function headOf(records: readonly StoredRecord[], seq: number): Head {
  return { logId: LOG, seq, hash: records[seq - 1]?.hash ?? GENESIS, at: 0 };
}

const whole = chain(20);
const options: VerificationOptions = { logId: LOG, head: headOf(whole, 15), openDetail: (_, sealed) => sealed };
const altered = (index: number, change: (record: StoredRecord) => StoredRecord): StoredRecord[] =>
  whole.map((one, i) => (i === index ? change(one) : one));

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

await t.test('a whole chain: all chained, proven as far as the signed head', async (t) => {
  t.same(verifyChain([whole], options), { bad: null, chainedTo: 20, provenTo: 15, details: { checked: 20, gone: 0 } });
  t.same(
    verifyChain([], { ...options, head: null }),
    { bad: null, chainedTo: 0, provenTo: 0, details: { checked: 0, gone: 0 } },
    'an empty log',
  );
});

await t.test('slices of any size give the same answer', async (t) => {
  for (const size of [1, 3, 7, 20]) {
    const slices = Array.from({ length: Math.ceil(20 / size) }, (_, i) => whole.slice(i * size, (i + 1) * size));
    t.equal(verifyChain(slices, options).chainedTo, 20, `slices of ${size}`);
  }
});

await t.test('one byte changed: every byte of a record', async (t) => {
  const { bytes, hash } = whole[9] ?? { bytes: GENESIS, hash: GENESIS };
  for (let at = 0; at < bytes.length; at++) {
    const { bad } = verifyChain([altered(9, (one) => ({ ...one, bytes: flip(one.bytes, at) }))], options);
    if (bad?.seq !== 10 || bad.why !== 'changed') t.fail(`byte ${at} of the record: ${JSON.stringify(bad)}`);
  }
  for (let at = 0; at < hash.length; at++) {
    const { bad } = verifyChain([altered(9, (one) => ({ ...one, hash: flip(one.hash, at) }))], options);
    if (bad?.seq !== 10 || bad.why !== 'changed') t.fail(`byte ${at} of the hash: ${JSON.stringify(bad)}`);
  }
  t.same(verifyChain([altered(9, (one) => ({ ...one, bytes: flip(one.bytes, 5) }))], options), {
    bad: { seq: 10, why: 'changed' },
    chainedTo: 9,
    provenTo: 0,
    details: { checked: 9, gone: 0 },
  });
});

const swapped = whole.map((one, i) => (i === 4 ? { ...(whole[5] ?? one), seq: 5 } : i === 5 ? { ...(whole[4] ?? one), seq: 6 } : one));
const other = chain(20, 'log-2');
const rebuilt = chain(20, LOG, 9);

await t.test('what else can be done to a log', async (t) => {
  const cases: readonly { name: string; records: readonly StoredRecord[]; bad: object | null; chainedTo: number; provenTo: number }[] = [
    { name: 'a row removed', records: whole.toSpliced(6, 1), bad: { seq: 7, why: 'missing' }, chainedTo: 6, provenTo: 0 },
    { name: 'the first row removed', records: whole.slice(1), bad: { seq: 1, why: 'missing' }, chainedTo: 0, provenTo: 0 },
    { name: 'two rows swapped', records: swapped, bad: { seq: 5, why: 'out-of-place' }, chainedTo: 4, provenTo: 0 },
    { name: 'cut at the end, before the head', records: whole.slice(0, 12), bad: { seq: 13, why: 'cut' }, chainedTo: 12, provenTo: 0 },
    { name: 'cut at the end, behind the head', records: whole.slice(0, 15), bad: null, chainedTo: 15, provenTo: 15 },
    { name: 'all gone', records: [], bad: { seq: 1, why: 'cut' }, chainedTo: 0, provenTo: 0 },
    {
      name: 'a row of another log',
      records: altered(3, () => other[3] ?? whole[0] ?? fail()),
      bad: { seq: 4, why: 'out-of-place' },
      chainedTo: 3,
      provenTo: 0,
    },
    { name: 'rebuilt from the first record on', records: rebuilt, bad: { seq: 15, why: 'rewritten' }, chainedTo: 15, provenTo: 0 },
    { name: 'rebuilt behind the head', records: [...whole.slice(0, 15), ...rebuiltFrom(15)], bad: null, chainedTo: 20, provenTo: 15 },
    {
      name: 'changed behind the head',
      records: altered(17, (one) => ({ ...one, bytes: flip(one.bytes, 9) })),
      bad: { seq: 18, why: 'changed' },
      chainedTo: 17,
      provenTo: 15,
    },
    {
      name: 'a detail exchanged',
      records: altered(2, (one) => ({ ...one, sealedDetail: whole[3]?.sealedDetail ?? null })),
      bad: { seq: 3, why: 'detail-changed' },
      chainedTo: 2,
      provenTo: 0,
    },
  ];
  for (const { name, records, bad, chainedTo, provenTo } of cases) {
    const found = verifyChain([records], options);
    t.same({ ...found, details: null }, { bad, chainedTo, provenTo, details: null }, name);
  }
});

await t.test('a head of another log proves nothing', async (t) => {
  t.match(verifyChain([whole], { ...options, head: { ...headOf(whole, 15), logId: 'log-2' } }), {
    bad: { seq: 15, why: 'rewritten' },
    provenTo: 0,
  });
});

await t.test('destroyed detail leaves the chain good', async (t) => {
  const gone = altered(2, (one) => ({ ...one, sealedDetail: null }));
  t.same(verifyChain([gone], options).details, { checked: 19, gone: 1 });
  t.same(verifyChain([whole], { ...options, openDetail: (seq, sealed) => (seq < 6 ? null : sealed) }), {
    bad: null,
    chainedTo: 20,
    provenTo: 15,
    details: { checked: 15, gone: 5 },
  });
  t.match(verifyChain([whole], { ...options, openDetail: (seq, sealed) => (seq === 6 ? 'damaged' : sealed) }).bad, {
    seq: 6,
    why: 'detail-changed',
  });
});

/** Records from `seq` + 1 on, made anew on the good record before: whoever holds the log but not the key of the head can do that. */
function rebuiltFrom(seq: number): StoredRecord[] {
  let previous = whole[seq - 1]?.hash ?? GENESIS;
  return whole.slice(seq).map((one) => {
    const bytes = recordBytes({ ...evidenceOf(one.seq), codes: { forged: true } }, { logId: LOG, seq: one.seq, previous }, null);
    previous = chainHash(previous, bytes);
    return { seq: one.seq, bytes, hash: previous, sealedDetail: null };
  });
}

function fail(): never {
  throw new Error('the chain is too short');
}
