// The evidence as a person reads it: records opened, and the chain verified against the signed head. Works whether the service runs or not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openHead } from '../audit/head.ts';
import { readDetail, readRecord } from '../audit/record.ts';
import { type StoredRecord, verifyChain } from '../audit/verify.ts';
import type { Loaded } from '../config/load.ts';
import { sealerFrom } from '../keys/column-sealer.ts';
import { type KeyFolder, openKeyFolder } from '../keys/key-folder.ts';
import { readKeyCheck } from '../keys/key-check.ts';
import type { AuditReader, AuditRecord } from '../store/audit-log.ts';
import { DATABASE } from '../store/sqlite/open.ts';
import { openReader } from '../store/sqlite/reader.ts';
import type { AuditEntry, AuditStart, AuditVerdict } from './work.ts';

const SLICE = 2_000;

export async function openAudit({ config }: Loaded): Promise<AuditStart> {
  const { data, keys: keyFolder } = config.folders;
  if (!existsSync(join(data, DATABASE))) return { kind: 'not-reached', text: `${data} holds no evidence yet; the first start makes it.` };
  const opened = openKeyFolder({ keyFolder, dataFolder: data, sealedData: 'present', keyCheck: readKeyCheck(data) });
  if (opened.kind === 'refused') return { kind: 'not-reached', text: opened.failure.text };
  const { keys } = opened;
  const reader = openReader({ dataFolder: data, sealer: sealerFrom(keys.sealerMaterial(), Date.now) });
  const { audit } = reader;
  const open = (records: readonly AuditRecord[]): readonly AuditEntry[] => records.flatMap((record) => entryOf(record, audit) ?? []);
  return {
    kind: 'open',
    list: async (request) => open(audit.latest(request)),
    show: async (seq) => open(audit.read({ afterSeq: seq - 1, limit: 1 })).find((entry) => entry.seq === seq) ?? null,
    verify: (progress) => verify(audit, keys, progress),
    close: () => reader.close(),
  };
}

async function verify(audit: AuditReader, keys: KeyFolder, progress: (done: number, total: number) => void): Promise<AuditVerdict> {
  const logId = audit.logId();
  // The head is read before the records: whatever it covers was there first.
  const text = await keys.head.read();
  const head = text === null ? null : openHead(text, keys.head);
  const total = audit.latest({ messageId: null, beforeSeq: null, limit: 1 })[0]?.seq ?? 0;
  const openDetail = (seq: number, sealedDetail: Uint8Array): Uint8Array | 'damaged' | null => audit.openDetail({ seq, sealedDetail });
  const verification = verifyChain(slicesOf(audit, total, progress), { logId, head, openDetail });
  return { logId, ...verification, head: text === null ? 'missing' : head === null ? 'wrong-signature' : 'right' };
}

function* slicesOf(audit: AuditReader, total: number, progress: (done: number, total: number) => void): Generator<readonly StoredRecord[]> {
  for (let afterSeq = 0; ;) {
    const slice = audit.read({ afterSeq, limit: SLICE });
    const last = slice.at(-1);
    if (last === undefined) return;
    yield slice;
    afterSeq = last.seq;
    progress(Math.min(afterSeq, total), total);
  }
}

function entryOf(record: AuditRecord, audit: AuditReader): AuditEntry | null {
  const fields = readRecord(record.bytes);
  if (fields === null) return null;
  const { seq, at, kind, messageId, deliveryId, codes } = fields;
  return { seq, at: Date.parse(at), kind, messageId, deliveryId, codes, detail: detailOf(record, audit) };
}

function detailOf({ seq, sealedDetail }: AuditRecord, audit: AuditReader): AuditEntry['detail'] {
  if (sealedDetail === null) return null;
  const salted = audit.openDetail({ seq, sealedDetail });
  if (salted === null) return 'destroyed';
  return salted === 'damaged' ? 'damaged' : readDetail(salted);
}
