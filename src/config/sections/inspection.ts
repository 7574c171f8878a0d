// Fields of postern.yaml about what inspection knows beyond what is built in: who is outside, who sends what, own rules, the patients.
import { absent, list, optional, required, section } from '../field.ts';
import { addressPattern, domain } from '../mail-kind.ts';
import { file, listOf, oneOf, text } from '../value-kind.ts';

const sends = oneOf('unknown', 'clinic', 'special-clinic', 'laboratory', 'payer', 'office');
const column = text('the title of a column', 200);
/** Not read with the configuration: it may be large. */
const hashesFile = { ...file, file: 'none' } as const;

export const inspection = {
  inspection: section('What tells PHI, beyond what is built in.', {
    organisation: optional(listOf(domain, 'domains', 0), [], {
      says: "Domains of the organisation, beside the sender's own. A recipient elsewhere may be the patient.",
      example: '[clinic.example, lab.clinic.example]',
    }),
    sends: optional(sends, 'unknown', {
      says: 'What kind of sender this is: it counts as evidence. special-clinic: substance use, mental health, HIV, reproductive health or genetics.',
      example: 'clinic',
    }),
    senders: list('Senders of another kind; the first that matches counts.', {
      match: required(addressPattern, { says: 'Who, by reverse-path.', example: '"*@lab.clinic.example"' }),
      sends: required(sends, { says: 'What kind of sender that is.', example: 'laboratory' }),
    }),
    rules_file: absent(file, {
      says: 'Own patterns and dictionaries, in a YAML file; docs/inspection-rules.md tells how it is written.',
      example: '/etc/postern/inspection-rules.yaml',
    }),
    patients_file: absent(hashesFile, {
      says: 'Where "postern patients import" keeps its keyed hashes. Without it: patients.hashes in the data folder.',
      example: '/var/lib/postern/patients.hashes',
    }),
    patient_columns: section('Titles of the columns in the export of patients, where they are not plain: Patient Name, DOB, MRN, E-mail.', {
      name: absent(column, { says: 'Whole name, in either order.', example: 'Patient' }),
      first_name: absent(column, { says: 'Given name, where it stands apart.', example: 'PAT_FIRST' }),
      last_name: absent(column, { says: 'Family name, where it stands apart.', example: 'PAT_LAST' }),
      birth_date: absent(column, { says: 'Birth date.', example: 'BIRTH_DT' }),
      mrn: absent(column, { says: 'Number of the medical record.', example: 'PAT_MRN_ID' }),
      email: absent(column, { says: 'Mail address.', example: 'EMAIL_ADDR' }),
    }),
  }),
} as const;
