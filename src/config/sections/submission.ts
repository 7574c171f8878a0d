// Fields of postern.yaml about who may hand in mail, and how much.
import { absent, list, offSection, optional, required, section } from '../field.ts';
import type { FieldDoc } from '../field.ts';
import { addressPattern, addressRange, headerName, mailbox, sha256, shortName } from '../mail-kind.ts';
import { count, duration, factor, listOf, oneOf, secretFile, size } from '../value-kind.ts';

const nameDoc: FieldDoc = { says: 'Stands in evidence. Each name once.', example: 'lab-system' };

const submitter = {
  may_use: required(listOf(addressPattern, 'address patterns', 1), {
    says: 'Addresses it may use in MAIL FROM and in the From field. The null reverse-path of reports is open to all.',
    example: '["*@lab.clinic.example", "results@clinic.example"]',
  }),
  reports: absent(mailbox, {
    says: 'Where delivery reports go instead of MAIL FROM, for systems that send as noreply@.',
    example: 'it@clinic.example',
  }),
  likely_repeats: optional(oneOf('report', 'suppress'), 'report', {
    says: 'A message equal to an earlier one but for its Message-ID: report sends it and records it; suppress does not send it again.',
    example: 'suppress',
  }),
} as const;

export const submission = {
  trust: section('Systems that need no login. Accounts with passwords are not here: see "postern account".', {
    networks: list('Systems trusted by their network.', {
      name: required(shortName, nameDoc),
      ranges: required(listOf(addressRange, 'network ranges', 1), {
        says: 'IP ranges, not wider than /8 (IPv6: /16).',
        example: '[10.1.4.0/24]',
      }),
      ...submitter,
      tenant_proof: offSection(
        'For a network that many customers of a provider share (Microsoft 365, Google): a secret header field that only our own tenant adds. It is removed before the message is kept.',
        {
          header: required(headerName, { says: 'Name of the header field.', example: 'X-Clinic-Tenant' }),
          values_file: required(secretFile, {
            says: 'File with the secret values, one on a line, each of 20 characters or more; two while one is replaced.',
            example: '/etc/postern/tenant-proof',
          }),
        },
      ),
    }),
    certificates: list('Systems trusted by a client certificate.', {
      name: required(shortName, nameDoc),
      sha256: required(sha256, {
        says: 'SHA-256 fingerprint of the certificate, with or without colons.',
        example: '3f'.repeat(32),
      }),
      ...submitter,
    }),
  }),
  login: section('Failed logins are counted for each account and address together, so that a stranger cannot lock out a system.', {
    failures_allowed: optional(count(1, 100), 10, { says: 'Failures within the window before this pair must wait.', example: '5' }),
    window: optional(duration, '15m', { says: 'How long a failure counts.', example: '1h' }),
    remember_for: optional(duration, '5m', {
      says: 'A login proven once is not hashed again for so long. Systems that connect for each message need this.',
      example: '1m',
    }),
  }),
  limits: section('Bounds on what clients may do.', {
    connections_total: optional(count(1, 100_000), 1000, { says: 'Connections open at once.', example: '500' }),
    connections_per_address: optional(count(1, 100_000), 50, { says: 'Connections from one IP address.', example: '20' }),
    connections_per_account: optional(count(1, 100_000), 50, {
      says: 'Connections of one account, network or certificate.',
      example: '20',
    }),
    recipients_per_message: optional(count(1, 10_000), 100, {
      says: 'Recipients of one message. RFC 5321 asks for at least 100.',
      example: '500',
    }),
    message_size: optional(size, '50MB', {
      says: 'Size of a message, attachments as encoded (a third more than the files).',
      example: '100MB',
    }),
    session_time: optional(duration, '30m', { says: 'Length of a session.', example: '1h' }),
    idle_time: optional(duration, '5m', { says: 'Wait for the next command or piece of a message (RFC 5321 4.5.3.2.7).', example: '5m' }),
    errors_per_session: optional(count(1, 1000), 10, {
      says: 'Wrong commands and refused recipients before the connection is closed.',
      example: '20',
    }),
    messages_per_hour: optional(count(1, 10_000_000), 1000, { says: 'Messages of one account in an hour.', example: '5000' }),
    messages_per_day: optional(count(1, 10_000_000), 10_000, { says: 'Messages of one account in a day.', example: '50000' }),
    new_recipients_per_hour: optional(count(1, 10_000_000), 200, {
      says: 'Recipients in an hour that the account has not written to in 30 days.',
      example: '500',
    }),
    new_recipients_per_day: optional(count(1, 10_000_000), 1000, { says: 'The same in a day.', example: '2000' }),
    hard_factor: optional(factor, 2, {
      says: 'Over a limit per hour or day a message is answered with 4xx, to try again later. Over the limit times this it is taken and held, with an alarm.',
      example: '3',
    }),
  }),
  repeats: section('Repeats of a message that was already accepted are answered with its id and not sent again.', {
    window: optional(duration, '24h', { says: 'How long a message is remembered.', example: '48h' }),
  }),
} as const;
