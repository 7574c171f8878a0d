// Every operation of the engine by name, with what goes in and what comes out: the words that cross the thread.
import type { Evidence } from '../../mail/evidence.ts';
import type { StoredFacts } from '../../mail/facts.ts';
import type { Account } from '../accounts.ts';
import type { ChainHead } from '../audit-log.ts';
import type { Recorded, RevokeResult } from '../consents.ts';
import type { TlsHistory } from '../domain-memory.ts';
import type { AcceptUnit, DecideUnit, MessageRecord } from '../journal.ts';
import type { Pickup, PickupAnswer, PickupChange, PickupChanged } from '../pickups.ts';
import type { KeptPolicy } from '../policies.ts';
import type {
  AttemptStart,
  ChangeResult,
  ClaimRequest,
  ClaimResult,
  DestinationNews,
  Lease,
  OwedReference,
  OwedReport,
  PersonalChange,
  Settlement,
} from '../queue.ts';
import type { Code, Factor, Person } from '../people.ts';
import type { Sighting } from '../readings.ts';
import type { HoldToTell, VerdictCounts } from '../reviews.ts';
import type { AccountChange } from './accounts.ts';
import type { InForceAnswer, InForceRequest, RecordConsents, ResealConsents, RevokeConsents } from './consents.ts';
import type { AddCode, CodesEnd, CodesRequest, CodeTry } from './codes.ts';
import type { RecordCorrespondents, Seen, SeenRequest, SlipRequest } from './correspondents.ts';
import type { StsPolicy } from './domain-memory.ts';
import type { AcceptAnswer } from './journal.ts';
import type { FactorsEnd, FactorUse, FoundPasskey, NewFactor, NewPerson, PersonChange, PersonEnd, ResealPeople } from './people.ts';
import type { ReclaimRequest } from './queue-reclaim.ts';
import type { RemoveAddress, ResealedPickups, ResealPickups, UnopenedRequest } from './pickups.ts';
import type { ActivateRequest } from './policies.ts';
import type { Resealed } from './reseal.ts';
import type { Ended } from './retention.ts';
import type { ToTellRequest } from './reviews.ts';
import type { CountRequest, Totals } from './sending-counts.ts';

/** Units of work: each runs in a savepoint of its own inside the shared commit. */
export interface UnitOperations {
  accept: { in: AcceptUnit; out: AcceptAnswer };
  claim: { in: ClaimRequest; out: ClaimResult };
  begin: { in: readonly AttemptStart[]; out: readonly Lease[] };
  settle: { in: { readonly settlements: readonly Settlement[]; readonly news: DestinationNews | null }; out: readonly Lease[] };
  renew: { in: { readonly leases: readonly Lease[]; readonly until: number }; out: null };
  reclaim: { in: ReclaimRequest; out: number };
  change: { in: PersonalChange; out: ChangeResult };
  expireHolds: { in: { readonly now: number; readonly limit: number }; out: number };
  owedReports: { in: { readonly limit: number }; out: readonly OwedReport[] };
  withholdReports: { in: { readonly reports: readonly OwedReference[]; readonly evidence: readonly Evidence[] }; out: null };
  removeContent: { in: { readonly messageIds: readonly string[]; readonly evidence: readonly Evidence[] }; out: null };
  decide: { in: DecideUnit; out: null };
  /** Facts of messages accepted before that time. */
  forgetFacts: { in: number; out: number };
  activatePolicy: { in: ActivateRequest; out: null };
  forgetPolicies: { in: number; out: number };
  append: { in: readonly Evidence[]; out: null };
  addAccount: { in: { readonly account: Account; readonly evidence: Evidence }; out: 'added' | 'exists' };
  changeAccount: {
    in: { readonly name: string; readonly change: AccountChange; readonly evidence: Evidence };
    out: 'changed' | 'not-found';
  };
  writeStsPolicy: { in: { readonly domain: Uint8Array; readonly policy: StsPolicy | null }; out: null };
  writeTlsHistory: { in: { readonly destination: Uint8Array; readonly history: TlsHistory }; out: null };
  count: { in: CountRequest; out: Totals };
  recordConsents: { in: RecordConsents; out: readonly Recorded[] };
  revokeConsents: { in: RevokeConsents; out: readonly RevokeResult[] };
  changePickup: { in: PickupChange; out: PickupChanged };
  expirePickups: { in: { readonly now: number; readonly limit: number }; out: number };
  removePickups: { in: RemoveAddress; out: number };
  resealConsents: { in: ResealConsents; out: Resealed };
  resealPickups: { in: ResealPickups; out: ResealedPickups };
  resealPeople: { in: ResealPeople; out: Resealed };
  recordCorrespondents: { in: RecordCorrespondents; out: null };
  addPerson: { in: NewPerson; out: Person };
  changePerson: { in: PersonChange; out: null };
  endPerson: { in: PersonEnd; out: boolean };
  enrolFactor: { in: NewFactor; out: Factor | 'ended' };
  useFactor: { in: FactorUse; out: 'counted' | 'used-before' };
  endFactors: { in: FactorsEnd; out: number };
  addCode: { in: AddCode; out: null };
  tryCode: { in: CodeTry; out: 'counted' | 'spent-before' };
  endCodes: { in: CodesEnd; out: number };
  forgetCodes: { in: number; out: number };
}

