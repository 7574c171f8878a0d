// The commands that go to the running service: what each asks, what it answers. The same handlers serve when no service runs.
import { z } from 'zod';
import { consentShape, RECORD_KINDS } from '../mail/consent.ts';
import type { ConsentKind } from '../mail/facts.ts';
import { DELIVERY_STATES } from '../mail/delivery.ts';
import type { DeliveryState } from '../mail/delivery.ts';
import type { Account } from '../store/accounts.ts';
import type { ConsentRecord, Recorded, RevokeResult } from '../store/consents.ts';
import type { Submitter } from '../store/journal.ts';
import type { QueueEntry } from '../store/queue.ts';
import type { DecidedMessage } from '../store/readings.ts';
import { name, target, who, why } from './request-values.ts';
import { PICKUP_REQUESTS, type PickupAnswers } from './pickup-commands.ts';
import { REVIEW_REQUESTS, type ReviewAnswers } from './review-commands.ts';

const password = z.string().min(1).max(1024);
const mayUse = z.array(z.string().min(1).max(320)).min(1).max(1000);
const reports = z.string().max(320).nullable();
const likelyRepeats = z.enum(['report', 'suppress']);
const newAccount = z.strictObject({ name, password, mayUse, reports, likelyRepeats });
const personal = z.strictObject({ target, who, why });
const account = z.strictObject({ name, who });
const consentId = z.int().min(1);

/** What is asked, checked again by the server. */
export const CONTROL_REQUESTS = {
  status: z.strictObject({}),
  reload: z.strictObject({ who }),
  'queue.list': z.strictObject({
    states: z.array(z.enum(DELIVERY_STATES)).max(DELIVERY_STATES.length).nullable(),
    after: z.string().max(64).nullable(),
    limit: z.int().min(1).max(1000),
  }),
  'queue.show': z.strictObject({ messageId: target }),
  'queue.retry': z.strictObject({ target, who }),
  'queue.hold': personal,
  'queue.release': personal,
  'queue.cancel': personal,
  'queue.return': personal,
  ...REVIEW_REQUESTS,
  ...PICKUP_REQUESTS,
  'account.list': z.strictObject({}),
  'account.add': newAccount.extend({ who }),
  'account.import': z.strictObject({ accounts: z.array(newAccount).min(1).max(100), who }),
  'account.disable': account,
  'account.enable': account,
  'account.password': account.extend({ password }),
  'consent.record': z.strictObject({ consents: z.array(consentShape).min(1).max(500), who }),
  'consent.revoke': z.strictObject({ ids: z.array(consentId).min(1).max(1000), who, why }),
  'consent.list': z.strictObject({
    kind: z.enum(RECORD_KINDS).nullable(),
    state: z.enum(['in-force', 'not-in-force']).nullable(),
    address: z.string().min(1).max(320).nullable(),
    before: consentId.nullable(),
    limit: z.int().min(1).max(1000),
  }),
  'consent.show': z.strictObject({ id: consentId }),
  'policy.facts': z.strictObject({ since: z.int().min(0), after: z.string().max(64).nullable(), limit: z.int().min(1).max(200) }),
} as const;

export type ControlCommand = keyof typeof CONTROL_REQUESTS;
export type ControlRequest<C extends ControlCommand> = z.output<(typeof CONTROL_REQUESTS)[C]>;
export type NewAccount = z.output<typeof newAccount>;

/** What is answered. Plain JSON. */
export interface ControlAnswers extends ReviewAnswers, PickupAnswers {
  status: StatusReport;
  reload: { readonly fingerprint: string; readonly warnings: readonly string[] };
  'queue.list': { readonly entries: readonly QueueEntry[]; readonly next: string | null };
  'queue.show': MessageReport;
  'queue.retry': ChangeReport;
  'queue.hold': ChangeReport;
  'queue.release': ChangeReport;
  'queue.cancel': ChangeReport;
  'queue.return': ChangeReport;
  'account.list': { readonly accounts: readonly AccountReport[] };
  'account.add': AccountReport;
  'account.import': {
    readonly results: readonly { readonly name: string; readonly result: 'added' | 'exists' | 'refused'; readonly text: string | null }[];
  };
  'account.disable': { readonly sessionsClosed: number };
  'account.enable': Record<never, never>;
  'account.password': Record<never, never>;
  'consent.record': { readonly results: readonly Recorded[] };
  'consent.revoke': { readonly results: readonly { readonly id: number; readonly result: RevokeResult }[] };
  'consent.list': { readonly records: readonly ConsentReport[]; readonly next: number | null };
  'consent.show': ConsentReport;
  'policy.facts': { readonly messages: readonly FactsReport[]; readonly next: string | null };
}

/** A message that was decided, with what is on file of its recipients now. */
export interface FactsReport extends DecidedMessage {
  readonly onFile: {
    readonly consents: readonly (readonly ConsentKind[])[];
    readonly attested: boolean;
    readonly revision: number;
  };
}

/** Why a command was not done. */
export type ControlFailure =
  | 'not-found'
  | 'not-legal' // the state of a delivery does not allow it
  | 'exists'
  | 'refused' // a value is not acceptable: the text says why
  | 'bad-request'
  | 'busy'
  | 'unavailable' // storage failed, or the service is stopping
  | 'too-long'
  | 'internal'; // the text has the correlation id

export type ControlResult<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly code: ControlFailure; readonly text: string };

export type ControlHandlers = { readonly [C in ControlCommand]: (request: ControlRequest<C>) => Promise<ControlResult<ControlAnswers[C]>> };

export interface StatusReport {
  readonly version: string;
  readonly mode: 'live' | 'sandbox';
  readonly hostname: string;
  /** Null where no service runs and the answer comes from the database alone. */
  readonly running: {
    readonly pid: number;
    readonly startedAt: number;
    readonly configLoadedAt: number;
    readonly configFingerprint: string;
  } | null;
  readonly listeners: readonly { readonly name: string; readonly port: number; readonly connections: number }[];
  readonly queue: Readonly<Record<DeliveryState, number>>;
  readonly audit: { readonly logId: string; readonly seq: number };
  readonly disk: { readonly freeBytes: number; readonly state: 'enough' | 'refusing' | 'stopped' };
  /** Certificate of the listeners. */
  readonly certificate: { readonly notAfter: number } | null;
  /** Things a person should look at, one sentence each. */
  readonly attention: readonly string[];
}

export interface MessageReport {
  readonly messageId: string;
  readonly kind: 'message' | 'notice' | 'dsn' | 'answer';
  readonly acceptedAt: number;
  readonly submitter: Submitter;
  readonly reversePath: string;
  readonly reportTo: string | null;
  readonly sizeBytes: number;
  readonly about: string | null;
  readonly deliveries: readonly QueueEntry[];
}

export interface ChangeReport {
  readonly changed: readonly string[];
  readonly unchanged: readonly { readonly deliveryId: string; readonly state: DeliveryState }[];
}

export interface ConsentReport extends ConsentRecord {
  readonly state: 'in-force' | 'not-yet' | 'ended' | 'revoked';
}

export type AccountReport = Omit<Account, 'passwordHash'>;
