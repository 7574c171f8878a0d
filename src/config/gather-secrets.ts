// Takes the secrets out of the files that were read, and checks them: each kind of secret in its place, or a complaint.
import { hash } from 'node:crypto';
import path from 'node:path';
import type { YamlPath } from '../yaml/positions.ts';
import { checkAuthorities, checkDkimKey, checkPair } from './certificate-check.ts';
import { complain } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import type { CredentialFiles } from './config.ts';
import { dkimKeyName } from './secrets.ts';
import type { CertificateAndKey, NextHopCredentials, Secrets } from './secrets.ts';
import type { RawConfig } from './shape.ts';

export interface Gathered {
  readonly secrets: Secrets;
  readonly complaints: readonly Complaint[];
}

/** What the gathering works with: files by absolute path, those that could not be read left out (they have their complaint). */
export interface SecretSources {
  readonly base: string;
  readonly contents: ReadonlyMap<string, string>;
  readonly now: number;
}

type RawRoute = RawConfig['routes'][number];

export function gatherSecrets(raw: Partial<RawConfig>, sources: SecretSources): Gathered {
  const complaints: Complaint[] = [];
  const read = (file: string | null): string | null =>
    file === null ? null : (sources.contents.get(path.resolve(sources.base, file)) ?? null);
  const tls = readPair(read(raw.tls?.certificate ?? null), read(raw.tls?.key ?? null));
  if (tls !== null)
    complaints.push(
      ...checkPair(
        tls,
        { certificate: ['tls', 'certificate'], key: ['tls', 'key'] }, // A sandbox is reached as localhost, whatever its name.
        { hostname: raw.mode === 'sandbox' ? null : (raw.hostname ?? null), now: sources.now },
      ),
    );
  for (const [pem, at] of [
    [read(raw.tls?.client_ca ?? null), ['tls', 'client_ca']],
    [read(raw.trust_anchors?.file ?? null), ['trust_anchors', 'file']],
    [read(raw.portal?.sms?.ca ?? null), ['portal', 'sms', 'ca']],
  ] as const) {
    if (pem !== null) complaints.push(...checkAuthorities(pem, at));
  }
  const nextHops = new Map<string, NextHopCredentials>();
  for (const [i, route] of (raw.routes ?? []).entries()) {
    const name = credentialsName(route, sources.base);
    if (name !== null) nextHops.set(name, routeSecrets(route, ['routes', i], read, sources.now, complaints));
  }
  const tenantProofs = new Map<string, readonly string[]>();
  for (const [i, network] of (raw.trust?.networks ?? []).entries()) {
    const text = read(network.tenant_proof?.values_file ?? null);
    if (text !== null)
      tenantProofs.set(network.name, proofValues(text, ['trust', 'networks', i, 'tenant_proof', 'values_file'], complaints));
  }
  const dkimKeys = new Map<string, string>();
  for (const [i, key] of (raw.dkim ?? []).entries()) {
    const pem = read(key.key_file);
    if (pem === null) continue;
    complaints.push(...checkDkimKey(pem, ['dkim', i, 'key_file']));
    dkimKeys.set(dkimKeyName(key), pem);
  }
  const smsAuthorization = smsSecret(raw.portal?.sms ?? null, read, complaints);
  return { secrets: { tls, nextHops, tenantProofs, dkimKeys, smsAuthorization }, complaints };
}

/** Files and user of a route's credentials, absolute; null where it has none. */
export function credentialFiles(route: RawRoute, base: string): CredentialFiles | null {
  if (route.credentials === null && route.client_certificate === null) return null;
  const absolute = (file: string | undefined): string | null => (file === undefined ? null : path.resolve(base, file));
  return {
    user: route.credentials?.user ?? null,
    passwordFile: absolute(route.credentials?.password_file),
    certificateFile: absolute(route.client_certificate?.certificate),
    keyFile: absolute(route.client_certificate?.key),
  };
}

/** Connections are shared only under one name, so the name changes whenever the credentials are others. */
export function credentialsName(route: RawRoute, base: string): string | null {
  const files = credentialFiles(route, base);
  if (files === null) return null;
  return `${route.name}-${hash('sha256', JSON.stringify([files.user, files.passwordFile, files.certificateFile, files.keyFile])).slice(0, 8)}`;
}

function routeSecrets(
  route: RawRoute,
  at: YamlPath,
  read: (file: string | null) => string | null,
  now: number,
  complaints: Complaint[],
): NextHopCredentials {
  const password = firstLine(read(route.credentials?.password_file ?? null));
  if (password === '')
    complaints.push(
      complain([...at, 'credentials', 'password_file'], 'the first line of this file is empty', 'write the password on its first line'),
    );
  const certificate = readPair(read(route.client_certificate?.certificate ?? null), read(route.client_certificate?.key ?? null));
  if (certificate !== null) {
    const place = { certificate: [...at, 'client_certificate', 'certificate'], key: [...at, 'client_certificate', 'key'] };
    complaints.push(...checkPair(certificate, place, { hostname: null, now }));
  }
  return { login: route.credentials === null || password === null ? null : { user: route.credentials.user, password }, certificate };
}

/** RFC 6750 2.1 for a token, RFC 7617 2 for user and password. */
function smsSecret(
  sms: NonNullable<NonNullable<RawConfig['portal']>['sms']> | null,
  read: (file: string | null) => string | null,
  complaints: Complaint[],
): string | null {
  const secret = firstLine(read(sms?.secret_file ?? null));
  if (sms === null || secret === null) return null;
  const at = ['portal', 'sms', 'secret_file'];
  if (sms.user !== null && secret === '')
    complaints.push(complain(at, 'the first line of this file is empty', 'write the password on its first line'));
  if (sms.user === null && !/^[A-Za-z0-9._~+/-]+=*$/.test(secret))
    complaints.push(complain(at, 'the first line of this file is no bearer token', 'write the token on it, or portal.sms.user beside it'));
  return sms.user === null ? `Bearer ${secret}` : `Basic ${Buffer.from(`${sms.user}:${secret}`).toString('base64')}`;
}

/** Short values could be guessed by another tenant of the provider. */
function proofValues(text: string, at: YamlPath, complaints: Complaint[]): readonly string[] {
  const values = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (values.length === 0 || values.length > 10)
    complaints.push(complain(at, `this file holds ${values.length} values`, 'write one value on a line, one to ten of them'));
  if (values.some((value) => !/^[!-~]{20,500}$/.test(value)))
    complaints.push(complain(at, 'a value in this file is too short or not printable', 'use 20 or more random letters and digits'));
  return values;
}

function readPair(certificatePem: string | null, keyPem: string | null): CertificateAndKey | null {
  return certificatePem === null || keyPem === null ? null : { certificatePem, keyPem };
}

function firstLine(text: string | null): string | null {
  return text === null ? null : (text.split(/\r?\n/, 1)[0] ?? '');
}