/** Reads: served after the commit of what came with them. */
export interface ReadOperations {
  readSealed: { in: string; out: Uint8Array | null };
  readMessage: { in: string; out: MessageRecord | null };
  readDestination: { in: Uint8Array; out: DestinationNews | null };
  endedBefore: { in: { readonly endedBefore: number; readonly limit: number }; out: readonly Ended[] };
  unread: { in: { readonly after: string | null; readonly limit: number }; out: readonly string[] };
  facts: { in: string; out: StoredFacts | null };
  toTell: { in: ToTellRequest; out: readonly HoldToTell[] };
  verdicts: { in: number; out: VerdictCounts };
  readPolicy: { in: string; out: KeptPolicy | null };
  sightings: { in: readonly Uint8Array[]; out: readonly (Sighting | null)[] };
  periodsInUse: { in: null; out: readonly number[] };
  spooledIds: { in: null; out: readonly string[] };
  head: { in: null; out: ChainHead };
  findAccount: { in: string; out: Account | null };
  listAccounts: { in: null; out: readonly Account[] };
  readStsPolicy: { in: Uint8Array; out: StsPolicy | null };
  readTlsHistory: { in: Uint8Array; out: TlsHistory | null };
  consentsInForce: { in: InForceRequest; out: InForceAnswer };
  consentsRevision: { in: null; out: number };
  seenCorrespondents: { in: SeenRequest; out: readonly Seen[] };
  slips: { in: readonly SlipRequest[]; out: readonly boolean[] };
  findPickup: { in: string; out: Pickup | null };
  pickupsOf: { in: { readonly address: Uint8Array; readonly limit: number }; out: readonly Pickup[] };
  answersTo: { in: string; out: readonly PickupAnswer[] };
  owedNotices: { in: number; out: readonly Pickup[] };
  owedCodes: { in: number; out: readonly Pickup[] };
  unopened: { in: UnopenedRequest; out: readonly Pickup[] };
  peopleOf: { in: Uint8Array; out: readonly Person[] };
  findPerson: { in: number; out: Person | null };
  personByPasskey: { in: Uint8Array; out: FoundPasskey };
  openCodes: { in: CodesRequest; out: readonly Code[] };
  ping: { in: null; out: null };
}

export type Operations = UnitOperations & ReadOperations;
export type Op = keyof Operations;
export type In<K extends Op> = Operations[K]['in'];
export type Out<K extends Op> = Operations[K]['out'];

/** One function per operation. */
export type Perform<K extends Op = Op> = { readonly [P in K]: (input: In<P>) => Out<P> };

/** A request; `id` comes back with its answer. */
export type Request<K extends Op = Op> = { [P in K]: { readonly id: number; readonly op: P; readonly input: In<P> } }[K];
