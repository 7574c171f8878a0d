// Fields of postern.yaml about how mail leaves: floors, retries, routes, DNS, signing.
import { absent, list, offSection, optional, required, section } from '../field.ts';
import { dnsServer, date, domain, domainPattern, finalDomains, nextHopHost, selector, shortName } from '../mail-kind.ts';
import { count, duration, factor, file, holdTerm, listOf, oneOf, port, ratio, secretFile, text } from '../value-kind.ts';

export const delivery = {
  delivery: section('How mail leaves. Nothing is ever sent below the floor.', {
    floor: optional(oneOf('tls', 'tls-verified', 'tls-authenticated'), 'tls-verified', {
      says: "Weakest protection that is good enough. tls: encrypted. tls-verified: the certificate is valid for the mail server's name. tls-authenticated: that name is proven too (MTA-STS, DANE, or fixed here).",
      example: 'tls-authenticated',
    }),
    otherwise: optional(oneOf('hold', 'return'), 'hold', {
      says: 'What happens to mail that cannot reach the floor: hold it for a person, or return it to the originator.',
      example: 'return',
    }),
    hold_for: optional(holdTerm, '2wd', {
      says: 'A held message that nobody releases is returned after this. Working days (2wd, or 2 working days) are Monday to Friday in UTC; other durations run through weekends.',
      example: '24h',
    }),
    expire_after: optional(duration, '24h', { says: 'A message that could not be delivered is returned after this.', example: '48h' }),
    delay_report_after: optional(duration, '4h', { says: 'The originator is told of a delay after this.', example: '1h' }),
    next_method_after: optional(duration, '1h', { says: 'While a way fails, the next allowed one is taken after this.', example: '30m' }),
    retry: section('When a delivery is tried again.', {
      first: optional(duration, '1m', { says: 'Wait before the second attempt.', example: '30s' }),
      factor: optional(factor, 2, { says: 'Each wait is this much longer.', example: '1.5' }),
      longest: optional(duration, '30m', { says: 'No wait is longer.', example: '1h' }),
      jitter: optional(ratio, 0.2, { says: 'Share by which waits differ, so that retries do not come all at once.', example: '0.1' }),
    }),
    concurrency: section('Connections going out.', {
      total: optional(count(1, 10_000), 100, { says: 'To all destinations.', example: '50' }),
      per_destination: optional(count(1, 1000), 20, { says: 'To one destination.', example: '5' }),
    }),
    rate_per_destination: absent(count(1, 100_000), {
      says: 'Messages a minute to one destination. Not written: no such limit.',
      example: '60',
    }),
    connection: section('Reuse of connections.', {
      idle: optional(duration, '20s', { says: 'An unused connection is closed after this.', example: '10s' }),
      messages: optional(count(1, 10_000), 100, { says: 'Messages over one connection.', example: '50' }),
    }),
    timeouts: section('How long to wait for a next hop (RFC 5321 4.5.3.2).', {
      connect: optional(duration, '30s', { says: 'TCP connection.', example: '10s' }),
      greeting: optional(duration, '5m', { says: 'Its greeting.', example: '1m' }),
      command: optional(duration, '5m', { says: 'Reply to EHLO, STARTTLS with its handshake, AUTH, MAIL, RCPT.', example: '2m' }),
      data_start: optional(duration, '2m', { says: 'Reply to DATA.', example: '2m' }),
      data_block: optional(duration, '3m', { says: 'Taking a piece of the message.', example: '3m' }),
      data_end: optional(duration, '10m', { says: 'Reply to the final dot.', example: '10m' }),
    }),
    mx_port: optional(port, 25, { says: 'Port of mail servers found by MX. Other than 25 only in tests.', example: '25' }),
  }),
} as const;

const nextHop = {
  host: required(nextHopHost, { says: 'Its name, which must be in its certificate.', example: 'smtp.provider.example' }),
  port: optional(port, 25, { says: 'TCP port.', example: '587' }),
  tls: optional(oneOf('starttls', 'implicit'), 'starttls', {
    says: 'starttls, or implicit TLS from the first byte (port 465).',
    example: 'implicit',
  }),
} as const;

export const routing = {
  routes: list('Fixed ways for some domains: the first route with a matching domain is taken. Domains without one go by MX.', {
    name: required(shortName, { says: 'Stands in the queue and in evidence. Each name once.', example: 'internal-server' }),
    domains: required(listOf(domainPattern, 'domain patterns', 1), {
      says: 'Recipient domains.',
      example: '[clinic.example, "*.clinic.example"]',
    }),
    next_hops: list('Mail servers, in the order to try. At least one.', nextHop),
    final_for: optional(finalDomains, [], {
      says: 'Recipient domains whose own mail system these next hops are: all, or a list. For any other domain the way beyond the next hop is unknown and meets no floor.',
      example: 'all',
    }),
    onward_enforced: offSection(
      'Somebody promised that these next hops send on with verified TLS only. The floor then counts as met beyond them.',
      {
        promised_by: required(text('a line of text', 200), {
          says: 'Who promised it, and where it is written.',
          example: '"MailProvider Ltd, contract 2026-114"',
        }),
        since: required(date, { says: 'Since when.', example: '2026-05-01' }),
      },
    ),
    credentials: offSection('Login at the next hops. Sent only over verified TLS.', {
      user: required(text('a user name', 320), { says: 'User name.', example: 'relay@clinic.example' }),
      password_file: required(secretFile, { says: 'File whose first line is the password.', example: '/etc/postern/smarthost-password' }),
    }),
    client_certificate: offSection('Client certificate shown to the next hops.', {
      certificate: required(file, { says: 'Certificate chain in PEM.', example: '/etc/postern/tls/client.pem' }),
      key: required(secretFile, { says: 'Private key in PEM.', example: '/etc/postern/tls/client-key.pem' }),
    }),
  }),
  dns: section('Name look-ups.', {
    servers: optional(listOf(dnsServer, 'name servers', 0), [], {
      says: "Name servers to ask. Empty: the system's.",
      example: '[127.0.0.1]',
    }),
    validating: optional(oneOf('yes', 'no'), 'no', {
      says: 'yes: these servers validate DNSSEC and the way to them is trusted (the same machine). Only then DANE is checked.',
      example: 'yes',
    }),
    timeout: optional(duration, '5s', { says: 'Wait for one answer.', example: '3s' }),
  }),
  dkim: list('DKIM signatures (RFC 6376), one key for each From domain. A domain may have an RSA and an Ed25519 key.', {
    domain: required(domain, { says: 'Domain of the From address.', example: 'clinic.example' }),
    selector: required(selector, { says: 'Selector, as published under _domainkey.', example: 'postern-2026' }),
    key_file: required(secretFile, {
      says: 'Private key in PEM: RSA of 2048 bits or more, or Ed25519.',
      example: '/etc/postern/dkim/clinic.pem',
    }),
  }),
  trust_anchors: section("Certificate authorities that next hops' certificates may chain to.", {
    file: absent(file, {
      says: 'Further authorities in PEM, beside the well-known ones: for internal servers.',
      example: '/etc/postern/tls/internal-ca.pem',
    }),
  }),
} as const;
