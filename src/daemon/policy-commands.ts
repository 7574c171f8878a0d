// The policy commands of the control socket: what was decided, and what from, so that a draft can be tried on past mail.
import type { ControlHandlers } from '../control/commands.ts';
import type { DecideAgainDeps } from '../gateway/decide-again.ts';
import type { SessionFacts } from '../gateway/facts.ts';
import type { MessageFacts } from '../mail/facts.ts';
import type { FactsReader } from '../store/readings.ts';

type PolicyCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `policy.${string}`>>;

export interface PolicyCommandDeps {
  readonly reader: FactsReader;
  readonly onFile: DecideAgainDeps['onFile'];
}

export function policyCommands({ reader, onFile }: PolicyCommandDeps): PolicyCommands {
  return {
    'policy.facts': async (request) => {
      const { messages, next } = reader.list(request);
      const asked = messages.map(async (message) => {
        const addresses = message.facts.recipients.map(({ address }) => address);
        return { ...message, onFile: await onFile(sessionOf(message.facts.message), addresses) };
      });
      return { kind: 'done', value: { messages: await Promise.all(asked), next } };
    },
  };
}

function sessionOf({ reversePath, submitter, client, sizeBytes, acceptedAt }: MessageFacts): SessionFacts {
  return { reversePath, submitter, client, sizeBytes, acceptedAt };
}
