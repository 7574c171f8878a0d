// The write side as one value: what an engine gives to the assembly. A surface or use case is handed only the part it needs.
import type { Accounts } from './accounts.ts';
import type { AuditLog, AuditReader } from './audit-log.ts';
import type { ConsentReader, Consents } from './consents.ts';
import type { Correspondents } from './correspondents.ts';
import type { DomainMemory, SendingCounts } from './domain-memory.ts';
import type { Journal } from './journal.ts';
import type { PickupReader, Pickups } from './pickups.ts';
import type { People } from './people.ts';
import type { Policies } from './policies.ts';
import type { Queue, QueueReader, Retention } from './queue.ts';
import type { FactsReader, Readings } from './readings.ts';
import type { Reviews } from './reviews.ts';

export interface Store {
  readonly journal: Journal;
  readonly queue: Queue;
  readonly retention: Retention;
  readonly readings: Readings;
  readonly reviews: Reviews;
  readonly policies: Policies;
  readonly audit: AuditLog;
  readonly accounts: Accounts;
  readonly domains: DomainMemory;
  readonly counts: SendingCounts;
  readonly consents: Consents;
  readonly correspondents: Correspondents;
  readonly pickups: Pickups;
  readonly people: People;
  /** Answers after a turn of the storage thread: for the watchdog. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The read side, with a connection of its own. */
export interface StoreReader {
  readonly queue: QueueReader;
  readonly facts: FactsReader;
  readonly audit: AuditReader;
  readonly consents: ConsentReader;
  readonly pickups: PickupReader;
  close(): Promise<void>;
}

export type { ColumnSealer } from '../mail/column-sealer.ts';
