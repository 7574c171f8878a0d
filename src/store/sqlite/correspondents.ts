// To whom the organisation writes, by keyed digests cut short; and the rests of those it writes to often, by which a slip is recognised.
import type { Database } from 'better-sqlite3';
import type { Correspondent } from '../correspondents.ts';

export interface SeenRequest {
  readonly recipients: readonly { readonly address: Uint8Array; readonly domain: Uint8Array }[];
  readonly at: number;
}

export interface Seen {
  readonly address: boolean;
  readonly domain: boolean;
  /** Its rests are to be kept with one message more. */
  readonly spell: boolean;
}

export interface SlipRequest {
  readonly address: Uint8Array;
  readonly rests: readonly Uint8Array[];
}

export interface RecordCorrespondents {
  readonly recipients: readonly Correspondent[];
  readonly at: number;
}

export interface CorrespondentsEngine {
  seen(request: SeenRequest): readonly Seen[];
  /** Is an address that gets mail regularly one slip away? The address itself must never have been written to. */
  slips(addresses: readonly SlipRequest[]): readonly boolean[];
  record(request: RecordCorrespondents): void;
}

const DAY_MS = 86_400_000;
const KNOWN_FOR_MS = 731 * DAY_MS;
const REGULAR_MESSAGES = 3;
/** Forgotten at most with one message. */
const FORGET_AT_ONCE = 4;
/** 128 bits of a keyed digest name an address or a domain, 64 a rest and whose it is. */
const NAME_BYTES = 16;
const REST_BYTES = 8;

interface Row {
  readonly messages: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export function correspondentsEngine(db: Database): CorrespondentsEngine {
  const find = db.prepare<[Uint8Array], Row>(
    'SELECT messages, first_at AS firstAt, last_at AS lastAt FROM correspondents WHERE address = ?',
  );
  const atDomain = db.prepare<[Uint8Array], number>('SELECT 1 FROM correspondents WHERE domain = ? LIMIT 1').pluck();
  const slipped = slipSearch(db, (address) => {
    const row = find.get(address);
    return row !== undefined && isRegular(row);
  });
  const add = db.prepare<{ address: Uint8Array; domain: Uint8Array; at: number }, Row>(
    `INSERT INTO correspondents (address, domain, messages, first_at, last_at) VALUES (:address, :domain, 1, :at, :at)
     ON CONFLICT (address) DO UPDATE SET messages = messages + 1, first_at = min(first_at, :at), last_at = max(last_at, :at)
     RETURNING messages, first_at AS firstAt, last_at AS lastAt`,
  );
  const addRest = db.prepare<[Uint8Array, number, Uint8Array]>(
    'INSERT OR IGNORE INTO correspondent_rests (rest, place, address) VALUES (?, ?, ?)',
  );
  const spelled = db.prepare<[Uint8Array], number>('SELECT 1 FROM correspondent_rests WHERE address = ? LIMIT 1').pluck();
  const forget = forgetting(db);

  const seenOne = (whole: Uint8Array, domain: Uint8Array, at: number): Seen => {
    const address = whole.subarray(0, NAME_BYTES);
    const row = find.get(address);
    if (row === undefined) return { address: false, domain: atDomain.get(domain.subarray(0, NAME_BYTES)) === 1, spell: false };
    const spell = isRegular(after(row, at)) && spelled.get(address.subarray(0, REST_BYTES)) === undefined;
    return { address: true, domain: true, spell };
  };
  const recordOne = (recipient: Correspondent, at: number): void => {
    const address = recipient.address.subarray(0, NAME_BYTES);
    const before = find.get(address);
    // A busy pair is not written with every message: the day is enough.
    if (before !== undefined && isRegular(before) && recipient.rests === null && at - before.lastAt < DAY_MS) return;
    const row = add.get({ address, domain: recipient.domain.subarray(0, NAME_BYTES), at });
    if (row === undefined || !isRegular(row)) return;
    recipient.rests?.forEach((rest, place) => addRest.run(rest.subarray(0, REST_BYTES), place, address.subarray(0, REST_BYTES)));
  };
  return {
    seen: ({ recipients, at }) => recipients.map(({ address, domain }) => seenOne(address, domain, at)),
    slips: (addresses) => addresses.map(slipped),
    record: ({ recipients, at }) => {
      forget(at);
      const once = new Map(recipients.map((one) => [Buffer.from(one.address).toString('latin1'), one]));
      for (const recipient of once.values()) recordOne(recipient, at);
    },
  };
}

/** With one message more. */
function after({ messages, firstAt, lastAt }: Row, at: number): Row {
  return { messages: messages + 1, firstAt: Math.min(firstAt, at), lastAt: Math.max(lastAt, at) };
}

function isRegular({ messages, firstAt, lastAt }: Row): boolean {
  return messages >= REGULAR_MESSAGES && Math.floor(firstAt / DAY_MS) < Math.floor(lastAt / DAY_MS);
}

/** Forgets who was not written to for long, a few at once, with what is kept of their spelling. */
function forgetting(db: Database): (at: number) => void {
  const old = db
    .prepare<[number, number], Uint8Array>(
      'SELECT address FROM correspondents INDEXED BY correspondents_last WHERE last_at < ? ORDER BY last_at LIMIT ?',
    )
    .pluck();
  const remove = db.prepare<[Uint8Array]>('DELETE FROM correspondents WHERE address = ?');
  const removeRests = db.prepare<[Uint8Array]>('DELETE FROM correspondent_rests WHERE address = ?');
  return (at) => {
    for (const address of old.all(at - KNOWN_FOR_MS, FORGET_AT_ONCE)) {
      remove.run(address);
      removeRests.run(address.subarray(0, REST_BYTES));
    }
  };
}

interface Holder {
  readonly place: number;
  readonly address: Uint8Array;
}

/** Only those that get mail regularly have rests. */
function slipSearch(db: Database, regular: (address: Uint8Array) => boolean): (request: SlipRequest) => boolean {
  const holders = db.prepare<[Uint8Array], Holder>('SELECT place, address FROM correspondent_rests WHERE rest = ?');
  const holdersOf = (digest: Uint8Array): readonly Holder[] => holders.all(digest.subarray(0, REST_BYTES));
  return ({ address, rests }) => {
    // a character too few: the whole is what is left of a known one
    if (holdersOf(address).length > 0) return true;
    let before: readonly Holder[] = [];
    return rests.some((rest, place) => {
      const here = holdersOf(rest);
      // a wrong character; one too many; two exchanged
      const found =
        here.some((holder) => holder.place === place) || regular(rest.subarray(0, NAME_BYTES)) || transposed(before, here, place);
      before = here;
      return found;
    });
  };
}

/** ab for ba: what is left of one without its first is what is left of the other without its second, and the other way round. */
function transposed(before: readonly Holder[], here: readonly Holder[], place: number): boolean {
  return before.some(
    (one) => one.place === place && here.some((other) => other.place === place - 1 && Buffer.compare(one.address, other.address) === 0),
  );
}
