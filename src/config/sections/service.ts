// Fields of postern.yaml about the service as such: who it is, where its files lie, how it listens and reports.
import { absent, offSection, oneOrList, optional, required, section } from '../field.ts';
import { hostname, ipAddress, mailbox } from '../mail-kind.ts';
import { file, folder, listOf, oneOf, parsed, port, secretFile, size, duration, text } from '../value-kind.ts';

const one = parsed<1>('the number 1', 'write version: 1', (given) => (given === 1 ? 1 : null));

const address = absent(ipAddress, {
  says: 'IP address to listen on. Not written: every address of this machine, or 127.0.0.1 in sandbox mode.',
  example: '10.1.2.3',
});

const listenerTls = 'A listener needs tls.certificate and tls.key.';

export const service = {
  version: required(one, { says: 'Version of this file format.', example: '1' }),
  mode: optional(oneOf('live', 'sandbox'), 'live', {
    says: 'live delivers mail. sandbox is the same program, but every next hop is a built-in sink: nothing leaves this machine, and listeners stay on loopback.',
    example: 'sandbox',
  }),
  hostname: required(hostname, {
    says: "This gateway's own full name, in its greeting, in EHLO and in Received fields. Other servers look it up.",
    example: 'mail.clinic.example',
  }),
  postmaster: required(listOf(mailbox, 'mail addresses', 1), {
    says: 'Where mail to postmaster goes, and reports that nobody else can take.',
    example: '[it@clinic.example]',
  }),
  folders: section('Folders. None may lie inside another: a copy of the data must not hold the keys that open it.', {
    data: optional(folder, '/var/lib/postern', { says: 'Database and sealed messages.', example: '/srv/postern/data' }),
    keys: optional(folder, '/var/lib/postern-keys', {
      says: 'Sealing keys. Back them up apart from the data.',
      example: '/srv/postern-keys',
    }),
    run: optional(folder, '/run/postern', { says: 'The control socket. Only the user of the service may enter.', example: '/run/postern' }),
  }),
} as const;

export const listening = {
  tls: section('Certificate of the listeners. TLS 1.2 and 1.3 only. Read again at SIGHUP.', {
    certificate: absent(file, { says: 'Certificate chain in PEM, the own certificate first.', example: '/etc/postern/tls/fullchain.pem' }),
    key: absent(secretFile, { says: 'Private key in PEM. Not readable by others.', example: '/etc/postern/tls/key.pem' }),
    client_ca: absent(file, {
      says: 'Certificate authorities in PEM that client certificates must chain to. Not written: the fingerprint in trust.certificates is enough.',
      example: '/etc/postern/tls/client-ca.pem',
    }),
  }),
  listeners: section(
    'Where mail clients and systems connect. A listener exists only when it is named here; one name may hold a list of several.',
    {
      submissions: oneOrList(`Submission over implicit TLS (RFC 8314), with login or client certificate. ${listenerTls}`, {
        address,
        port: optional(port, 465, { says: 'TCP port.', example: '465' }),
      }),
      submission: oneOrList(`Submission with STARTTLS (RFC 6409), with login or client certificate. ${listenerTls}`, {
        address,
        port: optional(port, 587, { says: 'TCP port.', example: '587' }),
      }),
      relay: oneOrList('For trust.networks and trust.certificates only: systems that cannot log in. Off unless named.', {
        address,
        port: optional(port, 25, { says: 'TCP port.', example: '25' }),
        tls: optional(oneOf('required', 'offered'), 'required', {
          says: 'required: no mail without STARTTLS. offered: a trusted network may send without; what it sends then crosses that network in the clear.',
          example: 'offered',
        }),
      }),
    },
  ),
} as const;

export const operation = {
  disk: section('Free space where folders.data lies.', {
    refuse_below: optional(size, '2GB', {
      says: 'Below this new mail is answered with 452; what was accepted is still delivered.',
      example: '5GB',
    }),
    stop_below: optional(size, '500MB', { says: 'Below this delivery stops too.', example: '1GB' }),
  }),
  retention: section('How long things are kept.', {
    content: optional(duration, '7d', { says: 'Sealed content, counted from the end of its last delivery.', example: '30d' }),
    facts: optional(duration, '90d', {
      says: 'What policy decided from (addresses, header fields, kinds of findings; no content), for decisions made again and drafts tried on past mail.',
      example: '1y',
    }),
    evidence: optional(duration, '6y', {
      says: 'Personal detail in the audit log (addresses, remote replies). The log itself stays.',
      example: '10y',
    }),
  }),
  dsn: section('Delivery reports to originators.', {
    name: optional(text('a display name', 100), 'Mail Delivery', {
      says: 'Display name in the From field of reports.',
      example: 'Riverside Clinic Mail',
    }),
    contact: absent(text('a line of text', 200), {
      says: 'Who helps, as one line in every report.',
      example: '"IT service desk, telephone 555 0100"',
    }),
  }),
  health: offSection(
    'HTTP endpoint with /health and /metrics (Prometheus). Off unless written. It shows no personal data, but keep it inside.',
    {
      address: optional(ipAddress, '127.0.0.1', { says: 'IP address to listen on.', example: '10.1.2.3' }),
      port: optional(port, 8465, { says: 'TCP port.', example: '9100' }),
    },
  ),
  log: section('Operational log: JSON lines on standard output, without content or addresses.', {
    level: optional(oneOf('debug', 'info', 'warn', 'error'), 'info', { says: 'Least weight that is written.', example: 'warn' }),
  }),
} as const;
