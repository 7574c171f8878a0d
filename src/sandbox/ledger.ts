// What the sink remembers of mail it took: counts, sizes and digests under a key of this run, in memory. Never content or addresses.
import { createHmac } from 'node:crypto';

export interface Receipt {
  readonly at: number;
  /** Host of the sink's server that took it. */
  readonly host: string;
  /** Digest of the forward-path, lower case. */
  readonly recipient: string;
  /** Digest of the Message-ID field's value, or null where there was none in the first 64 kB. */
  readonly headerMessageId: string | null;
  readonly sizeBytes: number;
  /** 'TLSv1.3', or null without TLS. */
  readonly tls: string | null;
}

export interface LedgerCounts {
  readonly messages: number;
  readonly recipients: number;
  readonly bytes: number;
}

/** The newest receipts, one per recipient, at most `limit`; the counts are of all. */
export class Ledger {
  readonly #key: Uint8Array;
  readonly #limit: number;
  readonly #receipts: Receipt[] = [];
  #counts: LedgerCounts = { messages: 0, recipients: 0, bytes: 0 };

  constructor(key: Uint8Array, limit: number) {
    this.#key = key;
    this.#limit = limit;
  }

  /** The digest under which a recipient or Message-ID stands in the receipts. */
  digest(value: string): string {
    return createHmac('sha256', this.#key).update(value.toLowerCase()).digest('hex');
  }

  add(message: Omit<Receipt, 'recipient' | 'headerMessageId'> & { readonly recipients: readonly string[]; readonly header: string }): void {
    const { at, host, sizeBytes, tls, recipients, header } = message;
    const id = /^message-id:\s*(<[^>\r\n]{1,998}>)/im.exec(header)?.[1];
    const headerMessageId = id === undefined ? null : this.digest(id);
    for (const recipient of recipients)
      this.#receipts.push({ at, host, recipient: this.digest(recipient), headerMessageId, sizeBytes, tls });
    this.#receipts.splice(0, Math.max(0, this.#receipts.length - this.#limit));
    const { messages, recipients: total, bytes } = this.#counts;
    this.#counts = { messages: messages + 1, recipients: total + recipients.length, bytes: bytes + sizeBytes };
  }

  counts(): LedgerCounts {
    return this.#counts;
  }

  receipts(): readonly Receipt[] {
    return [...this.#receipts];
  }
}
