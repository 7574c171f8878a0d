// What name servers said, remembered for as long as they allow (RFC 1035 3.2.1, RFC 2308): presence and absence for at most an hour,
// failures for seconds. Guarantees: bounded entries; equal questions at the same time are one query.
import type { Answer, RecordType, Resolver } from './resolver.ts';
import { untilStopped } from './until-stopped.ts';

export interface CacheOptions {
  readonly resolver: Resolver;
  /** Milliseconds; a clock that steps back drops what it can no longer date. */
  readonly now: () => number;
  /** Of each record type; default 5,000. The entry unused for longest goes first. */
  readonly maxEntries?: number;
  /** Default and limit: one hour. */
  readonly maxTtlSeconds?: number;
}

export interface CachedResolver extends Resolver {
  /** Forgets everything: after a change of name servers. */
  clear(): void;
}

const MAX_TTL_SECONDS = 3600;
/** Long enough that a batch for one dead domain asks once, short enough that a mended one is seen at the next attempt. */
const FAILURE_TTL_SECONDS = 15;

interface Entry<T extends RecordType> {
  readonly answer: Answer<T>;
  readonly storedAt: number;
  readonly ttlSeconds: number;
}
interface Shelf<T extends RecordType> {
  readonly entries: Map<string, Entry<T>>;
  readonly underWay: Map<string, Promise<Answer<T>>>;
}
type Shelves = { readonly [T in RecordType]: Shelf<T> };

/** A Resolver before another one. TTLs in answers are what is left of them. */
export function cachedResolver(options: CacheOptions): CachedResolver {
  const { resolver, now } = options;
  const maxEntries = options.maxEntries ?? 5000;
  const maxTtl = Math.min(options.maxTtlSeconds ?? MAX_TTL_SECONDS, MAX_TTL_SECONDS);
  let shelves = emptyShelves();
  return {
    validating: resolver.validating,
    clear: () => {
      shelves = emptyShelves();
    },
    query: async (name, type, signal) => {
      const shelf = shelves[type];
      const key = name.toLowerCase();
      const known = recall(shelf, key, now());
      if (known !== null) return known;
      let query = shelf.underWay.get(key);
      if (query === undefined) {
        // Shared by all who ask now: the one who gives up must not stop it for the others.
        query = resolver.query(key, type).then((answer) => {
          remember(shelf.entries, key, { answer, storedAt: now(), ttlSeconds: ttlOf(answer, maxTtl) }, maxEntries);
          return answer;
        });
        shelf.underWay.set(key, query);
        const done = (): boolean => shelf.underWay.delete(key);
        query.then(done, done);
      }
      return untilStopped<Answer<typeof type>>(query, signal, { kind: 'failed' });
    },
  };
}

function emptyShelves(): Shelves {
  const shelf = <T extends RecordType>(): Shelf<T> => ({ entries: new Map(), underWay: new Map() });
  return { MX: shelf(), A: shelf(), AAAA: shelf(), CNAME: shelf(), TXT: shelf(), TLSA: shelf() };
}

function recall<T extends RecordType>({ entries }: Shelf<T>, key: string, now: number): Answer<T> | null {
  const entry = entries.get(key);
  if (entry === undefined) return null;
  const ageSeconds = (now - entry.storedAt) / 1000;
  entries.delete(key);
  if (ageSeconds < 0 || ageSeconds >= entry.ttlSeconds) return null;
  // The last in a Map is the one used last.
  entries.set(key, entry);
  const { answer } = entry;
  if (answer.kind === 'failed') return answer;
  return { ...answer, ttlSeconds: Math.floor(entry.ttlSeconds - ageSeconds) };
}

function remember<T extends RecordType>(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>, maxEntries: number): void {
  if (entry.ttlSeconds <= 0) return;
  const [oldest] = entries.keys();
  if (entries.size >= maxEntries && oldest !== undefined) entries.delete(oldest);
  entries.set(key, entry);
}

function ttlOf(answer: Answer<RecordType>, maxTtl: number): number {
  const seconds = answer.kind === 'failed' ? FAILURE_TTL_SECONDS : (answer.ttlSeconds ?? 0);
  return Math.min(seconds, maxTtl);
}
