// Is the log still the one whose head was signed? Asked before anything is signed anew: a new signature would cover what was done to it.
import { openHead } from '../audit/head.ts';
import type { KeyFolder } from '../keys/key-folder.ts';
import type { AuditReader, ChainHead } from '../store/audit-log.ts';

/**
 * Why the log cannot be gone on with, or null. One that ends before its signed head was cut or put back from an old copy; one with
 * another record in the head's place was written anew. A person decides then.
 */
export async function headFault(
  keys: Pick<KeyFolder, 'head' | 'folder'>,
  chainNow: () => ChainHead,
  audit: AuditReader,
): Promise<string | null> {
  const text = await keys.head.read();
  if (text === null) return null;
  const head = openHead(text, keys.head);
  // Read after the head: beside a running service the log has grown since, never shrunk.
  const chain = chainNow();
  const remedy = `Look into it (postern audit verify); to go on, move head.json out of ${keys.folder} and keep it.`;
  if (head === null) return `the signed head in ${keys.folder} does not bear this key's signature. ${remedy}`;
  if (head.logId !== chain.logId) return `the signed head in ${keys.folder} is of another log. ${remedy}`;
  if (head.seq > chain.seq)
    return `the log ends at record ${chain.seq}, but its signed head is record ${head.seq}: records are missing. ${remedy}`;
  if (head.seq === 0) return null;
  const [record] = audit.read({ afterSeq: head.seq - 1, limit: 1 });
  if (record?.seq === head.seq && Buffer.compare(record.hash, head.hash) === 0) return null;
  return `record ${head.seq} is not the one that the signed head in ${keys.folder} covers: the log was written anew. ${remedy}`;
}
