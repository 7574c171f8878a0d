// Who may be answered, read from the header of the stored message itself: who wrote it, where they want answers, and who could be seen in it.
import { canonicalAddress, domainOf } from '../../mail/address.ts';
import { isInside } from '../../mail/inside.ts';
import type { SealingKeys } from '../../keys/keys.ts';
import { fieldText, parseHeaderBlock } from '../../mime/header-block.ts';
import { HeaderCollector } from '../../mime/header-collector.ts';
import { readOriginators } from '../../mime/originators.ts';
import type { Spool } from '../../spool/spool.ts';
import type { Journal, MessageRecord } from '../../store/journal.ts';

export interface OriginalHeader {
  readonly from: readonly string[];
  readonly replyTo: readonly string[];
  /** Canonical addresses of To and Cc (RFC 5322 3.6.3): who was in Bcc is not among them. */
  readonly visible: ReadonlySet<string>;
}

export interface OriginalDeps {
  readonly journal: Pick<Journal, 'readSealed'>;
  readonly spool: Pick<Spool, 'read'>;
  readonly keys: Pick<SealingKeys, 'unwrapDataKey'>;
}

const MOST_ADDRESSEES = 10;

/** Null where the content is gone. @throws MailError content.unreadable where it is damaged */
export async function originalHeader(
  { id, content }: MessageRecord,
  { journal, spool, keys }: OriginalDeps,
): Promise<OriginalHeader | null> {
  if (content.wrappedKey.length === 0) return null;
  const sealed = content.place === 'row' ? await journal.readSealed(id) : null;
  if (content.place === 'row' && sealed === null) return null;
  const key = keys.unwrapDataKey(id, content.wrappedKey, content.periodId);
  const collector = new HeaderCollector();
  for await (const piece of spool.read({ messageId: id, place: content.place, sealed, sizeBytes: content.sizeBytes, key })) {
    const collected = collector.push(piece);
    if (collected.kind !== 'more') return read(collected.kind === 'header' ? collected.header : collector.end());
  }
  return read(collector.end());
}

function read(header: Uint8Array): OriginalHeader {
  const block = parseHeaderBlock(header);
  const addressesOf = (...keys: readonly string[]): readonly string[] =>
    block.fields.filter(({ key }) => keys.includes(key)).flatMap((field) => readOriginators(fieldText(block, field)).addresses);
  return {
    from: addressesOf('from'),
    replyTo: addressesOf('reply-to'),
    visible: new Set(addressesOf('to', 'cc').map(canonicalAddress)),
  };
}

/**
 * To whom an answer goes: where the originator asked for it, else who wrote, else the reverse-path. What a header says counts only for addresses
 * of the organisation: nobody outside gets what a patient writes to a clinic. Empty where there is nobody.
 */
export function addresseesOf(
  { envelope }: Pick<MessageRecord, 'envelope'>,
  header: OriginalHeader | null,
  organisation: readonly string[],
): readonly string[] {
  const inside = (address: string): boolean => isInside(address, envelope.reversePath, organisation) && domainOf(address) !== '';
  for (const asked of [header?.replyTo ?? [], header?.from ?? []]) {
    if (asked.length > 0 && asked.length <= MOST_ADDRESSEES && asked.every(inside)) return asked;
  }
  return envelope.reversePath === '' ? [] : [envelope.reversePath];
}
