// The extensions of the certificates made here (RFC 5280 4.2), as pkijs wants them.
import { createHash } from 'node:crypto';
import { BitString, OctetString } from 'asn1js';
import { AltName, AuthorityKeyIdentifier, BasicConstraints, Extension, ExtKeyUsage, GeneralName } from 'pkijs';
import type { PublicKeyInfo } from 'pkijs';
import { addressBytes } from './address-bytes.ts';

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const EXT_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Bits of KeyUsage in their first octet (RFC 5280 4.2.1.3), and how many at its end are unused. */
const DIGITAL_SIGNATURE = { octet: 0x80, unused: 7 };
const CERT_AND_CRL_SIGN = { octet: 0x06, unused: 1 };

/** GeneralName (RFC 5280 4.2.1.6): dNSName and iPAddress. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Of an authority that issues leaves only. */
export function authorityExtensions(key: PublicKeyInfo): Extension[] {
  return [
    extension(BASIC_CONSTRAINTS, 'critical', new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema()),
    keyUsage(CERT_AND_CRL_SIGN),
    subjectKeyIdentifier(key),
  ];
}

/** Of a server or client. */
export function leafExtensions(names: readonly string[], key: PublicKeyInfo, issuerKey: PublicKeyInfo): Extension[] {
  return [
    extension(BASIC_CONSTRAINTS, 'critical', new BasicConstraints({ cA: false }).toSchema()),
    keyUsage(DIGITAL_SIGNATURE),
    extension(EXT_KEY_USAGE, 'plain', new ExtKeyUsage({ keyPurposes: [SERVER_AUTH, CLIENT_AUTH] }).toSchema()),
    extension(SUBJECT_ALT_NAME, 'plain', new AltName({ altNames: names.map(generalName) }).toSchema()),
    subjectKeyIdentifier(key),
    extension(
      AUTHORITY_KEY_IDENTIFIER,
      'plain',
      new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: keyIdentifier(issuerKey) }) }).toSchema(),
    ),
  ];
}

function generalName(name: string): GeneralName {
  const address = addressBytes(name);
  return address === null
    ? new GeneralName({ type: DNS_NAME, value: name })
    : new GeneralName({ type: IP_ADDRESS, value: new OctetString({ valueHex: exact(address) }) });
}

function keyUsage({ octet, unused }: { readonly octet: number; readonly unused: number }): Extension {
  return extension(KEY_USAGE, 'critical', new BitString({ valueHex: exact(Uint8Array.of(octet)), unusedBits: unused }));
}

function subjectKeyIdentifier(key: PublicKeyInfo): Extension {
  return extension(SUBJECT_KEY_IDENTIFIER, 'plain', new OctetString({ valueHex: keyIdentifier(key) }));
}

/** The first 160 bits of the SHA-256 of the key (RFC 7093 section 2, method 1). */
function keyIdentifier(key: PublicKeyInfo): ArrayBuffer {
  return exact(createHash('sha256').update(key.subjectPublicKey.valueBlock.valueHexView).digest().subarray(0, 20));
}

function extension(extnID: string, weight: 'critical' | 'plain', value: { toBER(): ArrayBuffer }): Extension {
  return new Extension({ extnID, critical: weight === 'critical', extnValue: value.toBER() });
}

/** Memory that holds these bytes and nothing else. */
function exact(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
