// postern policy reference|schema: the language of policies as the definition that checks them has it, for people and for editors.
import type { Command } from 'commander';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { policyReference } from '../../policy/reference.ts';
import { type Act, example } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export function addPolicyLanguage(policy: Command, act: Act): void {
  policy
    .command('reference')
    .description('Print every word of the language: meaning, values, example')
    .addHelpText('after', example('postern policy reference | less'))
    .action(
      act(async ({ terminal }) => {
        terminal.out(policyReference().trimEnd());
        return EXIT.done;
      }),
    );
  policy
    .command('schema')
    .description('Print the JSON Schema of policy files, for editors')
    .addHelpText('after', example('postern policy schema > policy.schema.json'))
    .action(
      act(async ({ terminal }) => {
        terminal.out(JSON.stringify(policyJsonSchema(), null, 2));
        return EXIT.done;
      }),
    );
}
