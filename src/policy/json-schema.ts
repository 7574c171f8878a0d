// The JSON Schema of a policy file (https://json-schema.org/draft/2020-12), for editors that complete and check while one writes.
import { z } from 'zod';
import { CONDITION_KEYS } from './condition-keys.ts';
import { POLICY_SHAPE } from './shape.ts';

/** From the definition that checks the file. What no schema can say, such as names of lists, only the check tells. */
export function policyJsonSchema(): unknown {
  const schema = z.toJSONSchema(POLICY_SHAPE, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const key = Object.values(CONDITION_KEYS).find(({ says }) => says === jsonSchema.description);
      if (key !== undefined) jsonSchema.examples = [...key.examples];
    },
  });
  return { title: 'Policy of Postern, version 1', ...schema };
}
