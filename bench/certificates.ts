// A throw-away CA with a certificate for the relays and one for the sink, made by the openssl program. ECDSA P-256: cheap to sign with.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MTA_NAME, SINK_NAME } from './protocol.ts';

export interface CertificateFiles {
  readonly ca: string;
  readonly mtaCertificate: string;
  readonly mtaKey: string;
  readonly sinkCertificate: string;
  readonly sinkKey: string;
}

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
};

export function makeCertificates(folder: string): CertificateFiles {
  const at = (name: string): string => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=Postern bench CA',
    '-days',
    '30',
    '-addext',
    'keyUsage=critical,keyCertSign',
  );
  for (const [name, host] of [
    ['mta', MTA_NAME],
    ['sink', SINK_NAME],
  ] as const) {
    const extensions = at(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:${host}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`);
    openssl('req', '-new', ...newKey, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${host}`);
    openssl(
      'x509',
      '-req',
      '-in',
      at(`${name}.csr`),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-out',
      at(`${name}.pem`),
      '-days',
      '30',
      '-extfile',
      extensions,
    );
  }
  return {
    ca: at('ca.pem'),
    mtaCertificate: at('mta.pem'),
    mtaKey: at('mta.key'),
    sinkCertificate: at('sink.pem'),
    sinkKey: at('sink.key'),
  };
}

export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}
