// The engine: all statement groups over one writing connection, with what they remember beside it. Synchronous; batch.ts drives it.
import type { Database } from 'better-sqlite3';
import type { ColumnSealer } from '../store.ts';
import type { WithdrawalBoard } from '../withdrawal.ts';
import { accountsEngine } from './accounts.ts';
import { evidenceWriter } from './audit-log.ts';
import type { EvidenceWriter } from './audit-log.ts';
import { columnsOf } from './columns.ts';
import { consentsEngine } from './consents.ts';
import { correspondentsEngine } from './correspondents.ts';
import { decisionsOf } from './decisions.ts';
import { deliveryInsert } from './delivery-rows.ts';
import { deliverySteps } from './delivery-steps.ts';
import { destinationsOf } from './destinations.ts';
import { domainMemoryEngine } from './domain-memory.ts';
import { journalDecide } from './journal-decide.ts';
import { journalEngine } from './journal.ts';
import { messageReader, messageWriter } from './message-rows.ts';
import { peopleOperations } from './people-operations.ts';
import type { Perform, ReadOperations, UnitOperations } from './operations.ts';
import { pickupRows } from './pickup-rows.ts';
import { pickupsEngine } from './pickups.ts';
import { policiesEngine } from './policies.ts';
import { attemptsOf } from './queue-attempts.ts';
import { changesOf } from './queue-changes.ts';
import { queueClaim } from './queue-claim.ts';
import { queueReclaim } from './queue-reclaim.ts';
import { owedReports } from './queue-reports.ts';
import { readingsEngine } from './readings.ts';
import { repeatsOf } from './repeats.ts';
import { retentionEngine } from './retention.ts';
import { reviewsEngine } from './reviews.ts';
import { sendingCounts } from './sending-counts.ts';
import { talliesOf } from './tallies.ts';
import type { Tallies } from './tallies.ts';
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
  readonly tallies: Tallies;
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
  const tallies = talliesOf(db, memory);
  const reviews = reviewsEngine(db, decisions, messages);
  const pickups = pickupRows(db, columns, messages);
  const steps = deliverySteps({ db, columns, decisions, destinations, messages, tallies, reviews, pickups });
  const parts = { db, columns, messages, decisions, destinations, steps, evidence, tallies, reviews, pickups };
  const waiting = pickupsEngine(parts);
  const who = peopleOperations(parts);
  const reports = owedReports(parts);
  const changes = changesOf(parts);
  const attempts = attemptsOf(parts);
  const accounts = accountsEngine(db, evidence);
  const domains = domainMemoryEngine(db, columns);
  const consents = consentsEngine(db, columns, evidence);
  const retention = retentionEngine(db, evidence);
  const correspondents = correspondentsEngine(db);
  const readings = readingsEngine(db, columns, messages, correspondents);
  const policies = policiesEngine(db, evidence);
  const decide = journalDecide({ ...parts, readings });
  const insertDelivery = deliveryInsert(db, columns, decisions);
  const journal = journalEngine({ ...parts, board: options.board, insertDelivery, repeats: repeatsOf(db), reports, readings });

  const units: Engine['units'] = {
    accept: (unit) => journal.accept(unit),
    claim: queueClaim({ ...parts, changes }),
    begin: (starts) => attempts.begin(starts),
    settle: ({ settlements, news }) => attempts.settle(settlements, news),
    renew: silent(({ leases, until }) => attempts.renew(leases, until)),
    reclaim: queueReclaim(parts),
    change: (change) => changes.change(change),
    expireHolds: (request) => changes.expireHolds(request),
    owedReports: (request) => reports.owed(request, options.now()),
    withholdReports: silent((request) => reports.withhold(request.reports, request.evidence)),
    removeContent: silent((request) => retention.removeContent(request.messageIds, request.evidence)),
    decide: silent(decide),
    forgetFacts: (before) => readings.forgetFacts(before),
    activatePolicy: silent((request) => policies.activate(request)),
    forgetPolicies: (before) => policies.forget(before),
    append: silent((records) => evidence.appendAll(records)),
    addAccount: (request) => accounts.add(request.account, request.evidence),
    changeAccount: (request) => accounts.change(request.name, request.change, request.evidence),
    writeStsPolicy: silent((request) => domains.writeStsPolicy(request.domain, request.policy)),
    writeTlsHistory: silent((request) => domains.writeTlsHistory(request.destination, request.history)),
    count: sendingCounts(db),
    recordConsents: (request) => consents.record(request),
    revokeConsents: (request) => consents.revoke(request),
    changePickup: (change) => waiting.change(change),
    expirePickups: (request) => waiting.expire(request),
    removePickups: (request) => waiting.removeAddress(request),
    resealConsents: (request) => consents.reseal(request),
    resealPickups: (request) => waiting.reseal(request),
    recordCorrespondents: silent((request) => correspondents.record(request)),
    ...who.units,
  };
  const reads: Engine['reads'] = {
    readSealed: (messageId) => journal.readSealed(messageId),
    readMessage: (messageId) => journal.readMessage(messageId),
    readDestination: (destination) => destinations.read(destination),
    endedBefore: (request) => retention.endedBefore(request),
    unread: (request) => readings.unread(request),
    facts: (messageId) => readings.facts(messageId),
    toTell: (request) => reviews.toTell(request),
    verdicts: (since) => reviews.verdicts(since),
    readPolicy: (version) => policies.read(version),
    sightings: (pictures) => readings.sightings(pictures),
    periodsInUse: () => retention.periodsInUse(),
    spooledIds: () => retention.spooledIds(),
    head: () => evidence.head(),
    findAccount: (name) => accounts.find(name),
    listAccounts: () => accounts.list(),
    readStsPolicy: (domain) => domains.readStsPolicy(domain),
    readTlsHistory: (destination) => domains.readTlsHistory(destination),
    consentsInForce: (request) => consents.inForce(request),
    consentsRevision: () => consents.revision(),
    seenCorrespondents: (request) => correspondents.seen(request),
    slips: (addresses) => correspondents.slips(addresses),
    findPickup: (deliveryId) => waiting.find(deliveryId),
    pickupsOf: (request) => waiting.ofAddress(request),
    answersTo: (deliveryId) => waiting.answersTo(deliveryId),
    owedNotices: (limit) => waiting.owedNotices(limit),
    owedCodes: (limit) => waiting.owedCodes(limit),
    unopened: (request) => waiting.unopened(request),
    ...who.reads,
    ping: () => null,
  };
  return { db, memory, evidence, tallies, units, reads };
}

/** Operations without a result answer null: undefined would not say that there was an answer. */
function silent<I>(work: (input: I) => void): (input: I) => null {
  return (input) => {
    work(input);
    return null;
  };
}
