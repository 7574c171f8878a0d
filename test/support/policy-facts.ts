// Facts of one plain message for tests of policy, and policies read from text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METHOD_NAMES } from '../../src/mail/decision.ts';
import type { Facts, MessageFacts, RecipientFacts, SenderFacts } from '../../src/mail/facts.ts';
import type { PhiFacts } from '../../src/mail/facts.ts';
import { parsePolicy, type PolicyParsed } from '../../src/policy/parse.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { BaseSettings } from '../../src/policy/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { YamlDocument } from '../../src/yaml/positions.ts';
import { ROOT } from './source-files.ts';

export const BASE: BaseSettings = { protection: 'tls-verified', otherwise: 'hold', methodsSetUp: METHOD_NAMES };

export interface FactsChange {
  readonly message?: Partial<MessageFacts>;
  readonly phi?: Partial<PhiFacts>;
  readonly recipient?: Partial<RecipientFacts>;
  readonly sender?: Partial<SenderFacts>;
}

/** A short message without PHI from reception to one outside person who gets mail regularly. Friday, 27 November 2026, 15:00 UTC. */
export function factsWith(change: FactsChange = {}): Facts {
  const phi: PhiFacts = { level: 'none', score: 0, counts: {}, labels: [], documents: [], reasons: [], ...change.phi };
  return {
    message: {
      reversePath: 'reception@clinic.example',
      from: ['reception@clinic.example'],
      submitter: { kind: 'account', name: 'reception@clinic.example' },
      client: '10.1.2.3',
      header: [],
      subjectTags: [],
      sizeBytes: 4_000,
      attachments: [],
      phi,
      blindSpots: [],
      visibleOutside: 1,
      automatic: false,
      urgent: false,
      encryptedBy: null,
      acceptedAt: Date.UTC(2026, 10, 27, 15, 0),
      ...change.message,
    },
    recipient: {
      address: 'ann@mercy.example',
      inside: false,
      seen: { address: true, domain: true },
      oneSlipFromKnown: false,
      consents: [],
      ...change.recipient,
    },
    sender: { attested: false, consentsRevision: 0, ...change.sender },
  };
}

/** @throws Error where it is not YAML. */
export function yamlOf(text: string): YamlDocument {
  const read = parseYaml(text);
  if (read.kind === 'faults') throw new Error(JSON.stringify(read.faults));
  return read.document;
}

export function parsedPolicy(text: string, files: Readonly<Record<string, string>> = {}, base: BaseSettings = BASE): PolicyParsed {
  return parsePolicy(yamlOf(text), new Map(Object.entries(files)), base);
}

/** @throws Error where it has a fault. */
export function policyOf(text: string, files: Readonly<Record<string, string>> = {}, base: BaseSettings = BASE): Policy {
  const { policy, faults } = parsedPolicy(text, files, base);
  if (policy === null) throw new Error(JSON.stringify(faults));
  return policy;
}

/** The policy that is in effect where none is written. */
export function shippedPolicy(name: string, base: BaseSettings = BASE): Policy {
  return policyOf(readFileSync(join(ROOT, 'policies', name), 'utf8'), {}, base);
}
