// Fields of postern.yaml about the policy: which file decides, and which draft is tried beside it.
import { absent, section } from '../field.ts';
import { file } from '../value-kind.ts';

export const policy = {
  policy: section('What decides how mail may travel. Read again when one of its files changes, and at SIGHUP.', {
    file: absent(file, {
      says: 'The policy, in YAML; docs/policy.md tells how it is written. Not written: the built-in one, policies/default.yaml.',
      example: '/etc/postern/policy.yaml',
    }),
    draft: absent(file, {
      says: 'A draft that is tried beside it on all mail and decides nothing: where it would have decided otherwise, evidence says so.',
      example: '/etc/postern/policy-draft.yaml',
    }),
  }),
} as const;
