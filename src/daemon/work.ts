// What the commands of cli/ need done, and what they get back: the contract between the two. main.ts joins them.
// Every way to fail that a person can do something about is a value.
import type { Codes, EvidenceKind } from '../mail/evidence.ts';
import type { InspectionReport } from '../mail/finding.ts';
import type { Decision } from '../mail/decision.ts';
import type { Message, PartKind } from '../mail/message.ts';
import type { countsOf, Covered } from '../policy/coverage.ts';
import type { Mismatch } from '../policy/run-cases.ts';
import type { Position } from '../yaml/positions.ts';
import type { Config } from '../config/config.ts';
import type { Loaded } from '../config/load.ts';
import type { Issue } from '../config/issue.ts';
import type { ControlHandlers, FactsReport } from '../control/commands.ts';
import type { Comparison } from '../policy/compare.ts';
import type {
  ExplainRequest,
  PolicyCheckReport,
  PolicyExplained,
  PolicyFaults,
  PolicyFileRequest,
  PolicySettings,
  PolicySettingsRequest,
} from './policy-work.ts';

export interface Work {
  /** Resolves when everything listens. */
  serve(request: { readonly configPath: string }): Promise<ServeStart>;
  /** Creates what is missing below the folder, then serves in sandbox mode. */
  start(request: { readonly folder: string }): Promise<SandboxStart>;
  /** The portal's pages; resolves when they listen. */
  portal(request: { readonly configPath: string }): Promise<ServeStart>;
  check(request: { readonly configPath: string }): Promise<CheckReport>;
  /** The same commands as the running service, under the lock of the data folder. */
  openOffline(loaded: Loaded): Promise<OfflineStart>;
  openAudit(loaded: Loaded): Promise<AuditStart>;
  tlsCheck(request: TlsCheckRequest): Promise<TlsReport | ConfigRefused>;
  demo(request: { readonly configPath: string }): Promise<DemoReport>;
  openExtract(request: ExtractRequest): Promise<ExtractStart>;
  openScan(request: ScanRequest): Promise<ScanStart>;
  openPatients(loaded: Loaded): Promise<PatientsStart>;
  /** A draft of a policy, to be tried on past mail. */
  openReplay(request: { readonly configPath: string; readonly draft: string }): Promise<ReplayStart>;
  testPolicy(request: PolicyTestRequest): Promise<PolicyTested | ConfigRefused>;
  policyCheck(request: PolicyFileRequest): Promise<PolicyCheckReport | ConfigRefused>;
  policyExplain(request: ExplainRequest): Promise<PolicyExplained | PolicyFaults | ConfigRefused | NotReached>;
  policySettings(request: PolicySettingsRequest): Promise<PolicySettings | PolicyFaults | ConfigRefused>;
}

/** A way to fail that a person can do something about, in one sentence. */
export interface NotReached {
  readonly kind: 'not-reached';
  readonly text: string;
}

export interface ConfigRefused {
  readonly kind: 'refused';
  readonly issues: readonly Issue[];
}

export interface Running {
  readonly kind: 'running';
  readonly warnings: readonly Issue[];
  /** Finishes what is on the wire. */
  stop(why: 'signal'): Promise<void>;
  /** Reads configuration, keys and certificates again; a bad one changes nothing and is logged. */
  reload(): Promise<void>;
  /** Resolves when the service has ended, for whatever reason. */
  readonly ended: Promise<'stopped' | 'failed'>;
}

export type ServeStart = Running | ConfigRefused | NotReached;

/** What a newcomer types into a mail client. */
export interface SandboxSettings {
  readonly configPath: string;
  readonly host: string;
  readonly submissionsPort: number;
  readonly submissionPort: number;
  readonly user: string;
  /** Null where the account was there already: its password was printed then. */
  readonly password: string | null;
  readonly passwordFile: string;
  readonly certificateFile: string;
  readonly logFile: string;
  /** What the gateway itself writes to people: notices, codes, reports. */
  readonly mailFolder: string;
  /** Null: none is set up. */
  readonly portalUrl: string | null;
  readonly mayUse: readonly string[];
  /** One command that sends a first message. */
  readonly firstMessage: string;
  readonly recipients: readonly { readonly address: string; readonly plays: string }[];
}

export type SandboxStart =
  { readonly kind: 'running'; readonly running: Running; readonly settings: SandboxSettings } | ConfigRefused | NotReached;

export interface CheckReport {
  readonly issues: readonly Issue[];
  /** What `serve` does up to listening, step by step. */
  readonly steps: readonly { readonly name: string; readonly result: 'ok' | 'warning' | 'failed' | 'not-done'; readonly text: string }[];
}

export type OfflineStart = { readonly kind: 'open'; readonly handlers: ControlHandlers; close(): Promise<void> } | NotReached;

export interface AuditEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: EvidenceKind;
  readonly messageId: string | null;
  readonly deliveryId: string | null;
  readonly codes: Codes;
  /** Opened personal detail; 'destroyed' where its key is gone, 'damaged' where it does not open; null where there is none. */
  readonly detail: Codes | 'destroyed' | 'damaged' | null;
}

export interface AuditVerdict {
  readonly logId: string;
  /** The first bad record, or null. */
  readonly bad: { readonly seq: number; readonly why: string } | null;
  readonly chainedTo: number;
  readonly provenTo: number;
  readonly details: { readonly checked: number; readonly gone: number };
  readonly head: 'right' | 'missing' | 'wrong-signature';
}

