// postern policy explain and postern policy settings: what a policy says about one message or one pair of addresses, and why.
import type { Facts } from '../mail/facts.ts';
import { canonicalAddress } from '../mail/address.ts';
import { contentFacts } from '../mail/content-facts.ts';
import { messageFactsOf } from '../gateway/facts.ts';
import { isInside } from '../mail/inside.ts';
import { parseYaml } from '../yaml/parse.ts';
import { openInspection } from './open-inspection.ts';
import { policyFor } from './policy-check.ts';
import type { ExplainRequest, PolicyExplained, PolicyFaults, PolicySettings, PolicySettingsRequest } from './policy-work.ts';
import type { ConfigRefused, NotReached } from './work.ts';

/** Reads and inspects the message as `postern scan` does, and explains the decision for each recipient. */
export async function explainMessage(request: ExplainRequest): Promise<PolicyExplained | PolicyFaults | ConfigRefused | NotReached> {
  const opened = await policyFor(request);
  if (opened.kind === 'refused') return opened;
  const { file, config, loaded } = opened;
  if (loaded.kind === 'refused') return { kind: 'faults', file, issues: loaded.issues };
  const inspection = await openInspection({ configPath: request.configPath, unreadable: request.unreadable, ocr: 'configured' });
  if (inspection.kind === 'refused') return inspection;
  const { files, inspector } = inspection;
  try {
    const read = await files.read({ path: request.message, as: 'message' }, () => undefined);
    if (read.kind === 'not-reached') return read;
    const report = inspector.inspect(read.message, { from: request.from, to: request.to });
    const message = messageFactsOf(
      { reversePath: request.from, ...submitted(request), sizeBytes: read.sizeBytes, acceptedAt: request.at },
      { message: { ...read.message, spans: [] }, report, content: contentFacts(read.message), tookMs: read.tookMs },
      config.inspection.organisation,
    );
    const traces = request.to.map((given) => {
      const address = canonicalAddress(given);
      const facts: Facts = {
        message,
        recipient: {
          address,
          inside: isInside(address, message.reversePath, config.inspection.organisation),
          seen: { address: request.firstMail === null, domain: request.firstMail !== 'domain' },
          oneSlipFromKnown: false,
          consents: request.consents,
        },
        sender: { attested: request.attested === 'yes', consentsRevision: 0 },
      };
      return { facts, trace: loaded.policy.explain(facts) };
    });
    return { kind: 'explained', file, traces, lineOf: linesOf(loaded.source.policy) };
  } finally {
    await files.close();
  }
}

/** Who submits where nobody says: the account of the sender. */
function submitted({ account, network, from }: ExplainRequest): Pick<Facts['message'], 'submitter' | 'client'> {
  if (account !== null) return { submitter: { kind: 'account', name: account }, client: network };
  if (network !== null) return { submitter: { kind: 'network', name: network }, client: network };
  return { submitter: { kind: 'account', name: from }, client: null };
}

/** The settings in effect between two addresses, each with where it comes from. */
export async function policySettings(request: PolicySettingsRequest): Promise<PolicySettings | PolicyFaults | ConfigRefused> {
  const opened = await policyFor(request);
  if (opened.kind === 'refused') return opened;
  const { file, loaded } = opened;
  if (loaded.kind === 'refused') return { kind: 'faults', file, issues: loaded.issues };
  const settings = loaded.policy.settingOrigins(canonicalAddress(request.from), canonicalAddress(request.to));
  return { kind: 'settings', file, settings, lineOf: linesOf(loaded.source.policy) };
}

function linesOf(text: string): PolicyExplained['lineOf'] {
  const yaml = parseYaml(text);
  return (path) => (yaml.kind === 'faults' ? 0 : yaml.document.valuePosition(path).line);
}
