// What the commands about a policy file ask and get back: a part of the contract in work.ts.
import type { Issue } from '../config/issue.ts';
import type { ConsentKind, Facts } from '../mail/facts.ts';
import type { PolicyChecked } from '../policy/check/check.ts';
import type { SettingOrigin } from '../policy/settings.ts';
import type { Trace } from '../policy/trace.ts';
import type { YamlPath } from '../yaml/positions.ts';

export interface PolicyFileRequest {
  /** Null: the policy in effect by the configuration. */
  readonly file: string | null;
  readonly configPath: string;
  /** What a configuration that is missing or has errors means. */
  readonly unreadable: 'refused' | 'defaults';
}

export interface PolicyFaults {
  readonly kind: 'faults';
  readonly file: string;
  readonly issues: readonly Issue[];
}

/** A line of the policy file, from 1. */
type LineOf = (path: YamlPath) => number;

export type PolicyCheckReport =
  | PolicyFaults
  | {
      readonly kind: 'checked';
      readonly file: string;
      readonly version: string;
      readonly rules: number;
      readonly floors: number;
      readonly issues: readonly Issue[];
      readonly checked: Omit<PolicyChecked, 'remarks'>;
      readonly lineOf: LineOf;
      readonly tookMs: number;
    };

export interface ExplainRequest extends PolicyFileRequest {
  readonly message: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly account: string | null;
  /** Address of the client. */
  readonly network: string | null;
  /** On file for every recipient. */
  readonly consents: readonly ConsentKind[];
  readonly attested: 'yes' | 'no';
  /** Null: the recipients had mail before. */
  readonly firstMail: 'address' | 'domain' | null;
  /** Machine time of acceptance. */
  readonly at: number;
}

export interface PolicyExplained {
  readonly kind: 'explained';
  readonly file: string;
  readonly traces: readonly { readonly facts: Facts; readonly trace: Trace }[];
  readonly lineOf: LineOf;
}

export interface PolicySettingsRequest extends PolicyFileRequest {
  readonly from: string;
  readonly to: string;
}

export interface PolicySettings {
  readonly kind: 'settings';
  readonly file: string;
  readonly settings: readonly SettingOrigin[];
  readonly lineOf: LineOf;
}
