// The engine: all statement groups over one writing connection, with what they remember beside it. Synchronous; batch.ts drives it.
import type { Database } from 'better-sqlite3';
import type { ColumnSealer } from '../store.ts';
import type { WithdrawalBoard } from '../withdrawal.ts';
import { accountsEngine } from './accounts.ts';
import { evidenceWriter } from './audit-log.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { columnsOf } from './columns.ts';
import { decisionsOf } from './decisions.ts';
import { deliveryInsert } from './delivery-rows.ts';
import { deliverySteps } from './delivery-steps.ts';
import { destinationsOf } from './destinations.ts';
import { domainMemoryEngine } from './domain-memory.ts';
import { journalEngine } from './journal.ts';
import { messageReader, messageWriter } from './message-rows.ts';
import type { Perform, ReadOperations, UnitOperations } from './operations.ts';
import { attemptsOf } from './queue-attempts.ts';
import { changesOf } from './queue-changes.ts';
import { queueClaim } from './queue-claim.ts';
import { queueReclaim } from './queue-reclaim.ts';
import { owedReports } from './queue-reports.ts';
import { repeatsOf } from './repeats.ts';
import { retentionEngine } from './retention.ts';
import { sendingCounts } from './sending-counts.ts';
import { UnitMemory } from './unit-memory.ts';

export interface EngineOptions {
  readonly sealer: ColumnSealer;
  /** Where callers withdraw what they no longer wait for; null where nobody does. */
  readonly board: WithdrawalBoard | null;
  /** Time for evidence that no request brings a time for. */
  readonly now: () => number;
}

export interface Engine {
  readonly db: Database;
  readonly memory: UnitMemory;
  readonly evidence: EvidenceWriter;
  readonly units: Perform<keyof UnitOperations>;
  readonly reads: Perform<keyof ReadOperations>;
}

/** @param logId of the meta table */
export function engineOf(db: Database, logId: string, options: EngineOptions): Engine {
  const memory = new UnitMemory();
  const columns = columnsOf(options.sealer);
  const evidence = evidenceWriter(db, columns, memory, logId);
  const messages = { ...messageReader(db, columns), ...messageWriter(db, columns) };
  const decisions = decisionsOf(db, memory);
  const destinations = destinationsOf(db, memory);
  const steps = deliverySteps({ db, columns, decisions, destinations, messages });
  const parts = { db, columns, messages, decisions, destinations, steps, evidence };
  const reports = owedReports(parts);
  const changes = changesOf(parts);
  const attempts = attemptsOf(parts);
  const accounts = accountsEngine(db, evidence);
  const domains = domainMemoryEngine(db, columns);
  const retention = retentionEngine(db, evidence);
  const insertDelivery = deliveryInsert(db, columns, decisions);
  const journal = journalEngine({ ...parts, board: options.board, insertDelivery, repeats: repeatsOf(db), reports });

  const units: Engine['units'] = {
    accept: journal.accept,
    claim: queueClaim({ ...parts, changes }),
    begin: attempts.begin,
    settle: ({ settlements, news }) => attempts.settle(settlements, news),
    renew: silent(({ leases, until }) => attempts.renew(leases, until)),
    reclaim: queueReclaim(parts),
    change: changes.change,
    expireHolds: changes.expireHolds,
    owedReports: (request) => reports.owed(request, options.now()),
    withholdReports: silent((request) => reports.withhold(request.reports, request.evidence)),
    removeContent: silent((request) => retention.removeContent(request.messageIds, request.evidence)),
    append: silent((records) => evidence.appendAll(records)),
    addAccount: (request) => accounts.add(request.account, request.evidence),
    changeAccount: (request) => accounts.change(request.name, request.change, request.evidence),
    writeStsPolicy: silent((request) => domains.writeStsPolicy(request.domain, request.policy)),
    writeTlsHistory: silent((request) => domains.writeTlsHistory(request.destination, request.history)),
    count: sendingCounts(db),
  };
  const reads: Engine['reads'] = {
    readSealed: journal.readSealed,
    readMessage: journal.readMessage,
    readDestination: destinations.read,
    endedBefore: retention.endedBefore,
    periodsInUse: () => retention.periodsInUse(),
    spooledIds: () => retention.spooledIds(),
    head: () => evidence.head(),
    findAccount: accounts.find,
    listAccounts: () => accounts.list(),
    readStsPolicy: domains.readStsPolicy,
    readTlsHistory: domains.readTlsHistory,
    ping: () => null,
  };
  return { db, memory, evidence, units, reads };
}

/** Operations without a result answer null: undefined would not say that there was an answer. */
function silent<I>(work: (input: I) => void): (input: I) => null {
  return (input) => {
    work(input);
    return null;
  };
}