export interface AuditAccess {
  readonly kind: 'open';
  /** Newest first. */
  list(request: {
    readonly messageId: string | null;
    readonly beforeSeq: number | null;
    readonly limit: number;
  }): Promise<readonly AuditEntry[]>;
  show(seq: number): Promise<AuditEntry | null>;
  verify(progress: (done: number, total: number) => void): Promise<AuditVerdict>;
  close(): Promise<void>;
}

export type AuditStart = AuditAccess | NotReached;

export interface TlsCheckRequest {
  readonly domain: string;
  readonly configPath: string;
  /** What a file that is missing or has errors means: one that a person named is never passed over. */
  readonly unreadable: 'refused' | 'defaults';
}

export interface TlsReport {
  readonly verdict: 'good-enough' | 'not-good-enough' | 'not-known';
  /** Whole lines for people, at most 80 columns. */
  readonly lines: readonly string[];
  /** The same facts for machines. */
  readonly facts: unknown;
}

export interface ExtractRequest {
  readonly configPath: string;
  readonly unreadable: TlsCheckRequest['unreadable'];
  /** 'configured' leaves it to the configuration. */
  readonly ocr: 'on' | 'off' | 'configured';
}

export interface FileToRead {
  readonly path: string;
  /** 'file': as if attached. */
  readonly as: 'message' | 'file';
}

export interface FileRead {
  readonly kind: 'read';
  readonly message: Message;
  readonly sizeBytes: number;
  readonly tookMs: number;
}

export interface ExtractAccess {
  readonly kind: 'open';
  /** `told` hears the path of each part as it is begun. */
  read(file: FileToRead, told: (path: string) => void): Promise<FileRead | NotReached>;
  close(): Promise<void>;
}

export type ExtractStart = ExtractAccess | ConfigRefused;

export interface ScanRequest extends ExtractRequest {
  /** Null: as the header of each message says. */
  readonly from: string | null;
  readonly to: readonly string[] | null;
}

export interface FileScanned {
  readonly kind: 'scanned';
  readonly report: InspectionReport;
  /** What each part is, by its path. */
  readonly parts: ReadonlyMap<string, PartKind>;
  readonly sizeBytes: number;
  readonly tookMs: number;
}

export interface ScanAccess {
  readonly kind: 'open';
  /** So many are scanned at a time. */
  readonly atOnce: number;
  scan(file: FileToRead, told: (path: string) => void): Promise<FileScanned | NotReached>;
  close(): Promise<void>;
}

export type ScanStart = ScanAccess | ConfigRefused;

/** The patient table of the configuration: keyed hashes of an export. */
export interface PatientsAccess {
  readonly kind: 'open';
  /** Replaces the table, unless nobody can be read. Titles that are null are looked for by the usual names. */
  import(text: string, titles: Config['inspection']['patientColumns']): Promise<PatientsImported | NotReached>;
  /** Null where nothing has been imported. */
  status(): Promise<PatientsStatus | NotReached | null>;
}

export interface PatientsImported {
  readonly kind: 'imported' | 'nobody';
  readonly file: string;
  readonly patients: number;
  /** In order; none repeats a value. */
  readonly faults: readonly { readonly line: number; readonly column: number; readonly what: string; readonly right: string }[];
}

export interface PatientsStatus {
  readonly kind: 'status';
  readonly file: string;
  readonly patients: number;
  readonly importedAt: number;
  readonly sizeBytes: number;
}

export type PatientsStart = PatientsAccess | NotReached;

export interface PolicyTestRequest extends Pick<ExtractRequest, 'configPath' | 'unreadable'> {
  readonly policy: string;
  /** Files of cases; none: the one beside the policy. */
  readonly cases: readonly string[];
}

/** A case with its place in its file. */
export interface CaseTested extends Position {
  readonly id: string;
  readonly recipients: readonly {
    readonly address: string;
    readonly decision: Decision;
    /** What came out otherwise; none where it passed. */
    readonly mismatches: readonly (Pick<Mismatch, 'name' | 'wanted' | 'found'> & Position)[];
    /** Sentences without a full stop. */
    readonly why: readonly string[];
  }[];
}

export interface PolicyTested {
  readonly kind: 'tested';
  readonly policy: { readonly file: string; readonly version: string };
  readonly warnings: readonly Issue[];
  readonly files: readonly { readonly file: string; readonly cases: readonly CaseTested[] }[];
  readonly coverage: {
    readonly counts: ReturnType<typeof countsOf>;
    /** What the cases do not cover, with its place in the policy. */
    readonly missing: readonly (Omit<Covered, 'path'> & Position)[];
  };
}

export type DemoReport =
  | {
      readonly kind: 'done';
      readonly rows: readonly { readonly recipient: string; readonly decision: string; readonly tls: string; readonly end: string }[];
    }
  | NotReached;

export interface ReplayAccess {
  readonly kind: 'open';
  readonly version: string;
  readonly warnings: readonly Issue[];
  /** One for each recipient that was decided. */
  replay(message: FactsReport): readonly ReplayedMessage[];
}

export interface ReplayedMessage {
  readonly deliveryId: string;
  readonly at: number;
  /** How the draft differs from what was decided. */
  readonly compared: Comparison;
  readonly before: Decision;
  readonly after: Decision;
}

export type ReplayStart = ReplayAccess | ConfigRefused;
